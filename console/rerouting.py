"""A report that its unit says is not theirs goes to another, once two supervisors have chosen the same one.

Each press is one supervisor's word; the console of the second opens what was sent, shows it, and once they have read it
seals it for the other unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys, SignedContact, envelope_in
from console.link import Failure, Link, Refused
from console.looking_back import text_as_sent
from console.posting import Posting
from console.reviewing import COULD_NOT
from console.sign_in import SigningIn
from console.translation import said, tr
from console.views.sent_report import FOR_ANOTHER_UNIT, SentReportView
from console.views.window import Window
from console.vouching import AnotherReport
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
    digest: bytes  # of the report that was chosen, as its reference in the outbox says


class Rerouting(QObject):
    """Drives the outbox's sheet; its line says how it goes."""

    def __init__(
        self,
        window: Window,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        posting: Posting,
        today: Callable[[], date],
        signing_in: SigningIn,
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring
        self._posting, self._outbox, self._today = posting, posting.outbox, today
        self._read: tuple[_Wish, SealedReport] | None = None
        self.view = SentReportView(window, window.tokens, FOR_ANOTHER_UNIT)
        self.view.confirm.connect(self.confirm)
        self.view.gone.connect(self._forget)
        signing_in.signed_out.connect(self._end)
        posting.view.elsewhere.connect(self.send_elsewhere)
        posting.outbox.changed.connect(self._name_units)

    def send_elsewhere(self, report_id: str, unit_id: str) -> None:
        """Say that it should go to this unit; if a colleague has said so too, it does."""
        self._outbox.tell("")
        digest = next((row.digest for row in self._outbox.all if row.report_id == report_id), b"")
        wish = _Wish(report_id, unit_id, digest)
        pending = self._link.call(routes.ASK_TO_REROUTE, AskToReroute(unit_id=unit_id), report_id)
        pending.answered.connect(lambda _: self._ask_for(wish))
        pending.failed.connect(self._refuse)

    def _ask_for(self, wish: _Wish) -> None:
        pending = self._link.call(routes.READ_TO_REROUTE, None, wish.report_id)
        pending.answered.connect(partial(self._open, wish))
        pending.failed.connect(self._wait_for_a_second)

    def _wait_for_a_second(self, failure: Failure) -> None:
        if isinstance(failure, Refused) and failure.code == SecondSupervisorNeeded.code:
            self._finish(ASKED)
        else:
            self._refuse(failure)

    def _open(self, wish: _Wish, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is not None:
            work = partial(_read_first, keys, sealed, wish)
            self._workers.run(work, partial(self._show, wish, sealed), self._stop)

    def _show(self, wish: _Wish, sealed: SealedReport, text: str) -> None:
        if self._keyring.keys is None:
            return
        self._read = (wish, sealed)
        self.view.tell("")
        self.view.show_text(text)
        if not self.view.isVisible():
            self.view.toggle()

    def confirm(self) -> None:
        """It was read: seal it for the other unit, and send it there."""
        keys, read = self._keyring.keys, self._read
        if keys is not None and read is not None:
            wish, sealed = read
            self.view.put_away()
            work = partial(_sealed_elsewhere, keys, sealed, wish.unit_id, self._today())
            self._workers.run(work, partial(self._send, wish), self._stop)

    def _forget(self) -> None:
        self._read = None
        self.view.show_text("")

    def _end(self) -> None:
        self.view.hide()
        self._forget()

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


def _read_first(keys: Keys, sealed: SealedReport, wish: _Wish) -> str:
    """What would be sealed, in words: the report that was chosen and no other. Raises a SealingError."""
    if envelope_in(sealed.envelope).digest != wish.digest:
        raise AnotherReport
    return text_as_sent(keys, sealed)


def _sealed_elsewhere(keys: Keys, sealed: SealedReport, unit_id: str, day: date) -> RerouteReport:
    """Raises a SealingError."""
    signed = SignedContact()
    if sealed.contact is not None:
        named = _contact_of(keys.open_released(sealed.envelope))
        signed = keys.sign_contact(envelope_in(sealed.contact), named, unit_id)
    return RerouteReport(
        revision=sealed.card.revision,
        unit_id=unit_id,
        envelope=keys.seal_elsewhere(sealed.envelope, unit_id, day),
        contact_signature=signed.signature,
        contact_address=signed.address,
    )


def _contact_of(document: bytes) -> str:
    """The digest of the caller's details that a report names as it left; "" for none. Raises EnvelopeAltered."""
    try:
        named = parse_canonical(document, MAX_CONTENT_BYTES)
    except NotCanonical:
        raise EnvelopeAltered from None
    contact = named.get("contact") if isinstance(named, dict) else None
    return str(contact.get("digest", "")) if isinstance(contact, dict) else ""
