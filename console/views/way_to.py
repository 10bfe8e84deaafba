"""The button or key of an action, where it can be used now, and using it; for lists of actions to choose from."""

from __future__ import annotations

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.actions import Action


def way_to(action: Action, window: QWidget, apart_from: QWidget) -> QAbstractButton | QShortcut | None:
    """The action's button or key in the window, if it can be used now; never one in the list that asks."""
    for button in window.findChildren(QAbstractButton, f"action.{action.id}"):
        if button.isVisible() and button.isEnabled() and not apart_from.isAncestorOf(button):
            return button
    for way in window.findChildren(QShortcut, f"way.{action.id}"):
        if way.isEnabled():
            return way
    return None


def use(way: QAbstractButton | QShortcut | None) -> None:
    """Do the action; nothing where there is no way to it any more."""
    if isinstance(way, QAbstractButton):
        way.click()
    elif way is not None:
        way.activated.emit()
