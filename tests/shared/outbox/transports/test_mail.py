"""Reports by mail to a real server over TLS, and answers from a real mailbox."""

import ssl
import tempfile
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from shared.domain.vocabulary import Verdict
from shared.outbox.rounds import Rounds
from shared.outbox.transports.mail import MailAccount, MailTransport
from shared.outbox.transports.places import Place
from shared.outbox.transports.way import MAX_ANSWERS
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.answers import sign_answer
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.keys import SigningKey
from tests.support.mail_servers import PASSWORD, USER, Postmaster, has_dovecot, imap_server, smtp_server

UNIT_ADDRESS = "psd@kent.example.test"
HOST = "unit.example.test"
NOWHERE = Place(HOST, 1)


@pytest.fixture
def tls(authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.certificate)


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@pytest.fixture
def way(postmaster, authority, tls, gate):
    with smtp_server(postmaster, authority.server_tls(client_certificates=False)) as port:
        account = MailAccount(Place(HOST, port, USER), NOWHERE, "outbox@candour.example.test", PASSWORD, tls, gate)
        yield MailTransport(UNIT_ADDRESS, account)


def test_a_report_travels_as_an_attachment_that_says_nothing(way, postmaster, name, envelope) -> None:
    way.deliver(name, envelope)

    [raw] = postmaster.taken
    message = message_from_bytes(raw, policy=policy.default)
    [attached] = message.iter_attachments()
    assert attached.get_filename() == f"{name}.candour"
    assert envelope_from_bytes(attached.get_payload(decode=True)) == envelope
    assert set(message.keys()) <= {"From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "X-Peer"}
    assert message["Subject"] == "A sealed report"


def test_a_report_sent_again_is_the_same_message(way, postmaster, name, envelope) -> None:
    for _ in range(2):
        way.deliver(name, envelope)

    first, second = (message_from_bytes(raw, policy=policy.default) for raw in postmaster.taken)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    ("said", "trouble", "reason"),
    [
        ("450 Mailbox busy", WorldInTheWay, Reason.UNIT_BUSY),
        ("550 No such user here", CannotBeDelivered, Reason.REFUSED_BY_UNIT),
    ],
)
def test_a_server_that_refuses_for_now_is_asked_again_and_one_that_refuses_for_good_is_not(
    way, postmaster, name, envelope, said: str, trouble: type, reason: Reason
) -> None:
    postmaster.refusal = said

    with pytest.raises(trouble) as found:
        way.deliver(name, envelope)

    assert found.value.reason is reason
    assert postmaster.taken == []


def test_a_wrong_password_is_parked_at_once(way, name, envelope) -> None:
    wrong = replace(way, account=replace(way.account, password="another"))

    with pytest.raises(CannotBeDelivered) as found:
        wrong.deliver(name, envelope)

    assert found.value.reason is Reason.CREDENTIALS_REFUSED
    assert found.value.nothing_left


def test_a_server_nobody_vouches_for_is_sent_nothing(way, postmaster, name, envelope) -> None:
    stranger = replace(way, account=replace(way.account, tls=ssl.create_default_context()))

    with pytest.raises(WorldInTheWay) as found:
        stranger.deliver(name, envelope)

    assert found.value.reason is Reason.NOT_WHO_IT_SHOULD_BE
    assert found.value.nothing_left
    assert postmaster.taken == []


def test_a_server_that_is_away_is_tried_again(way, name, envelope) -> None:
    away = replace(way, account=replace(way.account, server=NOWHERE))

    with pytest.raises(WorldInTheWay) as found:
        away.deliver(name, envelope)

    assert found.value.reason is Reason.NO_CONNECTION
    assert found.value.nothing_left


@pytest.mark.skipif(not has_dovecot(), reason="dovecot is not installed: apt-get install dovecot-imapd")
def test_answers_are_read_from_the_mailbox_and_left_there(authority, tls, gate, envelope) -> None:
    signing = SigningKey.generate()
    opened, ours = (sign_answer(verdict, envelope.digest, "kent-acu", signing) for verdict in list(Verdict)[:2])
    with (
        tempfile.TemporaryDirectory(prefix="dovecot-", dir="/tmp") as folder,  # its sockets need a short path
        imap_server(Path(folder) / "d", authority.server()) as (port, mailbox),
    ):
        account = MailAccount(NOWHERE, Place(HOST, port, USER), "o@candour.example.test", PASSWORD, tls, gate)
        way = MailTransport(UNIT_ADDRESS, account)
        mailbox.receives(UNIT_ADDRESS, ("one.answer", opened), ("notes.txt", b"hello"), ("big.answer", b"x" * 17_000))
        mailbox.receives("somebody@elsewhere.example.test", ("two.answer", ours))
        mailbox.receives(f"Kent PSD <{UNIT_ADDRESS}>", ("three.answer", ours))

        first, second = list(way.answers()), list(way.answers())
        slow = replace(way, _rounds=Rounds(1))
        looks = [list(slow.answers()) for _ in range(2)]
        for _ in range(5):
            mailbox.receives(UNIT_ADDRESS, ("forged.answer", b"{}"))
        mailbox.receives(UNIT_ADDRESS, ("four.answer", opened))
        behind = [name for _ in range(6) for name, _ in slow.answers()]

    assert first == second == [("one.answer", opened), ("three.answer", ours)]
    assert looks == [[("one.answer", opened)], [("three.answer", ours)]]
    assert behind == ["forged.answer"] * 5 + ["four.answer"]  # what anybody may send hides nothing that comes
    assert way._rounds.most == MAX_ANSWERS


def test_a_mailbox_that_is_away_is_looked_at_again(way) -> None:
    with pytest.raises(WorldInTheWay):
        list(way.answers())
