"""The first sign-in: one's words prove the account, keys are made here under a passphrase chosen here, and then kept.

Until the service has them all there is nothing, and it can be begun again. The passphrase lives in one closure.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.first_keys import FirstKeys, make_first_keys
from console.link import Failure, Link, ServiceAway
from console.models.session import SessionModel, SessionState
from console.translation import said, tr
from console.workers import Workers
from shared.enrolment_messages import BeginEnrolment, EnrolmentBegun
from shared.sealing.canonical import to_base64url
from shared.sealing.enrolling import enrolment_proof
from shared.sealing.errors import PassphraseUnsuitable, SealingError
from shared.sealing.passphrase import passphrase_bytes
from shared.sealing.sign_in import CONSOLE_FLOOR, Cost

NAME_NEEDED: Final = tr("Write your name, as whoever gave you the words wrote it.")
NOT_ALIKE: Final = tr("The two passphrases are not alike. Nothing was made yet.")
WORDS_AS_PASSPHRASE: Final = tr("Others have seen these words. Choose a passphrase that nobody knows but you.")
NOT_KNOWN: Final = tr(
    "No answer came, so your keys may have arrived or not. Go back and sign in with the passphrase you chose; "
    "if that is not right, make your keys once more."
)
UNEXPECTED: Final = tr("Something unexpected stopped this. Nothing was kept; please begin again.")


class Enrolling(QObject):
    """Drives the session model through a first sign-in."""

    def __init__(self, link: Link, workers: Workers, session: SessionModel, floor: Cost = CONSOLE_FLOOR) -> None:
        super().__init__()
        self._link, self._workers, self._session, self._floor = link, workers, session, floor
        self._attempt = 0

    def open(self) -> None:
        """Somebody has words."""
        if self._session.state is SessionState.SIGNED_OUT:
            self._session.first()

    def leave(self) -> None:
        """Back to signing in; what was being made is forgotten."""
        if self._session.is_first or self._session.state is SessionState.WAITING:
            self._attempt += 1
            self._session.sign_out()

    def begin(self, name: str, words: str, passphrase: str, again: str) -> None:
        """Make the keys and have them kept; the session model tells how it goes."""
        if self._session.state is not SessionState.FIRST:
            return
        problem = _problem(name, words, passphrase, again)
        if problem:
            self._session.first(problem)
            return
        self._attempt += 1
        self._session.go_on(SessionState.ASKING)
        work = partial(enrolment_proof, words)
        self._workers.run(work, partial(self._prove, self._attempt, name.strip(), passphrase), self._stop)

    def _prove(self, attempt: int, name: str, passphrase: str, proof: bytes) -> None:
        if attempt != self._attempt:
            return
        pending = self._link.call(routes.BEGIN_ENROLMENT, BeginEnrolment(name=name, proof=to_base64url(proof)))
        pending.answered.connect(partial(self._make, attempt, name, passphrase, proof))
        pending.failed.connect(partial(self._refuse, attempt, False))

    def _make(self, attempt: int, name: str, passphrase: str, proof: bytes, begun: EnrolmentBegun) -> None:
        if attempt != self._attempt:
            return
        self._session.go_on(SessionState.DERIVING)
        work = partial(make_first_keys, name, proof, passphrase, begun, self._floor)
        self._workers.run(work, partial(self._keep, attempt), self._stop)

    def _keep(self, attempt: int, made: FirstKeys) -> None:
        if attempt != self._attempt:
            return
        self._session.go_on(SessionState.ASKING)
        pending = self._link.call(routes.KEEP_FIRST_KEYS, made.message)
        pending.answered.connect(lambda _: self._finish(attempt, made.words))
        pending.failed.connect(partial(self._refuse, attempt, True))

    def _finish(self, attempt: int, words: tuple[str, ...]) -> None:
        if attempt == self._attempt:
            self._session.wait(words)

    def _refuse(self, attempt: int, keys_were_sent: bool, failure: Failure) -> None:
        if attempt == self._attempt:
            unknown = keys_were_sent and isinstance(failure, ServiceAway)
            self._session.first(NOT_KNOWN if unknown else failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        if self._session.is_first:
            known = isinstance(wrong, SealingError)
            self._session.first(said(str(getattr(wrong, "words", UNEXPECTED))) if known else UNEXPECTED)


def _problem(name: str, words: str, passphrase: str, again: str) -> str:
    """What stands in the way, in words; "" where nothing does."""
    if not name.strip():
        return NAME_NEEDED
    try:
        passphrase_bytes(passphrase)
    except PassphraseUnsuitable as unsuitable:
        return said(unsuitable.words)
    if passphrase != again:
        return NOT_ALIKE
    return WORDS_AS_PASSPHRASE if passphrase.lower().split() == words.lower().split() else ""
