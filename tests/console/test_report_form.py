"""The whole form in a console: read out, read back, split, opened in its own version, and empty between callers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from sqlalchemy import select

from console.app import Console
from console.models.heard import CHANGED_SINCE
from console.views.repeated import SURE
from shared.domain.vocabulary import Category, Language, Mode
from shared.forms import REPEATED, Field, FieldKind, Form, Section
from shared.store.schema import report as report_table
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]
NEEDLE = "zqneedle"
EMAIL = f"{NEEDLE}@mail.example"


@pytest.fixture
def console(signed_in: Callable[..., Console]) -> Console:
    made = signed_in(HANDLER)
    begin(made)
    return made


def begin(console: Console, language: Language = Language.EN, mode: Mode = Mode.UNSET) -> None:
    assert console.keyring.keys is not None
    console.report.begin(console.keyring.keys.person_id, None, language, mode, Category.PARTNER_ABUSE, "kent")


def marked(field: Field) -> Any:
    """An answer with the needle in it, for every kind that is written."""
    if field.kind in REPEATED:
        return [{part.id: marked(part) for part in field.entry}] * 2
    match field.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.DATE:
            return NEEDLE
        case FieldKind.PHONE_OR_EMAIL:
            return EMAIL
        case FieldKind.SEVERAL:
            return [choice.value for choice in field.choices]
        case FieldKind.NUMBER:
            return 4_711
        case _:
            return field.choices[0].value if field.choices else "kent"


def said(widget: QObject) -> Iterator[str]:
    """Everything a widget could show or bring back."""
    for name in ("text", "toPlainText", "currentText", "placeholderText", "accessibleName", "windowTitle", "toolTip"):
        ask = getattr(widget, name, None)
        if ask is not None:
            yield str(ask())
    if isinstance(widget, QLineEdit):
        assert not widget.isUndoAvailable() or NEEDLE not in widget.text()


def everything_kept(console: Console) -> str:
    """What every widget shows and every model and view holds."""
    shown = [words for widget in console.window.findChildren(QObject) for words in said(widget)]
    holders: list[object] = [
        console.report,
        console.review,
        console.line,
        console.call,
        console.drafting,
        console.saving,
    ]
    holders += console.window.findChildren(QWidget)
    held = [repr({key: value for key, value in vars(holder).items() if key != "form"}) for holder in holders]
    return "\n".join(shown + held)


def test_nothing_of_one_caller_is_there_for_the_next(console: Console, qtbot: Any) -> None:
    begin(console, Language.CY, Mode.CONFIDENTIAL)
    answers = {field.id: marked(field) for field in console.report.form.fields if field.id not in ("mode", "category")}
    console.report.content.update(answers)
    console.report.opened.emit()
    console.report.check()
    assert everything_kept(console).count(NEEDLE) > 100

    console.drafting.forget()
    qtbot.waitUntil(lambda: NEEDLE not in everything_kept(console), timeout=3_000)

    texts = console.window.findChildren(QPlainTextEdit)
    assert not any(text.document().isUndoAvailable() for text in texts)
    lines = console.window.window().findChildren(QLineEdit)
    assert not any(line.isUndoAvailable() for line in lines if line.objectName().startswith("field."))
    boxes = [box for box in console.window.findChildren(QComboBox) if box.objectName().startswith("field.")]
    assert all(box.currentData() in ("", None) or ".entries." in box.objectName() for box in boxes)


def test_what_is_read_aloud_is_in_the_callers_language(console: Console, control: Find) -> None:
    door = console.report.form.field("door")

    begin(console, Language.CY)

    labels = {label.text() for label in control(console, "row.door").findChildren(QLabel)}
    assert door.question_cy in labels and door.script_cy in labels
    assert not control(console, "report.not_reviewed").isHidden()
    begin(console, Language.EN)
    assert control(console, "script.door").text() == door.script
    assert control(console, "report.not_reviewed").isHidden()


def aloud(console: Console, control: Find, field: str) -> list[str]:
    return [label.text() for label in control(console, f"aloud.{field}").findChildren(QLabel)]


def test_what_is_read_back_is_what_leaves_and_nothing_that_stays(console: Console, control: Find, qtbot: Any) -> None:
    console.report.answer("subjects", [{"alias": "Red", "rank": "Sergeant"}])
    console.report.answer("door", "Nobody at home knows")
    console.report.answer("how", "Uses the rota")

    qtbot.waitUntil(lambda: "Uses the rota" in aloud(console, control, "read_back"), timeout=3_000)

    words = aloud(console, control, "read_back")
    assert {"Kent Police", "Red", "Sergeant"} <= set(words)
    assert "Nobody at home knows" not in words
    assert not any("2000" in word for word in words)  # the day of release is not known


def test_a_change_after_the_reading_back_is_said_at_once_and_settled_by_an_answer(
    console: Console, control: Find, qtbot: Any
) -> None:
    console.report.answer("how", "Uses the rota")
    console.report.answer("read_back", "yes")
    console.report.answer("what", "a note that stays here")
    assert not console.report.has_changed_since_read_back

    console.report.answer("how", "Uses the rota and the radio")

    qtbot.waitUntil(lambda: CHANGED_SINCE in control(console, "problem.read_back").text(), timeout=3_000)
    assert "read_back" not in [problem.field for problem in console.report.blocking]
    assert control(console, "field.read_back.no").isChecked()  # for what leaves now was not read back
    control(console, "field.read_back.no").click()
    assert not console.report.has_changed_since_read_back  # a no of the handler's own

    control(console, "field.read_back.yes").click()

    assert console.report.content["read_back"] == "yes"
    qtbot.waitUntil(lambda: not control(console, "problem.read_back").isVisible(), timeout=3_000)


def test_the_card_for_999_says_where_and_who_and_nothing_of_the_caller(
    console: Console, control: Find, qtbot: Any
) -> None:
    for field, answer in {
        "danger": "yes",
        "danger_place": "The flats by the station",
        "what": "their sister told them",
        "weapons": "yes",
        "subjects": [{"alias": "Red", "associates": "A club"}],
    }.items():
        console.report.answer(field, answer)

    qtbot.waitUntil(lambda: "The flats by the station" in aloud(console, control, "danger_done"), timeout=3_000)

    words = " ".join(aloud(console, control, "danger_done"))
    assert "Red" in words and "Kent Police" in words and "Access to weapons" in words
    assert "sister" not in words and "A club" not in words


def test_a_second_report_begins_with_what_was_chosen_and_shares_no_name(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    console.report.answer("subjects", [{"alias": "Red"}])
    console.report.answer("how", "Uses the rota")
    console.report.answer("read_back", "yes")
    console.report.answer("follow_up", "abcdef")
    qtbot.waitUntil(lambda: not console.report.is_unsaved, timeout=20_000)
    first = console.report.stored
    assert first is not None

    control(console, "action.another_report").click()
    control(console, "another.what").setChecked(False)
    control(console, "another.begin").click()

    content = console.report.content
    assert content["subjects"] == [{"alias": "Red"}]
    assert (content["how"], content["force"], content["read_back"], content["follow_up"]) == ("", "", "not_asked", "")
    assert console.report.call_id is None
    qtbot.waitUntil(lambda: console.report.stored not in (None, first), timeout=20_000)
    with service.store.read() as tx:
        rows = tx.execute(select(report_table)).all()
    kept = [{str(value) for name, value in row._mapping.items() if name in ("id", "revision")} for row in rows]
    assert len(rows) == 2 and not kept[0] & kept[1]


def second_version(form: Form) -> Form:
    fields = (replace(form.field("how"), id="method", label="Method"), form.field("mode"), form.field("category"))
    section = Section("only", "Only this", (*fields, form.field("force"), form.field("entries")))
    return replace(form, version=2, sections=(section,), card=())


def test_an_old_draft_opens_in_the_form_it_was_written_in(console: Console, control: Find, qtbot: Any) -> None:
    console.report.answer("how", "as it was asked then")
    qtbot.waitUntil(lambda: not console.report.is_unsaved, timeout=20_000)
    stored = console.report.stored
    assert stored is not None
    first = console.report.form
    console.drafting.put_away()
    console.report.newest = second_version(first)

    begin(console)
    assert console.report.facts().form == "report.v2"
    assert control(console, "field.method") and not console.window.findChildren(QWidget, "row.door")
    console.drafting.forget()
    console.drafting.open(stored.id)

    qtbot.waitUntil(lambda: console.report.is_open, timeout=20_000)
    assert console.report.facts().form == "report.v1"
    qtbot.waitUntil(lambda: len(console.window.findChildren(QWidget, "field.how")) == 1, timeout=3_000)
    assert control(console, "field.how").toPlainText() == "as it was asked then"


def test_a_written_person_is_taken_away_by_a_second_press(console: Console, control: Find, qtbot: Any) -> None:
    control(console, "field.subjects.add").click()
    qtbot.keyClicks(control(console, "field.subjects.1.alias"), "Red")
    remove = control(console, "field.subjects.1.remove")

    remove.click()
    assert remove.text() == SURE
    assert len(console.report.content["subjects"]) == 2
    remove.click()

    assert len(console.report.content["subjects"]) == 1


def test_what_is_wrong_with_a_person_is_said_at_their_field(console: Console, control: Find, qtbot: Any) -> None:
    qtbot.keyClicks(control(console, "field.subjects.0.collar"), "12 34")

    console.report.check()

    assert "without spaces" in control(console, "problem.field.subjects.0.collar").text()
    assert console.report.is_unsaved or console.report.stored is not None  # it is saved all the same


def test_a_number_is_kept_as_the_world_dials_it_and_shown_as_it_is_dialled_here(
    console: Console, control: Find, qtbot: Any
) -> None:
    begin(console, mode=Mode.CONFIDENTIAL)
    console.report.answer("contact_consent", "yes")
    line = control(console, "field.contact_details")

    qtbot.keyClicks(line, "+44 (0)20 7946 0123")
    line.editingFinished.emit()

    assert console.report.content["contact_details"] == "+442079460123"
    assert line.text() == "020 7946 0123"


def test_the_caller_who_would_be_anonymous_after_all_may_still_think_again(console: Console, control: Find) -> None:
    begin(console, mode=Mode.CONFIDENTIAL)
    console.report.answer("contact_consent", "yes")

    control(console, "field.mode.anonymous").click()
    assert control(console, "details.asked").isVisibleTo(console.window)
    control(console, "details.keep").click()

    assert console.report.is_confidential
    assert control(console, "field.mode.confidential").isChecked()
    assert console.report.content["contact_consent"] == "yes"


def test_danger_and_the_callers_yes_are_said_to_the_service(console: Console) -> None:
    for field, answer in {"harm": "immediate", "urgent": "yes", "may_be_sent": "yes"}.items():
        console.report.answer(field, answer)

    facts = console.report.facts()

    assert (facts.urgent, facts.agreed) == (True, True)
