"""The order worker against a switchboard that does what it is told to; whole calls are in tests/journey."""

import threading
from typing import Any

import psycopg
import pytest
import structlog
from sqlalchemy import select

from ivr.switchboard import LegGone, ProviderBusy, ProviderRefused, ProviderUnreachable, SwitchboardFact
from shared.domain import calls, legs
from shared.domain.live_calls import change
from shared.domain.orders import GOOD_FOR, LEASE, lease_order
from shared.domain.purges import forget_leg
from shared.domain.vocabulary import CallState, Dimension, OrderKind, PresenceState
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import day_count, provider_purge
from tests.support.order_duty import CALLER, HANDSET_LEG, Duty


@pytest.fixture
def duty(store: Store, clock: Any) -> Duty:
    return Duty(store, clock)


def test_an_order_is_carried_out_once_and_forgotten(duty: Duty) -> None:
    duty.take()

    duty.work()
    duty.work()

    assert duty.board.asked == [("ring", "+442079460111")]
    assert duty.orders == []
    assert duty.call.handset_sid == HANDSET_LEG


def test_with_nothing_to_do_a_step_says_so(duty: Duty) -> None:
    assert duty.worker.step() is False


def test_a_busy_provider_is_asked_again_after_the_pause_it_wants(duty: Duty) -> None:
    duty.board.fails = ProviderBusy(1.0)
    duty.take()
    duty.work()
    duty.clock.advance(0.5)
    duty.work()
    duty.board.fails = None
    duty.clock.advance(0.5)

    duty.work()

    assert duty.board.verbs == ["ring", "ring again"]
    assert duty.call.state is CallState.RINGING


def test_an_unreachable_provider_puts_the_call_back_where_it_was(duty: Duty) -> None:
    queued_at = duty.call.queued_at
    duty.board.fails = ProviderUnreachable()
    duty.take()

    for _ in range(30):
        duty.work()
        duty.clock.advance(1)

    assert (duty.call.state, duty.call.queued_at) == (CallState.WAITING, queued_at)
    assert duty.presence is PresenceState.AVAILABLE
    assert 3 <= len(duty.board.asked) <= 8
    assert duty.orders == []


def test_a_handset_the_provider_refuses_to_ring_pauses_its_owners_offers(duty: Duty) -> None:
    duty.board.fails = ProviderRefused(21211)
    duty.take()

    duty.work()

    assert duty.call.state is CallState.WAITING
    assert duty.presence is PresenceState.MISSED


def test_a_worker_that_died_leaves_a_lease_that_runs_out(duty: Duty) -> None:
    duty.take()
    duty.do(lease_order, "f" * 32, duty.clock())
    duty.work()
    before = list(duty.board.asked)

    duty.clock.advance(12)
    duty.work()

    assert before == []
    assert duty.board.asked == [("ring again", "+442079460111")]


def test_two_workers_never_carry_out_the_same_order(duty: Duty) -> None:
    duty.take()

    first = duty.do(lease_order, "a" * 32, duty.clock())
    second = duty.do(lease_order, "b" * 32, duty.clock())

    assert first is not None
    assert second is None


def test_a_handset_rung_for_a_caller_who_left_meanwhile_is_hung_up(duty: Duty) -> None:
    duty.take()
    left: list[bool] = []

    def leave() -> None:
        if not left:
            left.append(True)
            duty.do(calls.caller_left, CALLER, duty.clock())

    duty.board.meanwhile = leave
    duty.work()

    assert duty.board.asked == [("ring", "+442079460111"), ("end", HANDSET_LEG)]
    assert duty.presence is PresenceState.AVAILABLE


def test_a_caller_who_is_not_in_the_queue_any_more_frees_the_handler(duty: Duty) -> None:
    duty.connect()
    duty.board.fails = LegGone()

    duty.worker.step()

    assert duty.call.state is CallState.QUEUED, "their next wait page, or their leg's end, says what follows"
    assert duty.orders == [OrderKind.END_HANDSET]
    assert duty.presence is PresenceState.AVAILABLE


def test_a_caller_who_cannot_be_moved_in_time_waits_where_they_were(duty: Duty) -> None:
    duty.connect()
    duty.board.fails = ProviderUnreachable()

    for _ in range(16):
        duty.work()
        duty.clock.advance(1)

    assert duty.call.state is CallState.WAITING
    assert duty.presence is PresenceState.AVAILABLE


def test_every_order_outlasts_a_lease_so_that_what_a_dead_worker_began_is_done_again() -> None:
    assert GOOD_FOR.keys() == set(OrderKind)
    assert min(GOOD_FOR.values()) > LEASE


def test_two_handsets_are_not_rung_in_the_same_second_and_other_orders_do_not_wait_for_that(duty: Duty) -> None:
    duty.take()
    duty.work()
    conference = duty.call.conference
    duty.do(calls.decline_call, duty.call.id, duty.handler, duty.clock())
    duty.take()
    duty.work()
    at_once = list(duty.board.verbs)
    duty.clock.advance(1)

    duty.work()

    assert duty.call.conference != conference
    assert (at_once, duty.board.verbs) == (["ring", "end"], ["ring", "end", "ring"])


def test_a_hold_that_fails_is_no_hold(duty: Duty) -> None:
    call = duty.talk()
    duty.do(calls.hold_call, call.id, duty.handler, duty.clock())
    duty.board.fails = ProviderRefused(20001)

    duty.work()

    assert duty.call.state is CallState.TALKING


def test_a_resume_that_fails_leaves_the_caller_on_hold(duty: Duty) -> None:
    call = duty.talk()
    duty.do(calls.hold_call, call.id, duty.handler, duty.clock())
    duty.work()
    duty.do(calls.resume_call, call.id, duty.handler, duty.clock())
    duty.board.fails = LegGone()

    duty.work()

    assert duty.board.verbs == ["hold", "resume"]
    assert duty.call.state is CallState.HELD


def test_an_ended_call_is_hung_up_in_a_while_even_if_nobody_hears_goodbye(duty: Duty) -> None:
    call = duty.talk()
    duty.do(calls.end_call, call.id, duty.handler, duty.clock())
    duty.work()
    at_once = list(duty.board.asked)
    duty.clock.advance(30)

    duty.work()

    assert at_once == [("end", HANDSET_LEG)]
    assert duty.board.asked[1] == ("end", CALLER)


def test_a_fetched_back_caller_who_is_gone_leaves_the_handler_to_wrap_up(duty: Duty) -> None:
    call = duty.talk()
    duty.do(legs.handset_left, call.conference, HANDSET_LEG, duty.clock())
    duty.board.fails = LegGone()
    duty.clock.advance(3)

    duty.work()

    assert duty.call.state is CallState.WRAP_UP


def test_a_caller_who_came_back_by_themselves_is_not_fetched_out_of_the_next_conversation(duty: Duty) -> None:
    call = duty.talk()
    duty.do(legs.handset_left, call.conference, HANDSET_LEG, duty.clock())
    duty.do(lambda tx: change(tx, duty.call, conference=random_id()))  # the next attempt to answer
    duty.clock.advance(3)

    duty.work()

    assert "recall" not in duty.board.verbs


def test_a_handset_still_on_an_earlier_calls_line_is_not_taken_for_the_one_that_was_rung(duty: Duty) -> None:
    duty.do(forget_leg, HANDSET_LEG, duty.clock())  # let go, and not hung up yet
    duty.board.fails = ProviderUnreachable()
    duty.take()
    duty.work()
    duty.board.fails = None
    duty.clock.advance(1)

    duty.work()

    assert duty.board.verbs[:2] == ["ring", "ring again"]
    assert duty.call.handset_sid is None
    assert OrderKind.RING_HANDSET in duty.orders


class Sight:
    """Watches the database: it goes away at the first wait, and at the second the worker is stopped."""

    def __init__(self, stop: threading.Event) -> None:
        self.waits, self.stop = 0, stop

    def wait(self, _seconds: float) -> bool:
        self.waits += 1
        if self.waits == 1:
            raise psycopg.OperationalError
        self.stop.set()
        return False

    def close(self) -> None: ...


class Impatient(threading.Event):
    """Lets nobody wait."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def test_a_database_that_goes_away_while_nothing_is_to_be_done_ends_no_worker(duty: Duty, monkeypatch: Any) -> None:
    stop = Impatient()
    sight = Sight(stop)
    monkeypatch.setattr(type(duty.store), "watch", lambda _store: sight)

    duty.worker.run(stop)

    assert sight.waits == 2


def test_offers_pass_on_by_themselves(duty: Duty) -> None:
    assert duty.call.offered_to == duty.handler
    duty.clock.advance(21)

    duty.work()

    assert duty.call.offered_to is None
    assert duty.presence is PresenceState.MISSED


def test_a_record_is_deleted_and_its_deletion_proven(duty: Duty) -> None:
    duty.do(calls.caller_left, CALLER, duty.clock())
    duty.clock.advance(90)
    duty.work()
    duty.clock.advance(60)
    duty.board.fails = LegGone()

    duty.work()

    with duty.store.read() as tx:
        assert tx.execute(select(provider_purge)).all() == []
        counted = select(day_count.c.value, day_count.c.n).where(day_count.c.dimension == Dimension.PROVIDER_RECORD)
        assert tx.execute(counted).all() == [("deleted", 1)]
    assert duty.board.asked == [("delete", CALLER)] * 2


def test_an_overdue_record_raises_an_alarm_once_an_hour(duty: Duty) -> None:
    duty.do(calls.caller_left, CALLER, duty.clock())
    duty.board.fails = ProviderUnreachable()
    duty.clock.advance(14 * 24 * 3600 + 1)

    with structlog.testing.capture_logs() as said:
        for _ in range(6):
            duty.work()
            duty.clock.advance(11 * 60)

    alarms = [line for line in said if line["event"] == "purge_overdue"]
    assert [(line["log_level"], line["count"]) for line in alarms] == [("error", 1)]


@pytest.mark.parametrize("fact", [ProviderBusy(), ProviderUnreachable(), ProviderRefused(20001)])
def test_a_record_that_cannot_be_deleted_stays_on_the_list(duty: Duty, fact: SwitchboardFact) -> None:
    duty.do(calls.caller_left, CALLER, duty.clock())
    duty.board.fails = fact
    duty.clock.advance(90)

    duty.work()

    with duty.store.read() as tx:
        assert tx.execute(select(provider_purge.c.leg_sid)).scalars().all() == [CALLER]


def test_a_running_worker_sees_a_new_order_at_once_and_stops_when_told(duty: Duty) -> None:
    stop, seen = threading.Event(), threading.Event()
    duty.board.meanwhile = seen.set
    running = threading.Thread(target=duty.worker.run, args=(stop,))
    running.start()
    try:
        duty.take()
        assert seen.wait(5)
    finally:
        stop.set()
        running.join(10)
    assert not running.is_alive()


def test_a_running_worker_rests_when_there_is_nothing_to_do(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for work must not itself count as a change that wakes the worker again."""
    steps: list[None] = []
    step = duty.worker.step
    monkeypatch.setattr(duty.worker, "step", lambda: bool(steps.append(None)) or step())
    stop = threading.Event()
    running = threading.Thread(target=duty.worker.run, args=(stop,))
    running.start()
    stop.wait(0.6)

    stop.set()
    running.join(10)

    assert len(steps) < 10
