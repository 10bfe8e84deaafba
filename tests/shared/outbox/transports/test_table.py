"""The table of ways to a unit, and each made from a configuration as it is written."""

import pytest
from pydantic import ValidationError

from shared.delivery_settings import WAYS, Outbox, UnitRoute
from shared.outbox.transports.folder import FolderTransport
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.mail import MailTransport
from shared.outbox.transports.places import Place
from shared.outbox.transports.sftp import SftpTransport
from shared.outbox.transports.table import TRANSPORTS, transports

MAIL = {
    "mail_server": "smtps://outbox@mail.example.test",
    "mailbox": "imaps://outbox@mail.example.test/answers",
    "mail_from": "outbox@candour.example.test",
}


def test_every_way_the_configuration_knows_is_in_the_table() -> None:
    assert set(TRANSPORTS) == set(WAYS)


def test_each_unit_is_reached_by_the_way_it_is_given(authority, secret, tmp_path) -> None:
    ours = authority.client()
    outbox = Outbox.model_validate(
        {
            **MAIL,
            "mail_password": secret,
            "private_networks": ["10.0.0.0/8"],
            "units": {
                "a": {"folder": tmp_path},
                "b": {"https": "https://unit.example.test/in", "certificate": ours.certificate, "key": ours.key,
                      "authority": authority.certificate, "api_key": secret},
                "c": {"mail": "psd@kent.example.test"},
                "d": {"sftp": "sftp://candour@unit.example.test/in", "key": ours.key, "host_keys": secret},
            },
        }
    )  # fmt: skip

    made = transports(outbox)

    assert [type(way) for way in made.values()] == [FolderTransport, HttpsTransport, MailTransport, SftpTransport]
    b, c, d = made["b"], made["c"], made["d"]
    assert isinstance(b, HttpsTransport)
    assert (b.place, b.api_key) == (Place("unit.example.test", 443, "", "/in"), "the key of the unit")
    assert isinstance(c, MailTransport)
    assert c.account.mailbox == Place("mail.example.test", 993, "outbox", "/answers")
    assert isinstance(d, SftpTransport)
    assert d.place == Place("unit.example.test", 22, "candour", "/in")
    b.close()


@pytest.mark.parametrize(
    "route",
    [
        {},
        {"folder": "x", "mail": "psd@kent.example.test"},
        {"https": "https://unit.example.test"},  # without our certificate
        {"https": "http://unit.example.test", "certificate": "c", "key": "k"},
        {"https": "https://unit.example.test/?to=me", "certificate": "c", "key": "k"},
        {"https": "https://user@unit.example.test/", "certificate": "c", "key": "k"},
        {"sftp": "sftp://unit.example.test/in", "key": "k", "host_keys": "h"},  # without a user
        {"sftp": "sftp://candour@unit.example.test/in", "key": "k"},  # nothing to know the server by
    ],
)
def test_a_way_that_could_not_be_gone_safely_is_refused(route: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        UnitRoute.model_validate(route)


@pytest.mark.parametrize("missing", ["mail_server", "mailbox", "mail_from"])
def test_mail_needs_a_server_a_mailbox_and_an_address(missing: str) -> None:
    settings = {name: value for name, value in MAIL.items() if name != missing}

    with pytest.raises(ValidationError):
        Outbox.model_validate({**settings, "units": {"a": {"mail": "psd@kent.example.test"}}})
