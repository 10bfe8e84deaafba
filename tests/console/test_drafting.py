"""Writing a report: saved as it is typed, kept while the service is away, submitted when whole, back with remarks."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from console.app import Console
from console.handing_in import SUBMITTED
from console.models.report import SaveState
from console.saving import RETRY_MS, SAVE_AFTER_MS
from shared.domain.vocabulary import Category, Circle, Language, Mode, PresenceState, ReportState
from shared.store.schema import live_call, report
from tests.support.organisation import HANDLER, SUPERVISOR

Find = Callable[[Console, str], Any]
WHOLE = {
    "mode": "anonymous",
    "force": "kent",
    "category": "personal_advantage",
    "what": "Repairs without charge.",
    "harm": "none_known",
    "circle": "6-20",
    "unique": "no",
    "chief_officer": "no",
    "works_in_unit": "no",
    "door": "Nothing.",
    "read_back": "yes",
    "may_be_sent": "yes",
    "entries": [{"text": "An officer has cars repaired without charge.", "source": "2", "assessment": "D",
                 "handling": "C", "rationale": "", "condition": "Ask first."}],
}  # fmt: skip


def begin(console: Console) -> None:
    keys = console.keyring.keys
    assert keys is not None
    console.report.begin(keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)


def write_whole(console: Console, **changed: Any) -> None:
    begin(console)
    for field_id, value in (WHOLE | changed).items():
        console.report.answer(field_id, value)


def saved(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.report.state is SaveState.SAVED and not console.report.is_unsaved, timeout=20_000)


def submitted(console: Console, qtbot: Any, **changed: Any) -> None:
    write_whole(console, **changed)
    console.drafting.submit()
    assert console.report.problems == ()
    qtbot.waitUntil(lambda: not console.report.is_open, timeout=20_000)


def kept(service: Any) -> list[Any]:
    with service.store.read() as tx:
        return list(tx.execute(select(report)).all())


def test_a_form_is_drawn_from_its_definition(signed_in: Callable[..., Console], control: Find) -> None:
    console = signed_in(HANDLER)

    for field in console.report.form.fields:
        assert control(console, f"field.{field.id}").accessibleName() == field.label


def test_what_is_typed_is_saved_within_three_seconds(
    signed_in: Callable[..., Console], quick: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(save_after_ms=SAVE_AFTER_MS, retry_ms=RETRY_MS))
    begin(console)
    began = time.monotonic()

    qtbot.keyClicks(control(console, "field.subjects.0.alias"), "Red")

    saved(console, qtbot)
    assert time.monotonic() - began < 3
    assert control(console, "report.status").text() == "Saved"


def test_typing_without_a_pause_does_not_put_saving_off(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    field = control(console, "field.subjects.0.alias")

    def typed_on() -> bool:
        qtbot.keyClicks(field, "x") if len(field.text()) < 110 else None
        return bool(kept(service))

    qtbot.waitUntil(typed_on, timeout=20_000)
    assert len(field.text()) < 110


def test_a_draft_during_a_call_belongs_to_it(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)
    service.a_call_waits(force_id=None)
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    console.desk.answer()
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=20_000)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: console.report.is_open, timeout=20_000)

    console.report.answer("force", "essex")

    saved(console, qtbot)
    qtbot.waitUntil(lambda: console.call.call.force_id == "essex", timeout=20_000)
    with service.store.read() as tx:
        assert tx.execute(select(live_call.c.draft_id)).scalar_one() == console.report.stored.id


def test_text_is_kept_while_the_service_is_away_and_saved_when_it_is_back(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    service.go_away()
    qtbot.waitUntil(control(console, "banner").isVisible, timeout=20_000)

    qtbot.keyClicks(control(console, "field.what"), "written while away")

    qtbot.waitUntil(lambda: console.report.state is SaveState.AWAY, timeout=20_000)
    assert "your text is kept here" in control(console, "report.status").text()
    service.come_back()
    saved(console, qtbot)
    qtbot.waitUntil(lambda: not control(console, "banner").isVisible(), timeout=20_000)
    assert control(console, "field.what").toPlainText() == "written while away"


def test_a_save_whose_answer_was_lost_is_not_stored_twice(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    service.lose_next_answer()

    console.report.answer("what", "once")

    saved(console, qtbot)
    assert service.answers_lost == 1
    assert len(kept(service)) == 1


def test_signing_out_waits_for_what_is_not_saved(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    service.go_away()
    console.report.answer("what", "not saved yet")

    control(console, "action.sign_out").click()

    assert console.keyring.keys is not None
    assert "not saved" in console.line.notice


def test_a_session_that_ends_keeps_the_text_for_its_author(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    console.report.answer("what", "still here")
    console.signing_in.end("Your session has ended. Please sign in again.")
    assert console.report.is_unsaved

    console.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)

    saved(console, qtbot)
    assert console.report.content["what"] == "still here"


def test_a_session_that_ends_shows_its_text_to_nobody_else(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    console.report.answer("what", "still here")
    console.signing_in.end("Your session has ended. Please sign in again.")

    console.signing_in.begin(SUPERVISOR, service.organisation.members[SUPERVISOR].passphrase)

    qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)
    assert not console.report.is_open


def test_an_incomplete_report_is_not_submitted_and_says_why_at_the_field(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write_whole(console, harm="")
    console.window.show_desk()

    control(console, "action.submit").click()

    assert control(console, "problem.harm").text() == "Choose one before handing it in."
    assert console.report.is_open
    saved(console, qtbot)


def test_the_next_problem_is_one_key_away(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> None:
    console = signed_in(HANDLER)
    write_whole(console, harm="", door="")
    console.drafting.submit()

    control(console, "action.next_problem").click()
    first = console.window.focusWidget().objectName()
    control(console, "action.next_problem").click()

    assert [first, console.window.focusWidget().objectName()] == ["field.harm", "field.door"]
    saved(console, qtbot)


def test_a_whole_report_is_submitted_and_the_form_is_empty(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)

    submitted(console, qtbot)

    assert [row.state for row in kept(service)] == [ReportState.IN_REVIEW]
    assert control(console, "report.notice").text() == SUBMITTED
    assert control(console, "field.what").toPlainText() == ""
    assert not control(console, "field.what").document().isUndoAvailable()


def test_a_small_circle_is_asserted_to_the_service(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> None:
    console = signed_in(HANDLER)

    submitted(console, qtbot, unique="yes", unique_parts="The colour of the car.")

    assert [row.circle for row in kept(service)] == [Circle.ONE_OR_TWO]


def test_a_returned_report_shows_its_remarks(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> None:
    author = signed_in(HANDLER)
    submitted(author, qtbot)
    reviewer = signed_in(SUPERVISOR)
    reviewer.reviewing.open(reviewer.review.in_review[0].id)
    qtbot.waitUntil(lambda: reviewer.review.report is not None, timeout=20_000)

    qtbot.keyClicks(control(reviewer, "review.remarks"), "Please leave out the month.")
    control(reviewer, "action.return").click()

    qtbot.waitUntil(lambda: len(author.review.own_open) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: author.review.own_open[0].detail.startswith("Came back"), timeout=20_000)
    qtbot.mouseClick(control(author, f"own.{author.review.own_open[0].id}"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: author.report.is_open, timeout=20_000)
    assert control(author, "report.remarks").text() == "Please leave out the month."
    assert control(author, "report.remarks").isVisible()


@pytest.mark.parametrize("again", ["close", "put_away"])
def test_nothing_of_a_report_is_in_the_window_title(signed_in: Callable[..., Console], qtbot: Any, again: str) -> None:
    console = signed_in(HANDLER)
    write_whole(console)
    saved(console, qtbot)

    assert console.window.windowTitle() == f"Candour – {HANDLER}"


def test_what_was_sealed_for_one_report_is_never_sent_as_another(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    begin(console)
    console.report.answer("what", "the first caller's")
    console.saving.save()

    console.drafting.forget()
    begin(console)
    console.report.answer("what", "the second caller's")

    saved(console, qtbot)
    assert len(kept(service)) == 1
