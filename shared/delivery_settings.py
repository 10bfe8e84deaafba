"""The outbox's part of the configuration: when reports leave, and by which way to each unit; it reads no file."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from shared.outbox.batches import DepartureMalformed, timetable
from shared.sections import FromConfig, Section, impossible

WAYS = ("folder", "https", "mail", "sftp")


def _departures(written: tuple[str, ...]) -> tuple[str, ...]:
    try:
        timetable(written)
    except DepartureMalformed:
        raise impossible('times are written "06:00", or "Tue 06:00" for one day of the week') from None
    return written


def _networks(written: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ipaddress.ip_network(one)) for one in written)
    except ValueError:
        raise impossible('networks are written "10.20.0.0/16" or "fd00:1::/48"') from None


def _address(written: str) -> str:
    try:
        if urlsplit(written).port == 0:
            raise ValueError
    except ValueError:
        raise impossible("a port is 1 to 65535, and an IPv6 address stands in brackets in its own spelling") from None
    return written


Address = Annotated[str, AfterValidator(_address)]
UnitId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")]
_HOST = r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]"
_PORT = r"(:[0-9]{1,5})?"
_USER = r"[A-Za-z0-9._%+-]+@"
_MAIL_ADDRESS = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"


class UnitRoute(Section):
    """How reports reach one unit: by exactly one of folder, https, mail and sftp."""

    folder: FromConfig | None = Field(
        default=None, description="Folder the unit's sealed reports are put into and its answers read from."
    )
    https: Address = Field(
        default="",
        pattern=rf"^(https://({_HOST}){_PORT}(/[A-Za-z0-9._~/-]*)?)?$",
        description="Or: address reports are posted to and answers fetched from, as https://host/path.",
    )
    mail: str = Field(
        default="",
        pattern=rf"^({_MAIL_ADDRESS})?$",
        description="Or: e-mail address reports are sent to, by the mail server named in [outbox].",
    )
    sftp: Address = Field(
        default="",
        pattern=rf"^(sftp://{_USER}({_HOST}){_PORT}(/[A-Za-z0-9._~/-]*)?)?$",
        description="Or: folder on an SFTP server, as sftp://user@host/path.",
    )
    certificate: FromConfig | None = Field(
        default=None, description="Our client certificate for https, with its chain, PEM."
    )
    key: FromConfig | None = Field(default=None, description="Our private key for https or sftp, PEM.")
    authority: FromConfig | None = Field(
        default=None, description="Who vouches for the unit's https server, PEM; without it the system's authorities."
    )
    api_key: FromConfig | None = Field(default=None, description="File that holds the API key the unit gave us.")
    host_keys: FromConfig | None = Field(
        default=None, description="File of the SFTP server's public keys, as OpenSSH's known_hosts."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(1 for way in WAYS if getattr(self, way)) != 1:
            raise impossible("exactly one of folder, https, mail and sftp")
        if self.https and (self.certificate is None or self.key is None):
            raise impossible("https: certificate and key are needed, for the unit has to know who we are")
        if self.sftp and (self.key is None or self.host_keys is None):
            raise impossible("sftp: key and host_keys are needed, so that both sides know each other")
        return self

    @property
    def way(self) -> str:
        """Which of the ways it is."""
        return next(way for way in WAYS if getattr(self, way))

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file the way needs."""
        named = (self.certificate, self.key, self.authority, self.api_key, self.host_keys)
        return tuple(path for path in named if path is not None)


class Outbox(Section):
    """When reports leave, and by which way."""

    batch_times: Annotated[tuple[str, ...], AfterValidator(_departures)] = Field(
        default=("Tue 06:00", "Fri 06:00"),
        description='When released reports leave, shuffled, on London\'s clocks: "Tue 06:00" weekly, "06:00" daily; '
        "with none, at once.",
    )
    unanswered_days: int = Field(
        default=7, ge=1, le=90, description="Days after which a report that no unit has answered raises an alarm."
    )
    private_networks: Annotated[tuple[str, ...], AfterValidator(_networks)] = Field(
        default=(), description='Private networks that units may be in, as "10.20.0.0/16"; others are refused.'
    )
    mail_server: Address = Field(
        default="",
        pattern=rf"^(smtps://({_USER})?({_HOST}){_PORT})?$",
        description="Server that sends our mail, as smtps://user@host:465.",
    )
    mailbox: Address = Field(
        default="",
        pattern=rf"^(imaps://{_USER}({_HOST}){_PORT}(/[A-Za-z0-9._-]+)?)?$",
        description="Mailbox that answers by mail come to, as imaps://user@host:993/folder.",
    )
    mail_from: str = Field(default="", pattern=rf"^({_MAIL_ADDRESS})?$", description="Address our mail comes from.")
    mail_password: FromConfig | None = Field(
        default=None, description="File that holds the password for the mail server and the mailbox."
    )
    mail_authority: FromConfig | None = Field(
        default=None, description="Who vouches for the mail servers, PEM; without it the system's authorities."
    )
    page_mail: tuple[Annotated[str, Field(pattern=rf"^{_MAIL_ADDRESS}$")], ...] = Field(
        default=(),
        description="E-mail addresses of supervisors on call, told of alarms without content.",
    )
    page_webhook: Address = Field(
        default="",
        pattern=rf"^(https://({_HOST}){_PORT}(/[A-Za-z0-9._~/-]*)?)?$",
        description="Address told of alarms too, as https://host/path.",
    )
    units: dict[UnitId, UnitRoute] = Field(
        default_factory=dict, description="A table for each unit that reports can be delivered to, by its id."
    )

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        if (self.page_mail or any(route.mail for route in self.units.values())) and not (
            self.mail_server and self.mail_from
        ):
            raise impossible("mail_server and mail_from are needed to send mail")
        if any(route.mail for route in self.units.values()) and not self.mailbox:
            raise impossible("mailbox is needed for answers by mail")
        return self
