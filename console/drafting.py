"""Which report is open: begun with a call, opened from the list, put away. Handing it in is another's work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console import routes
from console.handing_in import HandingIn
from console.keyring import Keyring, Keys
from console.link import Failure, Link, Refused
from console.models.call import CallModel
from console.models.report import ReportModel, Stored
from console.saving import RETRY_MS, Saving
from console.sealed_report import WrittenReport
from console.translation import tr
from console.workers import Workers
from shared.domain.vocabulary import Category, Language, Mode
from shared.forms import Form, load_form
from shared.messages import SealedReport

COULD_NOT_OPEN: Final = tr("This report could not be opened with your keys.")
SAVE_FIRST: Final = tr("The open report is not saved yet. It stays here until it is.")


class Drafting(QObject):
    """Begins, opens, submits and puts away the one report that is open. Emits `refused` with words, and `submitted`
    when the service has a report to review.
    """

    refused = Signal(str)
    submitted = Signal()

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        call: CallModel,
        saving: Saving,
        today: Callable[[], date],
        retry_ms: int = RETRY_MS,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._report = report
        self._call = call
        self._saving = saving
        self._held = False  # what was kept on this computer goes first
        self._recovered: Mapping[str, str] = {}
        self._followed = ""  # the call whose report was opened; put away, it does not open by itself again
        self._turn = 0  # one for each report asked for or begun: what comes for another is dropped
        self._handing_in = HandingIn(link, workers, keyring, report, saving, today, retry_ms)
        self._handing_in.refused.connect(self.refused)
        self._handing_in.submitted.connect(self.submitted)
        self._handing_in.done.connect(self._empty)
        self.submit = self._handing_in.submit
        saving.settled.connect(self.follow_call)

    @property
    def is_held(self) -> bool:
        """Whether what was kept on this computer is still on its way to the service."""
        return self._held

    # --- which report ---

    def hold_back(self) -> None:
        """Open nothing by itself until what was kept on this computer is with the service."""
        self._held, self._recovered = True, {}

    def go_on(self, recovered: Mapping[str, str]) -> None:
        """It is: reports' ids by the call they belong to, "" for none. One alone is opened, where nothing else is."""
        self._held, self._recovered = False, recovered
        self.follow_call()
        if len(recovered) == 1 and not self._report.is_open and self._call.call is None:
            self.open(next(iter(recovered.values())))

    def follow_call(self) -> None:
        """Have the report of the call in hand open, once the conversation has begun."""
        call, keys = self._call.call, self._keyring.keys
        if (
            call is None
            or keys is None
            or self._held
            or not self._call.has_begun
            or call.id in (self._followed, self._report.call_id)
        ):
            return
        if self._report.is_at_risk:
            self.refused.emit(SAVE_FIRST)
            return
        draft_id = call.draft_id or self._recovered.get(call.id)
        if draft_id is not None:
            self._followed = call.id
            self._fetch(draft_id, call.id)
        elif call.mode is not None and call.category is not None:
            self._followed = call.id
            self._begin()
            self._report.begin(keys.person_id, call.id, call.language, call.mode, call.category, call.force_id)

    def begin_without_call(self) -> None:
        """A report from a note on paper, or from when the line was away."""
        keys = self._keyring.keys
        if keys is None or self._report.submitting:
            return
        if self._report.is_at_risk:
            self.refused.emit(SAVE_FIRST)
            self._saving.save()
            return
        self._begin()
        self._report.begin(keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)

    def begin_another(self, sections: Collection[str]) -> None:
        """A second report for another force; the first is saved and stays in the list. Nothing joins the two."""
        if not self._report.is_open or self._report.submitting:
            return
        if self._report.is_at_risk:
            self.refused.emit(SAVE_FIRST)
            self._saving.save()
            return
        self._begin()
        self._report.begin_another(sections)

    def open(self, report_id: str) -> None:
        """A draft of one's own, or one that came back. What is open must be saved first."""
        if self._report.is_at_risk:
            self.refused.emit(SAVE_FIRST)
            self._saving.save()
            return
        call = self._call.call
        self._fetch(report_id, call.id if call is not None and call.draft_id == report_id else None)

    def _fetch(self, report_id: str, call_id: str | None) -> None:
        self._turn += 1
        pending = self._link.call(routes.OPEN_REPORT, None, report_id)
        pending.answered.connect(partial(self._unseal, self._turn, call_id))
        pending.failed.connect(partial(self._not_fetched, self._turn, call_id))

    def _not_fetched(self, turn: int, call_id: str | None, failure: Failure) -> None:
        handed_in = call_id is not None and isinstance(failure, Refused) and failure.code == "report_not_found"
        if turn == self._turn and not handed_in:  # the call's report may have been submitted before this sign-in
            self.refused.emit(failure.sentence)

    def _unseal(self, turn: int, call_id: str | None, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is not None and turn == self._turn:
            self._workers.run(
                partial(_opened, keys, sealed),
                partial(self._opened, turn, call_id, sealed),
                lambda _: self.refused.emit(COULD_NOT_OPEN),
            )

    def _opened(self, turn: int, call_id: str | None, sealed: SealedReport, opened: tuple[Form, WrittenReport]) -> None:
        if turn != self._turn or self._report.is_at_risk or self._keyring.keys is None:
            return
        self._begin()
        card, (form, written) = sealed.card, opened
        self._report.open(Stored(card.id, card.revision), written, card.language, call_id, form)

    def put_away(self) -> None:
        """Empty the form, once everything in it is saved, with the service or on this computer."""
        if self._report.is_at_risk:
            self.refused.emit(SAVE_FIRST)
            self._saving.save()
            return
        self.forget()

    def forget(self) -> None:
        """Empty the form, whatever is in it."""
        self._begin()
        self._report.put_away()

    def leave(self) -> None:
        """Nobody is signed in any more. What is safe nowhere else waits, out of sight, for its author."""
        self._followed = ""
        self._turn += 1
        self._handing_in.stop()
        if not self._report.is_at_risk:
            self.forget()

    def _empty(self, notice: str) -> None:
        self._begin()
        self._report.put_away(notice)

    def _begin(self) -> None:
        self._turn += 1
        self._saving.begin()
        self._handing_in.begin()


def _opened(keys: Keys, sealed: SealedReport) -> tuple[Form, WrittenReport]:
    """A report with the form it was written in, whatever is newest. Raises FormUnknown or a SealingError."""
    form = load_form(sealed.card.form)
    return form, keys.open_own(sealed.envelope, sealed.contact, form)
