"""Signing in and out: the service's parameters, keys from the passphrase off the Qt thread, then everything opened.

The passphrase lives in one closure until the keys are made; nothing here writes it anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.highest_seen import HighestSeen, HighestSeenUnreadable
from console.keyring import Keyring, Keys, open_keys
from console.link import Failure, Link
from console.models.session import SessionModel, SessionState
from console.workers import Workers
from shared.messages import PassphraseParameters, SignedIn, SignIn, WhoSignsIn
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.errors import ParametersMalformed, PassphraseUnsuitable, SealingError
from shared.sealing.keys import VerifyKey
from shared.sealing.sign_in import CONSOLE_FLOOR, Cost, DerivedKeys, SignInParameters, derive, passphrase_bytes

NAME_NEEDED = "Write your name, as it was enrolled."
UNEXPECTED = "Something unexpected stopped the sign-in. Please try again."


class SigningIn(QObject):
    """Brings someone in and lets them out again. Emits `signed_in` once everything is open, `signed_out` after."""

    signed_in = Signal()
    signed_out = Signal()

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        session: SessionModel,
        root: VerifyKey,
        highest_seen: HighestSeen,
        floor: Cost = CONSOLE_FLOOR,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._session = session
        self._root = root
        self._highest_seen = highest_seen
        self._floor = floor
        self._attempt = 0

    def begin(self, name: str, passphrase: str) -> None:
        """Sign in; the session model tells how it goes."""
        if self._session.state is not SessionState.SIGNED_OUT:
            return
        try:
            passphrase_bytes(passphrase)
        except PassphraseUnsuitable as unsuitable:
            self._session.sign_out(unsuitable.words)
            return
        if not name.strip():
            self._session.sign_out(NAME_NEEDED)
            return
        self._attempt += 1
        self._session.go_on(SessionState.ASKING)
        pending = self._link.call(routes.PARAMETERS, WhoSignsIn(name=name.strip()))
        pending.answered.connect(partial(self._derive, self._attempt, name.strip(), passphrase))
        pending.failed.connect(self._refuse)

    def end(self, problem: str = "") -> None:
        """Sign out: tell the service if it can be told, and forget every key whether or not it can."""
        self._attempt += 1
        if self._keyring.keys is not None and not problem:
            self._link.call(routes.SIGN_OUT)
        self._link.use_token(None)
        self._keyring.forget()
        self._session.sign_out(problem)
        self.signed_out.emit()

    def _derive(self, attempt: int, name: str, passphrase: str, given: PassphraseParameters) -> None:
        self._session.go_on(SessionState.DERIVING)
        self._workers.run(
            partial(_derived, passphrase, given, self._floor),
            partial(self._authenticate, attempt, name),
            self._stop,
        )

    def _authenticate(self, attempt: int, name: str, derived: DerivedKeys) -> None:
        if attempt != self._attempt:
            return
        self._session.go_on(SessionState.ASKING)
        body = SignIn(name=name, authentication_key=to_base64url(derived.authentication))
        pending = self._link.call(routes.SIGN_IN, body)
        pending.answered.connect(partial(self._open, attempt, derived))
        pending.failed.connect(self._refuse)

    def _open(self, attempt: int, derived: DerivedKeys, given: SignedIn) -> None:
        self._workers.run(
            partial(_opened, given, derived, self._root, self._highest_seen),
            partial(self._finish, attempt, given),
            self._stop,
        )

    def _finish(self, attempt: int, given: SignedIn, keys: Keys) -> None:
        if attempt != self._attempt:
            return
        self._keyring.hold(keys)
        self._link.use_token(given.token)
        self._session.sign_in(given.person)
        self.signed_in.emit()

    def _refuse(self, failure: Failure) -> None:
        self._session.sign_out(failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        known = isinstance(wrong, (SealingError, HighestSeenUnreadable))
        self._session.sign_out(str(getattr(wrong, "words", UNEXPECTED)) if known else UNEXPECTED)


def _derived(passphrase: str, given: PassphraseParameters, floor: Cost) -> DerivedKeys:
    try:
        salt = from_base64url(given.salt)
    except NotCanonical:
        raise ParametersMalformed from None
    return derive(passphrase, SignInParameters(salt, given.memory_kib, given.iterations, given.lanes), floor)


def _opened(given: SignedIn, derived: DerivedKeys, root: VerifyKey, highest_seen: HighestSeen) -> Keys:
    seen: Callable[[], int] = highest_seen.version
    keys = open_keys(given, derived, root, seen)
    highest_seen.remember(keys.directory.version)
    return keys
