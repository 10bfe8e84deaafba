"""`python -m tests.bench.first_paint console SETTINGS | empty`: says "painted" once its first window is, and ends."""

from __future__ import annotations

import os
import sys


def _tell() -> None:
    sys.stdout.write("painted\n")
    sys.stdout.flush()
    os._exit(0)


def console(settings: str) -> None:
    """The real command, as far as its sign-in screen."""
    from PySide6.QtWidgets import QApplication

    from console import opening

    class Shown(opening.Opening):
        def begin(self) -> None:
            QApplication.processEvents()
            _tell()

    opening.Opening = Shown  # type: ignore[misc]  # it ends where the loading of the rest would begin
    opening.main(["--settings", settings])


def empty() -> None:
    """The least that shows a window."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    QApplication([])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    QApplication.processEvents()
    _tell()


if __name__ == "__main__":
    if sys.argv[1] == "console":
        console(sys.argv[2])
    else:
        empty()
