"""Words that could point to a person, in the report form: quiet, underlined, gone through by key, and settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QScrollArea

from console.models.report import ReportModel
from console.models.versions import VersionsModel
from console.sealed_report import WrittenReport
from console.style.tokens import LIGHT_TOKENS
from console.views.hints import HintsView
from console.views.report import ReportView
from console.wording import Wording
from console.workers import Workers
from shared.domain.vocabulary import Category, Language, Mode
from shared.forms import load_form
from shared.identity_hints import HintKind
from shared.identity_hints.placed import AcceptReason, accept, placed_hints

FORM = load_form("report.v1")
POINTS = "My sister is his wife. It was at 23:47."
CLEAN = "The officer is believed to sell information for money."


@pytest.fixture
def report() -> ReportModel:
    model = ReportModel(FORM)
    model.begin("a" * 32, None, Language.EN, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    return model


@pytest.fixture
def workers(qapp: QApplication) -> Iterator[Workers]:
    pool = Workers()
    yield pool
    pool.close()


@pytest.fixture
def form(qtbot: Any, report: ReportModel, workers: Workers) -> Iterator[tuple[Wording, ReportView, list[str]]]:
    view = ReportView(report, VersionsModel(), LIGHT_TOKENS)
    outer = QScrollArea()  # whose least size does not change with what is in it, so that no window has to be told
    outer.setWidgetResizable(True)
    outer.setWidget(view)
    qtbot.addWidget(outer)
    outer.resize(900, 800)
    submitted: list[str] = []
    wording = Wording(workers, report, view, lambda: submitted.append("submitted"), LIGHT_TOKENS)
    wording.hinting._timer.setInterval(0)
    outer.show()
    yield wording, view, submitted


def write(report: ReportModel, text: str) -> None:
    entry = dict(report.content["entries"][0])
    report.answer("entries", [entry | {"text": text}])
    report.opened.emit()  # as opening it does: the editors show what is in it


def entry_editor(view: ReportView) -> QPlainTextEdit:
    found = view.findChild(QPlainTextEdit, "field.entries.0.text")
    assert isinstance(found, QPlainTextEdit)
    return found


def underlined(editor: QPlainTextEdit) -> list[str]:
    return [one.cursor.selectedText() for one in editor.extraSelections()]  # type: ignore[attr-defined]


def ask(qtbot: Any, wording: Wording) -> None:
    wording.hinting.ask()
    qtbot.waitUntil(lambda: wording.hints.read)


def test_hints_are_quiet_until_asked_for(form: Any, report: ReportModel) -> None:
    wording, view, _ = form
    write(report, POINTS)

    strip = view.findChild(HintsView)
    assert strip is not None and strip.isHidden()
    assert underlined(entry_editor(view)) == []
    assert wording.hints.open == ()


def test_what_is_found_is_underlined_where_it_stands_after_letters_qt_counts_twice(
    form: Any, report: ReportModel, qtbot: Any
) -> None:
    wording, view, _ = form
    write(report, "😀 " + POINTS)

    ask(qtbot, wording)

    assert underlined(entry_editor(view)) == ["My", "sister", "wife", "23:47"]


def test_the_key_for_the_next_one_puts_the_words_where_typing_replaces_them(
    form: Any, report: ReportModel, qtbot: Any
) -> None:
    wording, view, _ = form
    write(report, POINTS)
    ask(qtbot, wording)

    wording.hints.next()
    wording.hints.next()

    assert entry_editor(view).textCursor().selectedText() == "wife"


def test_words_that_are_changed_are_settled(form: Any, report: ReportModel, qtbot: Any) -> None:
    wording, view, _ = form
    write(report, POINTS)
    ask(qtbot, wording)

    entry_editor(view).setPlainText(CLEAN)

    qtbot.waitUntil(lambda: wording.hints.open == ())
    assert underlined(entry_editor(view)) == []


def test_words_that_are_kept_for_a_reason_are_settled_and_the_reason_goes_along_sealed(
    form: Any, report: ReportModel, qtbot: Any
) -> None:
    wording, view, _ = form
    write(report, "It was at 23:47.")
    ask(qtbot, wording)

    view.findChild(HintsView).accepted.emit(AcceptReason.WIDELY_KNOWN)

    qtbot.waitUntil(lambda: wording.hints.open == ())
    sealed = WrittenReport.from_bytes(report.written().to_bytes())
    (kept,) = sealed.notes.accepted
    assert (kept.kind, kept.words, kept.reason) == (HintKind.EXACT_MINUTE, "23:47", AcceptReason.WIDELY_KNOWN)
    assert report.is_unsaved


def test_accepting_does_not_outlive_the_sentence(report: ReportModel) -> None:
    content = report.content | {"entries": [report.content["entries"][0] | {"text": "The door was open at 23:47."}]}
    (hint,) = placed_hints(FORM, content, Language.EN)
    kept = accept(hint, AcceptReason.NOT_SO)

    content["entries"][0]["text"] = "Another entry came first. The door was open at 23:47."
    (moved,) = placed_hints(FORM, content, Language.EN)
    content["entries"][0]["text"] = "The neighbour left at 23:47."
    (other,) = placed_hints(FORM, content, Language.EN)

    assert kept.covers(moved)
    assert not kept.covers(other)


def test_what_stays_here_and_what_a_question_asks_for_raise_no_hint(report: ReportModel) -> None:
    content = report.content | {"door": "My sister would be asked.", "subject_contact": "020 7946 0018"}

    assert placed_hints(FORM, content, Language.EN) == ()


def test_submitting_shows_them_once_and_then_leaves_them_to_the_reviewer(
    form: Any, report: ReportModel, qtbot: Any
) -> None:
    wording, _, submitted = form
    write(report, POINTS)

    wording.hinting.before(lambda: submitted.append("submitted"))
    qtbot.waitUntil(lambda: wording.hints.held_up)
    held_up = list(submitted)
    wording.hinting.before(lambda: submitted.append("submitted"))

    assert held_up == []
    assert submitted == ["submitted"]


def test_a_report_without_hints_is_submitted_at_once(form: Any, report: ReportModel, qtbot: Any) -> None:
    wording, _, submitted = form
    write(report, CLEAN)

    wording.hinting.before(lambda: submitted.append("submitted"))

    qtbot.waitUntil(lambda: submitted == ["submitted"])
    assert not wording.hints.wanted


def test_nothing_of_a_report_is_known_once_it_is_put_away(form: Any, report: ReportModel, qtbot: Any) -> None:
    wording, view, _ = form
    write(report, POINTS)
    ask(qtbot, wording)

    report.put_away()

    assert (wording.hints.all, wording.hints.open, wording.hinting._known) == ((), (), {})
    assert not any("sister" in words for words in _all_words(view))


def _all_words(view: ReportView) -> list[str]:
    strip = view.findChild(HintsView)
    assert strip is not None
    return [strip._list.item(n).text() for n in range(strip._list.count())]


def test_the_list_is_walked_by_arrow_keys_and_enter_goes_to_the_words(
    form: Any, report: ReportModel, qtbot: Any
) -> None:
    wording, view, _ = form
    write(report, POINTS)
    ask(qtbot, wording)
    listed = view.findChild(HintsView)._list

    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Return)

    assert entry_editor(view).textCursor().selectedText() == "wife"
