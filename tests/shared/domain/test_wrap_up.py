"""After the call: outcomes that can be taken back, breaks, more time, and calls for training; on both databases."""

from typing import Any

import pytest

from shared.domain import calls, parties, standing, wrap_up
from shared.domain.errors import AlreadyOnACall, CallGone, CallNotInThatState
from shared.domain.overdue import tend
from shared.domain.sessions import end_sessions_of
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Dimension,
    Disposition,
    Measure,
    Mode,
    OrderKind,
    PresenceState,
)
from shared.store.schema import day_count, day_histogram, finished_call, live_call, live_party, provider_purge


@pytest.fixture
def asha(line: Any) -> str:
    return str(line.available("Asha"))


def over(line: Any, person_id: str) -> Any:
    call = line.talking(person_id)
    line.do(calls.caller_left, call.call_sid, line.now)
    return line.call(call.call_sid)


def file(line: Any, call: Any, person_id: str, disposition: Disposition, **more: Any) -> None:
    undo_within = wrap_up.UNDO_WITHIN
    line.do(calls.wrap_up, call.id, person_id, disposition, line.now, undo_within=undo_within, **more)


def dispositions(line: Any) -> list[str]:
    return [row["value"] for row in line.rows(day_count) if row["dimension"] is Dimension.DISPOSITION]


def test_an_outcome_is_written_a_minute_after_it_was_chosen(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.HOAX)
    line.clock.advance(59)
    line.do(tend, line.now)
    before = (line.call(call.call_sid).state, line.rows(finished_call))

    line.clock.advance(2)
    line.do(tend, line.now)

    assert before == (CallState.FILED, [])
    assert line.gone(call.call_sid)
    assert line.outcomes == [CallOutcome.ANSWERED]
    assert dispositions(line) == [Disposition.HOAX]


def test_the_minute_is_no_part_of_the_wrap_up(line: Any, asha: str) -> None:
    call = over(line, asha)
    line.clock.advance(30)
    file(line, call, asha, Disposition.SILENT)

    line.clock.advance(61)
    line.do(tend, line.now)

    assert [row["seconds"] for row in line.rows(day_histogram) if row["measure"] is Measure.WRAP_UP] == [30]


def test_an_outcome_taken_back_leaves_no_trace_of_it(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.HOAX)
    line.clock.advance(30)

    line.do(wrap_up.take_back, call.id, asha, line.now)
    again = (line.call(call.call_sid).state, line.presence(asha))
    file(line, call, asha, Disposition.ENQUIRY)
    line.clock.advance(61)
    line.do(tend, line.now)

    assert again == (CallState.WRAP_UP, PresenceState.WRAP_UP)
    assert dispositions(line) == [Disposition.ENQUIRY]


def test_an_outcome_that_was_written_cannot_be_taken_back(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.HOAX)
    line.clock.advance(61)
    line.do(tend, line.now)

    with pytest.raises(CallGone):
        line.do(wrap_up.take_back, call.id, asha, line.now)


def test_someone_in_the_next_call_cannot_go_back_but_can_choose_again(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.HOAX)
    line.take(line.waiting(), asha)

    with pytest.raises(AlreadyOnACall):
        line.do(wrap_up.take_back, call.id, asha, line.now)
    file(line, call, asha, Disposition.ABUSIVE)

    assert line.call(call.call_sid).disposition is Disposition.ABUSIVE
    assert line.presence(asha) is PresenceState.ON_CALL


def test_finishing_makes_nobody_available_against_their_will(line: Any, asha: str) -> None:
    call = over(line, asha)

    file(line, call, asha, Disposition.REPORT, then=PresenceState.BREAK)

    assert line.presence(asha) is PresenceState.BREAK
    assert line.waiting().offered_to is None


def test_the_next_call_is_offered_while_the_last_one_can_still_be_taken_back(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.SILENT)

    assert line.waiting().offered_to == asha


def test_wrap_up_can_be_made_longer_and_never_ends_by_itself(line: Any, asha: str) -> None:
    call = over(line, asha)
    assert call.wrap_up_until == line.now + wrap_up.WRAP_UP_MEANT

    line.do(wrap_up.extend_wrap_up, call.id, asha, line.now)
    line.clock.advance(3600)
    line.do(tend, line.now)

    after = line.call(call.call_sid)
    assert after.wrap_up_until == call.wrap_up_until + wrap_up.WRAP_UP_MEANT
    assert (after.state, line.presence(asha)) == (CallState.WRAP_UP, PresenceState.WRAP_UP)


def test_a_call_for_training_is_in_no_figure_and_its_record_is_deleted_all_the_same(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(wrap_up.mark_training, call.id, asha, True)
    line.do(calls.caller_left, call.call_sid, line.now)

    file(line, call, asha, Disposition.TEST)
    line.clock.advance(61)
    line.do(tend, line.now)

    for table in (live_call, finished_call, day_count, day_histogram):
        assert line.rows(table) == []
    assert call.call_sid in {row["leg_sid"] for row in line.rows(provider_purge)}


def test_of_a_test_nothing_is_counted_that_was_chosen_in_it(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(calls.correct_choices, call.id, asha, Mode.ANONYMOUS, Category.OTHER, "kent", line.now)
    line.do(calls.caller_left, call.call_sid, line.now)

    line.do(calls.wrap_up, call.id, asha, Disposition.TEST, line.now, signposted_to="iopc")

    counted = [(row["dimension"], row["value"]) for row in line.rows(day_count)]
    assert [each for each in counted if each[0] is not Dimension.DUTY] == [(Dimension.DISPOSITION, "test")]
    assert [row["outcome"] for row in line.rows(finished_call)] == [CallOutcome.ANSWERED]


def test_a_filed_call_is_not_marked_any_more(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.TEST)

    with pytest.raises(CallNotInThatState):
        line.do(wrap_up.mark_training, call.id, asha, True)


def test_to_whom_callers_were_sent_on_is_counted_beside_nothing(line: Any, asha: str) -> None:
    call = over(line, asha)

    line.do(calls.wrap_up, call.id, asha, Disposition.SIGNPOSTED, line.now, signposted_to="iopc")

    sent_on = [row["value"] for row in line.rows(day_count) if row["dimension"] is Dimension.SIGNPOST]
    assert sent_on == ["iopc"]


# --- of somebody who is suspended -------------------------------------------------------------------------------------


def test_a_suspended_persons_wrap_up_ends_and_counts_as_answered_with_nothing_said(line: Any, asha: str) -> None:
    call = over(line, asha)

    line.do(standing.suspend, asha, line.now)

    assert line.gone(call.call_sid)
    assert (line.outcomes, dispositions(line)) == ([CallOutcome.ANSWERED], [])
    assert line.presence(asha) is PresenceState.OFFLINE


def test_a_suspended_persons_conversation_goes_on_and_its_wrap_up_ends_with_it(line: Any, asha: str) -> None:
    call = line.talking(asha)
    line.do(standing.suspend, asha, line.now)
    assert line.call(call.call_sid).state is CallState.TALKING

    line.do(calls.caller_left, call.call_sid, line.now)
    assert line.call(call.call_sid).state is CallState.WRAP_UP
    line.clock.advance(1)
    line.do(tend, line.now)

    assert line.gone(call.call_sid)
    assert (line.outcomes, dispositions(line)) == ([CallOutcome.ANSWERED], [])
    assert line.presence(asha) is PresenceState.OFFLINE


def test_an_outcome_chosen_before_a_suspension_counts(line: Any, asha: str) -> None:
    call = over(line, asha)
    file(line, call, asha, Disposition.HOAX)

    line.do(standing.suspend, asha, line.now)
    line.clock.advance(61)
    line.do(tend, line.now)

    assert line.gone(call.call_sid)
    assert dispositions(line) == [Disposition.HOAX]


def test_a_wrap_up_of_somebody_who_only_signed_out_waits_for_them(line: Any, asha: str) -> None:
    call = over(line, asha)

    line.do(end_sessions_of, asha, line.now)
    line.clock.advance(3_600)
    line.do(tend, line.now)

    assert line.call(call.call_sid).state is CallState.WRAP_UP


def test_a_suspended_colleague_is_rung_no_longer_for_anothers_call(line: Any, asha: str) -> None:
    bryn, call = line.available("Bryn"), line.talking(asha)
    line.do(parties.consult, call.id, asha, bryn, line.now)
    assert line.presence(bryn) is PresenceState.ON_CALL

    line.do(standing.suspend, bryn, line.now)

    assert line.rows(live_party) == []
    assert OrderKind.RING_PARTY not in line.orders
    assert line.presence(bryn) is PresenceState.OFFLINE
    assert line.call(call.call_sid).state in (CallState.TALKING, CallState.HELD)
