"""Changes how the desktop looks when asked, keeps it for the next time, and writes the keys to a page to print."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from console.appearance import Appearance, keep_appearance
from console.printed_keys import write_keys
from console.translation import tr
from console.views.window import Window
from console.workers import Workers

NOT_WRITTEN = tr("The page could not be written to {folder}. See that this folder can be written and has room.")


class Looks(QObject):
    """How this window looks now. `folder` keeps it; `papers` tells where a page to print is written."""

    def __init__(
        self, window: Window, workers: Workers, appearance: Appearance, folder: Path, papers: Callable[[], Path]
    ) -> None:
        super().__init__()
        self.appearance = appearance
        self._window, self._workers, self._folder, self._papers = window, workers, folder, papers

    def next_theme(self) -> None:
        self._change(self.appearance.next_theme())

    def larger(self) -> None:
        self._change(self.appearance.larger())

    def smaller(self) -> None:
        self._change(self.appearance.smaller())

    def _change(self, appearance: Appearance) -> None:
        if appearance == self.appearance:
            return
        self.appearance = appearance
        self._window.dress(appearance.tokens)
        self._workers.run(partial(keep_appearance, self._folder, appearance), lambda _: None, lambda _: None)

    def print_keys(self) -> None:
        """Write the page in the background, and say where it is."""
        folder = self._papers()
        self._workers.run(
            partial(write_keys, folder, self._window.allowed),
            lambda path: self._window.keys.tell(tr("Written to {path}. Print it from there.").format(path=path)),
            lambda _: self._window.keys.tell(NOT_WRITTEN.format(folder=folder)),
        )
