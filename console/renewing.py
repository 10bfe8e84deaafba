"""The session's token, renewed every few minutes while someone is signed in; it knows no private key and no widget."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console import routes
from console.link import Failure, Link
from shared.people_messages import NewToken

RENEW_MS: Final = 5 * 60 * 1000  # a third of what a token lasts
TRY_AGAIN_MS: Final = 20 * 1000


class Renewing(QObject):
    """Runs between `start` and `stop`. A token that ran out ends the session as any refusal does.

    Emits `suspended` with the ids of the keys that are suspended now, which come with each token.
    """

    suspended = Signal(object)

    def __init__(self, link: Link, renew_ms: int = RENEW_MS, try_again_ms: int = TRY_AGAIN_MS) -> None:
        super().__init__()
        self._link = link
        self._renew_ms, self._try_again_ms = renew_ms, try_again_ms
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._renew)
        self._run = 0

    def start(self) -> None:
        """Someone signed in."""
        self._run += 1
        self._timer.start(self._renew_ms)

    def stop(self) -> None:
        """Nobody is signed in; an answer that still comes is not for anyone."""
        self._run += 1
        self._timer.stop()

    def _renew(self) -> None:
        run = self._run
        pending = self._link.call(routes.RENEW_TOKEN)
        pending.answered.connect(lambda new: self._use(run, new))
        pending.failed.connect(lambda failure: self._try_again(run, failure))

    def _use(self, run: int, new: NewToken) -> None:
        if run == self._run:
            self._link.use_token(new.token)
            self._timer.start(self._renew_ms)
            self.suspended.emit(frozenset(new.suspended))

    def _try_again(self, run: int, _: Failure) -> None:
        if run == self._run:
            self._timer.start(self._try_again_ms)
