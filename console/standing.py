"""Where the windows stand: the report in one of its own when asked, and all of them where they stood the last time."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from console.placement import Placement, keep_placement
from console.settling import elsewhere, frame_of, settle
from console.sign_in import SigningIn
from console.views.window import Window
from console.workers import Workers

KEEP_AFTER_MS: Final = 300  # a window that is dragged is kept where it comes to rest
MOVES: Final = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange})


class Standing(QObject):
    """Puts the report apart and back, and keeps in `folder` where both windows stand."""

    def __init__(
        self, window: Window, workers: Workers, signing_in: SigningIn, placement: Placement, folder: Path
    ) -> None:
        super().__init__()
        self._window, self._workers, self._folder = window, workers, folder
        self.placement = placement
        self._keep = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep.timeout.connect(self._write)
        for one in (window, window.apart):
            one.installEventFilter(self)
        window.add_ways({"apart": self.turn})
        window.keys.presses["apart"].clicked.connect(lambda _: self._turn_from_keys())
        window.apart.closed.connect(self.put_back)
        signing_in.signed_in.connect(self._begin)
        signing_in.signed_out.connect(window.put_together)
        self._screens = QGuiApplication.instance()
        if isinstance(self._screens, QGuiApplication):
            self._screens.screenRemoved.connect(self._gather)

    def turn(self) -> None:
        """Apart, or back."""
        (self.put_back if self._window.stands_apart else self._put_apart)()

    def _turn_from_keys(self) -> None:
        self._window.keys.put_away()
        self.turn()

    def put_back(self) -> None:
        """One window, now and the next time."""
        self._window.put_together()
        self._note(apart=False)

    def _put_apart(self) -> None:
        self._settle_report()
        self._window.put_apart()
        self._note(apart=True)

    def _begin(self) -> None:
        if self.placement.apart and not self._window.stands_apart:
            self._settle_report()
            self._window.put_apart()

    def _settle_report(self) -> None:
        """Where it stood; the first time on another screen, if there is one."""
        settle(self._window.apart, self.placement.report or elsewhere(self._window))

    def _gather(self, _: QScreen) -> None:
        """A screen went: what stood on it comes to one that is there."""
        QTimer.singleShot(0, self, self._bring_in)

    def _bring_in(self) -> None:
        for one in (self._window, self._window.apart):
            settle(one, frame_of(one))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVES and isinstance(watched, QWidget) and watched.isVisible():
            self._keep.start()
        return False

    def _note(self, apart: bool) -> None:
        self.placement = Placement(self.placement.desk, self.placement.report, apart)
        self._keep.start()

    def _write(self) -> None:
        before, window = self.placement, self._window
        desk = frame_of(window) if window.isVisible() else before.desk
        report = frame_of(window.apart) if window.apart.isVisible() else before.report
        self.placement = Placement(desk, report, before.apart)
        self._workers.run(partial(keep_placement, self._folder, self.placement), lambda _: None, lambda _: None)
