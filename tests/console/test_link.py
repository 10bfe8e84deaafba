"""Calls to the service: answered, refused in words, or given up after their deadline."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtNetwork import QNetworkAccessManager

from console import routes
from console.link import Link, Refused, ServiceAway
from shared.messages import WhoSignsIn


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def outcome(link: Link, route: routes.Route, qtbot: Any) -> Any:
    failures: list[Any] = []
    link.call(route, WhoSignsIn(name="Asha")).failed.connect(failures.append)
    qtbot.waitUntil(lambda: bool(failures), timeout=20_000)
    return failures[0]


def test_a_service_that_never_answers_is_given_up(silent_port: int, qapp: Any, qtbot: Any) -> None:
    link = Link(f"http://127.0.0.1:{silent_port}", QNetworkAccessManager(qapp), deadline_ms=150)

    assert isinstance(outcome(link, routes.PARAMETERS, qtbot), ServiceAway)


def test_a_refusal_brings_its_code_and_words(service: Any, qapp: Any, qtbot: Any) -> None:
    link = Link(service.url, QNetworkAccessManager(qapp))
    link.use_token("no such token")

    with qtbot.waitSignal(link.signed_out, timeout=20_000):
        refused = outcome(link, routes.PRESENCE, qtbot)

    assert isinstance(refused, Refused)
    assert (refused.status, refused.code, refused.sentence) == (401, "signed_out", "Please sign in again.")


def test_a_late_refusal_to_an_earlier_session_ends_no_later_one(service: Any, qapp: Any, qtbot: Any) -> None:
    link, ended = Link(service.url, QNetworkAccessManager(qapp)), []
    link.signed_out.connect(lambda: ended.append(True))
    link.use_token("the token before")
    failures: list[Any] = []
    link.call(routes.PRESENCE, WhoSignsIn(name="Asha")).failed.connect(failures.append)

    link.use_token("the token of whoever signed in since")

    qtbot.waitUntil(lambda: bool(failures), timeout=20_000)
    assert ended == []
