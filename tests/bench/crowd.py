"""A desk's event stream with a crowd on the line: several times a second a caller leaves and one comes.

And with each fifth of them one of 200 handlers does something else: each of them every twenty seconds.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Flask, Response

from shared.domain.vocabulary import Language, PresenceState
from shared.messages import Board, Change, Colleague, Me, Snapshot, WaitingCall
from tests.bench.servers import told

WAITING: Final = 500
HANDLERS: Final = 200
EACH_FIFTH: Final = 5
A_SECOND: Final = 50


def crowded() -> Flask:
    """For the listener: `updates` of the settings says how many changes a second there are."""
    app = Flask("crowd")
    a_second = int(told("updates"))

    @app.get("/desk/v1/events")
    def events() -> Response:
        return Response(_told(a_second), content_type="text/event-stream")

    return app


def _told(a_second: int) -> Iterator[str]:
    began = datetime.now(UTC)
    calls = [_call(number, began) for number in range(WAITING)]
    me = Me(presence=PresenceState.BREAK, since=began)
    people = [_colleague(number, 0, began) for number in range(HANDLERS)]
    board = Board(me=me, my_call=None, waiting=tuple(calls), colleagues=tuple(people), reports=())
    yield _event("snapshot", Snapshot(revision=0, now=began, board=board).model_dump_json())
    while not a_second:
        time.sleep(1)
        yield ": still here\n\n"
    due = time.monotonic()
    for revision in itertools.count(1):
        due += 1 / a_second
        time.sleep(max(0.0, due - time.monotonic()))
        left = calls.pop(revision * 7 % WAITING)
        calls.append(_call(WAITING + revision, began))
        turn, rest = divmod(revision, EACH_FIFTH)
        busy = () if rest else (_colleague(turn * 11 % HANDLERS, turn, began),)
        change = Change(revision=revision, waiting=(calls[-1],), colleagues=busy, removed={"waiting": (left.id,)})
        yield _event("change", change.model_dump_json())


def _call(number: int, began: datetime) -> WaitingCall:
    return WaitingCall(
        id=f"{number:032x}",
        waiting_since=began - timedelta(seconds=max(0, WAITING - number)),
        language=Language.CY if number % 5 == 0 else Language.EN,
        unable_to_speak=number % 3 == 0,
        offered_to_me=False,
        offered_until=None,
    )


def _colleague(number: int, turn: int, began: datetime) -> Colleague:
    states = (PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.WRAP_UP)
    return Colleague(
        id=f"{WAITING * 1000 + number:032x}",
        name=f"Handler {number}",
        presence=states[turn % len(states)],
        languages=tuple(Language),
        since=began,
    )


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
