"""What a desktop remembers of a text by itself, taken back: the clipboard, and what a process that dies leaves behind.

What was copied here is marked as secret for programs that keep a history of copies, and is gone with its report. What
somebody copied elsewhere is left alone.
"""

from __future__ import annotations

import ctypes
import sys
from types import TracebackType
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData, QObject, SignalInstance
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

OURS: Final = "application/x-candour"
# Programs that keep copies look for these: KDE's and others on Linux, Windows', and macOS' by common consent.
SECRET_MARKS: Final = {
    "x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": b"\0\0\0\0",
    "org.nspasteboard.ConcealedType": b"",
}
_PR_SET_DUMPABLE: Final = 4


class Copies(QObject):
    """Watches the clipboard, and empties it of what came from here at any of these signals. Needs a QGuiApplication."""

    def __init__(self, *gone: SignalInstance) -> None:
        super().__init__()
        for signal in gone:
            signal.connect(self.forget)
        self._board = QGuiApplication.clipboard()
        self._board.dataChanged.connect(self._mark)

    def _mark(self) -> None:
        """Say of a copy from here that it is secret."""
        held = self._board.mimeData()
        if held is None or not held.hasText() or held.hasFormat(OURS) or not self._is_from_here(held.text()):
            return
        marked = QMimeData()
        marked.setText(held.text())
        for name, value in {OURS: b"1", **SECRET_MARKS}.items():
            marked.setData(name, QByteArray(value))
        self._board.setMimeData(marked)

    def _is_from_here(self, text: str) -> bool:
        # Not every platform knows who owns a copy; what is selected in a field of ours came from there.
        return self._board.ownsClipboard() or any(_selected(widget) == text for widget in QApplication.allWidgets())

    def forget(self) -> None:
        """Whatever was copied from here is gone."""
        held = self._board.mimeData()
        if self._board.ownsClipboard() or (held is not None and held.hasFormat(OURS)):
            self._board.clear()
        if self._board.ownsSelection():
            self._board.clear(QClipboard.Mode.Selection)
        if self._board.ownsFindBuffer():
            self._board.clear(QClipboard.Mode.FindBuffer)


def _selected(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.selectedText()
    return widget.textCursor().selection().toPlainText() if isinstance(widget, QPlainTextEdit) else ""


def leave_no_dump() -> None:
    """Should this process die, its memory is written nowhere, and no other process of this person's may read it."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def say_where_alone(kind: type[BaseException], _wrong: BaseException, trace: TracebackType | None) -> None:
    """A fault of ours as the kind of it and the places it passed, to put in `sys.excepthook`.

    What an exception says of itself may hold what somebody typed.
    """
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {code.co_qualname}, line {trace.tb_lineno}")
        trace = trace.tb_next
    sys.stderr.write("\n".join([f"candour-console: {kind.__name__} in", *places, ""]))
