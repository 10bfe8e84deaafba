"""The report's sections, drawn under the call: where one is needed next, and a way to each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.models.report import ReportModel
from console.style.tokens import Tokens
from console.translation import ntr, tr
from console.views.parts import WideButton, across, column, emptied, frame, rule, scrolled, text_label
from console.views.parts import widget as holder
from shared.forms import Section

DONE = tr("done")


class OutlineView(QWidget):
    """Emits `chosen` with a section's id."""

    chosen = Signal(str)

    def __init__(self, report: ReportModel, tokens: Tokens) -> None:
        super().__init__()
        self._report, self._tokens = report, tokens
        self.setObjectName("place.outline")
        self._rows: dict[str, tuple[QWidget, QLabel]] = {}
        rows = column(0)
        rows.setContentsMargins(tokens.gap, tokens.tight, tokens.gap, tokens.tight)
        self._place = column(0)
        rows.addLayout(self._place)
        rows.addStretch(1)
        self._lay_out()
        head = across(0)
        head.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        head.addWidget(text_label(tr("Questions"), "strong"))
        inside = column(0)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addLayout(head)
        inside.addWidget(rule())
        area = scrolled(holder(rows, "surface"), "outline.scroll", tr("The report's sections"))
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        inside.addWidget(area, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame("card", inside, "outline.card"))
        for signal in (report.opened, report.edited, report.asked_changed):
            signal.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        """The sections of the form that the report is written in."""
        emptied(self._place)
        self._rows, self._form = {}, self._report.form
        for section in self._form.sections:
            self._place.addWidget(self._row(section))

    def _row(self, section: Section) -> QWidget:
        inside = across(self._tokens.hair)
        button = WideButton(section.title)
        button.setObjectName(f"outline.{section.id}")
        button.setAccessibleName(tr("Go to the questions: {section}").format(section=section.title))
        button.setProperty("look", "contents")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.chosen.emit(section.id))
        needed = text_label("", "small", "muted", f"outline.{section.id}.needed", wrap=False)
        needed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(button, 1)
        inside.addWidget(needed)
        inside.addSpacing(self._tokens.tight)
        box = holder(inside)
        self._rows[section.id] = (box, needed)
        return box

    def _show(self) -> None:
        if self._form is not self._report.form:
            self._lay_out()
        self.setVisible(self._report.is_open)
        outline = {row.id: row for row in self._report.outline}
        for section_id, (box, needed) in self._rows.items():
            row = outline.get(section_id)
            box.setVisible(row is not None)
            if row is not None:
                needed.setText(
                    ntr("{count} to do", "{count} to do", row.needed).format(count=row.needed)
                    if row.needed
                    else DONE
                    if row.is_done
                    else ""
                )
