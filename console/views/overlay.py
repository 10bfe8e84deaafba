"""A sheet over the whole window, in place of a dialog: Escape takes it away and the focus goes back where it was.

While it covers the window the keyboard is in it: what stands under it cannot be seen, so nothing there can be pressed.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QScrollArea, QWidget
from shiboken6 import isValid

_SCROLLS: Final = {
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class Overlay(QWidget):
    """Covers its parent while it is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.under = parent
        self._before: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "sheet")
        parent.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._keep_focus)  # type: ignore[union-attr]
        self.hide()

    def toggle(self) -> None:
        """Show over everything, or go away where it is that already."""
        if self.isVisible():
            if self.is_uppermost:
                self.put_away()
            else:
                self.bring_forward()
            return
        self._before = QApplication.focusWidget()
        self.setGeometry(self.under.rect())
        self.prepare()
        self.show()
        self.bring_forward()

    def bring_forward(self) -> None:
        """Over every other, with the keyboard."""
        self.raise_()
        self.take_focus()

    def prepare(self) -> None:
        """What is to be done before it is shown."""

    def take_focus(self) -> None:
        """Where typing goes while it is shown."""
        self.setFocus()

    def put_away(self) -> None:
        """Go away, and give the focus back."""
        self.hide()
        before, self._before = self._before, None
        if before is not None and _usable(before):
            before.setFocus()

    @property
    def is_uppermost(self) -> bool:
        """Whether no other covers it."""
        shown = [one for one in self.under.children() if isinstance(one, Overlay) and one.isVisible()]
        return bool(shown) and shown[-1] is self

    # --- the keyboard ---

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab goes round inside. Where a control goes away under the keyboard, the sheet itself has it: the control
        that comes next could be one that nobody meant to press.
        """
        now = QApplication.focusWidget()
        if not self.isVisible():
            return super().focusNextPrevChild(onward)
        if now is None or not _usable(now):
            self.setFocus()
            return True
        reason = Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason
        following: QWidget | None = now
        while following is not None:
            following = following.nextInFocusChain() if onward else following.previousInFocusChain()
            if following is None or following is now:
                break
            if self.isAncestorOf(following) and _stops_tab(following):
                following.setFocus(reason)
                break
        return True

    def _keep_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """Take it back from under the sheet, or from nowhere; not from another sheet, list or window."""
        if not isValid(self.under) or not self.isVisible() or not self.is_uppermost:  # or the window is going
            return
        if now is None:
            held = self.window().focusWidget()  # it has the keyboard as soon as the window has
            inside = held is not None and (held is self or self.isAncestorOf(held))
            lost = not inside and self.isActiveWindow() and QApplication.activePopupWidget() is None
        else:
            lost = now.window() is self.window() and now is not self and not self.isAncestorOf(now)
        if not lost:
            return
        if now is not None and before is not None and self.isAncestorOf(before) and _usable(before):
            before.setFocus()  # one that has gone to nowhere may be on its way to being deleted
        else:
            self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.isVisible() or watched is not self.under:
            return False
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.under.rect())
        elif event.type() == QEvent.Type.WindowActivate:
            self._keep_focus(None, QApplication.focusWidget())
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.is_uppermost:
            return self._take_key(event)  # nothing in the window had the keyboard, or wanted the key
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event):
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() in _SCROLLS and (area := self.findChild(QScrollArea)) is not None:
            area.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
        else:
            return False
        return True


def _usable(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.isEnabled()


def _stops_tab(widget: QWidget) -> bool:
    stops = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return stops and widget.focusProxy() is None and _usable(widget)
