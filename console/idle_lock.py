"""When the desk hides itself: nobody has touched it for so long, or somebody asked; never during a live call.

It hides and shows nothing itself, and knows no passphrase. While it is locked the session, the drafts and the event
stream go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from shared.domain.vocabulary import CallState

LIVE: Final = frozenset({CallState.RINGING, CallState.CONNECTING, CallState.TALKING, CallState.HELD})
TOUCHES: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleLock(QObject):
    """Runs between `start` and `stop`. Emits `locked`; `unlock` begins the wait anew."""

    locked = Signal()

    def __init__(self, call_state: Callable[[], CallState | None], idle_ms: int) -> None:
        super().__init__()
        self._call_state = call_state
        self._timer = QTimer(self, interval=idle_ms, singleShot=True)
        self._timer.timeout.connect(self._lock_unless_in_a_call)
        self._wanted = False
        self._running = False
        self.is_locked = False

    def start(self) -> None:
        """Someone signed in."""
        self.is_locked, self._wanted, self._running = False, False, True
        application = QCoreApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Nobody is signed in."""
        self._running = self.is_locked = self._wanted = False
        self._timer.stop()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def lock_now(self) -> bool:
        """Lock, or as soon as the live call is over; whether it is locked already."""
        if self._running and not self.is_locked:
            self._wanted = True
            self._lock_unless_in_a_call()
        return self.is_locked

    def unlock(self) -> None:
        """The right passphrase was given."""
        self.is_locked = False
        self._timer.start()

    def follow_call(self) -> None:
        """The call in hand changed: a wait that it held up begins when it is over."""
        if not self._running or self.is_locked or self._is_live():
            return
        if self._wanted:
            self._lock()
        elif not self._timer.isActive():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES and self._timer.isActive():
            self._timer.start()
        return False

    def _lock_unless_in_a_call(self) -> None:
        if not self._is_live():
            self._lock()

    def _lock(self) -> None:
        self._timer.stop()
        self._wanted, self.is_locked = False, True
        self.locked.emit()

    def _is_live(self) -> bool:
        return self._call_state() in LIVE
