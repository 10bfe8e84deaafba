"""The middle column, drawn: the call, its clock, what was chosen, what may be done now, and how it ended."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.actions import ACTIONS, OUTCOME_WORDS, outcome_action
from console.models.call import CallModel
from console.models.line import LineModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parking import Parking
from console.views.parts import (
    across,
    action_button,
    column,
    emptied,
    frame,
    key_hint,
    rename,
    restyle,
    scrolled,
    show_words,
    text_label,
)
from console.views.parts import widget as holder
from console.views.signposting import SignpostingView
from console.views.wrapping import sharing
from shared.domain.vocabulary import Disposition

SURE = tr("Press again to end")


class CallView(QWidget):
    """Emits what was pressed: `hold`, `resume`, `end`, `chosen` (an outcome), `sent_to` (whom), `finish`,
    `finish_break`.
    """

    hold = Signal()
    resume = Signal()
    end = Signal()
    chosen = Signal(object)
    sent_to = Signal(str)
    finish = Signal()
    finish_break = Signal()

    def __init__(self, call: CallModel, line: LineModel, outline: QWidget, tokens: Tokens) -> None:
        super().__init__()
        self._call, self._line, self._tokens = call, line, tokens
        self.setObjectName("place.call")
        self.setAccessibleName(tr("The call"))
        layout = column(tokens.wide)
        layout.setContentsMargins(tokens.wide, tokens.wide, 0, tokens.wide)
        inside = column(tokens.gap, tokens.wide)
        self._head(inside)
        self._buttons(inside)
        self._others = column(0)
        inside.addLayout(self._others)
        inside.addWidget(self._wrap_up())
        self._card = frame("card", inside, "call.card")
        self._card.setAccessibleName(tr("The call"))
        self._card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        outline.setProperty("span", "outline")
        layout.addWidget(self._card)
        layout.addWidget(outline, 1)
        layout.addStretch(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(holder(layout, "ground"), "call.scroll", tr("The call")))
        self._parking = Parking(self, self._card, self._focus_first)
        call.changed.connect(self._show)
        line.changed.connect(self._show_hint)
        call.ticked.connect(self._tick)
        self._show()

    def _head(self, inside: QVBoxLayout) -> None:
        self._state = text_label("", "title", "", "call.state")
        self._clock = text_label("", "clock", "", "call.clock", wrap=False)
        self._clock_label = text_label("", "small", "muted", "call.clock_label")
        self._clock_label.setAlignment(Qt.AlignmentFlag.AlignBottom)
        clock = across(self._tokens.tight)
        clock.addWidget(self._clock)
        clock.addWidget(self._clock_label, 1)
        self._clock_row = holder(clock)
        self._clock_label.setContentsMargins(0, 0, 0, self._tokens.tight)
        self._hint = text_label("", "", "muted", "call.hint")
        self._choices = column(self._tokens.gap)
        self._choices_box = holder(self._choices, name="call.choices")
        for part in (self._state, self._clock_row, self._hint, self._choices_box):
            inside.addWidget(part)
        self._choices.setContentsMargins(0, self._tokens.hair, 0, self._tokens.tight)

    def _buttons(self, inside: QVBoxLayout) -> None:
        self._controls: dict[str, tuple[QWidget, QPushButton]] = {}
        for action_id, signal, look in (
            ("hold", self.hold, ""),
            ("resume", self.resume, "primary"),
            ("end", self.end, "danger"),
        ):
            row = across(self._tokens.tight)
            button = action_button(action_id, signal.emit, look)
            button.let_break()
            row.addWidget(button, 1)
            row.addWidget(key_hint(action_id))
            box = holder(row)
            inside.addWidget(box)
            self._controls[action_id] = (box, button)

    def put_under(self, others: QWidget) -> None:
        """Show who else is in the call under what may be done with it."""
        self._others.addWidget(others)

    def _wrap_up(self) -> QFrame:
        inside = column(self._tokens.gap)
        inside.addWidget(text_label(tr("How did it end?"), "strong"))
        gap = self._tokens.hair
        pairs = column(gap)
        self._outcomes: dict[Disposition, QPushButton] = {}
        for outcome in OUTCOME_WORDS:
            choose = partial(self._choose, outcome)
            button = action_button(outcome_action(outcome), choose, "segment", key="under")
            button.setCheckable(True)
            self._outcomes[outcome] = button
        buttons = list(self._outcomes.values())
        for first in range(0, len(buttons), 2):
            pairs.addWidget(sharing(buttons[first : first + 2], gap))
        inside.addLayout(pairs)
        where_to = SignpostingView(self._call, self._tokens)
        where_to.chosen.connect(self.sent_to)
        inside.addWidget(where_to)
        row = across(self._tokens.tight)
        self._finish = action_button("finish", self.finish.emit, "primary")
        self._finish.let_break()
        row.addWidget(self._finish, 1)
        row.addWidget(key_hint("finish"))
        inside.addSpacing(self._tokens.hair)
        inside.addLayout(row)
        self._finish_break = action_button("finish_break", self.finish_break.emit, key="beside")
        self._finish_break.let_break()
        inside.addWidget(self._finish_break)
        self._wrap_up_box = frame("choice_row", inside, "call.wrap_up")
        self._wrap_up_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._wrap_up_box.setAccessibleName(tr("How the call ended"))
        return self._wrap_up_box

    def _choose(self, outcome: Disposition) -> None:
        self.chosen.emit(outcome)
        self._show_outcomes()

    def _show(self) -> None:
        with self._parking.kept():
            self._show_call()

    def _show_call(self) -> None:
        call = self._call
        self._state.setText(call.state_words)
        self._show_hint()
        self._clock_row.setVisible(call.call is not None)
        self._show_choices()
        for action_id, (box, button) in self._controls.items():
            box.setVisible(call.is_about(action_id))
            button.setEnabled(call.may(action_id))
        end = self._controls["end"][1]
        rename(end, SURE if call.is_armed else ACTIONS["end"].words)
        restyle(end, "look", "armed" if call.is_armed else "danger")
        self._show_outcomes()
        self._tick()

    def _show_hint(self) -> None:
        call = self._call
        show_words(self._hint, call.hint if call.call is not None else self._line.idle_words)
        restyle(self._hint, "tone", "danger" if call.notice else "muted")

    def _show_choices(self) -> None:
        emptied(self._choices)
        for label, words in self._call.choices:
            pair = column(0)
            pair.addWidget(text_label(label, "small", "muted"))
            pair.addWidget(text_label(words, "strong"))
            self._choices.addWidget(holder(pair))
        # In wrap-up they make room for the outcomes; the report has them too.
        self._choices_box.setVisible(bool(self._call.choices) and not self._call.is_about("outcome"))

    def _focus_first(self) -> bool:
        """Give the focus to the first thing that can be done with the call, if there is one."""
        controls = [*(button for _, button in self._controls.values()), *self._outcomes.values(), self._finish]
        first = next((button for button in controls if button.isVisible() and button.isEnabled()), None)
        if first is not None:
            first.setFocus()
        return first is not None

    def _show_outcomes(self) -> None:
        self._wrap_up_box.setVisible(self._call.is_about("outcome"))
        for outcome, button in self._outcomes.items():
            button.setChecked(self._call.outcome is outcome)
            button.setEnabled(self._call.may("outcome"))
        self._finish.setEnabled(self._call.may("finish"))
        self._finish_break.setEnabled(self._call.may("outcome"))

    def _tick(self) -> None:
        self._clock.setText(self._call.clock)
        self._clock_label.setText(self._call.clock_label)

    @property
    def is_in_use(self) -> bool:
        """Whether there is a call at all."""
        return self._call.call is not None

    def take_focus(self) -> None:
        """The first thing that can be done now."""
        for button in self.findChildren(QPushButton):
            if button.isVisible() and button.isEnabled():
                button.setFocus()
                return
