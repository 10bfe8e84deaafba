"""Two versions of one report: both kept, either to be gone on with, and never one written into the other.

Before this console saves over a version it has not seen, that version is sealed on this computer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console import routes
from console.drafts_on_disk import DraftFolder, DraftNotKept, new_name
from console.kept_draft import KeptDraft, seal_kept
from console.keyring import Keyring, Keys
from console.link import Failure, Link
from console.models.report import ReportModel, SaveState, Stored
from console.models.versions import Other, VersionsModel
from console.recovering import Found, Search, search
from console.saving import Saving
from console.sealed_report import WrittenReport
from console.translation import tr
from console.workers import Workers
from shared.forms import Form, load_form
from shared.messages import SealedReport

COULD_NOT_OPEN: Final = tr("The service's version could not be opened. Yours stays here, and is kept on this computer.")
COULD_NOT_KEEP: Final = tr("The other version cannot be kept: {trouble}. Nothing is saved over it until it can be.")


class TwoVersions(QObject):
    """Finds, makes, swaps and lets go of a report's other version. Emits `refused` with words."""

    refused = Signal(str)

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        saving: Saving,
        folder: DraftFolder,
        model: VersionsModel,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._report = report
        self._saving = saving
        self._folder = folder
        self._model = model
        self._of = ""  # the report the other version belongs to
        self._other: Found | None = None
        self._spent: list[str] = []  # files whose text is the one shown now: gone once it is saved
        self._asking = False
        report.opened.connect(self._look)
        saving.overtaken.connect(self._fetch)
        saving.settled.connect(self._clear_spent)

    # --- is there another? ---

    def _look(self) -> None:
        stored, keys = self._report.stored, self._keyring.keys
        report_id = "" if stored is None else stored.id
        if report_id == self._of and self._report.is_open:
            return
        self._of, self._other, self._spent, self._asking = report_id, None, [], False
        self._model.show(Other.NONE)
        if report_id and keys is not None:
            self._work(partial(search, self._folder, keys), self._searched)

    def _searched(self, found: Search) -> None:
        beside = [one for one in found.own if one.kept.aside and one.kept.stored and one.kept.stored.id == self._of]
        if beside and self._other is None:
            self._other = beside[0]
            self._model.show(Other.HERE)

    # --- the service has one that was not seen here ---

    def _fetch(self) -> None:
        stored = self._report.stored
        if self._asking or stored is None:
            return
        self._asking, self._of = True, stored.id
        pending = self._link.call(routes.OPEN_REPORT, None, stored.id)
        pending.answered.connect(partial(self._unseal, stored.id))
        pending.failed.connect(partial(self._not_fetched, stored.id))

    def _not_fetched(self, report_id: str, _: Failure) -> None:
        if report_id == self._of:
            self._asking = False  # the next save asks again

    def _unseal(self, report_id: str, theirs: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is None or report_id != self._of:
            return
        self._work(
            partial(_opened_and_kept, keys, theirs, self._folder),
            partial(self._beside, Stored(theirs.card.id, theirs.card.revision)),
            self._not_kept,
        )

    def _beside(self, stored: Stored, found: Found) -> None:
        self._asking = False
        self._other = found
        self._model.show(Other.ELSEWHERE)
        self._report.adopt(stored)
        self._saving.save()

    def _not_kept(self, wrong: Exception) -> None:
        self._asking = False
        words = COULD_NOT_KEEP.format(trouble=wrong.words) if isinstance(wrong, DraftNotKept) else COULD_NOT_OPEN
        self._report.set_state(SaveState.REFUSED, words)

    # --- the person decides ---

    def swap(self) -> None:
        """Go on with the other version; the one shown becomes the other, sealed on this computer first."""
        report, keys, stored = self._report, self._keyring.keys, self._report.stored
        if self._other is None or keys is None or stored is None or self._model.busy:
            return
        self._model.wait()
        shown = KeptDraft(report.written(), report.language, report.form.name, None, stored, aside=True)
        self._work(
            partial(_kept, self._folder, new_name(), shown, report.form, keys),
            partial(self._swapped, report.edits),
            self._not_swapped,
        )

    def _swapped(self, edits: int, shown: Found) -> None:
        taken, self._other = self._other, shown
        if taken is None:
            return
        if self._report.edits != edits:  # something was typed meanwhile: once more, with all of it
            self._spent.append(shown.name)
            self._other = taken
            self._model.show(self._model.other)
            self.swap()
            return
        self._spent.append(taken.name)
        self._report.rewrite(taken.kept.written)
        self._model.show(Other.SWAPPED)

    def _not_swapped(self, wrong: Exception) -> None:
        self._model.show(self._model.other)
        self.refused.emit(
            COULD_NOT_KEEP.format(trouble=wrong.words if isinstance(wrong, DraftNotKept) else DraftNotKept.words)
        )

    def let_go(self) -> None:
        """One was submitted: the other goes."""
        if self._other is not None:
            self._spent.append(self._other.name)
            self._other = None
        self._clear_spent()

    def _clear_spent(self) -> None:
        spent, self._spent = self._spent, []
        for name in spent:
            self._work(partial(self._folder.remove, name), lambda _: None)

    def _work(
        self,
        work: Callable[[], object],
        done: Callable[..., None],
        failed: Callable[[Exception], None] = lambda _: None,
    ) -> None:
        of = self._of

        def deliver(result: object) -> None:
            if of == self._of:
                done(result)

        def give_up(wrong: Exception) -> None:
            if of == self._of:
                failed(wrong)

        self._workers.run(work, deliver, give_up)


def _opened_and_kept(keys: Keys, theirs: SealedReport, folder: DraftFolder) -> Found:
    form = load_form(theirs.card.form)
    written: WrittenReport = keys.open_own(theirs.envelope, theirs.contact, form)
    stored = Stored(theirs.card.id, theirs.card.revision)
    kept = KeptDraft(written, theirs.card.language, theirs.card.form, None, stored, aside=True)
    return _kept(folder, new_name(), kept, form, keys)


def _kept(folder: DraftFolder, name: str, kept: KeptDraft, form: Form, keys: Keys) -> Found:
    folder.write(name, seal_kept(kept, form, keys.own.reader.public))
    return Found(name, kept)
