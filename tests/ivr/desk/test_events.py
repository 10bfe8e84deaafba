"""The event stream: a snapshot, then changes, to whoever may see them, for as long as the session lasts."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text, update

from ivr.desk.board import read_board
from ivr.desk.events import HEARTBEAT, Stream, Watcher
from shared.domain import sessions
from shared.domain.errors import TooManyStreams
from shared.domain.signing_in import Presented, sign_in
from shared.domain.vocabulary import PresenceState
from shared.messages import Board, Change, Me, Snapshot
from shared.store.database import Store, Watch, truncate_wal
from shared.store.schema import desk_session, person
from tests.support.organisation import HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation, found_organisation

SOON = 5.0  # seconds in which a stream ends


def _took(act: Callable[[], Any]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_a_stream_begins_with_a_snapshot_and_goes_on_with_changes(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str]
) -> None:
    console = sign_in(HANDLER)
    events = console.follow()
    first = events.next()

    caller_waits()
    second = events.next()
    console.ask("PUT", "/presence", {"state": "available"})
    third = events.next()

    assert (first[0], second[0], third[0]) == ("snapshot", "change", "change")
    assert Snapshot.model_validate(first[1]).board.me.presence is PresenceState.OFFLINE
    assert [event[1]["revision"] for event in (first, second, third)] == [1, 2, 3]
    (waiting,) = Change.model_validate(second[1]).waiting
    changed = Change.model_validate(third[1])
    assert changed.me is not None
    assert changed.me.presence is PresenceState.AVAILABLE
    assert [call.id for call in changed.waiting if call.offered_to_me] == [waiting.id]
    events.close()


def test_a_call_a_colleague_takes_leaves_the_other_boards(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str]
) -> None:
    taker, other = sign_in(HANDLER), sign_in(SECOND_HANDLER)
    taker.ask("PUT", "/presence", {"state": "available"})
    caller_waits()
    events = other.follow()
    (waiting,) = events.next()[1]["board"]["waiting"]

    assert taker.ask("POST", f"/calls/{waiting['id']}/take").status_code == 204

    assert events.next()[1]["removed"] == {"waiting": [waiting["id"]]}
    events.close()


def test_nothing_is_sent_to_those_whom_a_change_does_not_concern(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str]
) -> None:
    supervisor, handler = sign_in(SUPERVISOR), sign_in(HANDLER)
    watching, working = supervisor.follow(), handler.follow()
    watching.next(), working.next()

    supervisor_only = sign_in(SECOND_HANDLER)
    seen = watching.next()
    caller_waits()
    next_for_the_handler = working.next()

    assert seen[1]["colleagues"][0]["id"] == supervisor_only.member.id
    assert next_for_the_handler[1]["revision"] == 2
    assert len(next_for_the_handler[1]["waiting"]) == 1
    watching.close(), working.close()


def test_a_stream_ends_within_five_seconds_of_signing_out(sign_in: Callable[[str], Any]) -> None:
    console = sign_in(HANDLER)
    events = console.follow()
    events.next()

    console.ask("DELETE", "/session")

    assert _took(events.ends) < SOON


def test_a_stream_ends_within_five_seconds_of_suspension(sign_in: Callable[[str], Any], store: Store) -> None:
    events = sign_in(HANDLER).follow()
    events.next()

    with store.begin() as tx:
        tx.execute(update(person).where(person.c.name == HANDLER).values(active=False))

    assert _took(events.ends) < SOON


def test_a_stream_ends_within_five_seconds_of_its_sessions_end_although_nothing_is_written(
    sign_in: Callable[[str], Any], clock: Any
) -> None:
    events = sign_in(HANDLER).follow()
    events.next()

    clock.now += timedelta(hours=12)

    assert _took(events.ends) < SOON


def test_every_stream_ends_within_five_seconds_of_the_stop_flag_and_none_begins(
    sign_in: Callable[[str], Any], stop: threading.Event
) -> None:
    console = sign_in(HANDLER)
    streams = [console.follow(), sign_in(SUPERVISOR).follow()]
    for events in streams:
        events.next()

    stop.set()

    assert _took(lambda: [events.ends() for events in streams]) < SOON
    assert console.ask("GET", "/events").status_code == 503


def test_a_stream_says_something_in_the_quiet(sign_in: Callable[[str], Any], stop: threading.Event) -> None:
    events = sign_in(HANDLER).follow()
    events.next()

    threading.Timer(0.6, stop.set).start()
    events.ends()

    assert events.comments >= 1


def test_beyond_the_cap_a_console_is_asked_to_come_back(sign_in: Callable[[str], Any]) -> None:
    console = sign_in(HANDLER)
    streams = [sign_in(SUPERVISOR).follow() for _ in range(4)]

    refused = console.ask("GET", "/events")
    streams[0].close()
    again = console.ask("GET", "/events")

    assert (refused.status_code, refused.json["code"]) == (503, "too_many_streams")
    assert int(refused.headers["Retry-After"]) > 0
    assert again.status_code == 200
    for events in (*streams[1:], again):
        events.close()


def test_a_console_that_connects_again_has_one_stream(sign_in: Callable[[str], Any]) -> None:
    console = sign_in(HANDLER)
    lost = console.follow()
    lost.next()

    again = console.follow()

    assert again.next()[0] == "snapshot"
    assert _took(lost.ends) < SOON
    again.close()


def test_an_open_stream_keeps_its_session_in_use(sign_in: Callable[[str], Any], clock: Any, store: Store) -> None:
    events = sign_in(HANDLER).follow()
    events.next()

    clock.now += sessions.NOTED_EVERY
    noted = _eventually(lambda: _seen_at(store) == clock())

    assert noted
    events.close()


def test_no_transaction_is_open_while_a_stream_waits(sign_in: Callable[[str], Any], store: Store) -> None:
    events = sign_in(HANDLER).follow()
    events.next()

    assert _eventually(lambda: _nobody_reads(store))
    events.close()


def _seen_at(store: Store) -> Any:
    with store.read() as tx:
        return tx.execute(select(desk_session.c.seen_at)).scalar_one()


def _nobody_reads(store: Store) -> bool:
    if store.is_sqlite:
        return truncate_wal(store)
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
    )
    with store.read() as tx:
        return tx.execute(text(waiting)).scalar_one() == 0


def _eventually(holds: Callable[[], bool]) -> bool:
    pause, until = threading.Event(), time.monotonic() + SOON
    while not holds():
        if time.monotonic() > until:
            return False
        pause.wait(0.02)
    return True


# --- without a database -----------------------------------------------------------------------------------------------


def _board(since: Any, presence: PresenceState) -> Board:
    return Board(me=Me(presence=presence, since=since), my_call=None, waiting=(), colleagues=(), reports=())


def test_a_slow_reader_gets_one_change_with_everything_it_missed(clock: Any) -> None:
    stream = Stream("", _board(clock(), PresenceState.OFFLINE))
    events: Iterator[str] = stream.events(clock, heartbeat_seconds=0.0)
    next(events)

    for state in (PresenceState.AVAILABLE, PresenceState.MISSED, PresenceState.BREAK):
        stream.show(_board(clock(), state))

    assert '"revision":2' in (change := next(events))
    assert '"presence":"break"' in change
    assert next(events) == HEARTBEAT


def test_what_came_and_went_between_two_looks_is_not_sent(clock: Any) -> None:
    stream = Stream("", _board(clock(), PresenceState.OFFLINE))
    events = stream.events(clock, heartbeat_seconds=0.0)
    next(events)

    stream.show(_board(clock(), PresenceState.AVAILABLE))
    stream.show(_board(clock(), PresenceState.OFFLINE))

    assert next(events) == HEARTBEAT


class LosesItsWatch(Store):
    """A store whose database cannot be watched, the first time."""

    lost = False

    def watch(self) -> Watch:
        if not self.lost:
            self.lost = True
            raise psycopg.OperationalError("the server went away")
        return super().watch()


def test_when_the_database_goes_away_streams_end_and_the_next_one_watches_again(
    sqlite_store: Store, clock: Any
) -> None:
    store, stop = LosesItsWatch(sqlite_store.engine), threading.Event()
    member = found_organisation(store).members[HANDLER]
    with store.begin() as tx:
        begun = sign_in(tx, Presented(HANDLER, member.authentication_key), clock())
        assert begun is not None
        session = sessions.session_of(tx, begun.token, clock())
        assert read_board(tx, session.who, clock())
    watcher = Watcher(store, clock, stop, open_streams=1)

    ended = list(watcher.open(session).events(clock, 5.0))
    again = watcher.open(session).events(clock, 5.0)
    next(again)
    stop.set()
    with pytest.raises(TooManyStreams):
        watcher.open(session)

    assert len(ended) == 1
    assert list(again) == []
    assert watcher.join(5)


def test_the_desk_starts_no_thread_before_the_first_stream(app: Flask, organisation: Organisation) -> None:
    assert not [thread for thread in threading.enumerate() if thread.name == "desk-watcher"]
