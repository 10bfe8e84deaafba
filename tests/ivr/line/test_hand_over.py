"""The edge asks and the line answers, or the edge says that it is away; nobody else can ask."""

import socket
import stat
import threading
from pathlib import Path

import pytest
import structlog

from ivr.line.allow_list import Route, Webhook
from ivr.line.away import LineAway
from ivr.line.hand_over import HandOver, LineServer, LineThere
from ivr.line.message import send, webhook_to_message
from tests.support.apart import answering

ASKED = Webhook(Route.INCOMING, call_sid="CA" + "1" * 32)


def test_what_is_asked_is_answered_by_many_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(4)  # as many as the line has threads: all must be at it at the same time

    def line(webhook: Webhook) -> str:
        together.wait(timeout=10)
        return webhook.call_sid

    said: list[str | None] = []
    with answering(tmp_path / "line.socket", line) as path:
        asking = [threading.Thread(target=lambda: said.append(HandOver(path)(ASKED))) for _ in range(12)]
        for one in asking:
            one.start()
        for one in asking:
            one.join()

    assert said == [ASKED.call_sid] * 12


def test_only_its_own_user_can_reach_the_socket_and_it_goes_with_the_line(tmp_path: Path) -> None:
    with answering(tmp_path / "line.socket", lambda _: None) as path:
        mode = path.stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    assert not path.exists()


def test_a_socket_may_lie_deeper_than_the_kernel_s_paths(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a folder with a long name"] * 6)
    deep.mkdir(parents=True)

    with answering(deep / "line.socket", lambda _: "<Response/>") as path:
        assert HandOver(path)(ASKED) == "<Response/>"


def test_a_socket_left_by_a_crash_is_taken_over_and_one_in_use_is_not(tmp_path: Path) -> None:
    path = tmp_path / "line.socket"
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(path))

    with answering(path, lambda _: "<Response/>"):
        with pytest.raises(LineThere):
            LineServer(path, lambda _: None, threads=1)

        assert HandOver(path)(ASKED) == "<Response/>"


def test_a_line_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(LineAway):
        HandOver(tmp_path / "line.socket", back_within=0)(ASKED)


def test_a_line_that_comes_back_in_time_was_never_away(tmp_path: Path) -> None:
    said: list[str | None] = []
    asking = threading.Thread(target=lambda: said.append(HandOver(tmp_path / "line.socket", back_within=30)(ASKED)))
    asking.start()

    with answering(tmp_path / "line.socket", lambda _: "<Response/>"):
        asking.join()

    assert said == ["<Response/>"]


def test_a_line_that_takes_too_long_is_away(tmp_path: Path) -> None:
    late = threading.Event()

    def line(_: Webhook) -> None:
        late.wait()

    with answering(tmp_path / "line.socket", line) as path:
        with pytest.raises(LineAway):
            HandOver(path, answer_within=0.05)(ASKED)
        late.set()


def test_what_is_no_message_is_not_answered_and_the_next_one_is(tmp_path: Path) -> None:
    asked: list[Webhook] = []
    odd = webhook_to_message(ASKED).replace(b'"route"', b'"from": "+442079460123", "route"')

    with structlog.testing.capture_logs() as log, answering(tmp_path / "line.socket", asked.append) as path:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(path))
            send(stranger, odd)
            answered = stranger.recv(10)
        HandOver(path)(ASKED)

    assert answered == b""
    assert asked == [ASKED]
    assert [line["event"] for line in log] == ["message_malformed"]
