"""The stream of the board: a gap, nonsense or a lost connection ends in a new snapshot; an ended session is said."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtNetwork import QNetworkAccessManager
from werkzeug.serving import WSGIRequestHandler, make_server

from console.event_stream import EventStream
from console.link import Link
from shared.domain.vocabulary import PresenceState
from shared.messages import Board, Change, Me, Message, Snapshot

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
ME = Me(presence=PresenceState.OFFLINE, since=NOW)
BOARD = Board(me=ME, my_call=None, waiting=(), colleagues=(), reports=())


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing is logged in tests."""


class Script:
    """Plays one list of events to each connection; the last stays open until the end."""

    def __init__(self) -> None:
        self.streams: list[list[bytes]] = []
        self.status = "200 OK"
        self.connections = 0
        self.over = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start(self.status, [("Content-Type", "text/event-stream")])
        number = self.connections
        self.connections += 1
        yield b": here\n\n"
        yield from self.streams[min(number, len(self.streams) - 1)] if self.streams else []
        if number >= len(self.streams) - 1 and self.status.startswith("200"):
            self.over.wait(10)


def event(name: str, message: Message) -> bytes:
    return f"event: {name}\ndata: {message.model_dump_json()}\n\n".encode()


def snapshot(revision: int) -> bytes:
    return event("snapshot", Snapshot(revision=revision, now=NOW, board=BOARD))


def change(revision: int) -> bytes:
    return event("change", Change(revision=revision, me=ME))


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def stream(script: Script, qapp: Any) -> Iterator[EventStream]:
    server = make_server("127.0.0.1", 0, script, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    network = QNetworkAccessManager()
    made = EventStream(Link(f"http://127.0.0.1:{server.port}", network), lambda: 0.5, (20, 40))
    yield made
    made.stop()
    script.over.set()
    server.shutdown()
    thread.join(5)
    server.server_close()


def revisions(stream: EventStream) -> tuple[list[int], list[int]]:
    snapshots: list[int] = []
    changes: list[int] = []
    stream.snapshot.connect(lambda message: snapshots.append(message.revision))
    stream.change.connect(lambda message: changes.append(message.revision))
    return snapshots, changes


def test_changes_follow_their_snapshot(stream: EventStream, script: Script, qtbot: Any) -> None:
    script.streams = [[snapshot(4), change(5), change(6)]]
    snapshots, changes = revisions(stream)

    stream.start()

    qtbot.waitUntil(lambda: changes == [5, 6], timeout=20_000)
    assert snapshots == [4]


def test_a_gap_ends_in_a_new_snapshot(stream: EventStream, script: Script, qtbot: Any) -> None:
    script.streams = [[snapshot(4), change(6)], [snapshot(9)]]
    snapshots, changes = revisions(stream)

    stream.start()

    qtbot.waitUntil(lambda: snapshots == [4, 9], timeout=20_000)
    assert changes == []


def test_nonsense_ends_in_a_new_snapshot(stream: EventStream, script: Script, qtbot: Any) -> None:
    script.streams = [[snapshot(4), b'event: change\ndata: {"revision": "five"}\n\n'], [snapshot(9)]]
    snapshots, _ = revisions(stream)

    stream.start()

    qtbot.waitUntil(lambda: snapshots == [4, 9], timeout=20_000)


def test_a_lost_connection_is_said_and_made_again(stream: EventStream, script: Script, qtbot: Any) -> None:
    script.streams = [[snapshot(4)], [snapshot(5)]]
    snapshots, _ = revisions(stream)

    with qtbot.waitSignal(stream.lost, timeout=20_000):
        stream.start()

    qtbot.waitUntil(lambda: snapshots == [4, 5], timeout=20_000)


def test_an_ended_session_is_said_and_not_tried_again(stream: EventStream, script: Script, qtbot: Any) -> None:
    script.status = "401 Unauthorized"

    with qtbot.waitSignal(stream.signed_out, timeout=20_000):
        stream.start()

    assert script.connections == 1
