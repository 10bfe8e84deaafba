"""Those on call are told by a real mail server and a real webhook: how many of what, and nothing that could be read."""

import json
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.delivery_settings import Outbox
from shared.outbox.paging import Webhook, pages
from shared.outbox.transports.places import Gate, Place
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from tests.support.mail_servers import PASSWORD, USER, Postmaster, smtp_server

SAID = "Candour: 2 deliveries were put aside. Please look at the outbox."


class Chat(ThreadingHTTPServer):
    """Takes what is posted; ``status`` is what it says, with an address elsewhere."""

    daemon_threads = True
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, object]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault of ours."""


class _Handler(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, json.loads(content)))
        self.send_response(self.server.status)
        self.send_header("Location", f"https://unit.example.test:{self.server.server_address[1]}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def chat(authority) -> Iterator[Chat]:
    server = Chat()
    tls = authority.server_tls(client_certificates=False)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def webhook(chat, authority, gate) -> Webhook:
    place = Place("unit.example.test", chat.server_address[1], path="/hook")
    return Webhook(place, ssl.create_default_context(cafile=authority.certificate), gate)


def test_a_webhook_is_posted_the_words_and_nothing_else(webhook, chat) -> None:
    webhook(SAID)

    assert chat.posted == [("/hook", {"text": SAID})]


@pytest.mark.parametrize("status", [307, 308, 404, 500])
def test_a_webhook_that_does_not_take_them_told_nobody_and_leads_nowhere(webhook, chat, status: int) -> None:
    chat.status = status

    with pytest.raises(WorldInTheWay) as found:
        webhook(SAID)

    assert found.value.reason is Reason.NOT_ACKNOWLEDGED
    assert [path for path, _ in chat.posted] == ["/hook"]


def test_a_webhook_inside_a_network_that_is_not_listed_is_not_called(webhook, chat, authority) -> None:
    inside = Webhook(webhook.place, webhook.tls, Gate((), lambda _host, _port: ["127.0.0.1"]))

    with pytest.raises(CannotBeDelivered) as found:
        inside(SAID)

    assert (found.value.reason, chat.posted) == (Reason.PRIVATE_ADDRESS, [])


def test_a_page_by_mail_says_the_words_and_nothing_else(authority, tmp_path) -> None:
    postmaster, password = Postmaster(), tmp_path / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    with smtp_server(postmaster, authority.server_tls(client_certificates=False)) as port:
        outbox = Outbox.model_validate(
            {
                "mail_server": f"smtps://{USER}@127.0.0.1:{port}",
                "mail_from": "outbox@candour.example.test",
                "mail_password": password,
                "mail_authority": authority.certificate,
                "private_networks": ["127.0.0.0/8"],
                "page_mail": ["on-call@candour.example.test", "second@candour.example.test"],
            }
        )
        [page] = pages(outbox)
        page(SAID)

    [raw] = postmaster.taken
    message = message_from_bytes(raw, policy=policy.default)
    assert message.get_content().strip() == SAID
    assert message["To"] == "on-call@candour.example.test, second@candour.example.test"
    assert message["Subject"].startswith("Candour: ")
