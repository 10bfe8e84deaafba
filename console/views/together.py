"""Others in the call, drawn: who is there and who hears whom, whom one may ask, and what can be taken back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from console.actions import ACTIONS
from console.models.together import Choice, TogetherModel
from console.style.tokens import Tokens
from console.views.parts import ElidedButton, action_button, column, emptied, rename, show_words, text_label
from console.views.parts import widget as holder

_TALKING = ("mute", "bring_in", "ask_help", "join_all", "let_go", "hand_over", "hand_on", "training")
_AFTER = ("more_time", "take_back")
_WHILE_ON = {"mute": "Stop muting", "ask_help": "No help wanted", "training": "Not for training"}


class TogetherView(QWidget):
    """Emits `pressed` with an action's id, and `chosen` with whom to bring in."""

    pressed = Signal(str)
    chosen = Signal(object)

    def __init__(self, together: TogetherModel, tokens: Tokens) -> None:
        super().__init__()
        self._together, self._tokens = together, tokens
        self._shown: tuple[Choice, ...] = ()
        inside = column(tokens.tight)
        self._asked = text_label("", "strong", "accent", "together.asked")
        self._who = text_label("", "", "accent", "together.who")
        self._filed = text_label("", "small", "muted", "together.filed")
        self._choices = column(2)
        self._choices_box = holder(self._choices, name="together.choices")
        for part in (self._asked, self._who, self._grid(), self._choices_box, self._filed):
            inside.addWidget(part)
        inside.addWidget(self._buttons["take_back"])
        self.setLayout(inside)
        together.changed.connect(self._show)
        together.ticked.connect(self._tick)
        self._show()

    def _grid(self) -> QWidget:
        grid = QGridLayout()
        grid.setSpacing(self._tokens.hair * 2)
        grid.setContentsMargins(0, 0, 0, 0)
        self._buttons: dict[str, QPushButton] = {}
        for action_id in (*_TALKING, *_AFTER):
            self._buttons[action_id] = action_button(action_id, partial(self.pressed.emit, action_id))
        for place, action_id in enumerate((*_TALKING, "more_time")):
            grid.addWidget(self._buttons[action_id], place // 2, place % 2)
        return holder(grid)

    def _show(self) -> None:
        together = self._together
        show_words(self._asked, together.asked_words)
        show_words(self._who, "\n".join(together.party_words))
        for action_id, button in self._buttons.items():
            button.setVisible(together.may(action_id))
        call = together.call
        on = {
            "mute": call is not None and call.handset_muted,
            "ask_help": call is not None and call.help_asked,
            "training": call is not None and call.training,
        }
        for action_id, words in _WHILE_ON.items():
            rename(self._buttons[action_id], words if on[action_id] else ACTIONS[action_id].words)
        self._show_choices()
        self._tick()

    def _show_choices(self) -> None:
        wanted = self._together.choices if self._together.choosing else ()
        self._choices_box.setVisible(self._together.choosing)
        if wanted == self._shown and self._choices.count():
            return
        self._shown = wanted
        emptied(self._choices)
        for choice in wanted:
            self._choices.addWidget(self._choice(choice))
        if not wanted:
            self._choices.addWidget(text_label("Nobody can come to the telephone now.", "small", "muted"))

    def _choice(self, choice: Choice) -> QPushButton:
        button = ElidedButton(choice.words, self._tokens.room)
        button.setObjectName(f"ask.{choice.id}")
        button.setProperty("look", "listed")
        button.setAccessibleName(f"Bring in {choice.words}")
        button.clicked.connect(lambda: self.chosen.emit(choice))
        return button

    def _tick(self) -> None:
        show_words(self._filed, self._together.filed_words)
        self._buttons["take_back"].setVisible(self._together.may("take_back"))
