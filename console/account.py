"""One's own sessions and passphrase: seen, ended and changed. The passphrase lives in one closure, as at sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.link import Failure, Link
from console.proof import Proof
from console.sign_in import SigningIn
from console.translation import said, tr
from console.workers import Workers
from shared.people_messages import ChangePassphrase, OwnSessions, SessionCard
from shared.sealing.canonical import to_base64url
from shared.sealing.errors import PassphraseUnsuitable, PassphraseWrong, SealingError
from shared.sealing.organisation import open_bundle, wrap_bundle
from shared.sealing.sign_in import Cost, derive, new_parameters

NOT_ALIKE = tr("The two new passphrases are not alike. Nothing was changed.")
SAME = tr("The new passphrase is the one in use. Nothing was changed.")
CHANGING = tr("Making your keys anew. This takes a moment by design.")
CHANGED = tr("Changed. Your other sessions have ended.")
UNEXPECTED = tr("Something unexpected stopped this. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class _Anew:
    """What a new passphrase makes: the message for the service, and the proof it leaves here."""

    message: ChangePassphrase = field(repr=False)
    proof: Proof


class Account(QObject):
    """Emits `sessions` with one's own, `told` with a line and whether it is good, `busy` while keys are made."""

    sessions = Signal(object)
    told = Signal(str, bool)
    busy = Signal(bool)

    def __init__(self, link: Link, workers: Workers, signing_in: SigningIn) -> None:
        super().__init__()
        self._link, self._workers, self._signing_in = link, workers, signing_in

    def refresh(self) -> None:
        """Ask where one is signed in."""
        pending = self._link.call(routes.OWN_SESSIONS)
        pending.answered.connect(self._show)
        pending.failed.connect(self._refuse)

    def end(self, session_id: str) -> None:
        """Sign oneself out elsewhere."""
        pending = self._link.call(routes.END_SESSION, object_id=session_id)
        pending.answered.connect(lambda _: self.refresh())
        pending.failed.connect(self._refuse)

    def change_passphrase(self, old: str, new: str, again: str) -> None:
        """The same private keys under another passphrase."""
        proof = self._signing_in.proof
        if proof is None:
            return
        if new != again or new == old:
            self.told.emit(NOT_ALIKE if new != again else SAME, False)
            return
        self.busy.emit(True)
        self.told.emit(CHANGING, True)
        work: Callable[[], _Anew] = partial(_made_anew, proof, old, new, self._signing_in.floor)
        self._workers.run(work, self._send, self._stop)

    def _send(self, anew: _Anew) -> None:
        pending = self._link.call(routes.CHANGE_PASSPHRASE, anew.message)
        pending.answered.connect(lambda _: self._finish(anew.proof))
        pending.failed.connect(self._refuse)

    def _finish(self, proof: Proof) -> None:
        if self._signing_in.proof is not None:
            self._signing_in.proof = proof
        self.busy.emit(False)
        self.told.emit(CHANGED, True)
        self.refresh()

    def _show(self, own: OwnSessions) -> None:
        found: tuple[SessionCard, ...] = own.sessions
        self.sessions.emit(found)

    def _refuse(self, failure: Failure) -> None:
        self.busy.emit(False)
        self.told.emit(failure.sentence, False)

    def _stop(self, wrong: Exception) -> None:
        self.busy.emit(False)
        self.told.emit(said(wrong.words) if isinstance(wrong, SealingError) else UNEXPECTED, False)


def _made_anew(proof: Proof, old: str, new: str, floor: Cost) -> _Anew:
    """Takes twice as long as signing in; belongs in a worker. Raises PassphraseWrong or PassphraseUnsuitable."""
    try:
        before = derive(old, proof.parameters, floor)
    except PassphraseUnsuitable:
        raise PassphraseWrong from None  # it cannot be the one in use
    bundle = open_bundle(proof.private_bundle, before.wrapping, proof.person_id)
    parameters = new_parameters(proof.parameters.cost)
    after = derive(new, parameters, floor)
    wrapped = wrap_bundle(bundle, after.wrapping, proof.person_id)
    message = ChangePassphrase(
        authentication_key=to_base64url(before.authentication),
        salt=to_base64url(parameters.salt),
        memory_kib=parameters.memory_kib,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        new_authentication_key=to_base64url(after.authentication),
        private_bundle=to_base64url(wrapped),
    )
    return _Anew(message, replace(proof, parameters=parameters, private_bundle=wrapped))
