"""Asks the service for summaries and puts files of them where the person keeps documents. It works nothing out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from console import routes
from console.link import Failure, Link
from console.models.summary import SummaryModel
from console.translation import tr
from console.workers import Workers
from shared.summary_messages import AskSinceLaunchFile, AskSummary, AskSummaryFile, SummaryFile, SummarySheet
from shared.whole_file import write_whole

NOT_WRITTEN = tr("The file could not be written to {folder}. See that this folder can be written and has room.")


class Summarising(QObject):
    """Emits `told` with a sentence, and whether it is a good one. `papers` tells the folder files are put into."""

    told = Signal(str, bool)

    def __init__(self, link: Link, workers: Workers, summary: SummaryModel, papers: Callable[[], Path]) -> None:
        super().__init__()
        self._link, self._workers, self._summary, self.papers = link, workers, summary, papers
        self._asked = 0
        summary.wanted.connect(self.refresh)

    def refresh(self) -> None:
        """Ask for the period that is looked at; of several questions the last one's answer is shown."""
        self._asked += 1
        ask = self._summary.ask
        route = routes.SUMMARY if isinstance(ask, AskSummary) else routes.SINCE_LAUNCH
        pending = self._link.call(route, ask)
        pending.answered.connect(partial(self._show, self._asked))
        pending.failed.connect(partial(self._refuse, self._asked))

    def save(self, form: str) -> None:
        """A file of what is looked at."""
        ask = self._summary.ask
        said = {**ask.model_dump(), "form": form}
        if isinstance(ask, AskSummary):
            pending = self._link.call(routes.SUMMARY_FILE, AskSummaryFile.model_validate(said))
        else:
            pending = self._link.call(routes.SINCE_LAUNCH_FILE, AskSinceLaunchFile.model_validate(said))
        pending.answered.connect(self._write)
        pending.failed.connect(lambda failure: self.told.emit(failure.sentence, False))

    def forget(self) -> None:
        """Nobody who may see figures is signed in any more."""
        self._asked += 1
        self._summary.show(None)

    def _show(self, asked: int, sheet: SummarySheet) -> None:
        if asked == self._asked:
            self._summary.show(sheet)

    def _refuse(self, asked: int, failure: Failure) -> None:
        if asked == self._asked:
            self._summary.show(None, failure.sentence)

    def _write(self, file: SummaryFile) -> None:
        folder = self.papers()
        self._workers.run(
            partial(_put, folder / file.name, file.content),
            lambda path: self.told.emit(tr("Written to {path}.").format(path=path), True),
            lambda _: self.told.emit(NOT_WRITTEN.format(folder=folder), False),
        )


def _put(path: Path, content: bytes) -> Path:
    """Where it is now; a folder that is not there is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return path
