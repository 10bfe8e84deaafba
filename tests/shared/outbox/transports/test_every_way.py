"""Whichever way a unit is reached, its report gets there once, its answer comes back and its name is looked up once."""

import random
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from shared.domain.vocabulary import DeliveryState, Verdict
from shared.outbox.courier import Courier
from shared.outbox.transports.folder import FolderTransport
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.mail import MailAccount, MailTransport
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.table import TRANSPORTS
from shared.outbox.transports.way import Transport
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import open_envelope
from shared.sealing.envelope_file import envelope_from_bytes
from tests.shared.outbox.transports.conftest import SFTP_HOST
from tests.support.mail_servers import PASSWORD, USER, Postmaster, has_dovecot, imap_server, smtp_server
from tests.support.unit_system import UnitSystem, answer_entry, serving

UNIT, ADDRESS = "kent-acu", "psd@kent.example.test"


@dataclass(frozen=True)
class Reached:
    """A unit by one way: the transport, what the unit has got by it, and how it sends something back."""

    transport: Transport
    got: Callable[[], list[bytes]]
    sends: Callable[[str, bytes], object]


@dataclass
class Road:
    """What the ways are made from."""

    post: Any
    authority: Any
    gate: Gate
    looked_up: list[str]
    sftp_way: Any
    tmp_path: Path
    stack: ExitStack


def _by_folder(road: Road) -> Reached:
    return _folder(FolderTransport(road.post.units[UNIT].folder), road.post.units[UNIT].folder)


def _by_sftp(road: Road) -> Reached:
    return _folder(replace(road.sftp_way, gate=road.gate), road.tmp_path / "sftp" / "reports")


def _folder(transport: Transport, folder: Path) -> Reached:
    def sends(name: str, written: bytes) -> None:
        (folder / "answers").mkdir(exist_ok=True)
        (folder / "answers" / name).write_bytes(written)

    return Reached(transport, lambda: [path.read_bytes() for path in folder.glob("*.candour")], sends)


def _by_https(road: Road) -> Reached:
    system = UnitSystem(road.tmp_path / "unit.db")
    port = road.stack.enter_context(serving(system, road.authority.server_tls()))
    way = HttpsTransport(Place(SFTP_HOST, port, path=f"/{UNIT}"), road.authority.client_tls(), road.gate)
    road.stack.callback(way.close)
    return Reached(
        way,
        lambda: [written for _, written in system.received(UNIT)],
        lambda name, written: system.listed.append(answer_entry(name, written)),
    )


def _by_mail(road: Road) -> Reached:
    postmaster, authority = Postmaster(), road.authority
    folder = road.stack.enter_context(tempfile.TemporaryDirectory(prefix="dovecot-", dir="/tmp"))  # a short path
    sending = road.stack.enter_context(smtp_server(postmaster, authority.server_tls(client_certificates=False)))
    keeping, mailbox = road.stack.enter_context(imap_server(Path(folder) / "d", authority.server()))
    tls = ssl.create_default_context(cafile=authority.certificate)
    server, box = Place(SFTP_HOST, sending, USER), Place(SFTP_HOST, keeping, USER)
    account = MailAccount(server, box, "outbox@candour.example.test", PASSWORD, tls, road.gate)
    return Reached(
        MailTransport(ADDRESS, account),
        lambda: [_attached(raw) for raw in postmaster.taken],
        lambda name, written: mailbox.receives(ADDRESS, (name, written)),
    )


def _attached(raw: bytes) -> bytes:
    [attached] = message_from_bytes(raw, policy=policy.default).iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


WAYS = {"folder": _by_folder, "https": _by_https, "mail": _by_mail, "sftp": _by_sftp}


@pytest.fixture
def road(sqlite_store, make_post, authority, sftp_way, tmp_path) -> Iterator[Road]:
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    gate = Gate(Gate.listing(("127.0.0.0/8",)).private, resolve)
    with ExitStack() as stack:
        yield Road(make_post(sqlite_store), authority, gate, looked_up, sftp_way, tmp_path, stack)


def test_every_way_there_is_is_gone_here() -> None:
    assert set(WAYS) == set(TRANSPORTS)


@pytest.mark.parametrize("name", WAYS)
def test_a_report_gets_there_once_and_its_answer_comes_back(road: Road, clock, name: str) -> None:
    if name == "mail" and not has_dovecot():
        pytest.skip("dovecot is not installed: apt-get install dovecot-imapd")
    unit = road.post.units[UNIT]
    reached = WAYS[name](road)
    courier = Courier(road.post.store, {UNIT: reached.transport}, clock, random.Random(1))
    sent = road.post.releases(UNIT)

    courier.step()
    road.looked_up.clear()
    reached.transport.deliver(sent.delivery_id, sent.envelope.only_wrap(unit.reader.key_id))  # and again
    looked_up = list(road.looked_up)
    delivered, got = road.post.row(sent).state, {envelope_from_bytes(one) for one in reached.got()}
    for verdict in (Verdict.OPENED, Verdict.OURS):
        reached.sends(f"{verdict.value}.answer", sign_answer(verdict, sent.envelope.digest, UNIT, unit.answering))
    road.post.works(courier)

    assert delivered is DeliveryState.DELIVERED
    assert looked_up == ([] if name == "folder" else [SFTP_HOST])
    assert [open_envelope(one, unit.reader, road.post.release_key.public) for one in got] == [b'{"marking":"x"}']
    assert road.post.row(sent).state is DeliveryState.OURS
