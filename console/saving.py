"""Keeping what is typed: sealed in a worker and saved within seconds, tried again while the service is away.

One save is on its way at a time. After a lost answer the very same envelope is sent again, which the service takes
for the same save: nothing is stored twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console import routes
from console.kept_draft import Unanswered
from console.keyring import Keyring, SealedForService
from console.link import Failure, Link, ServiceAway
from console.models.call import CallModel
from console.models.report import ReportModel, SaveState, Stored
from console.translation import tr
from console.workers import Workers
from shared.domain.errors import StaleReport
from shared.messages import CorrectChoices, Saved, SaveReport

SAVE_AFTER_MS: Final = 1_000  # with a seal and an answer this stays well within 3 s
RETRY_MS: Final = 2_000
NOBODY: Final = 401  # the session ended; the same save is sent after the next sign-in, for it may have arrived before
FAULT: Final = 500  # from here on the service has a fault of its own: the same save is tried again
COULD_NOT_SEAL: Final = tr("It could not be sealed. Your text is kept here; an administrator can help.")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A save on its way: which changes are in it, and over what it goes."""

    edits: int
    stored: Stored | None
    body: SaveReport


class Saving(QObject):
    """Watches the report model. Emits `settled` when all there is has been saved, `stopped` when it could not be, and
    `overtaken` when the service has a version of the report that this console has not seen.
    """

    settled = Signal()
    stopped = Signal()
    overtaken = Signal()

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        call: CallModel,
        save_after_ms: int = SAVE_AFTER_MS,
        retry_ms: int = RETRY_MS,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._report = report
        self._call = call
        self._busy = False
        self._round = 0  # one for each report opened: what was sealed for another is dropped
        self._unanswered: _Sent | None = None
        self._soon = QTimer(self, singleShot=True, interval=save_after_ms)
        self._soon.timeout.connect(self.save)
        self._again = QTimer(self, singleShot=True, interval=retry_ms)
        self._again.timeout.connect(self.save)
        report.edited.connect(self._edited)

    def begin(self) -> None:
        """Another report is to be opened: nothing of the last one is on its way any more."""
        self._soon.stop()
        self._again.stop()
        self._unanswered = None
        self._busy = False
        self._round += 1

    @property
    def unanswered(self) -> Unanswered | None:
        """The save that is on its way, or whose answer never came."""
        return None if self._unanswered is None else Unanswered(self._unanswered.stored, self._unanswered.body)

    @property
    def is_sealing(self) -> bool:
        """Whether a save is being sealed, and will be on its way in a moment."""
        return self._busy and self._unanswered is None

    def _edited(self) -> None:
        if self._report.state is not SaveState.AWAY:
            self._report.set_state(SaveState.WAITING)
        if not self._busy and not self._again.isActive() and not self._soon.isActive():
            self._soon.start()

    def save(self) -> None:
        """Seal what is here now and send it, unless a save is on its way already."""
        keys, report = self._keyring.keys, self._report
        if keys is None or self._busy:
            return
        self._soon.stop()
        self._again.stop()
        if self._unanswered is not None:
            self._busy = True
            self._send(self._unanswered)
        elif report.is_unsaved:
            self._busy = True
            if report.state is not SaveState.AWAY:
                report.set_state(SaveState.SAVING)
            work = partial(keys.seal_draft, report.written(), report.form)
            self._workers.run(
                work, partial(self._sealed, self._round, report.edits), partial(self._not_sealed, self._round)
            )
        elif report.stored is not None:
            self.settled.emit()

    def _sealed(self, round_: int, edits: int, sealed: SealedForService) -> None:
        if round_ != self._round:
            return
        report = self._report
        self._correct_choices()
        body = SaveReport(
            revision=None if report.stored is None else report.stored.revision,
            facts=report.facts(),
            envelope=sealed.envelope,
            contact=sealed.contact,
            call_id=self._live_call_id() if report.stored is None else None,
        )
        self._send(_Sent(edits, report.stored, body))

    def _send(self, sent: _Sent) -> None:
        self._unanswered = sent
        route = routes.NEW_REPORT if sent.stored is None else routes.SAVE_REPORT
        pending = self._link.call(route, sent.body, None if sent.stored is None else sent.stored.id)
        pending.answered.connect(partial(self._saved, sent))
        pending.failed.connect(partial(self._not_saved, sent))

    def _live_call_id(self) -> str | None:
        call = self._call.call
        return call.id if call is not None and call.id == self._report.call_id else None

    def _correct_choices(self) -> None:
        """Choices put right in conversation: the call counts under what they turned out to be."""
        call, facts = self._call.call, self._report.facts()
        if call is None or self._live_call_id() is None:
            return
        if (call.mode, call.category, call.force_id) != (facts.mode, facts.category, facts.force_id):
            body = CorrectChoices(mode=facts.mode, category=facts.category, force_id=facts.force_id)
            self._link.call(routes.CORRECT_CHOICES, body, call.id)

    def _saved(self, sent: _Sent, saved: Saved) -> None:
        if self._unanswered is not sent:
            return
        self._busy, self._unanswered = False, None
        self._report.mark_saved(Stored(saved.id, saved.revision), sent.edits)
        if self._report.is_unsaved:
            self._soon.start()
        else:
            self.settled.emit()

    def _not_saved(self, sent: _Sent, failure: Failure) -> None:
        if self._unanswered is not sent:
            return
        self._busy = False
        if isinstance(failure, ServiceAway) or failure.status >= FAULT or failure.status == NOBODY:
            self._report.set_state(SaveState.AWAY)
            self._again.start()
            return
        self._unanswered = None
        self._refuse(failure.sentence)
        if failure.code == StaleReport.code:
            self.overtaken.emit()

    def _not_sealed(self, round_: int, _: Exception) -> None:
        if round_ != self._round:
            return
        self._busy = False
        self._refuse(COULD_NOT_SEAL)

    def _refuse(self, sentence: str) -> None:
        self._report.set_state(SaveState.REFUSED, sentence)
        self.stopped.emit()
