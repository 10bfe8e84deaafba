"""A sheet over the whole window, in place of a dialog: Escape takes it away and the focus goes back where it was."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QScrollArea, QWidget

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
        self.hide()

    def toggle(self) -> None:
        """Show over everything, or go away."""
        if self.isVisible():
            self.put_away()
            return
        self._before = QApplication.focusWidget()
        self.setGeometry(self.under.rect())
        self.prepare()
        self.show()
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
        if before is not None and before.isVisible():
            before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.under and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self.under.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() in _SCROLLS and (area := self.findChild(QScrollArea)) is not None:
            area.verticalScrollBar().triggerAction(_SCROLLS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
