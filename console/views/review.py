"""A review, drawn: the report as the unit will see it, and beside it what stays here and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from console.models.review import ReviewModel, editable
from console.style.tokens import Tokens
from console.views.editors import GrowingText, TextEditor, TickBox
from console.views.parts import (
    across,
    action_button,
    chip,
    column,
    emptied,
    frame,
    rule,
    scrolled,
    show_words,
    tab_after,
    text_label,
)
from console.views.parts import widget as holder

REWORDED = "I have put in other words, or taken out, whatever one or two people alone could know"
CONFLICT = "The subject is a chief officer or works in the receiving unit: the alternate unit receives this report."
DETAILS = "The caller's details are sealed apart, for the unit. They are not shown here."
FEW = "One or two people could know this. It has to be reworded before it can go."


class ReviewView(QWidget):
    """Emits `release`, `give_back` and `close`; wording goes to the model as it is typed."""

    release = Signal()
    give_back = Signal()
    close_review = Signal()

    def __init__(
        self, review: ReviewModel, unit_name: Callable[[], str], today: Callable[[], date], tokens: Tokens
    ) -> None:
        super().__init__()
        self._review, self._unit_name, self._today, self._tokens = review, unit_name, today, tokens
        self.setObjectName("place.review")
        self.setAccessibleName("Review")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, tokens.wide)
        outer.setSpacing(tokens.wide)
        self._paper = column(tokens.wide)
        self._wordings: list[QWidget] = []
        outer.addWidget(self._sheet(), 1)
        outer.addWidget(self._side())
        review.opened.connect(self._draw)
        review.changed.connect(self._show)
        self._draw()

    # --- made once ---

    def _sheet(self) -> QFrame:
        tokens = self._tokens
        head = across(tokens.gap)
        head.setContentsMargins(tokens.wide, 0, tokens.room, 0)
        head.addWidget(text_label("As the unit will see it", "title", wrap=False))
        head.addStretch(1)
        self._back = action_button("close_review", self.close_review.emit, "quiet")
        head.addWidget(self._back)
        self._paper.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, tokens.vast)
        inside = column(0)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(_head(head, tokens))
        inside.addWidget(rule())
        paper = scrolled(holder(self._paper, "surface"), "review.scroll", "The report as the unit will see it")
        inside.addWidget(paper, 1)
        return frame("card", inside, "review.card")

    def _side(self) -> QFrame:
        tokens = self._tokens
        inside = column(0)
        inside.setContentsMargins(1, 1, 1, 1)
        self._internal = column(tokens.gap)
        self._internal.setContentsMargins(tokens.wide, tokens.room, tokens.wide, tokens.room)
        stays = across(0)
        stays.setContentsMargins(tokens.wide, 0, tokens.wide, 0)
        stays.addWidget(text_label("What stays here", "title"))
        inside.addWidget(_head(stays, tokens))
        inside.addWidget(rule())
        answers = scrolled(holder(self._internal, "surface"), "review.internal", "What stays here")
        inside.addWidget(answers, 1)
        inside.addWidget(rule())
        inside.addLayout(self._decision())
        side = frame("card", inside, "review.side")
        side.setProperty("span", "side")
        return side

    def _decision(self) -> QVBoxLayout:
        tokens = self._tokens
        inside = column(tokens.tight, tokens.wide)
        self._unit = text_label("", "strong", "", "review.unit")
        self._caution = text_label("", "small", "caution", "review.caution")
        self._reworded = TickBox("Reworded")
        self._reworded.setObjectName("review.reworded")
        self._reworded.setAccessibleName(REWORDED)
        self._reworded.clicked.connect(self._review.set_reworded)
        self._reworded_words = text_label(REWORDED, "small", "muted", "review.reworded_words")
        self._remarks = _remarks_field()
        self._remarks.textChanged.connect(lambda: self._review.set_remarks(self._remarks.toPlainText()))
        self._notice = text_label("", "small", "muted", "review.notice")
        self._release = action_button("release", self.release.emit, "primary")
        self._return = action_button("return", self.give_back.emit)
        inside.addWidget(text_label("Goes to", "small", "muted"))
        inside.addWidget(self._unit)
        for part in (self._caution, self._reworded, self._reworded_words, self._release):
            inside.addWidget(part)
        inside.addSpacing(tokens.tight)
        inside.addWidget(text_label("Remarks for the author", "small", "muted"))
        inside.addWidget(self._remarks)
        inside.addWidget(self._return)
        inside.addWidget(self._notice)
        return inside

    # --- drawn again ---

    def _draw(self) -> None:
        emptied(self._paper)
        emptied(self._internal)
        self._wordings = []
        self._remarks.setPlainText("")
        self._reworded.setChecked(False)
        document = self._review.document(self._today())
        if self._review.report is None:
            return
        if document is None:
            self._paper.addWidget(text_label("The report names no force. Return it to its author.", "", "danger"))
        else:
            self._draw_document(document)
        self._paper.addStretch(1)
        tab_after(self._back, self._wordings)
        for label, words in self._review.internal:
            self._internal.addWidget(_pair(label, words))
        self._internal.addStretch(1)

    def _draw_document(self, document: Mapping[str, Any]) -> None:
        self._paper.addWidget(chip(document["marking"], "review.marking"))
        facts = column(self._tokens.tight)
        for label, words in (
            ("Force", document["force"]["name"]),
            ("About", document["category"]["label"]),
            ("Reported by", str(document["reported_by"]).capitalize()),
            ("Dated", document["dated"]),
        ):
            facts.addWidget(_pair_across(label, words, self._tokens))
        self._paper.addWidget(holder(facts))
        self._draw_entries(document)
        for section in document["sections"]:
            self._paper.addWidget(self._section(section))
        for note in document["notes"]:
            self._paper.addWidget(text_label(note, "small", "muted"))

    def _draw_entries(self, document: Mapping[str, Any]) -> None:
        written = [
            place
            for place, entry in enumerate(self._review.content.get("entries", []))
            if str(entry.get("text") or "").strip()
        ]
        inside = column(self._tokens.gap)
        for place, entry in zip(written, document["entries"], strict=True):
            head = across(self._tokens.tight)
            head.addWidget(text_label(f"Entry {entry['number']}", "lead", "accent", wrap=False))
            head.addStretch(1)
            grade = entry["proposed_grade"]
            words = f"{grade['source']} {grade['assessment']} {grade['handling']}"
            head.addWidget(chip(words))
            inside.addLayout(head)
            inside.addWidget(self._wording("entries", place, entry["text"], f"Entry {entry['number']}"))
            if entry.get("condition"):
                inside.addWidget(text_label(f"Condition: {entry['condition']}", "small", "muted"))
            inside.addSpacing(self._tokens.tight)
        self._paper.addWidget(holder(inside))

    def _section(self, section: Mapping[str, Any]) -> QWidget:
        inside = column(self._tokens.gap)
        inside.addWidget(text_label(section["title"], "lead", "accent"))
        form = self._review.report.form if self._review.report is not None else None
        for row in section["fields"]:
            if form is not None and editable(form, row["id"], self._review.content):
                editor = self._wording(row["id"], None, row["text"], row["label"])
                inside.addWidget(_beside(row["label"], editor, self._tokens))
            else:
                inside.addWidget(_pair_across(row["label"], row["text"], self._tokens))
        return holder(inside)

    def _wording(self, field_id: str, entry: int | None, text: str, label: str) -> TextEditor:
        name = f"wording.{field_id}" if entry is None else f"wording.{field_id}.{entry}"
        editor = TextEditor(name, f"{label}, as the unit will see it", lines=1, most_lines=40)
        editor.show_value(text)
        self._wordings.append(editor.focus_on())
        editor.edited.connect(partial(self._review.reword, field_id, entry))
        return editor

    def _show(self) -> None:
        review = self._review
        unit = self._unit_name() if review.report is not None else ""
        self._unit.setText(unit or "No unit may receive it yet")
        words = [CONFLICT] if review.has_conflict else []
        words += [DETAILS] if review.report is not None and review.report.contact is not None else []
        words += [FEW] if review.asks_reworded else []
        show_words(self._caution, "\n".join(words))
        self._reworded.setVisible(review.asks_reworded)
        self._reworded_words.setVisible(review.asks_reworded)
        self._reworded.setChecked(review.reworded)
        self._release.setEnabled(review.may_release and bool(unit))
        self._return.setEnabled(review.may_return)
        show_words(self._notice, review.notice)

    def take_focus(self) -> None:
        """Where reading begins."""
        if self._wordings:
            self._wordings[0].setFocus()


def _remarks_field() -> QPlainTextEdit:
    remarks = GrowingText(2, 5)
    remarks.setObjectName("review.remarks")
    remarks.setAccessibleName("Remarks for the author")
    remarks.setPlaceholderText("What to change, in words that help")
    return remarks


def _pair(label: str, words: str) -> QWidget:
    inside = column(0)
    inside.addWidget(text_label(label, "small", "muted"))
    inside.addWidget(text_label(words))
    return holder(inside)


def _pair_across(label: str, words: str, tokens: Tokens) -> QWidget:
    return _beside(label, text_label(words), tokens)


def _beside(label: str, shown: QWidget, tokens: Tokens) -> QWidget:
    inside = across(tokens.room)
    name = text_label(label, "", "muted")
    if isinstance(shown, TextEditor):
        name.setContentsMargins(0, tokens.gap, 0, 0)
    inside.addWidget(name, 2, Qt.AlignmentFlag.AlignTop)
    inside.addWidget(shown, 5)
    return holder(inside)


def _head(inside: QHBoxLayout, tokens: Tokens) -> QWidget:
    head = holder(inside)
    head.setProperty("span", "head")
    return head
