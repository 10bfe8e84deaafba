"""A line under the report: begin a second one for another force, with what is chosen of this one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, column, frame, text_label
from console.views.parts import widget as holder
from console.views.pressing import PressBox
from shared.forms import Form

COLUMNS = 2
WORDS = tr(
    "A second report, for another force. It begins with what is ticked here; the force, the reading back and the "
    "caller's yes are asked anew. Nothing joins the two."
)


class AnotherView(QWidget):
    """Emits `begin` with the ids of the sections to copy."""

    begin = Signal(object)

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._ticks: dict[str, PressBox] = {}
        self._contact: frozenset[str] = frozenset()
        self.setObjectName("another")
        self.setAccessibleName(tr("A second report"))
        self._grid = QGridLayout()
        self._begin = self._button(tr("Begin the second report"), "another.begin", "primary")
        self._begin.clicked.connect(lambda: self.begin.emit(self.chosen))
        self._leave = self._button(tr("Leave it"), "another.leave", "quiet")
        self._leave.clicked.connect(self.hide)
        foot = across(tokens.tight)
        foot.addWidget(self._begin)
        foot.addWidget(self._leave)
        foot.addStretch(1)
        inside = column(tokens.tight, tokens.gap)
        inside.addWidget(text_label(WORDS))
        inside.addWidget(holder(self._grid))
        inside.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.wide, 0, tokens.wide, tokens.tight)
        outer.addWidget(frame("sunken", inside))
        self.hide()

    @staticmethod
    def _button(words: str, name: str, look: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setProperty("look", look)
        button.setAutoDefault(False)
        return button

    def draw(self, form: Form) -> None:
        """The sections of this version of the form."""
        while (item := self._grid.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        self._contact = frozenset(s.id for s in form.sections if any(field.contact for field in s.fields))
        self._ticks = {section.id: PressBox(section.title) for section in form.sections}
        for place, (section_id, tick) in enumerate(self._ticks.items()):
            tick.setObjectName(f"another.{section_id}")
            tick.setAccessibleName(tr("Copy: {section}").format(section=tick.text()))
            self._grid.addWidget(tick, place // COLUMNS, place % COLUMNS)

    def ask(self) -> None:
        """Show it, everything ticked but who the caller is; asked again, put it away."""
        for section_id, tick in self._ticks.items():
            tick.setChecked(section_id not in self._contact)
        self.setVisible(self.isHidden())
        self._begin.setFocus()

    @property
    def chosen(self) -> frozenset[str]:
        return frozenset(section_id for section_id, tick in self._ticks.items() if tick.isChecked())
