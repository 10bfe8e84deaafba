"""The questions of one version of the form, section by section, each beside its answer."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from console.models.heard import CHANGED_SINCE, READ_BACK
from console.models.report import ReportModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.aloud import Said
from console.views.entries import EntriesEditor
from console.views.field_row import FieldRow
from console.views.parts import column, frame, text_label
from console.views.wrapping import wrapped
from shared.domain.signposts import SUPPORT_LINES, support_words
from shared.domain.vocabulary import Language
from shared.forms import Beside, FieldKind, Form, Section
from shared.forms.content import empty_answer

ANSWERED_BY_KEY: Final = frozenset({FieldKind.YES_NO_NOT_ASKED, FieldKind.CHOICE})  # read out, then yes or no
NO_FORCE: Final = (("", tr("Choose a force first: then everything that would leave is shown here.")),)
NOTHING_YET: Final = (("", tr("Nothing is written yet that would help. Say what you know.")),)
NO_LINES: Final = (("", tr("The charity has given no lines yet.")),)
NOT_REVIEWED: Final = tr(
    "The Welsh words have not been reviewed by a fluent speaker. Use your own where they are wrong."
)
DELETES: Final = tr(
    "An anonymous caller leaves no details: the name and the ways to reach them are deleted, everywhere."
)


class Paper(QWidget):
    """Emits `answered` with a field's id and its new value; `delete_details` or `keep_details` when asked which."""

    answered = Signal(str, object)
    delete_details = Signal()
    keep_details = Signal()

    def __init__(self, form: Form, tokens: Tokens) -> None:
        super().__init__()
        self.form, self._tokens = form, tokens
        self.only_by_key = False  # show only what a caller who cannot speak can answer
        self.rows = {field.id: FieldRow(field, tokens) for field in form.fields}
        self.sections: dict[str, QFrame] = {}
        inside = column(tokens.vast)
        self._unreviewed = text_label(NOT_REVIEWED, "", "caution", "report.not_reviewed")
        inside.addWidget(self._unreviewed)
        for section in form.sections:
            self.sections[section.id] = self._section(section)
            inside.addWidget(self.sections[section.id])
        self._deleting = self._ask_about_details()
        if "mode" in self.rows:
            self.rows["mode"].below.addWidget(self._deleting)
        self.setLayout(inside)
        for field_id, row in self.rows.items():
            row.editor.edited.connect(partial(self._edited, field_id))

    def _section(self, section: Section) -> QFrame:
        inside = column(self._tokens.wide)
        inside.addWidget(text_label(section.title, "lead", "accent"))
        for field in section.fields:
            inside.addWidget(self.rows[field.id].box)
        return frame("choice_row", inside, f"section.{section.id}")

    def _ask_about_details(self) -> QFrame:
        tokens = self._tokens
        buttons = []
        for words, look, signal in (
            (tr("Delete their details"), "danger", self.delete_details),
            (tr("Keep them"), "", self.keep_details),
        ):
            button = QPushButton(words)
            button.setObjectName(f"details.{'delete' if look else 'keep'}")
            button.setAccessibleName(words)
            button.setProperty("look", look)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, emit=signal.emit: emit())
            buttons.append(button)
        inside = column(tokens.tight, tokens.gap)
        inside.addWidget(text_label(DELETES))
        inside.addWidget(wrapped(buttons, tokens.tight))
        return frame("remarks", inside, "details.asked")

    def _edited(self, field_id: str, value: Any) -> None:
        self.answered.emit(field_id, value)

    # --- drawn again ---

    def show_answers(self, report: ReportModel) -> None:
        """All of it, in the report's language."""
        for field_id, row in self.rows.items():
            row.editor.show_value(report.content.get(field_id, empty_answer(row.field)))
            row.speak(report.language)
        self._unreviewed.setVisible(report.language is Language.CY and Language.CY not in self.form.reviewed)
        self.show_aloud(report)

    def show_asked(self, report: ReportModel) -> None:
        """Only the questions that belong to this report."""
        asked = self._shown_of(report.asked)
        for section in self.form.sections:
            for field in section.fields:
                row = self.rows[field.id]
                row.box.setVisible(field.id in asked)
                if isinstance(row.editor, EntriesEditor):
                    row.editor.set_graded(report.is_confidential)
                if field.contact and field.id not in report.content:
                    row.editor.show_value(empty_answer(field))
            self.sections[section.id].setVisible(any(field.id in asked for field in section.fields))
        self._deleting.setVisible(report.asks_to_delete)
        if "mode" in self.rows:
            self.rows["mode"].editor.show_value(report.content.get("mode", ""))
        self.show_aloud(report)

    def _shown_of(self, asked: frozenset[str]) -> frozenset[str]:
        return frozenset(self.by_key(asked)) if self.only_by_key else asked

    def by_key(self, asked: frozenset[str]) -> list[str]:
        """The questions that can be answered by yes or no, in the form's order."""
        return [field.id for field in self.form.fields if field.id in asked and field.kind in ANSWERED_BY_KEY]

    def show_problems(self, report: ReportModel) -> None:
        """Words at the fields."""
        for field_id, row in self.rows.items():
            changed = field_id == READ_BACK and report.has_changed_since_read_back
            problems = report.problems_at(field_id)
            row.show_problems(problems, CHANGED_SINCE if changed and not problems else "")

    def show_aloud(self, report: ReportModel) -> None:
        """What is said beside some of the answers, as it is now; nothing once the form is empty."""
        for row in self.rows.values():
            row.show_aloud(_said(row.field.shows, report) if report.is_open else ())


def _said(shows: Beside, report: ReportModel) -> tuple[Said, ...]:
    match shows:
        case Beside.CARD:
            return report.card or NOTHING_YET
        case Beside.SUMMARY:
            return report.read_back or NO_FORCE
        case Beside.SUPPORT:
            return tuple(support_words(line) for line in SUPPORT_LINES) or NO_LINES
        case Beside.NOTHING:
            return ()
