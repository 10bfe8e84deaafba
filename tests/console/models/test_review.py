"""The lists of reports in order and in words, and what changed in a report since it was returned."""

from datetime import date
from typing import Any

from console.models.alike import READ, Alike
from console.models.changes import changes
from console.models.overtaken import GONE, HELD_AS_ASKED, OVERTAKEN, OVERTAKEN_KEPT, REJECTED_AS_ASKED, overtaken_words
from console.models.report import Stored
from console.models.review import OpenedReport, ReviewModel
from console.models.review_lists import DISOWNED, OWN, ask_words, own_open, to_review
from console.sealed_report import WrittenReport
from shared.domain.vocabulary import (
    Category,
    Circle,
    Lane,
    Language,
    Mode,
    RejectReason,
    ReportState,
    ReviewAskKind,
)
from shared.forms import load_form
from shared.messages import ReportCard, ReviewAskCard

FORM = load_form("report.v1")
ENTRY = {"text": "An officer sells information.", "source": "2"}


def card(number: int, **different: Any) -> ReportCard:
    complete: dict[str, Any] = {
        "id": f"{number:032x}",
        "state": ReportState.IN_REVIEW,
        "revision": "f" * 32,
        "mine": False,
        "force_id": "kent",
        "unit_id": None,
        "lane": Lane.ORDINARY,
        "mode": Mode.ANONYMOUS,
        "category": Category.PARTNER_ABUSE,
        "language": Language.EN,
        "form": "report.v1",
        "circle": Circle.SIX_TO_TWENTY,
        "conflict": False,
        "started_on": date(2026, 3, 1),
        "submitted_on": date(2026, 3, number),
        "released_on": None,
        "delivery": None,
    }
    return ReportCard(**(complete | different))


def ask(**different: Any) -> ReviewAskCard:
    complete: dict[str, Any] = {
        "kind": ReviewAskKind.REJECT,
        "mine": False,
        "by": "Morag",
        "asked_on": date(2026, 3, 9),
        "until": None,
        "reason": RejectReason.HOAX,
    }
    return ReviewAskCard(**(complete | different))


def test_what_left_urgently_comes_first_then_urgent_then_the_oldest_then_held_then_returned() -> None:
    cards = [
        card(9),
        card(3, state=ReportState.RETURNED),
        card(1, state=ReportState.HELD, held_until=date(2026, 3, 12)),
        card(8, lane=Lane.URGENT),
        card(2),
        card(7, state=ReportState.RELEASED, lane=Lane.URGENT, ask=ask(kind=ReviewAskKind.URGENT_SENT)),
    ]

    assert [int(row.id, 16) for row in to_review(cards)] == [7, 8, 2, 9, 1, 3]


def test_ones_own_and_what_is_with_its_author_are_seen_and_not_opened() -> None:
    own, returned = to_review([card(1, mine=True), card(2, state=ReportState.RETURNED)])

    assert (own.detail, own.may_open) == (OWN, False)
    assert (returned.detail, returned.may_open) == ("With its author", False)


def test_what_its_unit_disowned_is_in_the_list_until_it_goes_elsewhere() -> None:
    (row,) = to_review([card(3, state=ReportState.NOT_OURS, mine=True), card(4, state=ReportState.RELEASED)])

    assert (int(row.id, 16), row.detail, row.may_open) == (3, DISOWNED, False)


def test_a_row_says_what_it_waits_for_and_who_has_it_open() -> None:
    held = card(1, state=ReportState.HELD, held_until=date(2026, 3, 12), ask=ask(), readers=("Niamh",))

    (row,) = to_review([held])

    assert row.detail == "Waits for you, held until 12 March, open: Niamh"


def test_rows_that_read_alike_have_numbers_that_stay_while_others_go_and_come() -> None:
    same = {"submitted_on": date(2026, 3, 1)}
    alike, other = [card(number, **same) for number in (1, 2, 3)], card(4, mode=Mode.CONFIDENTIAL, **same)
    rows = Alike()

    before = rows.tell_apart(to_review([*alike, other]))
    rows.read(alike[1].id)
    after = rows.tell_apart(to_review([alike[1], card(5, **same), other]))

    day = "Kent · 1 March"
    assert [row.title for row in before] == [f"{day} · 1", f"{day} · 2", f"{day} · 3", day]
    assert before[0].lines == (f"{day} · 1", "Abusing or controlling a partner")
    assert before[3].subject == "Abusing or controlling a partner, with a name"
    assert [row.title for row in after] == [f"{day} · 2", day, f"{day} · 4"]
    assert after[0].detail == READ.capitalize()


def test_a_row_keeps_its_subject_whatever_else_is_said_of_it() -> None:
    held = card(1, state=ReportState.HELD, held_until=date(2026, 3, 12))

    (row,) = to_review([held])

    assert row.lines == ("Kent · 1 March", "Abusing or controlling a partner", "Held until 12 March")


def test_what_left_urgently_waits_for_a_second_look_and_not_for_a_release() -> None:
    gone = {"state": ReportState.RELEASED, "lane": Lane.URGENT}

    mine, theirs = to_review(
        [card(1, **gone, ask=ask(kind=ReviewAskKind.URGENT_SENT, mine=mine)) for mine in (True, False)]
    )

    assert mine.detail == "Released urgently, waits for a second look"
    assert theirs.detail == "Released urgently, waits for you to look at it"


def test_what_became_of_an_open_report_is_said_as_far_as_it_is_known() -> None:
    here, held = card(1), card(1, state=ReportState.HELD, held_until=date(2026, 3, 30))
    reject, hold = ask(mine=True), ask(mine=True, kind=ReviewAskKind.HOLD_LONGER)

    assert overtaken_words(None, reject, False) == REJECTED_AS_ASKED
    assert overtaken_words(None, ask(), False) == overtaken_words(None, None, False) == GONE
    assert overtaken_words(held, hold, False) == HELD_AS_ASKED.format(day="30 March")
    assert overtaken_words(here, None, False) == OVERTAKEN
    assert overtaken_words(here, None, True) == OVERTAKEN_KEPT


def test_what_a_colleague_asks_and_what_one_asked_oneself_are_said_apart() -> None:
    assert ask_words(ask()) == "Morag asks to reject it: a hoax."
    assert ask_words(ask(mine=True, kind=ReviewAskKind.HOLD_LONGER, until=date(2026, 4, 9))) == (
        "You ask to hold it until 9 April."
    )


def test_an_author_sees_why_a_report_was_rejected() -> None:
    (row,) = own_open([card(1, mine=True, state=ReportState.REJECTED, rejected_because=RejectReason.DUPLICATE)])

    assert row.detail.startswith("Rejected: it was reported already.")


def test_an_author_is_told_of_a_hold_that_took_two_and_of_no_shorter_one() -> None:
    held = {"mine": True, "state": ReportState.HELD, "held_on": date(2026, 3, 2)}

    (row,) = own_open([card(1, **held, held_until=date(2026, 3, 10)), card(2, **held, held_until=date(2026, 3, 9))])

    assert (row.id, row.detail) == (f"{1:032x}", "Held until 10 March: two supervisors have said so")
    assert not row.may_open


def test_what_changed_is_said_in_words_by_answer() -> None:
    before = {"where": "The garage", "duty": "on", "when": "In March", "entries": [ENTRY]}
    now = {
        "where": "A garage",
        "duty": "on",
        "how": "By telephone",
        "entries": [ENTRY | {"text": "Somebody sells information."}, ENTRY],
    }

    said = {one.label: one.words for one in changes(FORM, before, now)}

    assert said == {
        "When": "taken out; it was “In March”",
        "Where": "was “The garage”, is now “A garage”",
        "How": "now “By telephone”",
        "Entry 1": "was “An officer sells information.”, is now “Somebody sells information.”",
        "Entry 2": "added",
    }


def test_a_choice_that_changed_is_said_in_the_forms_words() -> None:
    (one,) = changes(FORM, {"duty": "on"}, {"duty": "off"})

    assert one.words == "was “On duty”, is now “Off duty”"


def test_nothing_changed_is_nothing_said() -> None:
    assert changes(FORM, {"entries": [ENTRY]}, {"entries": [dict(ENTRY)]}) == ()


def test_a_board_older_than_the_report_that_was_opened_overtakes_it_only_until_the_next() -> None:
    now, before = card(1), card(1, revision="e" * 32)
    review = ReviewModel()
    review.show((before,))
    review.open(OpenedReport(Stored(now.id, now.revision), now, FORM, WrittenReport("", {})))
    review.show((before,))
    assert review.overtaken

    review.show((now,))

    assert not review.overtaken and review.notice == ""
