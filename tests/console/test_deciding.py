"""What supervisors decide about a report together: hold, reject by two, who else looks, what came back changed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from console.app import Console
from console.closing import SIGN_IN_TO_GO_ON
from console.deciding import CONFIRMED, TAKEN_BACK
from console.models.overtaken import OVERTAKEN_KEPT, REJECTED_AS_ASKED
from console.models.review import KEPT_NOWHERE
from console.reviewing import NOT_URGENT
from console.views.decision import COULD_BE_URGENT
from shared.domain.vocabulary import ReportState, ReviewAskKind
from shared.store.schema import report
from tests.support.in_review import ENTRY, WHOLE, Find, reading, submit
from tests.support.organisation import BOTH, HANDLER, SUPERVISOR

SignedIn = Callable[..., Console]


def state_of(service: Any) -> ReportState:
    with service.store.read() as tx:
        found: ReportState = tx.execute(select(report.c.state)).scalar_one()
    return found


@pytest.fixture
def in_review(signed_in: SignedIn, qtbot: Any) -> Console:
    """The author's console, their report submitted."""
    author = signed_in(HANDLER)
    submit(author, qtbot)
    return author


def test_a_rejection_waits_until_a_second_supervisor_confirms_it_and_then_its_author_is_told(
    in_review: Console, signed_in: SignedIn, service: Any, control: Find, qtbot: Any
) -> None:
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")
    reading(first, control, qtbot)

    control(first, "action.reject").click()
    qtbot.waitUntil(lambda: first.review.ask is not None and not first.review.busy, timeout=20_000)
    waiting = state_of(service)
    assert not control(first, "action.confirm").isVisible()
    assert not control(first, "action.release").isEnabled()
    take_back = control(first, "action.decline")
    assert (take_back.text(), take_back.shortcut().toString()) == ("Take it back", "Ctrl+Alt+D")
    take_back.click()
    qtbot.waitUntil(lambda: first.review.notice == TAKEN_BACK and first.review.ask is None, timeout=20_000)
    control(first, "action.reject").click()
    qtbot.waitUntil(lambda: first.review.ask is not None and not first.review.busy, timeout=20_000)
    reading(second, control, qtbot)
    assert control(second, "action.decline").text() == "Decline"
    assert "Morag asks to reject it" in control(second, "review.ask").text()
    control(second, "action.confirm").click()

    qtbot.waitUntil(lambda: second.review.report is None, timeout=20_000)
    assert (waiting, state_of(service)) == (ReportState.IN_REVIEW, ReportState.REJECTED)
    assert second.review.notice == CONFIRMED[ReviewAskKind.REJECT]
    qtbot.waitUntil(lambda: first.review.notice == REJECTED_AS_ASKED, timeout=20_000)
    qtbot.waitUntil(lambda: len(in_review.review.own_open) == 1, timeout=20_000)
    (told,) = in_review.review.own_open
    assert told.detail.startswith("Rejected: it was reported already")
    control(in_review, f"own.{told.id}").click()
    qtbot.waitUntil(lambda: in_review.review.own_open == (), timeout=20_000)


def test_a_held_report_is_listed_as_held_and_taken_up_again_before_it_is_released(
    in_review: Console, signed_in: SignedIn, service: Any, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)

    control(reviewer, "action.hold_report").click()
    qtbot.waitUntil(lambda: reviewer.review.report is None and state_of(service) is ReportState.HELD, timeout=20_000)
    qtbot.waitUntil(lambda: reviewer.review.in_review[0].detail.startswith("Held until 11 March"), timeout=20_000)
    reading(reviewer, control, qtbot)
    assert not control(reviewer, "action.release").isEnabled()
    control(reviewer, "action.take_up").click()

    qtbot.waitUntil(control(reviewer, "action.release").isEnabled, timeout=20_000)
    assert state_of(service) is ReportState.IN_REVIEW


def test_two_supervisors_at_one_report_see_each_other_and_the_later_decision_is_stopped_with_its_wording_kept(
    in_review: Console, signed_in: SignedIn, control: Find, qtbot: Any
) -> None:
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")
    for console in (first, second):
        reading(console, control, qtbot)
    qtbot.waitUntil(lambda: control(first, "review.readers").text() == f"Also open at: {BOTH}", timeout=20_000)
    control(second, "wording.entries.0").setPlainText("Somebody has cars repaired.")

    control(first, "action.hold_report").click()

    qtbot.waitUntil(lambda: second.review.overtaken, timeout=20_000)
    assert control(second, "review.notice").text() == OVERTAKEN_KEPT
    assert not control(second, "action.release").isEnabled()
    assert control(second, "wording.entries.0").toPlainText() == "Somebody has cars repaired."


def test_release_urgently_says_why_not_where_nobody_asked_for_it(
    in_review: Console, signed_in: SignedIn, service: Any, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    button = control(reviewer, "action.release_urgent")

    button.click()
    said = control(reviewer, "review.notice").text()
    reviewer.review.content["harm"] = "immediate"
    reviewer.review.changed.emit()

    assert (said, button.isVisible(), button.isEnabled()) == (NOT_URGENT, True, True)
    assert COULD_BE_URGENT in control(reviewer, "review.caution").text()
    assert state_of(service) is ReportState.IN_REVIEW


def test_wording_that_is_kept_nowhere_is_not_left_by_one_press(
    in_review: Console, signed_in: SignedIn, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    control(reviewer, "wording.entries.0").setPlainText("Somebody has cars repaired.")

    control(reviewer, "action.close_review").click()
    warned = reviewer.review.notice
    assert reviewer.review.report is not None
    control(reviewer, "action.close_review").click()

    assert warned == KEPT_NOWHERE
    assert reviewer.review.report is None


def test_a_reviewers_words_are_not_lost_by_closing_signing_out_or_opening_another_report(
    in_review: Console, signed_in: SignedIn, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    opened = reviewer.review.report
    remark = control(reviewer, "review.remarks")

    for number, leaving in enumerate((
        reviewer.window.close,
        control(reviewer, "action.sign_out").click,
        lambda: reviewer.supervising.open("f" * 32),
    )):  # fmt: skip
        remark.setPlainText(f"Say how they know. {number}")
        leaving()
        assert reviewer.line.notice == KEPT_NOWHERE
        reviewer.line.tell("")
    reviewer.supervising.open(reviewer.review.open_id)  # which is gone back to as it stands

    assert reviewer.review.report is opened and reviewer.window.isVisible()
    assert remark.toPlainText() == "Say how they know. 2"
    reviewer.window.close()
    assert not reviewer.window.isVisible()  # asked a second time


def test_what_a_reviewer_wrote_waits_for_them_when_their_session_ends_and_for_nobody_else(
    in_review: Console, signed_in: SignedIn, service: Any, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    control(reviewer, "wording.entries.0").setPlainText("Somebody has cars repaired.")

    reviewer.signing_in.be_over("Your session has ended.")
    out_of_sight = not control(reviewer, "wording.entries.0").isVisible()
    reviewer.window.close()
    said, stays = reviewer.session.problem, reviewer.window.isVisible()
    sign_in_again(reviewer, service, SUPERVISOR, qtbot)

    assert (out_of_sight, said, stays) == (True, SIGN_IN_TO_GO_ON, True)
    assert control(reviewer, "wording.entries.0").isVisible()
    assert control(reviewer, "wording.entries.0").toPlainText() == "Somebody has cars repaired."
    qtbot.waitUntil(lambda: reviewer.review.may_decide, timeout=20_000)
    reviewer.signing_in.be_over("Your session has ended.")
    sign_in_again(reviewer, service, BOTH, qtbot)
    assert reviewer.review.report is None


def sign_in_again(console: Console, service: Any, name: str, qtbot: Any) -> None:
    console.signing_in.begin(name, service.organisation.members[name].passphrase)
    qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)


def test_words_that_could_point_to_a_person_hold_up_a_release_until_they_are_changed_or_kept(
    signed_in: SignedIn, service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot, entries=[WHOLE["entries"][0] | {"text": "It was seen at 23:47."}])  # type: ignore[index]
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    assert not control(reviewer, "action.release").isEnabled()

    reasons = control(reviewer, "places.reason")
    reasons.setCurrentIndex(reasons.findText("Widely known"))
    control(reviewer, "places.keep").click()

    qtbot.waitUntil(control(reviewer, "action.release").isEnabled, timeout=20_000)
    assert reviewer.review.kept == (("“23:47”", "Widely known"),)
    control(reviewer, "action.release").click()
    qtbot.waitUntil(lambda: state_of(service) is ReportState.RELEASED, timeout=20_000)


def test_a_remark_goes_back_with_its_answer_and_the_reviewer_sees_what_became_of_it(
    in_review: Console, signed_in: SignedIn, control: Find, qtbot: Any
) -> None:
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    control(reviewer, "wording.entries.0").setFocus()
    control(reviewer, "action.remark").click()
    control(reviewer, "remark.wording.entries.0").setPlainText("Since when?")
    control(reviewer, "action.return").click()
    qtbot.waitUntil(lambda: len(in_review.review.own_open) == 1, timeout=20_000)
    control(in_review, f"own.{in_review.review.own_open[0].id}").click()
    qtbot.waitUntil(lambda: in_review.report.is_open, timeout=20_000)
    assert in_review.report.remarks == "Entry 1: Since when?"
    assert control(in_review, "field_remark.entries.0.text").text() == "From the review: Since when?"

    changed = [dict(in_review.report.content["entries"][0], text="An officer has had cars repaired since autumn.")]
    in_review.report.answer("entries", changed)
    in_review.drafting.submit()
    qtbot.waitUntil(lambda: not in_review.report.is_open, timeout=20_000)
    qtbot.waitUntil(lambda: reviewer.review.in_review[0].may_open, timeout=20_000)
    reading(reviewer, control, qtbot)

    (one,) = reviewer.review.changes or ()
    assert one.label == "Entry 1"
    assert one.words == f"was “{ENTRY['text']}”, is now “An officer has had cars repaired since autumn.”"
