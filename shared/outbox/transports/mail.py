"""Sealed reports by e-mail over TLS, as an attachment under a name of no meaning; answers come to a mailbox of ours.

A mail server's yes says that it has the message, not that the unit has: that is said by *opened*. Sent again it may
arrive twice; both have one digest, and the unit's side takes them for one.
"""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Final

from shared.attachments import attached
from shared.delivery_settings import Outbox, UnitRoute
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.rounds import Rounds
from shared.outbox.transports.folder import ANSWER_SUFFIX
from shared.outbox.transports.patience import impatient, within
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import (
    EXCHANGE_SECONDS,
    MAX_ANSWERS,
    MAX_BROUGHT_BYTES,
    NETWORK_SECONDS,
    REMOTE_LOOK_SECONDS,
)
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import SUFFIX, envelope_to_bytes

SMTPS_PORT: Final = 465
IMAPS_PORT: Final = 993
MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_LOOK_BYTES: Final = 16 * 1024 * 1024  # of answers in one look, by when it stops
SUBJECT: Final = "A sealed report"
BODY: Final = "A sealed report is attached. Your unit's candour-force opens it.\n"
_PERMANENT: Final = 500


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Our own mail: the server that sends, the mailbox answers come to, and what both ask for."""

    server: Place
    mailbox: Place
    sender: str
    password: str
    tls: ssl.SSLContext
    gate: Gate
    patience: float = EXCHANGE_SECONDS


@dataclass(frozen=True, slots=True)
class MailTransport:
    """To one unit's address. Answers are those in messages that say they come from it."""

    address: str
    account: MailAccount
    failpoint: Fail = go_on
    look_seconds: float = REMOTE_LOOK_SECONDS
    _rounds: Rounds[str] = field(default_factory=lambda: Rounds(MAX_ANSWERS), compare=False)

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Returns once the mail server has taken the message."""
        message = EmailMessage(policy=policy.SMTP)
        message["From"], message["To"], message["Subject"] = self.account.sender, self.address, SUBJECT
        message["Message-ID"] = f"<{name}@{self.account.sender.rpartition('@')[2]}>"
        message.set_content(BODY)
        message.add_attachment(
            envelope_to_bytes(envelope), maintype="application", subtype="octet-stream", filename=f"{name}{SUFFIX}"
        )
        send_mail(self.account, message)
        self.failpoint(Failpoint.SENT)

    def answers(self) -> list[tuple[str, bytes]]:
        """The answers attached to messages that say they are from the unit, which anybody's may: each has its turn.

        As many as came, where the mailbox breaks off or is slow.
        """
        found: list[tuple[str, bytes]] = []
        try:
            with within(self.account.patience):
                self._fetch(found)
        except (OSError, imaplib.IMAP4.error):
            if not found:
                raise WorldInTheWay(Reason.NO_CONNECTION) from None
        return found

    def _fetch(self, found: list[tuple[str, bytes]]) -> None:
        place = self.account.mailbox
        with _Imap(place, self.account.gate.address_of(place), self.account.tls) as mailbox:
            mailbox.login(place.user, self.account.password)
            mailbox.select(place.path.lstrip("/") or "INBOX", readonly=True)
            for message in self._rounds.chosen(_messages_from(mailbox, self.address)):
                self._rounds.had(message)
                found += _answers_in(_fetched(mailbox, message))
                if sum(len(written) for _, written in found) > MAX_LOOK_BYTES:
                    return  # the others have their turn in the next


def send_mail(account: MailAccount, message: EmailMessage) -> None:
    """Hand a message to the mail server. Raises WorldInTheWay or CannotBeDelivered."""
    numeric, begun = account.gate.address_of(account.server), False
    try:
        with within(account.patience), _Smtp(account.server, numeric, account.tls) as server:
            if account.server.user:
                server.login(account.server.user, account.password)
            begun = True
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise CannotBeDelivered(Reason.CREDENTIALS_REFUSED, nothing_left=True) from None
    except smtplib.SMTPRecipientsRefused as refused:  # which comes before the message itself
        codes = [code for code, _ in refused.recipients.values()]
        raise _refusal(max(codes), nothing_left=True) from None
    except smtplib.SMTPResponseException as refused:
        raise _refusal(refused.smtp_code, not begun) from None
    except ssl.SSLCertVerificationError:
        raise WorldInTheWay(Reason.NOT_WHO_IT_SHOULD_BE, not begun) from None
    except (OSError, smtplib.SMTPException):
        raise WorldInTheWay(Reason.NO_CONNECTION, not begun) from None


def _refusal(code: int, nothing_left: bool) -> WorldInTheWay | CannotBeDelivered:
    """RFC 5321, 4.2.1: 4yz may be tried again, 5yz must not be sent again as it is."""
    if code >= _PERMANENT:
        return CannotBeDelivered(Reason.REFUSED_BY_UNIT, nothing_left)
    return WorldInTheWay(Reason.UNIT_BUSY, nothing_left)


class _Smtp(smtplib.SMTP_SSL):
    """Speaks to the one address that was let through, and checks the certificate against the configured name."""

    def __init__(self, place: Place, numeric: str, tls: ssl.SSLContext) -> None:
        self._place, self._numeric, self._tls = place, numeric, tls
        super().__init__(place.host, place.port, local_hostname="localhost", timeout=NETWORK_SECONDS, context=tls)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _wrapped(self._place, self._numeric, self._tls)


class _Imap(imaplib.IMAP4_SSL):
    """As _Smtp, for the mailbox."""

    def __init__(self, place: Place, numeric: str, tls: ssl.SSLContext) -> None:
        self._place, self._numeric, self._tls = place, numeric, tls
        super().__init__(place.host, place.port, ssl_context=tls, timeout=NETWORK_SECONDS)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return _wrapped(self._place, self._numeric, self._tls)


def _wrapped(place: Place, numeric: str, tls: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection((numeric, place.port), NETWORK_SECONDS)
    try:
        return impatient(tls).wrap_socket(plain, server_hostname=place.host)
    except OSError:
        plain.close()
        raise


def _messages_from(mailbox: imaplib.IMAP4_SSL, address: str) -> list[str]:
    """The numbers, good as long as the mailbox is, of what says it is from this address; the oldest first."""
    _, epoch = mailbox.response("UIDVALIDITY")
    _, found = mailbox.uid("SEARCH", "FROM", f'"{address}"', "SMALLER", str(MAX_MESSAGE_BYTES))
    numbers = found[0].split() if found and isinstance(found[0], bytes) else []
    return [f"{epoch}:{number.decode()}" for number in sorted(numbers, key=int)]


def _fetched(mailbox: imaplib.IMAP4_SSL, message: str) -> bytes:
    _, parts = mailbox.uid("FETCH", message.rpartition(":")[2], "(BODY.PEEK[])")
    return b"".join(part[1] for part in parts if isinstance(part, tuple))


def _answers_in(raw: bytes) -> list[tuple[str, bytes]]:
    """What is attached to a message under an answer's name, and not longer than one."""
    return [(name, written) for name, written in attached(raw, ANSWER_SUFFIX) if len(written) <= MAX_BROUGHT_BYTES]


def account_from(outbox: Outbox) -> MailAccount:
    """Our own mail as configured. Raises OSError where a file cannot be read."""
    tls = ssl.create_default_context(cafile=outbox.mail_authority)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    password = "" if outbox.mail_password is None else outbox.mail_password.read_text(encoding="utf-8").strip()
    return MailAccount(
        Place.at(outbox.mail_server, SMTPS_PORT),
        Place.at(outbox.mailbox, IMAPS_PORT),
        outbox.mail_from,
        password,
        tls,
        Gate.listing(outbox.private_networks),
    )


def from_route(outbox: Outbox, route: UnitRoute, failpoint: Fail = go_on) -> MailTransport:
    """As configured."""
    return MailTransport(route.mail, account_from(outbox), failpoint)
