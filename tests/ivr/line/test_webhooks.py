"""What the line answers, above all when something of ours has failed. Whole calls are in tests/journey."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import structlog
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from ivr.line.allow_list import CallStatus, QueueResult, Route, Webhook, allow
from ivr.line.exchange import Exchange
from ivr.line.menu import Nodes, nodes
from ivr.line.place import Heard, Place
from ivr.line.prompts import Prompts
from ivr.line.urls import LineUrls
from ivr.line.webhooks import ANSWERS, Line
from shared.domain.hours import DAYS_A_WEEK, Hours
from shared.domain.limits import Capacity, Door, Patience
from shared.domain.vocabulary import CallOutcome, CallState, Category, Language, Mode
from shared.store.database import Store
from shared.store.schema import finished_call, live_call
from tests.support.on_duty import put_on_duty

LEG = "CA" + "1" * 32
SECRET = "+442079460123"
CALLERS_ROUTES = [Route.INCOMING, Route.STEP, Route.WAIT, Route.QUEUED, Route.JOIN, Route.AFTER]


class StoreWithFaults(Store):
    """A store whose disk can be full."""

    full = False

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        self._check()
        with super().begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._check()
        with super().read() as tx:
            yield tx

    def _check(self) -> None:
        if self.full:
            raise OperationalError("a statement", {}, Exception(SECRET))


@pytest.fixture
def store(sqlite_store: Store, clock: Any) -> StoreWithFaults:
    put_on_duty(sqlite_store, clock())
    return StoreWithFaults(sqlite_store.engine)


@pytest.fixture
def menu() -> Nodes:
    return nodes(welsh_reviewed=False)


@pytest.fixture
def exchange(store: StoreWithFaults, clock: Any, menu: Nodes, prompts: Prompts, urls: LineUrls) -> Exchange:
    return Exchange(store, clock, menu, prompts, urls, "+448081570123")


@pytest.fixture
def line(exchange: Exchange) -> Line:
    return Line(exchange)


def verbs(document: str | None) -> list[str]:
    assert document is not None
    return [verb.tag for verb in ElementTree.fromstring(document)]  # noqa: S314 - our own TwiML


def words(document: str | None) -> str:
    assert document is not None
    return " ".join(ElementTree.fromstring(document).itertext())  # noqa: S314


def calls_of(store: Store) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(select(live_call)).mappings())


def outcomes(store: Store) -> list[CallOutcome]:
    with store.read() as tx:
        return list(tx.execute(select(finished_call.c.outcome)).scalars())


def test_every_route_has_an_answer() -> None:
    assert set(ANSWERS) == set(Route)


def test_a_full_disk_does_not_stop_the_menu(line: Line, store: StoreWithFaults) -> None:
    store.full = True

    welcome = line(Webhook(Route.INCOMING, call_sid=LEG))
    step = line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("1")))

    assert verbs(welcome) == verbs(step) == ["Gather", "Redirect"]


def test_a_step_in_the_menu_needs_no_store(line: Line, store: StoreWithFaults) -> None:
    line(Webhook(Route.INCOMING, call_sid=LEG))
    before = calls_of(store)

    line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("3")))

    assert calls_of(store) == before


def test_a_call_whose_arrival_could_not_be_stored_is_made_when_it_is_queued(line: Line, store: StoreWithFaults) -> None:
    store.full = True
    line(Webhook(Route.INCOMING, call_sid=LEG))
    store.full = False

    line(Webhook(Route.STEP, place=Place(mode=Mode.ANONYMOUS, force="kent"), call_sid=LEG, heard=Heard("0")))

    [call] = calls_of(store)
    assert (call["state"], call["mode"], call["force_id"]) == (CallState.QUEUED, Mode.ANONYMOUS, "kent")


def test_a_call_that_cannot_be_queued_hears_so_and_the_online_route(line: Line, store: StoreWithFaults) -> None:
    store.full = True

    said = line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("0")))

    assert verbs(said) == ["Say", "Say", "Hangup"]
    assert "crimestoppers-uk.org" in words(said)


def test_a_caller_waiting_where_nobody_can_see_them_is_told_after_one_page(line: Line, store: StoreWithFaults) -> None:
    queue = Place(node="queue")
    line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("0")))
    store.full = True

    first = line(Webhook(Route.WAIT, place=queue, call_sid=LEG))
    second = line(Webhook(Route.WAIT, place=queue, rounds=1, call_sid=LEG))
    after = line(Webhook(Route.QUEUED, place=queue, call_sid=LEG, queue_result=QueueResult.LEAVE))

    assert verbs(first) == ["Gather"]
    assert verbs(second) == ["Leave"]
    assert "crimestoppers-uk.org" in words(after)


def test_a_store_that_comes_back_makes_the_waiting_caller_visible(line: Line, store: StoreWithFaults) -> None:
    queue = Place(node="queue", category=Category.OTHER)
    store.full = True
    line(Webhook(Route.WAIT, place=queue, call_sid=LEG))
    store.full = False

    line(Webhook(Route.WAIT, place=queue, rounds=1, call_sid=LEG))
    [known] = calls_of(store)
    line(Webhook(Route.WAIT, place=queue, rounds=2, call_sid=LEG))

    [call] = calls_of(store)
    assert (known["state"], call["state"]) == (CallState.QUEUED, CallState.WAITING)
    assert call["category"] is Category.OTHER


def test_a_key_while_waiting_says_that_someone_cannot_speak(line: Line, store: StoreWithFaults) -> None:
    queue = Place(node="queue")
    line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("0")))
    line(Webhook(Route.WAIT, place=queue, call_sid=LEG))

    line(Webhook(Route.WAIT, place=queue, rounds=1, call_sid=LEG, heard=Heard("5")))

    [call] = calls_of(store)
    assert (call["unable_to_speak"], call["priority"]) == (True, 1)


@pytest.mark.parametrize(
    ("result", "heard", "outcome"),
    [
        (QueueResult.REDIRECTED, [], None),
        (QueueResult.REDIRECTED_FROM_BRIDGED, [], None),
        (QueueResult.HANGUP, [], CallOutcome.ABANDONED_IN_QUEUE),
        (QueueResult.LEAVE, ["Say", "Hangup"], CallOutcome.LEFT_QUIETLY),
        (QueueResult.QUEUE_FULL, ["Say", "Say", "Say", "Say", "Hangup"], CallOutcome.OVERFLOW),
        (QueueResult.ERROR, ["Say", "Say", "Hangup"], CallOutcome.FAULT),
        (QueueResult.SYSTEM_ERROR, ["Say", "Say", "Hangup"], CallOutcome.FAULT),
        (None, ["Say", "Say", "Hangup"], CallOutcome.FAULT),
    ],
)
def test_how_the_queue_was_left_decides_what_is_heard_and_counted(
    line: Line, store: StoreWithFaults, result: QueueResult | None, heard: list[str], outcome: CallOutcome | None
) -> None:
    queue = Place(node="queue")
    line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("0")))
    line(Webhook(Route.WAIT, place=queue, call_sid=LEG))

    said = line(Webhook(Route.QUEUED, place=queue, call_sid=LEG, queue_result=result))

    assert verbs(said) == heard
    assert outcomes(store) == ([] if outcome is None else [outcome])


def test_a_caller_moved_too_late_is_in_the_queue_again_with_their_choices(line: Line, store: StoreWithFaults) -> None:
    chosen = Place(force="kent", category=Category.OTHER)
    line(Webhook(Route.STEP, place=chosen, call_sid=LEG, heard=Heard("0")))

    said = line(Webhook(Route.JOIN, conference="a" * 32, call_sid=LEG))

    assert verbs(said) == ["Enqueue"]
    assert said is not None
    assert "f=kent" in said


def test_a_conversation_nobody_knows_of_any_more_ends_with_goodbye(line: Line) -> None:
    said = line(Webhook(Route.AFTER, place=Place(node="queue"), call_sid=LEG, call_status=CallStatus.IN_PROGRESS))

    assert "Thank you for calling" in words(said)


def test_a_handset_for_an_attempt_that_is_over_hears_that_the_caller_has_gone(line: Line) -> None:
    said = line(Webhook(Route.HANDSET, conference="a" * 32, call_sid=LEG))

    assert "The caller has gone" in words(said)


@pytest.fixture
def broken(exchange: Exchange) -> Line:
    """A line in which everything that touches time or the store fails, with a number in the exception."""

    def clock() -> datetime:
        raise RuntimeError(SECRET)

    exchange.store.full = True  # type: ignore[attr-defined]
    return Line(Exchange(exchange.store, clock, exchange.nodes, exchange.prompts, exchange.urls, exchange.number))


@pytest.mark.parametrize("route", list(Route))
def test_an_exception_in_any_webhook_is_spoken_and_named_never_shown(broken: Line, route: Route) -> None:
    with structlog.testing.capture_logs() as log:
        said = broken(Webhook(route, place=Place(node="queue"), call_sid=LEG, call_status=CallStatus.COMPLETED))

    assert said is None or verbs(said)
    assert SECRET not in str(log) + str(said)
    assert "Traceback" not in str(log)


@pytest.mark.parametrize("route", CALLERS_ROUTES)
def test_whatever_fails_the_way_on_ends_at_words_and_never_in_a_loop(broken: Line, route: Route) -> None:
    said = broken(Webhook(route, call_sid=LEG))

    for _ in range(4):
        redirects = ElementTree.fromstring(said or "").findall("Redirect")  # noqa: S314
        if verbs(said)[0] == "Gather" or not redirects:
            break
        said = broken(_followed(redirects[0].text or ""))

    assert verbs(said)[-1] in {"Hangup", "Gather", "Leave", "Redirect"}
    assert words(said).strip() or verbs(said) == ["Leave"]
    assert verbs(said)[-1] != "Redirect" or verbs(said)[0] == "Gather"


def _followed(url: str) -> Webhook:
    path, _, query = url.removeprefix("https://line.example").partition("?")
    pairs = dict(part.split("=") for part in query.split("&") if part)
    return allow(Route(path), pairs, {"CallSid": LEG, "CallStatus": "in-progress"})


def test_leaving_by_key_in_the_menu_is_counted(line: Line, store: StoreWithFaults) -> None:
    line(Webhook(Route.INCOMING, call_sid=LEG))

    said = line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("*")))

    assert verbs(said) == ["Say", "Hangup"]
    assert outcomes(store) == [CallOutcome.LEFT_QUIETLY]


def test_hold_is_spoken_in_the_callers_language(line: Line) -> None:
    said = line(Webhook(Route.HOLD, place=Place(language=Language.CY)))

    assert verbs(said) == ["Say", "Pause"]


@pytest.fixture
def closed(exchange: Exchange) -> Line:
    return Line(replace(exchange, door=Door(Hours(((),) * DAYS_A_WEEK))))


def test_a_closed_line_says_the_same_to_a_request_that_comes_again(closed: Line, store: StoreWithFaults) -> None:
    first = closed(Webhook(Route.INCOMING, call_sid=LEG))
    again = closed(Webhook(Route.INCOMING, call_sid=LEG))

    assert first == again
    assert "closed now" in words(first)
    assert verbs(first)[-1] == "Hangup"
    assert calls_of(store) == []


def test_where_the_store_cannot_be_asked_a_caller_is_let_in(exchange: Exchange, store: StoreWithFaults) -> None:
    line = Line(replace(exchange, door=Door(capacity=Capacity(max_calls=1, starts_per_minute=1, burst=1))))
    line(Webhook(Route.INCOMING, call_sid=LEG))
    store.full = True

    welcome = line(Webhook(Route.INCOMING, call_sid="CA" + "2" * 32))

    assert verbs(welcome) == ["Gather", "Redirect"]


def test_a_wait_that_is_over_ends_in_words_once_and_is_counted_once(exchange: Exchange, store: StoreWithFaults) -> None:
    line = Line(replace(exchange, patience=Patience(longest=timedelta())))
    queue = Place(node="queue")
    line(Webhook(Route.STEP, call_sid=LEG, heard=Heard("0")))

    said = line(Webhook(Route.WAIT, place=queue, call_sid=LEG))
    line(Webhook(Route.WAIT, place=queue, call_sid=LEG))
    after = line(Webhook(Route.QUEUED, place=queue, call_sid=LEG, queue_result=QueueResult.HANGUP))

    assert verbs(said)[-1] == "Hangup"
    assert "nobody is free to take your call" in words(said)
    assert verbs(after) == []
    assert outcomes(store) == [CallOutcome.OVERFLOW]
