"""Signing in and out: the service's parameters, keys from the passphrase off the Qt thread, a code, everything opened.

The passphrase lives in one closure until the keys are made; the keys wait here for the code. Nothing here writes
either anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.first_keys import words_of_waiting
from console.highest_seen import HighestSeen, HighestSeenUnreadable
from console.keyring import Keyring, Keys
from console.link import Failure, Link, Refused
from console.models.session import SessionModel, SessionState
from console.opened_keys import open_keys
from console.proof import Proof
from console.renewing import Renewing
from console.translation import said, tr
from console.workers import Workers
from shared.enrolment_messages import Waiting
from shared.messages import PassphraseParameters, SignedIn, SignIn, WhoSignsIn
from shared.people_messages import SecondFactorSecret
from shared.sealing.canonical import NotCanonical, from_base64url, to_base64url
from shared.sealing.errors import ParametersMalformed, PassphraseUnsuitable, SealingError
from shared.sealing.passphrase import passphrase_bytes
from shared.sealing.sign_in import CONSOLE_FLOOR, Cost, DerivedKeys, SignInParameters, derive
from shared.sealing.verify_key import VerifyKey

NAME_NEEDED = tr("Write your name, as it was enrolled.")
CODE_NEEDED = tr("Write the six digits your authenticator shows.")
SET_UP_NEEDED = tr("No authenticator is set up for you yet. Choose “I have no authenticator yet”.")
UNEXPECTED = tr("Something unexpected stopped the sign-in. Please try again.")
_NOT_SET_UP = "second_factor_needed"
_WAITS = "waits_to_be_confirmed"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _Halfway:
    """Someone whose keys are made, before the service has said yes."""

    name: str
    parameters: SignInParameters = field(repr=False)
    derived: DerivedKeys = field(repr=False)
    asks_code: bool

    def message(self, code: str = "") -> SignIn:
        return SignIn(name=self.name, authentication_key=to_base64url(self.derived.authentication), code=code)


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
        self.floor = floor
        self._attempt = 0
        self._halfway: _Halfway | None = None
        self._renewing = Renewing(link)
        self._renewing.suspended.connect(self.suspend)
        self.proof: Proof | None = None  # of whoever is signed in

    def begin(self, name: str, passphrase: str) -> None:
        """Sign in; the session model tells how it goes."""
        if self._session.state is not SessionState.SIGNED_OUT:
            return
        try:
            passphrase_bytes(passphrase)
        except PassphraseUnsuitable as unsuitable:
            self._session.sign_out(said(unsuitable.words))
            return
        if not name.strip():
            self._session.sign_out(NAME_NEEDED)
            return
        self._attempt += 1
        self._session.go_on(SessionState.ASKING)
        pending = self._link.call(routes.PARAMETERS, WhoSignsIn(name=name.strip()))
        pending.answered.connect(partial(self._derive, self._attempt, name.strip(), passphrase))
        pending.failed.connect(self._refuse)

    def give_code(self, code: str) -> None:
        """The authenticator's code; spaces are left out."""
        digits = "".join(code.split())
        if self._session.state is not SessionState.CODE or self._halfway is None:
            return
        if len(digits) != _DIGITS or not (digits.isascii() and digits.isdigit()):
            self._session.ask_code(CODE_NEEDED)
            return
        self._authenticate(self._halfway, digits)

    def set_up(self) -> None:
        """No authenticator yet: ask for a second factor to set up. The service gives one to each person once."""
        if self._session.state is not SessionState.CODE or self._halfway is None:
            return
        self._session.go_on(SessionState.ASKING)
        pending = self._link.call(routes.SET_UP_SECOND_FACTOR, self._halfway.message())
        pending.answered.connect(partial(self._show_second_factor, self._attempt))
        pending.failed.connect(self._refuse)

    def start_again(self) -> None:
        """From the name on."""
        if self._session.state is SessionState.CODE:
            self._refuse_with("")

    def stop(self) -> None:
        """The console is closing: nothing is asked of the service any more."""
        self._attempt += 1
        self._renewing.stop()

    def end(self, problem: str = "") -> None:
        """Sign out: tell the service if it can be told, and forget every key whether or not it can."""
        if self.proof is not None:
            self._link.call(routes.SIGN_OUT)
        self.be_over(problem)

    def be_over(self, problem: str) -> None:
        """The service has ended the session already: forget every key."""
        self._attempt += 1
        self._renewing.stop()
        self._link.use_token(None)
        self._keyring.forget()
        self.proof = None
        self._refuse_with(problem)
        self.signed_out.emit()

    def suspend(self, key_ids: frozenset[str]) -> None:
        """From now on nothing is sealed for these keys, locked or not."""
        if self.proof is not None:
            self.proof = replace(self.proof, suspended=key_ids)
        keys = self._keyring.keys
        if keys is not None and keys.suspended != key_ids:
            self._keyring.hold(replace(keys, suspended=key_ids))

    def _derive(self, attempt: int, name: str, passphrase: str, given: PassphraseParameters) -> None:
        self._session.go_on(SessionState.DERIVING)
        self._workers.run(
            partial(_derived, name, passphrase, given, self.floor),
            partial(self._go_on, attempt),
            self._stop,
        )

    def _go_on(self, attempt: int, halfway: _Halfway) -> None:
        if attempt != self._attempt:
            return
        self._halfway = halfway
        if halfway.asks_code:
            self._session.ask_code()
        else:
            self._authenticate(halfway, "")

    def _show_second_factor(self, attempt: int, given: SecondFactorSecret) -> None:
        if attempt == self._attempt:
            self._session.ask_code("", given)

    def _authenticate(self, halfway: _Halfway, code: str) -> None:
        self._session.go_on(SessionState.ASKING)
        pending = self._link.call(routes.SIGN_IN, halfway.message(code))
        pending.answered.connect(partial(self._open, self._attempt, halfway))
        pending.failed.connect(self._refuse)

    def _open(self, attempt: int, halfway: _Halfway, given: SignedIn) -> None:
        self._workers.run(
            partial(_opened, given, halfway.derived, self._root, self._highest_seen),
            partial(self._finish, attempt, halfway, given),
            self._stop,
        )

    def _finish(self, attempt: int, halfway: _Halfway, given: SignedIn, keys: Keys) -> None:
        if attempt != self._attempt:
            return
        self._halfway = None
        bundle = from_base64url(given.private_bundle)
        self.proof = Proof(given.person.id, halfway.parameters, bundle, given.role_wraps, keys.signed, keys.suspended)
        self._keyring.hold(keys)
        self._link.use_token(given.token)
        self._renewing.start()
        self._session.sign_in(given.person)
        self.signed_in.emit()

    def _ask_for_own_words(self, attempt: int, halfway: _Halfway) -> None:
        pending = self._link.call(routes.WAITING, halfway.message())
        pending.answered.connect(partial(self._open_waiting, attempt, halfway))
        pending.failed.connect(lambda failure: self._refuse_with(failure.sentence))

    def _open_waiting(self, attempt: int, halfway: _Halfway, given: Waiting) -> None:
        work = partial(words_of_waiting, given, halfway.derived)
        self._workers.run(work, partial(self._wait, attempt), self._stop)

    def _wait(self, attempt: int, words: tuple[str, ...]) -> None:
        if attempt == self._attempt:
            self._halfway = None
            self._session.wait(words)

    def _refuse(self, failure: Failure) -> None:
        if self._halfway is not None and isinstance(failure, Refused) and failure.code == _WAITS:
            self._ask_for_own_words(self._attempt, self._halfway)
        elif self._halfway is None or not self._halfway.asks_code:
            self._refuse_with(failure.sentence)
        elif isinstance(failure, Refused) and failure.code == _NOT_SET_UP:
            self._session.ask_code(SET_UP_NEEDED)
        else:
            self._session.ask_code(failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        known = isinstance(wrong, (SealingError, HighestSeenUnreadable))
        self._refuse_with(said(str(getattr(wrong, "words", UNEXPECTED))) if known else UNEXPECTED)

    def _refuse_with(self, problem: str) -> None:
        self._halfway = None
        self._session.sign_out(problem)


def _derived(name: str, passphrase: str, given: PassphraseParameters, floor: Cost) -> _Halfway:
    try:
        salt = from_base64url(given.salt)
    except NotCanonical:
        raise ParametersMalformed from None
    parameters = SignInParameters(salt, given.memory_kib, given.iterations, given.lanes)
    return _Halfway(name, parameters, derive(passphrase, parameters, floor), given.second_factor)


def _opened(given: SignedIn, derived: DerivedKeys, root: VerifyKey, highest_seen: HighestSeen) -> Keys:
    seen: Callable[[], int] = highest_seen.version
    keys = open_keys(given, derived, root, seen)
    highest_seen.remember(keys.signed.version)
    return keys
