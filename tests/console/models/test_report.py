"""The report being written: prefilled, asked what fits, checked without blocking, and emptied for the next caller."""

from typing import Any

import pytest

from console.models.heard import CHANGED_SINCE
from console.models.report import ReportModel, SaveState, Stored
from console.sealed_report import WrittenReport
from shared.domain.vocabulary import Category, Circle, Language, Mode
from shared.forms import Form, load_form

AUTHOR = "a" * 32


@pytest.fixture
def report() -> ReportModel:
    made = ReportModel(load_form("report.v1"))
    made.begin(AUTHOR, "c" * 32, Language.CY, Mode.UNSET, Category.PERSONAL_ADVANTAGE, "kent")
    return made


def test_what_the_caller_chose_is_filled_in(report: ReportModel) -> None:
    facts = report.facts()

    assert (facts.mode, facts.category, facts.force_id) == (Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    assert facts.language is Language.CY


def test_a_prefilled_report_has_nothing_to_save(report: ReportModel) -> None:
    assert not report.is_unsaved
    assert report.state is SaveState.NOTHING


def test_questions_follow_the_mode(report: ReportModel) -> None:
    assert "contact_consent" not in report.asked

    report.answer("mode", "confidential")

    assert "contact_consent" in report.asked
    assert "contact_name" not in report.asked


def test_what_is_typed_while_a_save_is_under_way_is_still_unsaved(report: ReportModel) -> None:
    report.answer("where", "R")
    edits = report.edits
    report.answer("where", "Re")

    report.mark_saved(Stored("d" * 32, "e" * 32), edits)

    assert report.is_unsaved
    assert report.state is SaveState.WAITING


def test_problems_go_as_they_are_put_right(report: ReportModel) -> None:
    assert not report.check()
    assert report.problem_words("harm")

    report.answer("harm", "none_known")

    assert report.problem_words("harm") == ""
    assert report.problem_words("circle") != ""


def test_what_is_known_to_one_or_two_is_said_to_the_service(report: ReportModel) -> None:
    report.answer("circle", "public")
    report.answer("unique", "yes")

    assert report.facts().circle is Circle.ONE_OR_TWO


def test_putting_away_leaves_nothing(report: ReportModel) -> None:
    report.answer("what", "words of a caller")

    report.put_away()

    kept: dict[str, Any] = {name: value for name, value in vars(report).items() if name not in ("form", "notice")}
    assert "words of a caller" not in repr(kept)
    assert not report.is_open


def test_the_outline_counts_what_is_still_needed(report: ReportModel) -> None:
    risk = next(row for row in report.outline if row.id == "risk")

    report.answer("harm", "none_known")

    assert (risk.needed, next(row for row in report.outline if row.id == "risk").needed) == (1, 0)


def test_sections_that_do_not_belong_are_not_in_the_outline(report: ReportModel) -> None:
    assert "contact" not in [row.id for row in report.outline]

    report.answer("mode", "confidential")

    assert "contact" in [row.id for row in report.outline]


def test_an_optional_section_is_not_done_before_somebody_touched_it(report: ReportModel) -> None:
    def done() -> set[str]:
        return {row.id for row in report.outline if row.is_done}

    untouched = done()
    report.answer("subjects", [{"alias": "  "}])
    report.answer("witnesses", "Two colleagues")
    report.answer("harm", "none_known")

    assert untouched == set()
    assert done() == {"evidence"}  # a row with nothing in it is nothing, and risk has a question not asked yet


def heard_and_returned(form: Form) -> ReportModel:
    """A report that was read back and came back with remarks, open at its author's."""
    content = {"force": "kent", "how": "Uses the rota.", "read_back": "yes"}
    report = ReportModel(form)
    report.open(Stored("d" * 32, "e" * 32), WrittenReport("a" * 32, content, "Please reword."), Language.EN, None)
    return report


def test_a_returned_report_that_is_reworded_says_that_it_was_not_read_back(report: ReportModel) -> None:
    returned = heard_and_returned(report.form)
    before = returned.has_changed_since_read_back

    returned.answer("how", "Uses a list at work.")
    reworded = returned.content["read_back"], returned.has_changed_since_read_back
    again = heard_and_returned(report.form)
    again.open(Stored("d" * 32, "e" * 32), returned.written(), Language.EN, None)

    assert not before
    assert reworded == ("no", True)
    assert again.content["read_back"] == "no"  # however often it is saved and opened


def test_words_put_back_as_they_were_heard_are_heard(report: ReportModel) -> None:
    returned = heard_and_returned(report.form)
    returned.answer("how", "Uses the rota!")

    returned.answer("how", "Uses the rota.")

    assert returned.content["read_back"] == "yes" and not returned.has_changed_since_read_back


def test_what_stays_here_may_change_and_a_new_reading_counts(report: ReportModel) -> None:
    returned = heard_and_returned(report.form)
    returned.answer("door", "Nobody at home knows.")
    kept = returned.content["read_back"]
    returned.answer("how", "Uses a list at work.")

    returned.answer("read_back", "yes")
    returned.answer("door", "Nobody knows.")

    assert (kept, returned.content["read_back"]) == ("yes", "yes")


def test_what_the_caller_decides_by_an_answer_of_their_own_needs_no_second_reading(report: ReportModel) -> None:
    returned = heard_and_returned(report.form)

    returned.answer("harm", "immediate")
    after_words = returned.content["read_back"]
    returned.answer("read_back", "yes")
    returned.answer("urgent", "yes")

    assert after_words == "no"  # how soon somebody could be hurt leaves, and was not heard
    assert returned.content["read_back"] == "yes"
    assert not returned.has_changed_since_read_back


@pytest.mark.parametrize("call_id", ["c" * 32, None])
def test_words_changed_since_they_were_read_back_hold_submitting_up_while_there_is_a_call(
    report: ReportModel, call_id: str | None
) -> None:
    returned = heard_and_returned(report.form)
    returned.call_id = call_id
    returned.answer("how", "Uses the rota and the garage.")

    returned.check()
    first = [(one.sentence, one.advice) for one in returned.problems_at("read_back")]
    returned.answer("read_back", "no")
    returned.check()

    assert first == ([] if call_id is None else [(CHANGED_SINCE, False)])
    assert returned.content["read_back"] == "no"
    assert returned.problems_at("read_back") == ()
