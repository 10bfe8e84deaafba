"""Handing a report in: saved, sealed for review and submitted, tried again until the service has answered.

It goes on whatever is opened meanwhile, and ends with the session. What was typed after it left is never let go.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console import routes
from console.keyring import Keyring, SealedForService
from console.link import Failure, Link, ServiceAway
from console.models.report import ReportModel, SaveState, Stored
from console.saving import COULD_NOT_SEAL, Saving
from console.sealed_report import WrittenReport, flags_of
from console.translation import tr
from console.workers import Workers
from shared.messages import ReportFacts, Saved, SaveReport

SUBMITTED: Final = tr("Submitted for review.")
TYPED_SINCE: Final = tr("The report was submitted without what you typed last. All of it stays here as a new draft.")
NOT_SUBMITTED: Final = tr("A report could not be submitted and is among your open reports. {sentence}")


class HandingIn(QObject):
    """Emits `refused` with words; `submitted` when the service has the open report to review; `done` when the form may
    be emptied, with what to say there.
    """

    refused = Signal(str)
    submitted = Signal()
    done = Signal(str)

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        saving: Saving,
        today: Callable[[], date],
        retry_ms: int,
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring
        self._report, self._saving = report, saving
        self._today, self._retry_ms = today, retry_ms
        self._wanted = False
        self._round = 0  # one for each session: nothing is sent or heard for another's
        saving.settled.connect(self._seal_if_wanted)
        saving.stopped.connect(self._give_up)

    def begin(self) -> None:
        """Another report is to be opened. What has been sealed goes on."""
        self._wanted = False

    def stop(self) -> None:
        """Nobody is signed in any more."""
        self._round += 1

    def submit(self) -> None:
        """Check, save what is not saved, then seal for review and submit."""
        report = self._report
        if not report.is_open or report.submitting or not report.check():
            return
        self._wanted = True
        report.set_submitting(True)
        self._saving.save()

    def _seal_if_wanted(self) -> None:
        keys, report = self._keyring.keys, self._report
        if not self._wanted or keys is None or report.is_unsaved or report.stored is None:
            return
        self._wanted = False
        facts = report.facts()
        written = WrittenReport(report.author, report.written().content, notes=report.notes)
        self._workers.run(
            partial(keys.seal_for_review, written, report.form, flags_of(facts), self._today()),
            partial(self._sealed, self._round, report.stored, facts),
            partial(self._not_sealed, report.stored),
        )

    def _sealed(self, round_: int, stored: Stored, facts: ReportFacts, sealed: SealedForService) -> None:
        signed = facts.model_copy(update={"flags_signature": sealed.flags_signature})
        body = SaveReport(revision=stored.revision, facts=signed, envelope=sealed.envelope, contact=sealed.contact)
        self._send(round_, stored, body)

    def _not_sealed(self, stored: Stored, _: Exception) -> None:
        self._not_submitted(stored, COULD_NOT_SEAL)

    def _send(self, round_: int, stored: Stored, body: SaveReport) -> None:
        if round_ != self._round:
            return
        pending = self._link.call(routes.SUBMIT_REPORT, body, stored.id)
        pending.answered.connect(partial(self._submitted, round_, stored))
        pending.failed.connect(partial(self._not_sent, round_, stored, body))

    def _submitted(self, round_: int, stored: Stored, _: Saved) -> None:
        if round_ != self._round or not self._is_open(stored):
            return
        self.submitted.emit()
        if not self._report.is_unsaved:
            self.done.emit(SUBMITTED)
            return
        self._saving.begin()
        self._report.become_new_draft()
        self.refused.emit(TYPED_SINCE)
        self._saving.save()

    def _not_sent(self, round_: int, stored: Stored, body: SaveReport, failure: Failure) -> None:
        if round_ != self._round:
            return
        if isinstance(failure, ServiceAway):
            QTimer.singleShot(self._retry_ms, self, partial(self._send, round_, stored, body))
            return
        self._not_submitted(stored, failure.sentence)

    def _not_submitted(self, stored: Stored, sentence: str) -> None:
        if not self._is_open(stored):
            self.refused.emit(NOT_SUBMITTED.format(sentence=sentence))
            return
        self._give_up()
        self._report.set_state(SaveState.REFUSED, sentence)

    def _is_open(self, stored: Stored) -> bool:
        return self._report.stored is not None and self._report.stored.id == stored.id

    def _give_up(self) -> None:
        self._wanted = False
        self._report.set_submitting(False)
