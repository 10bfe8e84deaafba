"""Locking the desk and unlocking it: what is hidden comes back as it was once the passphrase has been given.

While it is locked the private keys are let go of, unless something typed is not with the service yet: that goes first.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.idle_lock import IdleLock
from console.keyring import Keyring, Keys
from console.models.call import CallModel
from console.models.line import LineModel
from console.models.session import SessionModel
from console.proof import Proof
from console.safekeeping import Safekeeping
from console.sign_in import SigningIn
from console.translation import tr
from console.views.locked import LockedView
from console.views.window import Window
from console.workers import Workers
from shared.domain.vocabulary import CallState, PresenceState

TRIES: Final = 5
TRYING: Final = tr("Trying the passphrase. This takes a moment by design.")
WRONG: Final = tr("That is not the passphrase you signed in with.")
TOO_MANY: Final = tr("The passphrase was wrong five times, so you are signed out. Your reports are kept.")
AFTER_THE_CALL: Final = tr("The desk locks as soon as the call is over.")


class Guarding(QObject):
    """Hides the window behind a lock. Emits `told` with a line for whoever is at the desk."""

    told = Signal(str)

    def __init__(
        self,
        window: Window,
        session: SessionModel,
        line: LineModel,
        call: CallModel,
        signing_in: SigningIn,
        workers: Workers,
        keyring: Keyring,
        safekeeping: Safekeeping,
        idle_minutes: float,
    ) -> None:
        super().__init__()
        self._keyring, self._safekeeping = keyring, safekeeping
        self._window, self._session, self._line, self._call = window, session, line, call
        self._signing_in, self._workers = signing_in, workers
        self._wrong = 0
        self.idle = IdleLock(self._call_state, int(idle_minutes * 60_000))
        self.view = LockedView(window.tokens)
        window.add_lock(self.view)
        self.idle.locked.connect(self._hide)
        self.view.tried.connect(self._try)
        self.view.sign_out.connect(lambda: signing_in.end())
        safekeeping.changed.connect(self._let_go_of_keys)
        signing_in.signed_in.connect(self.idle.start)
        signing_in.signed_out.connect(self._leave)
        call.changed.connect(self.idle.follow_call)
        line.changed.connect(self._show_offer)
        line.changed.connect(self.idle.follow_call)
        line.ticked.connect(self._show_offer)
        window.add_ways({"lock": self.lock})

    def lock(self) -> None:
        """Lock now, or after the live call."""
        if not self.idle.lock_now() and self._session.person is not None:
            self.told.emit(AFTER_THE_CALL)

    def _call_state(self) -> CallState | None:
        """Of the call in hand, or of a colleague's that this person was brought into."""
        if self._call.call is not None:
            return self._call.call.state
        return CallState.TALKING if self._line.presence is PresenceState.ON_CALL else None

    def _hide(self) -> None:
        self._wrong = 0
        self._window.lock()
        self.view.begin()
        self._let_go_of_keys()

    def _let_go_of_keys(self) -> None:
        """Where the desk is locked and nothing is left to be saved with them; looked at again when something was."""
        if self.idle.is_locked and not self._safekeeping.needs_keys:
            self._keyring.forget()

    def _leave(self) -> None:
        self.idle.stop()
        self._window.unlock()

    def _show_offer(self) -> None:
        self.view.show_call_waits(self._line.offer is not None)

    def _try(self, passphrase: str) -> None:
        proof, floor = self._signing_in.proof, self._signing_in.floor
        if not self.idle.is_locked or proof is None:
            return
        self.view.set_trying(True)
        self.view.tell(TRYING)
        judge = partial(self._judge, proof)
        self._workers.run(lambda: proof.opened_by(passphrase, floor), judge, lambda _: judge(None))

    def _judge(self, proof: Proof, keys: Keys | None) -> None:
        if not self.idle.is_locked:
            return
        self.view.set_trying(False)
        if proof is not self._signing_in.proof:  # somebody else's since, or under another passphrase
            self.view.tell("")
            return
        if keys is not None:
            self.idle.unlock()
            if self._keyring.keys is None:
                self._keyring.hold(keys)
            self._window.unlock()
            self._safekeeping.go_on()
            return
        self._wrong += 1
        self.view.tell(WRONG, wrong=True)
        if self._wrong >= TRIES:
            self._signing_in.end(TOO_MANY)
