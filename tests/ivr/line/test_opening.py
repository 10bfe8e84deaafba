"""What is said of the line's hours."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from ivr.line.opening import Opening, opening
from ivr.line.prompts import Prompts
from shared.domain.hours import ALWAYS_OPEN, DAYS_A_WEEK, ByHand, Hours, Span
from shared.domain.london import LONDON
from shared.domain.vocabulary import Language

OFFICE = Hours(((Span.from_text("09:00-17:30"),),) * 5 + ((),) * 2)
CHRISTMAS = Hours(closed=frozenset({date(2026, 12, 25), date(2026, 12, 26)}))


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("hours", "now", "said"),
    [
        (ALWAYS_OPEN, at(6, 10, 3), "The line is open day and night."),
        (OFFICE, at(6, 10, 12), "Today the line is open until 17:30."),
        (OFFICE, at(6, 10, 8), "It opens again today at 9:00."),
        (OFFICE, at(6, 10, 18), "It opens again tomorrow at 9:00."),
        (OFFICE, at(6, 12, 18), "It opens again on Monday at 9:00."),
        (CHRISTMAS, at(12, 24, 12), "Today the line is open until midnight."),
        (CHRISTMAS, at(12, 25, 12), "It opens again at the beginning of Sunday."),
        (CHRISTMAS, at(12, 26, 12), "It opens again after midnight."),
        (CHRISTMAS, at(12, 1, 12), ""),
        (Hours(((),) * DAYS_A_WEEK), at(6, 10, 12), ""),
        (Hours((*[()] * 6, (Span.from_text("09:00-12:00"),))), at(6, 14, 12), ""),
    ],
)
def test_the_hours_are_told_truthfully_or_not_at_all(hours: Hours, now: datetime, said: str, prompts: Prompts) -> None:
    assert " ".join(spoken.text for spoken in opening(hours, now).said(prompts, Language.EN)) == said


@pytest.mark.parametrize(
    ("usual", "by_hand", "said"),
    [
        (ALWAYS_OPEN, ByHand(False, at(6, 10, 15)), "It opens again today at 15:00."),
        (ALWAYS_OPEN, ByHand(False, at(6, 11, 0)), "It opens again after midnight."),
        (ALWAYS_OPEN, ByHand(False, at(6, 10, 11)), "The line is open day and night."),
        (ALWAYS_OPEN, ByHand(True, at(6, 10, 20)), "The line is open day and night."),
        (OFFICE, ByHand(False, at(6, 10, 15)), "It opens again today at 15:00."),
        (OFFICE, ByHand(False, at(6, 10, 19)), "It opens again tomorrow at 9:00."),
        (OFFICE, ByHand(True, at(6, 10, 20)), "Today the line is open until 20:00."),
        (OFFICE, ByHand(True, at(6, 10, 13)), "Today the line is open until 17:30."),
        (CHRISTMAS, ByHand(False, at(6, 10, 11)), ""),
    ],
)
def test_what_is_said_by_hand_goes_before_the_usual_hours(
    usual: Hours, by_hand: ByHand, said: str, prompts: Prompts
) -> None:
    now = at(6, 10, 12)
    hours = usual if by_hand.until <= now else replace(usual, by_hand=by_hand)

    assert hours.is_open(now) is (usual.is_open(now) if by_hand.until <= now else by_hand.open)
    assert " ".join(spoken.text for spoken in opening(hours, now).said(prompts, Language.EN)) == said


def test_days_are_named_in_the_callers_language(reviewed_prompts: Prompts) -> None:
    [spoken] = Opening("opens_on_at", "monday", {"hour": "9:00"}).said(reviewed_prompts, Language.CY)

    assert "dydd Llun" in spoken.text
    assert spoken.language is Language.CY
