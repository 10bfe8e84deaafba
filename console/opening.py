"""The `candour-console` command: the sign-in screen at once, and the rest of the console while a name is typed."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    QObject,
    QStandardPaths,
    Qt,
    QTimer,
    QtMsgType,
    QTranslator,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from console.appearance import kept_appearance
from console.leavings import leave_no_dump, say_where_alone
from console.placement import at_first, kept_placement
from console.settings import DEFAULT_FILE, ENVIRONMENT_NAME, ConsoleSettings, SettingsWrong, read_settings
from console.settling import screens, settle
from console.translation import ENGLISH, speak

if TYPE_CHECKING:
    from console.app import Console
    from console.front import Front

WRONG: Final = 2  # the exit status when something outside has to be put right
NO_DISPLAY: Final = (
    "candour-console: There is no screen to open a window on, or a part that windows need is missing.\n"
    "Start it from a desktop session; on a server without one, QT_QPA_PLATFORM=offscreen runs it unseen.\n"
)
WIDTH, HEIGHT = 1440, 900
BRITISH: Final = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)


class Opening(QObject):
    """Shows the front, then loads the rest aside and puts it behind. Emits `opened` with the Console."""

    opened = Signal(object)
    _loaded = Signal(object)

    def __init__(self, front: Front, settings: ConsoleSettings) -> None:
        super().__init__()
        self._front, self._settings = front, settings
        self._asked: tuple[str, str] | None = None
        self.console: Console | None = None
        self._loaded.connect(self._build, Qt.ConnectionType.QueuedConnection)
        front.window.sign_in.asked.connect(self._remember)

    def begin(self) -> None:
        """Load what the sign-in screen does not need, once that has been drawn."""
        QTimer.singleShot(0, threading.Thread(target=self._load, daemon=True).start)

    def _load(self) -> None:
        self._loaded.emit(import_module("console.app").build_console)

    def _build(self, build: Callable[..., Console]) -> None:
        self._front.window.sign_in.asked.disconnect(self._remember)
        self.console = build(self._settings, front=self._front)
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self.console.signing_in.begin(*asked)
        self.opened.emit(self.console)

    def _remember(self, name: str, passphrase: str) -> None:
        """Someone was quicker than the loading."""
        self._asked = (name, passphrase)


def main(arguments: list[str] | None = None) -> int:
    """The `candour-console` command. Returns the exit status."""
    leave_no_dump()
    sys.excepthook = say_where_alone
    parser = argparse.ArgumentParser(prog="candour-console", description="The desk of a call handler or supervisor.")
    parser.add_argument("--settings", type=Path, default=None, help=f"the settings file (default {DEFAULT_FILE})")
    chosen = parser.parse_args(arguments).settings
    QCoreApplication.setApplicationName("candour-console")
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))
    try:
        settings = read_settings(chosen or Path(os.environ.get(ENVIRONMENT_NAME, DEFAULT_FILE)), folder)
    except SettingsWrong as wrong:
        sys.stderr.write(f"candour-console: {wrong}\n")
        return WRONG
    speak(settings.language)
    application = _application()
    speak_in_qt(application, settings.language)
    front = _front(settings)
    settle(front.window, front.placement.desk or at_first(WIDTH, HEIGHT, screens()))
    front.window.show_sign_in()
    front.window.show()
    opening = Opening(front, settings)
    opening.begin()
    status = application.exec()
    if opening.console is not None:
        opening.console.close()
    return int(status)


def _front(settings: ConsoleSettings) -> Front:
    from console.front import make_front  # what it says is said in the language chosen by now

    return make_front(kept_appearance(settings.data_folder), kept_placement(settings.data_folder))


def speak_in_qt(application: QApplication, language: str) -> None:
    """Have Qt's own few words and the names of months in this language, where Qt has them; English is British."""
    locale = BRITISH if language == ENGLISH else QLocale(language)
    QLocale.setDefault(locale)
    words = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != ENGLISH and words.load(locale, "qtbase", "_", folder):
        application.installTranslator(words)


def _application() -> QApplication:
    """Qt ends the process where it finds no display; then a sentence says so in place of a core dump."""
    before = qInstallMessageHandler(_say_there_is_no_display)
    application = QApplication([sys.argv[0]])
    qInstallMessageHandler(before)
    application.setStyle("fusion")
    return application


def _say_there_is_no_display(kind: QtMsgType, _context: QMessageLogContext, _words: str) -> None:
    if kind is QtMsgType.QtFatalMsg:
        sys.stderr.write(NO_DISPLAY)
        sys.stderr.flush()
        os._exit(WRONG)


if __name__ == "__main__":
    sys.exit(main())
