"""Work that must not hold up the window (keys, seals, files) runs in a pool; results come back on the Qt thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

Result = TypeVar("Result")


class _Job(QRunnable):
    def __init__(self, work: Callable[[], object], report: Callable[[object, BaseException | None], None]) -> None:
        super().__init__()
        self._work = work
        self._report = report

    def run(self) -> None:
        # Qt holds on to the last job; what was given to it (keys, words, a passphrase) must not stay with it.
        work, report = self._work, self._report
        del self._work, self._report
        try:
            result = work()
        except Exception as wrong:  # noqa: BLE001  # raised again on the Qt thread by whoever asked
            report(None, wrong)
        else:
            report(result, None)


class Workers(QObject):
    """A pool of its own. `run` calls back on the thread that made this object, never on the worker's."""

    _finished = Signal(object)

    def __init__(self, threads: int = 2) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._open = True
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do `work` off the Qt thread, then `done(result)` or `failed(exception)` on it."""

        def report(result: Any, wrong: BaseException | None) -> None:
            self._finished.emit((done, result) if wrong is None else (failed, wrong))

        self._pool.start(_Job(work, report))

    def _deliver(self, outcome: tuple[Callable[[object], None], object]) -> None:
        then, value = outcome
        if self._open:
            then(value)

    def close(self) -> None:
        """Wait for what runs, and deliver nothing any more."""
        self._open = False
        self._pool.waitForDone()
