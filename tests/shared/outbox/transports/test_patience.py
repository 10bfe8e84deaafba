"""A server that answers a byte at a time holds nobody longer than a whole exchange may take, whichever way it is."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from shared.outbox.failpoints import Failpoint
from shared.outbox.lanes import LEASE
from shared.outbox.paging import Webhook
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.mail import MailAccount, MailTransport
from shared.outbox.transports.places import Place
from shared.outbox.transports.way import EXCHANGE_SECONDS, NETWORK_SECONDS
from shared.outbox.troubles import Reason, WorldInTheWay
from tests.support.dripping import Road, dripping
from tests.support.mail_servers import PASSWORD, USER

HOST = "unit.example.test"
NOWHERE = Place(HOST, 1)
PATIENCE = 0.5  # seconds


@contextmanager
def _given_up_in_time() -> Iterator[None]:
    began = time.monotonic()

    with pytest.raises(WorldInTheWay) as found:
        yield

    assert found.value.reason is Reason.NO_CONNECTION
    assert PATIENCE / 2 < time.monotonic() - began < 6 * PATIENCE


@pytest.fixture
def mail(authority, gate) -> Callable[..., MailTransport]:
    def made(server: Place = NOWHERE, mailbox: Place = NOWHERE) -> MailTransport:
        tls = authority.client_tls()
        account = MailAccount(server, mailbox, "o@candour.example.test", PASSWORD, tls, gate, PATIENCE)
        return MailTransport("psd@kent.example.test", account)

    return made


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 201 Created\r\nX-Long: ", b"HTTP/1.1 201 Created\r\n\r\n{"])
def test_https_is_given_up(authority, gate, name, envelope, greeting: bytes) -> None:
    with dripping(greeting, authority.server_tls()) as port:
        way = HttpsTransport(Place(HOST, port), authority.client_tls(), gate, patience=PATIENCE)
        with _given_up_in_time():
            way.deliver(name, envelope)
        with _given_up_in_time():
            way.answers()
        way.close()


def test_smtp_is_given_up(authority, mail, name, envelope) -> None:
    with dripping(b"220-", authority.server_tls(client_certificates=False)) as port:
        way = mail(server=Place(HOST, port, USER))
        with _given_up_in_time():
            way.deliver(name, envelope)


def test_imap_is_given_up(authority, mail) -> None:
    with dripping(b"* OK ", authority.server_tls(client_certificates=False)) as port:
        way = mail(mailbox=Place(HOST, port, USER))
        with _given_up_in_time():
            way.answers()


def test_sftp_is_given_up_before_and_after_the_server_knows_us(sftp_way, name, envelope) -> None:
    hurried = replace(sftp_way, patience=PATIENCE)
    with dripping(b"SSH-2.0-", None) as port, _given_up_in_time():
        replace(hurried, place=replace(hurried.place, port=port)).deliver(name, envelope)

    road = Road(hurried.place.port)
    with road.open() as port:
        by_road = replace(hurried, place=replace(hurried.place, port=port))
        written = replace(by_road, failpoint=lambda at: road.drips.set() if at is Failpoint.WRITTEN_ASIDE else None)
        with _given_up_in_time():
            written.deliver(name, envelope)
        with _given_up_in_time():
            list(by_road.answers())


def test_a_page_for_those_on_call_is_given_up(authority, gate) -> None:
    with dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", authority.server_tls(client_certificates=False)) as port:
        webhook = Webhook(Place(HOST, port), authority.client_tls(), gate, PATIENCE)
        with _given_up_in_time():
            webhook("Please look at the outbox.")


def test_an_exchange_is_over_before_the_lease_of_what_it_carries() -> None:
    connecting = 2 * NETWORK_SECONDS

    assert EXCHANGE_SECONDS + connecting < LEASE.total_seconds()
