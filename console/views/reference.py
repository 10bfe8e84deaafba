"""A slim row over the report: a reference for the caller to ring again with, offered, read out or entered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.models.reference import ReferenceModel, Step
from console.referring import Referring
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import action_button, column, frame, show_words, text_label
from console.views.wrapping import wrapped

LONGEST = 80

_SHOWN_IN = {
    "give_reference": {Step.OFFER},
    "enter_reference": {Step.OFFER},
    "confirm_reference": {Step.READING},
    "refuse_reference": {Step.OFFER, Step.READING, Step.ENTERING},
}


class ReferenceView(QWidget):
    """Emits what was pressed: `give`, `enter`, `confirm`, `refuse`, and `look_for` with what was written."""

    give = Signal()
    enter = Signal()
    confirm = Signal()
    refuse = Signal()
    look_for = Signal(str)

    def __init__(self, reference: ReferenceModel, tokens: Tokens) -> None:
        super().__init__()
        self._reference = reference
        self._step = Step.CLOSED
        self._hint = text_label("", "small", "muted", "reference.hint")
        self._words = text_label("", "title", "", "reference.words")
        self._asked = text_label("", "strong", "", "reference.questions")
        self._entry = QLineEdit()
        self._entry.setObjectName("reference.entry")
        self._entry.setAccessibleName(tr("The caller's five words"))
        self._entry.setMaxLength(LONGEST)
        self._entry.setDragEnabled(False)
        self._entry.returnPressed.connect(lambda: self.look_for.emit(self._entry.text()))
        inside = column(tokens.tight)
        inside.setContentsMargins(tokens.wide, tokens.tight, tokens.wide, tokens.tight)
        inside.addWidget(self._hint)
        self._buttons = {}
        for action_id, signal in (
            ("give_reference", self.give),
            ("enter_reference", self.enter),
            ("confirm_reference", self.confirm),
            ("refuse_reference", self.refuse),
        ):
            button = action_button(action_id, signal.emit, "primary" if action_id == "confirm_reference" else "quiet")
            self._buttons[action_id] = button
        inside.addWidget(wrapped(tuple(self._buttons.values()), tokens.gap))
        inside.addWidget(self._words)
        inside.addWidget(self._asked)
        inside.addWidget(self._entry)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame("choice_row", inside, "reference"))
        reference.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        reference = self._reference
        before, self._step = self._step, reference.step
        self._hint.setText(reference.hint)
        show_words(self._words, reference.spoken)
        show_words(self._asked, reference.asked)
        for action_id, button in self._buttons.items():
            button.setVisible(reference.step in _SHOWN_IN[action_id])
        writing = reference.step in (Step.ENTERING, Step.CHECKING)
        if not writing:
            self._entry.setText("")
        self._entry.setVisible(writing)
        self._entry.setEnabled(reference.step is Step.ENTERING)
        if reference.step is Step.ENTERING and before is not Step.CLOSED:
            self._entry.setFocus()
        self.setVisible(bool(reference.hint))


def reference_view(model: ReferenceModel, referring: Referring, tokens: Tokens) -> ReferenceView:
    """The row, connected."""
    view = ReferenceView(model, tokens)
    view.give.connect(referring.give)
    view.enter.connect(referring.enter)
    view.confirm.connect(referring.confirm)
    view.refuse.connect(referring.refuse)
    view.look_for.connect(referring.look_for)
    return view
