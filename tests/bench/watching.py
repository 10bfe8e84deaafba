"""The console as far as its list of waiting calls: its own link, stream and models, without a window."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter
from typing import Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtNetwork import QNetworkAccessManager
from PySide6.QtWidgets import QApplication

from console.event_stream import EventStream
from console.link import Link
from console.models.board import altered
from console.models.line import LineModel
from shared.messages import Board, Change, Snapshot

_DEADLINE_MS: Final = 15_000


class NotSeen(Exception):
    """The console's list did not come to hold what was waited for."""


class WatchingConsole:
    """Follows the desk with the token of someone signed in. Needs a QCoreApplication, and the main thread."""

    def __init__(self, desk_url: str, token: str) -> None:
        self._network = QNetworkAccessManager()
        self._link = Link(desk_url, self._network)
        self._link.use_token(token)
        self._stream = EventStream(self._link, lambda: 0.5)
        self._board: Board | None = None
        self.line = LineModel()
        self._stream.snapshot.connect(self._begin)
        self._stream.change.connect(self._follow)

    def start(self) -> None:
        """Follow the desk, and wait for its first word. Raises NotSeen."""
        self._stream.start()
        self.seen_at(lambda line: line.me is not None)

    def stop(self) -> None:
        self._stream.stop()

    def seen_at(self, wanted: Callable[[LineModel], bool]) -> float:
        """Let events happen until the list is as wanted; when that was, by perf_counter. Raises NotSeen."""
        loop, seen = QEventLoop(), [0.0]

        def look() -> None:
            if wanted(self.line):
                seen[0] = perf_counter()
                loop.quit()

        deadline = QTimer(singleShot=True, interval=_DEADLINE_MS)
        deadline.timeout.connect(lambda: loop.exit(1))
        self.line.changed.connect(look)
        deadline.start()
        try:
            if not wanted(self.line) and loop.exec():
                raise NotSeen(f"not within {_DEADLINE_MS // 1000} s")
        finally:
            deadline.stop()
            self.line.changed.disconnect(look)
        return seen[0] or perf_counter()

    def _begin(self, snapshot: Snapshot) -> None:
        self._show(snapshot.board)

    def _follow(self, change: Change) -> None:
        if self._board is not None:
            self._show(altered(self._board, change))

    def _show(self, board: Board) -> None:
        self._board = board
        self.line.show(board.me, board.waiting)


def qt() -> QCoreApplication:
    """The process's Qt application, made if there is none: one that has windows, on a screen nobody sees."""
    made = QCoreApplication.instance()
    if made is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        made = QApplication([])
        made.setStyle("fusion")
    return made
