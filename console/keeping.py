"""Keeping on this computer, sealed, whatever the service has not confirmed in time; taken away once it has.

Together with saving, nothing typed is ever older than three seconds without being safe somewhere. Only the author's
public key is needed, so this goes on when a session has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console.drafts_on_disk import DraftFolder, DraftNotKept, new_name
from console.kept_draft import KeptDraft, seal_kept
from console.keyring import Keyring
from console.models.report import ReportModel
from console.saving import COULD_NOT_SEAL, Saving
from console.workers import Workers
from shared.forms import Form
from shared.sealing.keys import ReaderPublicKey

# An answer that comes sooner stops the clock; what was typed meanwhile waits for as long again: 3 s with the writing.
KEEP_AFTER_MS: Final = 1_400
SEALING_MS: Final = 20  # until a save that is being sealed is looked for again


@dataclass(eq=False, slots=True)
class _Copy:
    """One open report's file. Writing and removing never overlap."""

    name: str = field(default_factory=new_name)
    busy: bool = False
    on_disk: bool = False
    needed: bool = True  # not all of it is with the service


class Keeping(QObject):
    """Watches the report model. Emits `kept` when this computer has all there is."""

    kept = Signal()

    def __init__(
        self,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        saving: Saving,
        folder: DraftFolder,
        keep_after_ms: int = KEEP_AFTER_MS,
    ) -> None:
        super().__init__()
        self._workers = workers
        self._keyring = keyring
        self._report = report
        self._saving = saving
        self._folder = folder
        self._author: ReaderPublicKey | None = None
        self._copy = _Copy()
        self._saved_edits = 0
        self._due = QTimer(self, singleShot=True, interval=keep_after_ms)
        self._due.timeout.connect(self.keep)
        self._sealed = QTimer(self, singleShot=True, interval=SEALING_MS)
        self._sealed.timeout.connect(self.keep)
        report.opened.connect(self._another)
        report.edited.connect(self._edited)
        report.state_changed.connect(self._look)

    @property
    def name(self) -> str:
        """The file of the report that is open, whether or not it has been needed yet."""
        return self._copy.name

    def _another(self) -> None:
        if self._report.edits == 0:  # otherwise it is another version of the same report
            self._due.stop()
            self._copy, self._saved_edits = _Copy(), 0

    def _edited(self) -> None:
        if self._keyring.keys is not None:
            self._author = self._keyring.keys.own.reader.public
        self._copy.needed = True
        if not self._due.isActive() and not self._copy.busy:
            self._due.start()

    def _look(self) -> None:
        if self._report.saved_edits == self._saved_edits:
            return
        self._saved_edits = self._report.saved_edits
        if self._report.is_unsaved:
            # The file must learn at once where the service has the report: a new draft sent anew would be a second one.
            self.keep() if self._copy.on_disk else self._due.start()
            return
        self._due.stop()
        self._copy.needed = False
        self._take_away(self._copy)

    # --- writing ---

    def keep(self) -> None:
        """Have this computer keep what is here now, if the service has not got it."""
        copy, report, author = self._copy, self._report, self._author
        if not report.is_unsaved or author is None or copy.busy:
            return
        if self._saving.is_sealing:  # the copy must have the very save that leaves: sent anew it would be a second one
            self._sealed.start()
            return
        copy.busy = True
        unanswered = self._saving.unanswered
        kept = KeptDraft(report.written(), report.language, report.form.name, report.call_id, report.stored, unanswered)
        work = partial(_write, self._folder, copy.name, kept, report.form, author)
        self._workers.run(work, partial(self._written, copy, report.edits), partial(self._not_written, copy))

    def _written(self, copy: _Copy, edits: int, _: None) -> None:
        copy.busy, copy.on_disk = False, True
        if not copy.needed:
            self._take_away(copy)
        elif copy is self._copy:
            self._report.mark_kept(edits)
            self._go_on()
            if self._report.is_kept:
                self.kept.emit()

    def _not_written(self, copy: _Copy, wrong: Exception) -> None:
        copy.busy = False
        if copy is self._copy and copy.needed:
            trouble = wrong.words if isinstance(wrong, DraftNotKept) else COULD_NOT_SEAL
            self._report.mark_kept(self._report.edits, trouble)
            self._due.start()

    def _go_on(self) -> None:
        if self._report.is_at_risk:
            self._due.start()

    # --- taking away ---

    def _take_away(self, copy: _Copy) -> None:
        if copy.busy or not copy.on_disk:
            return
        copy.busy = True
        work = partial(self._folder.remove, copy.name)
        self._workers.run(work, partial(self._taken_away, copy), partial(self._still_there, copy))

    def _taken_away(self, copy: _Copy, _: None) -> None:
        copy.busy = copy.on_disk = False
        if copy is self._copy:
            self._go_on()

    def _still_there(self, copy: _Copy, _: Exception) -> None:
        # It is sealed, and the next sign-in finds that the service has it already.
        copy.busy = False
        if copy is self._copy:
            self._go_on()


def _write(folder: DraftFolder, name: str, kept: KeptDraft, form: Form, author: ReaderPublicKey) -> None:
    folder.write(name, seal_kept(kept, form, author))
