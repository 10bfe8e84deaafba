"""A report that its unit says is not theirs goes to another, once two supervisors have chosen the same one.

Each press is one supervisor's word; the console of the second opens what was sent and seals it for the other unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys, envelope_in
from console.link import Failure, Link, Refused
from console.posting import Posting
from console.reviewing import COULD_NOT
from console.translation import said, tr
from console.workers import Workers
from shared.domain.errors import SecondSupervisorNeeded
from shared.messages import SealedReport
from shared.outbox_messages import AskToReroute, RerouteReport
from shared.sealing.canonical import NotCanonical, parse_canonical
from shared.sealing.envelope import MAX_CONTENT_BYTES
from shared.sealing.errors import EnvelopeAltered, SealingError

ASKED: Final = tr("Noted. A second supervisor has to choose the same unit; then it goes.")
SENT: Final = tr("It goes to the other unit with the next batch.")


@dataclass(frozen=True, slots=True)
class _Wish:
    report_id: str
    unit_id: str


class Rerouting(QObject):
    """Drives the outbox's sheet; its line says how it goes."""

    def __init__(
        self, link: Link, workers: Workers, keyring: Keyring, posting: Posting, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring
        self._posting, self._outbox, self._today = posting, posting.outbox, today
        posting.view.elsewhere.connect(self.send_elsewhere)
        posting.outbox.changed.connect(self._name_units)

    def send_elsewhere(self, report_id: str, unit_id: str) -> None:
        """Say that it should go to this unit; if a colleague has said so too, it does."""
        self._outbox.tell("")
        wish = _Wish(report_id, unit_id)
        pending = self._link.call(routes.ASK_TO_REROUTE, AskToReroute(unit_id=unit_id), report_id)
        pending.answered.connect(lambda _: self._read(wish))
        pending.failed.connect(self._refuse)

    def _read(self, wish: _Wish) -> None:
        pending = self._link.call(routes.READ_TO_REROUTE, None, wish.report_id)
        pending.answered.connect(partial(self._seal, wish))
        pending.failed.connect(self._wait_for_a_second)

    def _wait_for_a_second(self, failure: Failure) -> None:
        if isinstance(failure, Refused) and failure.code == SecondSupervisorNeeded.code:
            self._finish(ASKED)
        else:
            self._refuse(failure)

    def _seal(self, wish: _Wish, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is not None:
            work = partial(_sealed_elsewhere, keys, sealed, wish.unit_id, self._today())
            self._workers.run(work, partial(self._send, wish), self._stop)

    def _send(self, wish: _Wish, body: RerouteReport) -> None:
        pending = self._link.call(routes.REROUTE, body, wish.report_id)
        pending.answered.connect(lambda _: self._finish(SENT))
        pending.failed.connect(self._refuse)

    def _finish(self, words: str) -> None:
        self._outbox.tell(words, good=True)
        self._posting.refresh()

    def _refuse(self, failure: Failure) -> None:
        self._outbox.tell(failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        self._outbox.tell(said(wrong.words) if isinstance(wrong, SealingError) else COULD_NOT)

    def _name_units(self) -> None:
        keys = self._keyring.keys
        self._posting.view.name_units({} if keys is None else {unit.id: unit.name for unit in keys.directory.units})


def _sealed_elsewhere(keys: Keys, sealed: SealedReport, unit_id: str, day: date) -> RerouteReport:
    """Raises a SealingError."""
    signature = None
    if sealed.contact is not None:
        named = _contact_of(keys.open_released(sealed.envelope))
        signature = keys.sign_contact(envelope_in(sealed.contact), named)
    envelope = keys.seal_elsewhere(sealed.envelope, unit_id, day)
    return RerouteReport(revision=sealed.card.revision, unit_id=unit_id, envelope=envelope, contact_signature=signature)


def _contact_of(document: bytes) -> str:
    """The digest of the caller's details that a report names as it left; "" for none. Raises EnvelopeAltered."""
    try:
        named = parse_canonical(document, MAX_CONTENT_BYTES)
    except NotCanonical:
        raise EnvelopeAltered from None
    contact = named.get("contact") if isinstance(named, dict) else None
    return str(contact.get("digest", "")) if isinstance(contact, dict) else ""
