"""Keeps the focus in a view whose control with the focus goes away, so that a key pressed next still does what it says.

Qt would hand the focus to whatever comes next in the window. Here the view itself holds it until there is a control
to give it to again; anyone who moves it elsewhere meanwhile keeps it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QWidget


class Parking:
    """`choose` gives the focus to the first control that can be used and says whether there is one; `place` holds it
    while there is none.
    """

    def __init__(self, view: QWidget, place: QWidget, choose: Callable[[], bool]) -> None:
        self._view, self._place, self._choose = view, place, choose

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Change the view inside this."""
        before = QApplication.focusWidget()
        inside = before is not None and (before is self._place or self._view.isAncestorOf(before))
        yield
        usable = before is not self._place and before is not None and before.isEnabled() and before.isVisible()
        if inside and not usable and not self._choose():
            self._place.setFocus()
