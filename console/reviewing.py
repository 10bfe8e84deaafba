"""A supervisor's reading of a report: opened in a worker, then returned with remarks or released to a unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import routes
from console.keyring import Keyring, Keys, KeySuspended, SealedForService, SignedContact, envelope_in
from console.link import Failure, Link
from console.models.recipient import Recipient
from console.models.report import Stored
from console.models.review import OpenedReport, ReviewModel
from console.review_notes import ReviewNotes
from console.sealed_report import WrittenReport
from console.translation import said, tr
from console.vouching import AuthorUnproven, is_its_authors
from console.workers import Workers
from shared.domain.vocabulary import Lane
from shared.forms import FormUnknown, ReleaseFacts, load_form
from shared.identity_hints.placed import label_of
from shared.messages import SealedReport
from shared.review_messages import ReleaseReport, ReturnReport
from shared.sealing.directory import Unit
from shared.sealing.errors import SealingError, UnknownUnit
from shared.sealing.flags import ReleaseFlags

RELEASED = tr("Released. The courier takes it to the unit.")
RETURNED = tr("Returned to its author with your remarks.")
NO_UNIT = tr("The directory has no unit that may receive this report. An administrator can add one.")
SUSPENDED = tr(
    "The key of the unit is suspended, so nothing is sealed for it. An administrator can say when it is good again."
)
NONE_YET = tr("No unit may receive it yet")
NOT_URGENT = tr(
    "This report cannot go at once: its author has noted no caller's yes to “Send at once”, which is asked where "
    "somebody could be hurt soon. Release it with the next batch, or return it and ask."
)
NO_FORCE = tr("The report names no force. Return it to its author.")
COULD_NOT = tr("This could not be done with your keys.")


class Reviewing(QObject):
    """Opens, returns and releases. The review model shows how it goes; `refused` says why none was opened."""

    refused = Signal(str)

    def __init__(
        self, link: Link, workers: Workers, keyring: Keyring, review: ReviewModel, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._chosen = ("", "")  # a report, and the unit it is to go to
        self._review = review
        self._today = today

    def open(self, report_id: str) -> None:
        """Read one report in review."""
        pending = self._link.call(routes.OPEN_REPORT, None, report_id)
        pending.answered.connect(self._unseal)
        pending.failed.connect(self._refuse)

    def _unseal(self, sealed: SealedReport) -> None:
        if self._keyring.keys is not None:
            self._workers.run(partial(_opened, self._keyring.keys, sealed), self._show, self._stop)

    def _show(self, report: OpenedReport) -> None:
        if self._keyring.keys is not None:
            self._review.open(report)
            self._link.call(routes.OPEN_FOR_REVIEW, None, report.stored.id)

    def leave(self) -> None:
        """Let go of the report, and of colleagues' seeing it open."""
        if self._review.leave():
            self._link.call(routes.LEAVE_REVIEW, None, None)

    def send_back(self) -> None:
        """Return the report with the remarks, as its author wrote it."""
        report, keys = self._review.report, self._keyring.keys
        if report is None or keys is None or not self._review.may_return:
            return
        self._review.wait(tr("Returning…"))
        written = _returned(report, self._review)
        self._workers.run(
            partial(keys.seal_returned, written, report.form), partial(self._send_return, report.stored), self._stop
        )

    def note_rejection(self, report_id: str) -> None:
        """Take a rejected report of one's own off the list."""
        self._link.call(routes.NOTE_REJECTION, None, report_id).failed.connect(self._refuse)

    def _send_return(self, stored: Stored, sealed: SealedForService) -> None:
        body = ReturnReport(revision=stored.revision, envelope=sealed.envelope)
        pending = self._link.call(routes.RETURN_REPORT, body, stored.id)
        pending.answered.connect(lambda _: self._close(stored, RETURNED))
        pending.failed.connect(self._refuse)

    def release(self, urgently: bool = False) -> None:
        """Seal a new envelope for the unit that serves the force, and release it; urgently, to whoever is on call."""
        report, keys = self._review.report, self._keyring.keys
        if urgently and report is not None and not self._review.is_urgent:
            self._review.tell(NOT_URGENT)
            return
        if report is None or keys is None or not self._review.may_release:
            return
        facts = self._review.release_facts(self._today())
        if facts is None:
            self._review.tell(NO_FORCE)
            return
        try:
            units = _recipients(keys, facts, self._review.has_conflict, urgently)
        except SealingError as wrong:
            self._review.tell(_why_not(wrong, NO_UNIT))
            return
        chosen = keys.on_call_for(self._chosen_unit()) if urgently else self._chosen_unit()
        unit_id = _one_of(units, chosen).id
        flags = replace(self._review.flags, urgent=urgently)
        self._review.wait(tr("Sealing and releasing…"))
        self._workers.run(
            partial(_sealed_release, keys, report, dict(self._review.content), facts, unit_id, flags),
            partial(self._send_release, report.stored, unit_id, flags),
            self._stop,
        )

    def _send_release(
        self, stored: Stored, unit_id: str, flags: ReleaseFlags, sealed: tuple[SealedForService, SignedContact]
    ) -> None:
        report, contact = sealed
        body = ReleaseReport(
            revision=stored.revision,
            unit_id=unit_id,
            envelope=report.envelope,
            reworded=flags.reworded,
            hints_settled=flags.hints_settled,
            urgent=flags.urgent,
            flags_signature=report.flags_signature or "",
            contact_signature=contact.signature,
            contact_address=contact.address,
        )
        pending = self._link.call(routes.RELEASE_REPORT, body, stored.id)
        pending.answered.connect(lambda _: self._close(stored, RELEASED))
        pending.failed.connect(self._refuse)

    def _close(self, stored: Stored, notice: str) -> None:
        report = self._review.report
        if report is None or report.stored == stored:  # else another one was opened meanwhile
            self._review.close(notice)

    def recipient(self) -> Recipient:
        """Who would receive the open report."""
        keys, facts = self._keyring.keys, self._review.release_facts(self._today())
        if keys is None or facts is None:
            return Recipient(why_not=NONE_YET)
        try:
            units = _recipients(keys, facts, self._review.has_conflict, urgently=False)
        except SealingError as wrong:
            return Recipient(why_not=_why_not(wrong, NONE_YET))
        named = tuple((unit.id, unit.name) for unit in units)
        return Recipient(named, _one_of(units, self._chosen_unit()).id)

    def choose_unit(self, unit_id: str) -> None:
        """Some forces have several units: the open report goes to this one."""
        self._chosen = (self._review.open_id, unit_id)
        self._review.changed.emit()

    def _chosen_unit(self) -> str:
        """By id; "" while none was chosen for the report that is open."""
        report_id, unit_id = self._chosen
        return unit_id if report_id == self._review.open_id else ""

    def _refuse(self, failure: Failure) -> None:
        self._tell(failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        self._tell(said(wrong.words) if isinstance(wrong, SealingError) else COULD_NOT)

    def _tell(self, words: str) -> None:
        if self._review.report is None:
            self.refused.emit(words)  # nothing is open that could show it
        else:
            self._review.tell(words)


def _returned(report: OpenedReport, review: ReviewModel) -> WrittenReport:
    """As its author wrote it, with the remarks, and with what it will be compared with when it comes again."""
    given = {path: words.strip() for path, words in review.at_fields.items() if words.strip()}
    at_fields = {".".join(map(str, path)): words for path, words in given.items()}
    placed = [f"{label_of(report.form, path)}: {words}" for path, words in given.items()]
    remarks = "\n".join(part for part in (review.remarks.strip(), *placed) if part)
    content = report.written.content
    notes = ReviewNotes(accepted=review.accepted, before=content, asked=remarks, at_fields=at_fields)
    return WrittenReport(report.written.author, content, remarks, notes)


def _recipients(keys: Keys, facts: ReleaseFacts, conflict: bool, urgently: bool) -> tuple[Unit, ...]:
    """Raises UnknownUnit, KeySuspended or ReleaseBlocked."""
    return keys.recipients(facts.force_id, Lane.URGENT if urgently else Lane.ORDINARY, conflict, facts.day)


def _why_not(wrong: SealingError, without_any: str) -> str:
    if isinstance(wrong, KeySuspended):
        return SUSPENDED
    return without_any if isinstance(wrong, UnknownUnit) else said(wrong.words)


def _one_of(units: tuple[Unit, ...], chosen: str) -> Unit:
    return next((unit for unit in units if unit.id == chosen), units[0])


def _opened(keys: Keys, sealed: SealedReport) -> OpenedReport:
    try:
        form = load_form(sealed.card.form)
    except FormUnknown:
        raise SealingError("unknown form") from None
    stored = Stored(sealed.card.id, sealed.card.revision)
    contact = None if sealed.contact is None else envelope_in(sealed.contact)
    written = keys.open_report(sealed.envelope)
    is_proven = is_its_authors(envelope_in(sealed.envelope), written, sealed.flags_signature, keys.signed)
    return OpenedReport(stored, sealed.card, form, written, contact, is_proven)


def _sealed_release(
    keys: Keys, report: OpenedReport, content: dict[str, object], facts: ReleaseFacts, unit_id: str, flags: ReleaseFlags
) -> tuple[SealedForService, SignedContact]:
    if not report.is_proven:
        raise AuthorUnproven
    signed = SignedContact()
    if report.contact is not None:
        signed = keys.sign_contact(report.contact, report.written.contact, unit_id)
    return keys.seal_release(content, report.form, facts, unit_id, flags), signed
