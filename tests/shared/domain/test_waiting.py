"""How long callers wait, what they are told of it, and what ends it, on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import calls, waiting
from shared.domain.limits import Patience
from shared.domain.live_calls import LiveCall
from shared.domain.london import london_day
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Disposition,
    Language,
    Measure,
    Mode,
    PresenceState,
    WelshCall,
)
from shared.store.counts import count
from shared.store.schema import day_count, day_histogram
from shared.summary.welsh import welsh_calls

PATIENCE = Patience(longest=timedelta(minutes=20), welsh=timedelta(minutes=5))
LEG = "CA" + "9" * 32


def ends(line: Any, call: LiveCall) -> CallOutcome | None:
    outcome: CallOutcome | None = line.do(waiting.why_wait_ends, line.call(call.call_sid), line.now, PATIENCE)
    return outcome


def come_to_the_queue(line: Any) -> CallOutcome | None:
    line.do(calls.arrive, LEG, Language.EN, line.now)
    chosen = (Language.EN, Mode.CONFIDENTIAL, Category.OTHER, "kent", False)
    outcome: CallOutcome | None = line.do(waiting.queue_or_turn_away, LEG, *chosen, line.now)
    return outcome


# --- somebody on duty -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.WRAP_UP])
def test_someone_in_a_call_or_writing_one_up_is_on_duty(line: Any, state: PresenceState) -> None:
    line.is_now(line.enrol("Asha"), state)
    line.clock.advance(3600)

    assert come_to_the_queue(line) is None


@pytest.mark.parametrize(
    ("state", "seconds"), [(PresenceState.BREAK, 121), (PresenceState.OFFLINE, 121), (PresenceState.MISSED, 901)]
)
def test_with_everyone_away_a_caller_is_told_at_once(line: Any, state: PresenceState, seconds: int) -> None:
    line.is_now(line.enrol("Asha"), state)
    line.clock.advance(seconds)

    assert come_to_the_queue(line) is CallOutcome.NOBODY_ON_DUTY

    assert line.gone(LEG)
    assert line.outcomes == [CallOutcome.NOBODY_ON_DUTY]
    assert {row["value"] for row in line.rows(day_count)} == {"confidential", "other", "kent"}


def test_someone_away_for_a_moment_is_waited_for(line: Any) -> None:
    line.is_now(line.enrol("Asha"), PresenceState.BREAK)
    line.clock.advance(60)

    assert come_to_the_queue(line) is None


def test_the_only_one_there_who_let_an_offer_pass_is_waited_for_a_quarter_of_an_hour(line: Any) -> None:
    line.is_now(line.enrol("Asha"), PresenceState.MISSED)
    line.clock.advance(899)

    assert come_to_the_queue(line) is None


def test_someone_who_takes_no_calls_is_not_somebody_to_wait_for(line: Any) -> None:
    supervisor = line.enrol("Mair", handset="")
    line.is_now(supervisor, PresenceState.OFFLINE)
    line.clock.advance(121)

    assert come_to_the_queue(line) is CallOutcome.NOBODY_ON_DUTY


def test_someone_already_in_the_queue_keeps_their_turn_whoever_leaves(line: Any) -> None:
    person = line.available("Asha")
    come_to_the_queue(line)
    line.is_now(person, PresenceState.OFFLINE)
    line.clock.advance(121)

    assert come_to_the_queue(line) is None
    assert line.call(LEG).state is CallState.QUEUED


def test_a_waiting_caller_learns_when_the_last_handler_has_gone(line: Any) -> None:
    person = line.available("Asha")
    call = line.waiting(language=Language.CY)
    assert ends(line, call) is None
    line.is_now(person, PresenceState.OFFLINE)
    line.clock.advance(119)
    assert ends(line, call) is None
    line.clock.advance(2)

    assert ends(line, call) is CallOutcome.NOBODY_ON_DUTY


# --- the longest wait -------------------------------------------------------------------------------------------------


def test_a_wait_has_an_end(line: Any) -> None:
    line.is_now(line.enrol("Asha"), PresenceState.ON_CALL)
    call = line.waiting()
    line.clock.advance(20 * 60 - 1)
    assert ends(line, call) is None
    line.clock.advance(1)

    assert ends(line, call) is CallOutcome.OVERFLOW


def test_nobody_is_sent_away_while_a_handset_rings_for_them_but_not_without_end(line: Any) -> None:
    call = line.waiting()
    person = line.available("Asha")
    line.clock.advance(20 * 60)
    line.take(call, person)
    assert ends(line, call) is None
    line.clock.advance(120)

    assert ends(line, call) is CallOutcome.OVERFLOW


def test_a_conversation_has_no_longest_time(line: Any) -> None:
    call = line.talking(line.available("Asha"))
    line.clock.advance(24 * 3600)

    assert ends(line, call) is None


# --- calls in Welsh ---------------------------------------------------------------------------------------------------


def asks(line: Any, call: LiveCall) -> bool:
    return waiting.asks_for_the_language(line.call(call.call_sid), line.now, PATIENCE)


def test_a_welsh_caller_is_asked_after_a_while_and_not_while_a_welsh_speaker_is(line: Any) -> None:
    call = line.waiting(language=Language.CY)
    line.clock.advance(1)
    english = line.waiting()
    line.clock.advance(298)
    assert not asks(line, call)
    line.clock.advance(1)
    assert asks(line, call)
    assert not asks(line, english)
    line.available("Cerys", (Language.EN, Language.CY))

    line.do(calls.caller_waits, call.call_sid, line.now)

    assert not asks(line, call)


def test_a_caller_who_takes_the_nearest_person_is_offered_to_them(line: Any) -> None:
    asha = line.available("Asha")
    call = line.waiting(language=Language.CY)
    assert line.call(call.call_sid).offered_to is None

    line.do(waiting.nearest_person, call.call_sid, line.now)

    found = line.call(call.call_sid)
    assert (found.offered_to, found.language, found.chosen_language) == (asha, Language.EN, Language.CY)


@pytest.mark.parametrize("in_welsh", [True, False])
def test_the_year_tells_who_answered_welsh_calls_and_the_day_does_not(line: Any, in_welsh: bool) -> None:
    person = line.available("Cerys", (Language.EN, Language.CY))
    abandoned = line.waiting(language=Language.CY)
    line.do(calls.caller_left, abandoned.call_sid, line.now)
    call = line.waiting(language=Language.CY)
    if not in_welsh:
        line.do(waiting.nearest_person, call.call_sid, line.now)
    line.take(call, person)
    line.connect(call)
    line.do(calls.end_call, call.id, person, line.now)
    line.do(calls.wrap_up, call.id, person, Disposition.ENQUIRY, line.now)

    year = line.do(welsh_calls, london_day(line.now).year)

    assert year == {
        WelshCall.OFFERED: 2,
        WelshCall.ANSWERED_IN_WELSH: int(in_welsh),
        WelshCall.ANSWERED_IN_ENGLISH: int(not in_welsh),
    }
    assert not [row for row in line.rows(day_count) if "cy" in row["value"] or "welsh" in row["value"]]


# --- how long it will be ----------------------------------------------------------------------------------------------


def answered(line: Any, seconds: int, n: int, days_ago: int = 1) -> None:
    day = london_day(line.now - timedelta(days=days_ago))
    line.do(count, day_histogram, n, day=day, measure=Measure.WAIT_ANSWERED, seconds=seconds)


def likely(line: Any) -> int | None:
    minutes: int | None = line.do(waiting.likely_wait, line.now)
    return minutes


def test_without_enough_answered_calls_nobody_is_told_how_long(line: Any) -> None:
    assert likely(line) is None
    answered(line, 30, 49)

    assert likely(line) is None


@pytest.mark.parametrize(
    ("nine", "minutes"), [(20, 1), (60, 1), (61, 2), (300, 5), (301, 10), (1200, 20), (1800, 30), (1801, None)]
)
def test_nine_in_ten_were_answered_within_what_is_said(line: Any, nine: int, minutes: int | None) -> None:
    answered(line, 5, 40)
    answered(line, nine, 50)
    answered(line, 4000, 10)

    assert likely(line) == minutes


def test_only_the_last_weeks_count(line: Any) -> None:
    answered(line, 30, 100, days_ago=29)

    assert likely(line) is None


def test_when_somebody_has_waited_longer_today_nothing_is_foretold(line: Any) -> None:
    answered(line, 90, 100)
    line.waiting()
    line.clock.advance(90)
    assert likely(line) == 2
    line.clock.advance(1)

    assert likely(line) is None
