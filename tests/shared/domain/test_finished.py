"""What is kept of a finished call, on both databases: figures that cannot be laid beside each other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.domain import calls
from shared.domain.finished import set_aside
from shared.domain.on_hold import seconds_between
from shared.domain.purges import (
    bring_forward,
    forget_leg,
    lease_purge,
    leg_is_over,
    overdue_purges,
    purge_accepted,
    record_not_found,
    still_kept,
)
from shared.domain.vocabulary import (
    CallOutcome,
    Category,
    Dimension,
    Disposition,
    Language,
    Measure,
    Mode,
    ProviderRecord,
)
from shared.store.schema import day_count, day_histogram, finished_call, provider_purge
from shared.summary.close import close_ended_days
from shared.summary.counts import counts_of, hours_counted
from shared.summary.measures import MEASURES
from shared.summary.periods import Span, of

LEG = "CA" + "1" * 32


def wrapped_up(line: Any, disposition: Disposition = Disposition.REPORT, **choices: Any) -> Any:
    """A call that waited 10 seconds, was talked over for 100 and wrapped up in 40."""
    handler = line.available(f"Handler {line.legs}")
    call = line.talking(handler, **choices)
    line.clock.advance(100)
    line.do(calls.end_call, call.id, handler, line.now)
    line.clock.advance(40)
    line.do(calls.wrap_up, call.id, handler, disposition, line.now)
    line.is_now(handler, "offline")
    return call


def counts(line: Any) -> dict[tuple[Dimension, str], int]:
    return {(row["dimension"], row["value"]): row["n"] for row in line.rows(day_count)}


def histogram(line: Any) -> dict[tuple[Measure, int], int]:
    return {(row["measure"], row["seconds"]): row["n"] for row in line.rows(day_histogram)}


def test_a_page_holds_the_hour_and_the_wait_and_nothing_else(line: Any) -> None:
    call = wrapped_up(line, mode=Mode.ANONYMOUS, category=Category.PARTNER_ABUSE, force_id="kent")

    [page] = line.rows(finished_call)

    assert page.pop("id") not in {call.id, call.draft_id}
    assert page == {
        "day": date(2026, 3, 10),
        "hour_start": datetime(2026, 3, 10, 14, tzinfo=UTC),
        "outcome": CallOutcome.ANSWERED,
        "offered": True,
        "wait_seconds": 10,
    }


def test_each_choice_is_counted_alone(line: Any) -> None:
    wrapped_up(line, mode=Mode.ANONYMOUS, category=Category.PARTNER_ABUSE, force_id="kent")
    wrapped_up(line, Disposition.ENQUIRY, mode=Mode.ANONYMOUS, category=Category.OTHER)

    assert counts(line) == {
        (Dimension.MODE, "anonymous"): 2,
        (Dimension.CATEGORY, "partner_abuse"): 1,
        (Dimension.CATEGORY, "other"): 1,
        (Dimension.FORCE, "kent"): 1,
        (Dimension.DISPOSITION, "report"): 1,
        (Dimension.DISPOSITION, "enquiry"): 1,
    }


def test_waiting_talking_and_wrapping_up_go_into_histograms(line: Any) -> None:
    wrapped_up(line)
    wrapped_up(line)
    abandoned = line.waiting()
    line.clock.advance(7)
    line.do(calls.caller_left, abandoned.call_sid, line.now)

    assert histogram(line) == {
        (Measure.WAIT_ANSWERED, 10): 2,
        (Measure.TALK, 100): 2,
        (Measure.HOLD, 0): 2,
        (Measure.WRAP_UP, 40): 2,
        (Measure.WAIT_ABANDONED, 7): 1,
    }


def test_a_call_that_ended_in_the_menu_has_no_wait_and_was_not_offered(line: Any) -> None:
    line.do(calls.arrive, LEG, Language.EN, line.now)

    line.do(calls.caller_left, LEG, line.now)

    [page] = line.rows(finished_call)
    assert (page["wait_seconds"], page["offered"]) == (None, False)
    assert histogram(line) == {}


def test_the_day_is_londons(line: Any) -> None:
    line.clock.now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight in London, on 1 July
    call = line.waiting()

    line.do(calls.caller_left, call.call_sid, line.now)

    [page] = line.rows(finished_call)
    assert (page["day"], page["hour_start"]) == (date(2026, 7, 1), datetime(2026, 6, 30, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("begins", "first", "hours"),
    [
        (datetime(2026, 3, 10, 23, 59, 55, tzinfo=UTC), date(2026, 3, 10), 24),
        (datetime(2026, 3, 29, 22, 59, 55, tzinfo=UTC), date(2026, 3, 29), 23),  # summer time has begun that day
        (datetime(2026, 10, 25, 23, 59, 55, tzinfo=UTC), date(2026, 10, 25), 25),  # and has ended
    ],
)
def test_a_call_over_midnight_is_whole_in_the_day_on_which_it_came_and_late_in_it_once_that_is_closed(
    line: Any, begins: datetime, first: date, hours: int
) -> None:
    def figures(day: date) -> dict[str, Any]:
        with line.store.read() as tx:
            counts, by_hour = counts_of(tx, of(Span.DAY, day)), hours_counted(tx, of(Span.DAY, day))
        told = {figure.id: figure.value(counts) for figure in MEASURES}
        wanted = ("arrived", "answered", "service_level", "average_speed_of_answer", "average_talk", "average_wrap_up")
        last = list(by_hour.values())[-1]
        late = [(each.came, each.n) for each in counts.late]
        more = {"hours": len(by_hour), "in the last hour": last.arrived, "late": late}
        return {name: told[name] for name in wanted} | more

    line.clock.now = begins
    left = line.waiting()
    line.do(calls.caller_left, left.call_sid, line.now)  # at once, and before midnight: the day can be closed
    handler = line.available("Asha")
    call = line.talking(handler)  # after ten seconds, so on the next day
    line.clock.advance(100)
    line.do(calls.end_call, call.id, handler, line.now)
    line.clock.advance(4 * 3600)
    line.do(close_ended_days, line.now)
    line.do(calls.wrap_up, call.id, handler, Disposition.REPORT, line.now)

    assert figures(first) == {
        "arrived": 2, "answered": 1, "service_level": 100, "average_speed_of_answer": 10, "average_talk": 100,
        "average_wrap_up": 4 * 3600, "hours": hours, "in the last hour": 2, "late": [("answered", 1)],
    }  # fmt: skip
    assert figures(first + timedelta(days=1))["arrived"] == 0


def test_a_clock_put_back_makes_no_negative_figure() -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)

    assert seconds_between(noon, noon - timedelta(hours=1)) == 0
    assert seconds_between(noon, noon + timedelta(days=3)) == 24 * 60 * 60


def test_neither_the_rows_order_nor_their_transaction_tells_the_order_of_calls(line: Any) -> None:
    """PostgreSQL keeps both; SQLite keeps these tables in the order of random keys."""
    for seconds in range(12):
        call = line.waiting()
        line.clock.advance(seconds)
        line.do(calls.caller_left, call.call_sid, line.now)

    with line.store.read() as tx:
        waits = list(tx.execute(text("SELECT wait_seconds FROM finished_call")).scalars())
        transactions = 1
        if tx.dialect.name == "postgresql":
            for table in ("finished_call", "day_count", "day_histogram"):
                found = tx.execute(text(f"SELECT count(DISTINCT xmin::text) FROM {table}"))  # noqa: S608
                transactions = max(transactions, found.scalar_one())
    assert sorted(waits) == list(range(12))
    assert waits != list(range(12))
    assert transactions == 1


def test_an_ended_leg_is_deleted_at_the_provider_and_asked_for_again_as_proof(line: Any) -> None:
    line.do(forget_leg, LEG, line.now)
    line.do(forget_leg, LEG, line.now)
    assert line.do(lease_purge, line.now) is None

    line.clock.advance(90)
    leased = line.do(lease_purge, line.now)
    line.do(purge_accepted, LEG, line.now)
    too_soon = line.do(lease_purge, line.now)
    line.clock.advance(60)
    again = line.do(lease_purge, line.now)
    became = line.do(record_not_found, LEG, line.now)

    assert (leased, too_soon, again) == (LEG, None, LEG)
    assert became is ProviderRecord.DELETED
    assert line.rows(provider_purge) == []
    assert line.do(leg_is_over, LEG) is False
    assert counts(line) == {(Dimension.PROVIDER_RECORD, "deleted"): 1}


def test_that_there_is_no_record_is_no_proof_of_its_deletion_until_said_again_and_again(line: Any) -> None:
    line.do(forget_leg, LEG, line.now)

    said = [line.do(record_not_found, LEG, line.now) for _ in range(4)]

    assert said == [None, None, ProviderRecord.NOT_FOUND, None]
    assert line.rows(provider_purge) == []
    assert counts(line) == {(Dimension.PROVIDER_RECORD, "not_found"): 1}


def test_what_is_still_kept_is_told_as_counts_by_age(line: Any) -> None:
    for age, leg in enumerate((0, 2, 30, 15 * 24)):
        line.do(forget_leg, f"CA{age:032x}", line.now - timedelta(hours=leg))
    line.do(purge_accepted, f"CA{0:032x}", line.now)

    kept = line.do(still_kept, line.now)

    assert kept.by_age == {"under an hour": 1, "under a day": 1, "under 14 days": 1, "overdue": 1}
    assert (kept.total, kept.overdue, kept.accepted) == (4, 1, 1)


def test_every_record_can_be_asked_about_now(line: Any) -> None:
    line.do(forget_leg, LEG, line.now)

    line.do(bring_forward, line.now)

    assert line.do(lease_purge, line.now) == LEG


def test_a_record_that_stays_is_asked_about_ever_more_slowly_and_counted_when_overdue(line: Any) -> None:
    line.do(forget_leg, LEG, line.now)
    gaps = []
    for _ in range(10):
        before = line.rows(provider_purge)[0]["not_before"]
        line.clock.now = before
        line.do(lease_purge, line.now)
        gaps.append((line.rows(provider_purge)[0]["not_before"] - before).total_seconds())

    assert gaps == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]
    assert line.do(overdue_purges, line.now) == 0
    assert line.do(overdue_purges, line.now + timedelta(days=14)) == 1


@pytest.mark.parametrize("number", ["+442079460123", "02079460123"])
def test_no_leg_can_be_a_telephone_number(line: Any, number: str) -> None:
    with pytest.raises(Exception, match="pattern"):
        line.do(forget_leg, number, line.now)


def test_a_call_of_our_own_making_is_in_no_figure_and_is_over(line: Any) -> None:
    line.do(calls.arrive, LEG, Language.EN, line.now)

    aside = line.do(set_aside, LEG, line.now)
    line.do(calls.caller_left, LEG, line.now)

    assert aside is True
    assert line.gone(LEG)
    assert [row["leg_sid"] for row in line.rows(provider_purge)] == [LEG]
    assert line.rows(finished_call) == line.rows(day_count) == line.rows(day_histogram) == []


def test_a_call_that_waits_for_a_person_is_never_put_aside(line: Any) -> None:
    call = line.waiting()

    assert line.do(set_aside, call.call_sid, line.now) is False
    assert line.do(set_aside, LEG, line.now) is False
    assert not line.gone(call.call_sid)
