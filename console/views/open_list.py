"""Keys of actions while a list stands open over the window: the list is put away, and the key does what it says.

Qt gives every key to what is open. A call that F9 is to end would go on, and nothing would say why.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QWidget

from console.actions import ACTIONS, Action
from console.views.way_to import use, way_to


class KeysGoOn(QObject):
    """Listens in the list of this box."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._box = box
        box.view().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            action = _action_of(event)
            if action is not None:
                self._box.hidePopup()
                use(way_to(action, _desk_of(self._box), self._box))
                return True
        return super().eventFilter(watched, event)


def _action_of(event: QKeyEvent) -> Action | None:
    pressed = QKeySequence(event.keyCombination())
    return next((action for action in ACTIONS.values() if QKeySequence(action.key) == pressed), None)


def _desk_of(widget: QWidget) -> QWidget:
    """The window that holds every action; another window's parent is that one."""
    window = widget.window()
    while (above := window.parentWidget()) is not None:
        window = above.window()
    return window
