"""Nothing typed is lost: keeps drafts on this computer while the service is away, and sees them home afterwards.

It only puts together what keeps, what recovers and what holds two versions apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.drafting import Drafting
from console.drafts_on_disk import DraftFolder
from console.keeping import KEEP_AFTER_MS, Keeping
from console.keyring import Keyring
from console.link import Link
from console.models.report import ReportModel
from console.models.versions import VersionsModel
from console.recovering import Recovering
from console.saving import RETRY_MS, Saving
from console.two_versions import TwoVersions
from console.workers import Workers

FOLDER: Final = "drafts"


class Safekeeping(QObject):
    """Call `begin` once someone is signed in and `stop` once nobody is. Emits `told`: words, and whether they are good
    news; and `changed` when `needs_keys` may have.
    """

    told = Signal(str, bool)
    changed = Signal()

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        report: ReportModel,
        saving: Saving,
        drafting: Drafting,
        data_folder: Path,
        keep_after_ms: int = KEEP_AFTER_MS,
        retry_ms: int = RETRY_MS,
    ) -> None:
        super().__init__()
        self._report = report
        self._drafting = drafting
        folder = DraftFolder(data_folder / FOLDER)
        self.versions = VersionsModel()
        self.keeping = Keeping(workers, keyring, report, saving, folder, keep_after_ms)
        self.recovering = Recovering(link, workers, keyring, folder, retry_ms)
        self.two_versions = TwoVersions(link, workers, keyring, report, saving, folder, self.versions)
        self.recovering.told.connect(self.told)
        self.recovering.finished.connect(self._recovered)
        self.two_versions.refused.connect(lambda words: self.told.emit(words, False))
        drafting.submitted.connect(self.two_versions.let_go)
        report.state_changed.connect(self.changed)

    @property
    def needs_keys(self) -> bool:
        """Whether something typed is not with the service yet, or is on its way there."""
        return self._report.is_unsaved or self._report.submitting or self._drafting.is_held

    def go_on(self) -> None:
        """The keys are there again."""
        self._drafting.follow_call()

    def begin(self) -> None:
        """Someone signed in: what was kept here goes first, but for what is in the form already."""
        self._drafting.hold_back()
        self.recovering.begin(but=self.keeping.name if self._report.is_open else "")

    def stop(self) -> None:
        """Nobody is signed in any more. What is not with the service is kept here now."""
        self.recovering.stop()
        self.keeping.keep()

    def _recovered(self, saved: Mapping[str, str]) -> None:
        self._drafting.go_on(saved)
        self.changed.emit()
