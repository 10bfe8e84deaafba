"""The event stream: each console sees its board, then every change to it, as server-sent events.

One thread in each process watches the store. A stream keeps only the newest board and what it sent last, so a slow
reader gets one larger change instead of a growing queue, and no transaction is open while a stream waits.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from ivr.desk.board import board_of, difference, read_board, read_picture
from shared.domain.consoles import FOLLOWING_NOTED_EVERY, note_following
from shared.domain.errors import TooManyStreams
from shared.domain.sessions import NOTED_EVERY, Session, note_use, sessions_in_force
from shared.messages import Board, Change, Listed, Snapshot
from shared.store.database import Store

LOOK_SECONDS: Final = 1.0  # a session that runs out is noticed within this, commit or not
WAIT_SECONDS: Final = 0.2  # and the stop flag within this
HEARTBEAT: Final = ": still here\n\n"
_log = logging.getLogger("candour.desk")


@dataclass(frozen=True, slots=True)
class Lists:
    """What a console is told once: reasons for a break, and telephones outside."""

    breaks: tuple[Listed, ...] = ()
    outside: tuple[Listed, ...] = ()


NO_LISTS: Final = Lists()


class Stream:
    """One console's stream: shown boards by the watcher, read by the thread that serves the console."""

    def __init__(self, session_id: str, board: Board) -> None:
        self.session_id = session_id
        self._newest = board
        self._ended = False
        self._moved = threading.Condition()

    def show(self, board: Board) -> None:
        with self._moved:
            if board != self._newest:
                self._newest = board
                self._moved.notify_all()

    def end(self) -> None:
        with self._moved:
            self._ended = True
            self._moved.notify_all()

    def events(self, clock: Callable[[], datetime], heartbeat_seconds: float, lists: Lists = NO_LISTS) -> Iterator[str]:
        """The stream as it is sent, until it is ended: a snapshot, then changes, and comments in the quiet."""
        sent, revision = self._newest, 1
        first = Snapshot(revision=revision, now=clock(), board=sent, breaks=lists.breaks, outside=lists.outside)
        yield _event("snapshot", first)
        while (board := self._next(sent, heartbeat_seconds)) is not None:
            change = difference(sent, board, revision + 1)
            if change is None:
                yield HEARTBEAT
                continue
            sent, revision = board, revision + 1
            yield _event("change", change)

    def _next(self, sent: Board, seconds: float) -> Board | None:
        with self._moved:
            self._moved.wait_for(lambda: self._ended or self._newest is not sent, seconds)
            return None if self._ended else self._newest


class Watcher:
    """Watches the store from the first stream on, and shows each stream what its person may see."""

    def __init__(self, store: Store, clock: Callable[[], datetime], stop: threading.Event, open_streams: int) -> None:
        self._store = store
        self._clock = clock
        self._stop = stop
        self._cap = open_streams
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._thread: threading.Thread | None = None
        self._noted: datetime | None = None  # when it was last written down who follows

    def open(self, session: Session) -> Stream:
        """The one stream of a session, with the board as it is; an earlier one, of a connection lost, ends.

        Raises TooManyStreams beyond the cap or when stopping.
        """
        with self._store.read() as tx:
            board = read_board(tx, session.who, self._clock())
        stream = Stream(session.id, board)
        with self._lock:
            earlier = {other for other in self._streams if other.session_id == session.id}
            if len(self._streams - earlier) >= self._cap or self._stop.is_set():
                raise TooManyStreams
            self._streams = (self._streams - earlier) | {stream}
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="desk-watcher", daemon=True)
                self._thread.start()
        for other in earlier:
            other.end()
        self._noted = None
        return stream

    def close(self, stream: Stream) -> None:
        """The console has gone."""
        stream.end()
        with self._lock:
            self._streams.discard(stream)

    def join(self, seconds: float) -> bool:
        """Wait for the watching thread to end, once the stop flag is set. False if it has not."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def _run(self) -> None:
        try:
            self._watch()
        except (SQLAlchemyError, psycopg.Error) as error:
            # The database went away: the consoles connect again, and the next stream starts a new watch.
            _log.error("desk_watch_lost %s", type(error).__name__)
        finally:
            self._end_all()

    def _watch(self) -> None:
        watch = self._store.watch()
        try:
            looked = -LOOK_SECONDS
            while not self._stop.is_set():
                if watch.wait(WAIT_SECONDS) or time.monotonic() - looked >= LOOK_SECONDS:
                    looked = time.monotonic()
                    self._look()
        finally:
            watch.close()

    def _end_all(self) -> None:
        with self._lock:
            left, self._streams = self._streams, set()
            self._thread = None
        for stream in left:
            stream.end()

    def _look(self) -> None:
        now = self._clock()
        with self._lock:
            streams = tuple(self._streams)
        if not streams:
            return
        with self._store.read() as tx:
            sessions = sessions_in_force(tx, {stream.session_id for stream in streams}, now)
            picture = read_picture(tx, now)
        by_id = {session.id: session for session in sessions}
        for stream in streams:
            session = by_id.get(stream.session_id)
            if session is None:
                self.close(stream)
            else:
                stream.show(board_of(picture, session.who))
        self._note_use(sessions, now)
        self._note_following(sessions, now)

    def _note_following(self, sessions: tuple[Session, ...], now: datetime) -> None:
        if sessions and (self._noted is None or now - self._noted >= FOLLOWING_NOTED_EVERY):
            self._noted = now
            with self._store.begin() as tx:
                note_following(tx, [session.id for session in sessions], now)

    def _note_use(self, sessions: tuple[Session, ...], now: datetime) -> None:
        due = [session.id for session in sessions if now - session.seen_at >= NOTED_EVERY]
        if due:
            with self._store.begin() as tx:
                note_use(tx, due, now)


def _event(name: str, message: Snapshot | Change) -> str:
    return f"event: {name}\nid: {message.revision}\ndata: {message.model_dump_json()}\n\n"
