"""Others in the call, drawn: who is there and who hears whom, whom one may ask, and what can be taken back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.actions import ACTIONS
from console.models.together import Choice, TogetherModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import WideButton, action_button, column, emptied, rename, show_words, text_label
from console.views.parts import widget as holder
from console.views.wrapping import sharing

# Those of a row share its width; one that cannot be done leaves it to the other.
_ROWS = (("mute", "ask_help"), ("bring_in",), ("join_all", "let_go"), ("hand_over",), ("hand_on",),
         ("training",), ("more_time",), ("take_back",))  # fmt: skip
_WHILE_ON = {"mute": tr("Stop muting"), "ask_help": tr("No help wanted"), "training": tr("Not for training")}


class TogetherView(QWidget):
    """Emits `pressed` with an action's id, and `chosen` with whom to bring in."""

    pressed = Signal(str)
    chosen = Signal(object)

    def __init__(self, together: TogetherModel, tokens: Tokens) -> None:
        super().__init__()
        self._together, self._tokens = together, tokens
        self._shown: tuple[Choice, ...] = ()
        self._choosing = False
        self._boxes: list[tuple[QWidget, tuple[str, ...]]] = []
        inside = column(tokens.tight)
        self._asked = text_label("", "strong", "accent", "together.asked")
        self._who = text_label("", "", "accent", "together.who")
        self._own = text_label("", "strong", "accent", "together.own")
        self._filed = text_label("", "small", "muted", "together.filed")
        self._choices = column(2)
        self._choices_box = holder(self._choices, name="together.choices")
        self._buttons: dict[str, QPushButton] = {}
        self._left = text_label("", "small", "muted", "together.left")
        *rows, last = (self._row(action_ids) for action_ids in _ROWS)
        for part in (self._asked, self._who, self._own, *rows, self._choices_box, self._filed, last):
            inside.addWidget(part)
        self.setLayout(inside)
        together.changed.connect(self._show)
        together.ticked.connect(self._tick)
        self._show()

    def _row(self, action_ids: tuple[str, ...]) -> QWidget:
        shared = len(action_ids) > 1 or action_ids == ("more_time",)
        for action_id in action_ids:
            pressed = partial(self.pressed.emit, action_id)
            button = action_button(action_id, pressed, "segment", key="under" if shared else "beside")
            button.let_break()
            self._buttons[action_id] = button
        parts: list[QWidget] = [self._left] if action_ids == ("more_time",) else []
        parts += [self._buttons[action_id] for action_id in action_ids]
        box = sharing(parts, self._tokens.hair * 2)
        self._boxes.append((box, action_ids))
        return box

    def _show(self) -> None:
        together = self._together
        show_words(self._asked, together.asked_words)
        show_words(self._who, "\n".join(together.party_words))
        show_words(self._own, "\n".join(together.own_words))
        for action_id, button in self._buttons.items():
            button.setVisible(together.may(action_id))
        for box, action_ids in self._boxes:
            box.setVisible(any(together.may(action_id) for action_id in action_ids))
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
        choosing, before = self._together.choosing, self._choosing
        self._choosing = choosing
        inside = self.window().focusWidget() in self._listed()  # be the window in front or not
        if inside and not choosing:
            self._buttons["bring_in"].setFocus()  # else it goes wherever the next button is
        self._choices_box.setVisible(choosing)
        wanted = self._together.choices if choosing else ()
        if wanted != self._shown or not self._choices.count():
            self._list_choices(wanted)
        if choosing and (inside or not before):
            for first in self._listed()[:1]:
                first.show()  # Qt shows what is new a moment later, and gives the focus to nothing hidden
                first.setFocus()

    def _listed(self) -> list[QPushButton]:
        """Those in the list now; Qt still counts as children those that were just taken out of it."""
        items = [self._choices.itemAt(place) for place in range(self._choices.count())]
        return [part for item in items if item and isinstance(part := item.widget(), QPushButton)]

    def _list_choices(self, wanted: tuple[Choice, ...]) -> None:
        self._shown = wanted
        emptied(self._choices)
        for choice in wanted:
            self._choices.addWidget(self._choice(choice))
        if not wanted:
            self._choices.addWidget(text_label(tr("Nobody can come to the telephone now."), "small", "muted"))

    def _choice(self, choice: Choice) -> QPushButton:
        button = WideButton(choice.words)
        button.setObjectName(f"ask.{choice.id}")
        button.setProperty("look", "listed")
        button.setAccessibleName(tr("Bring in {who}").format(who=choice.words))
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.clicked.connect(lambda: self.chosen.emit(choice))
        return button

    def _tick(self) -> None:
        show_words(self._filed, self._together.filed_words)
        show_words(self._left, self._together.left_words)
        may = self._together.may("take_back")
        self._buttons["take_back"].setVisible(may)
        self._boxes[-1][0].setVisible(may)
