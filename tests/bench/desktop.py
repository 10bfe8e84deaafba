"""A whole console on an unseen screen, with somebody signed in, for the measures of what it does there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from console.app import Console, build_console
from console.settings import ConsoleSettings
from shared.domain.vocabulary import Language, Role
from shared.messages import PersonCard
from shared.sealing.keys import SigningKey
from tests.bench.watching import NotSeen, qt

PERSON: Final = PersonCard(id="0" * 32, name="Ffion", roles=(Role.HANDLER,), languages=(Language.EN,))
WIDTH, HEIGHT = 1440, 900
PATIENCE_SECONDS: Final = 15.0
_LOOK_AGAIN_MS: Final = 5


@contextmanager
def console_at(desk_url: str, token: str) -> Iterator[Console]:
    """A console that follows this desk with the token of someone signed in elsewhere. Needs the main thread."""
    app = qt()
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        console = build_console(ConsoleSettings(desk_url, SigningKey.generate().public, Path(folder)))
        console.window.resize(WIDTH, HEIGHT)
        console.window.show()
        console.link.use_token(token)
        console.session.sign_in(PERSON)
        console.signing_in.signed_in.emit()
        try:
            wait_until(lambda: console.line.me is not None)
            yield console
        finally:
            console.close()
            console.window.deleteLater()
            console.deleteLater()
            app.processEvents()


def wait_until(happened: Callable[[], bool]) -> None:
    """Let events happen until something has. Raises NotSeen."""
    until = perf_counter() + PATIENCE_SECONDS
    waker = QTimer(interval=_LOOK_AGAIN_MS)  # or waiting for events could wait for ever
    waker.start()
    while not happened():
        if perf_counter() > until:
            raise NotSeen(f"not within {PATIENCE_SECONDS:g} s")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the loop of a running console does


class Painted(QObject):
    """When a widget was last painted, by perf_counter; 0 before."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.at = 0.0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # the name is Qt's
        if event.type() == QEvent.Type.Paint:
            self.at = perf_counter()
        return False
