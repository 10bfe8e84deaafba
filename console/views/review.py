"""A review, drawn: the report as the unit will see it, and beside it what stays here and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from console.models.recipient import Recipient
from console.models.review import ReviewModel, editable
from console.style.tokens import Tokens
from console.translation import tr
from console.views.columns import TwoColumns
from console.views.decision import DecisionView
from console.views.parts import (
    across,
    action_button,
    chip,
    column,
    emptied,
    frame,
    rule,
    scrolled,
    tab_after,
    text_label,
)
from console.views.parts import widget as holder
from console.views.writing import TextEditor
from shared.identity_hints.placed import Path, PlacedHint

FIRST_TIME = tr("It is here for the first time.")
UNCHANGED = tr("Nothing was changed since it was returned.")
REMARK = tr("Remark for the author here")


class ReviewView(QWidget):
    """Emits `close_review`; what is decided is told by `decision`. Wording goes to the model as it is typed."""

    close_review = Signal()

    def __init__(
        self, review: ReviewModel, recipient: Callable[[], Recipient], today: Callable[[], date], tokens: Tokens
    ) -> None:
        super().__init__()
        self._review, self._today, self._tokens = review, today, tokens
        self.setObjectName("place.review")
        self.setAccessibleName(tr("Review"))
        self._paper = column(tokens.wide)
        self._strip = column(0)
        self._wordings: list[QWidget] = []
        self._remarks: dict[str, TextEditor] = {}
        self._kept_box: QWidget | None = None
        self._shown_kept: tuple[tuple[str, str], ...] = ()
        self.decision = DecisionView(review, recipient, tokens)
        self._columns = TwoColumns(self._sheet(), self._side(), (self._paper_area, self._side_area), tokens)
        outer = column(0)
        outer.addWidget(self._columns)
        self.setLayout(outer)
        review.opened.connect(self._draw)
        review.changed.connect(self._draw_kept)
        self._draw()

    def add_strip(self, strip: QWidget) -> None:
        """Put something under the report."""
        self._strip.addWidget(strip)

    # --- made once ---

    def _sheet(self) -> QFrame:
        tokens = self._tokens
        head = across(tokens.gap)
        head.setContentsMargins(tokens.wide, 0, tokens.room, 0)
        head.addWidget(text_label(tr("As the unit will see it"), "title"), 1)
        self._remark = action_button("remark", self._remark_here, "quiet")
        self._back = action_button("close_review", self.close_review.emit, "quiet")
        head.addWidget(self._remark)
        head.addWidget(self._back)
        self._paper.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, tokens.vast)
        inside = column(0)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(_head(head, tokens))
        inside.addWidget(rule())
        words = tr("The report as the unit will see it")
        self._paper_area = scrolled(holder(self._paper, "surface"), "review.scroll", words)
        inside.addWidget(self._paper_area, 1)
        inside.addLayout(self._strip)
        return frame("card", inside, "review.card")

    def _side(self) -> QFrame:
        tokens = self._tokens
        self._internal = column(tokens.gap)
        self._internal.setContentsMargins(tokens.wide, tokens.room, tokens.wide, tokens.room)
        whole = column(0)
        whole.addWidget(self.decision)
        whole.addWidget(rule())
        whole.addLayout(self._internal)
        whole.addStretch(1)
        inside = column(0)
        inside.setContentsMargins(1, 1, 1, 1)
        words = tr("The decision, and what stays here")
        self._side_area = scrolled(holder(whole, "surface"), "review.internal", words)
        inside.addWidget(self._side_area)
        side = frame("card", inside, "review.side")
        side.setProperty("span", "side")
        return side

    # --- drawn again ---

    def _draw(self) -> None:
        emptied(self._paper)
        emptied(self._internal)
        self._wordings, self._remarks, self._kept_box = [], {}, None
        document = self._review.document(self._today())
        if self._review.report is None:
            return
        if document is None:
            self._paper.addWidget(text_label(tr("The report names no force. Return it to its author."), "", "danger"))
        else:
            self._draw_document(document)
        self._paper.addStretch(1)
        tab_after(self._back, self._wordings)
        self._draw_side()

    def _draw_side(self) -> None:
        changed = self._review.changes
        self._internal.addWidget(text_label(tr("Since last time"), "lead", "accent"))
        if changed is None:
            self._internal.addWidget(text_label(FIRST_TIME, "small", "muted", "review.changes"))
        elif not changed:
            self._internal.addWidget(text_label(UNCHANGED, "small", "muted", "review.changes"))
        for one in changed or ():
            self._internal.addWidget(_pair(one.label, one.words[:1].upper() + one.words[1:]))
        asked = "" if self._review.report is None else self._review.report.written.notes.asked
        if asked:
            self._internal.addWidget(_pair(tr("You or a colleague asked for"), asked))
        self._kept_box = holder(column(self._tokens.gap))
        self._internal.addWidget(self._kept_box)
        self._internal.addWidget(text_label(tr("What stays here"), "lead", "accent"))
        for label, words in self._review.internal:
            self._internal.addWidget(_pair(label, words))
        self._shown_kept = ()
        self._draw_kept()

    def _draw_kept(self) -> None:
        kept = self._review.kept
        layout = None if self._kept_box is None else self._kept_box.layout()
        if layout is None or kept == self._shown_kept:
            return
        self._shown_kept = kept
        emptied(layout)
        layout.addWidget(text_label(tr("Kept although they look like hints"), "lead", "accent"))
        for words, reason in kept:
            layout.addWidget(_pair(words, reason))

    def _draw_document(self, document: Mapping[str, Any]) -> None:
        self._paper.addWidget(chip(document["marking"], "review.marking"))
        facts = column(self._tokens.tight)
        for label, words in (
            (tr("Force"), document["force"]["name"]),
            (tr("About"), document["category"]["label"]),
            (tr("Reported by"), str(document["reported_by"]).capitalize()),
            (tr("Dated"), document.get("dated") or tr("the day the unit has it")),
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
            head.addWidget(
                text_label(tr("Entry {number}").format(number=entry["number"]), "lead", "accent", wrap=False)
            )
            head.addStretch(1)
            grade = entry["proposed_grade"]
            words = f"{grade['source']} {grade['assessment']} {grade['handling']}"
            head.addWidget(chip(words))
            inside.addLayout(head)
            inside.addWidget(
                self._wording(
                    ("entries", place, "text"), entry["text"], tr("Entry {number}").format(number=entry["number"])
                )
            )
            if entry.get("condition"):
                inside.addWidget(
                    text_label(tr("Condition: {condition}").format(condition=entry["condition"]), "small", "muted")
                )
            inside.addSpacing(self._tokens.tight)
        self._paper.addWidget(holder(inside))

    def _section(self, section: Mapping[str, Any]) -> QWidget:
        inside = column(self._tokens.gap)
        inside.addWidget(text_label(section["title"], "lead", "accent"))
        report, group = self._review.report, ""
        for row in section["fields"]:
            path = path_of(row["id"])
            if row.get("group", "") != group:
                group = row.get("group", "")
                inside.addWidget(text_label(group, "strong"))
            if report is not None and editable(report.form, path):
                editor = self._wording(path, row["text"], row["label"])
                inside.addWidget(_beside(row["label"], editor, self._tokens))
            else:
                inside.addWidget(_pair_across(row["label"], row["text"], self._tokens))
        return holder(inside)

    def _wording(self, path: Path, text: str, label: str) -> QWidget:
        name = wording_of(path)
        editor = TextEditor(name, tr("{label}, as the unit will see it").format(label=label), lines=1, most_lines=40)
        editor.show_value(text)
        self._wordings.append(editor.focus_on())
        editor.edited.connect(partial(self._review.reword, path))
        remark = TextEditor(
            f"remark.{name}", tr("Remark for the author at {label}").format(label=label), lines=1, most_lines=5
        )
        remark.edited.connect(partial(self._review.remark_at, path))
        control = remark.focus_on()
        if isinstance(control, QPlainTextEdit):
            control.setPlaceholderText(REMARK)
        remark.hide()
        self._remarks[name] = remark
        self._wordings.append(control)
        inside = column(self._tokens.hair)
        inside.addWidget(editor)
        inside.addWidget(remark)
        return holder(inside)

    def _remark_here(self) -> None:
        """Make room for a remark under the answer that has the focus, or the first one."""
        focused = self.focusWidget()
        name = "" if focused is None else focused.objectName()
        remark = self._remarks.get(name) or next(iter(self._remarks.values()), None)
        if remark is not None:
            remark.show()
            remark.focus_on().setFocus()

    def take_focus(self) -> None:
        """Where reading begins."""
        if self._wordings:
            self._wordings[0].setFocus()


def path_of(row_id: str) -> Path:
    """The place of a row of the document among the answers."""
    return tuple(int(step) if step.isdigit() else step for step in row_id.split("."))


def wording_of(path: Path) -> str:
    """The object name of a reviewer's text field."""
    steps = path[:-1] if path[0] == "entries" else path
    return ".".join(("wording", *map(str, steps)))


def wording_name(placed: PlacedHint) -> str:
    """The object name of the text field a hint stands in."""
    return wording_of(placed.path)


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
    if not isinstance(shown, QLabel):
        name.setContentsMargins(0, tokens.gap, 0, 0)
    inside.addWidget(name, 2, Qt.AlignmentFlag.AlignTop)
    inside.addWidget(shown, 5)
    return holder(inside)


def _head(inside: QHBoxLayout, tokens: Tokens) -> QWidget:
    head = holder(inside)
    head.setProperty("span", "head")
    head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return head
