"""Looks for words that could point to a person while a report is written, off the Qt thread and only when asked to.

Only answers that changed are read anew; what was read is forgotten with the report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from console.models.hints import HintsModel
from console.workers import Workers
from shared.domain.vocabulary import Language
from shared.forms import Field, Form
from shared.identity_hints.placed import Acceptance, Path, PlacedHint, hints_at, leaving

READ_AFTER_MS: Final = 250

Text = tuple[Path, Field, str]
Content = dict[str, Any]


class Hinting(QObject):
    """Keeps one hints model up to date with one report's answers. `source` gives them, or None while none is open.

    Emits `read_through` whenever the model shows every answer as it is now.
    """

    read_through = Signal()

    def __init__(
        self,
        workers: Workers,
        hints: HintsModel,
        source: Callable[[], tuple[Form, Content, Language, Sequence[Acceptance]] | None],
        read_after_ms: int = READ_AFTER_MS,
    ) -> None:
        super().__init__()
        self._workers = workers
        self._hints = hints
        self._source = source
        self._known: dict[tuple[Path, str], tuple[PlacedHint, ...]] = {}
        self._reading = False
        self._then: Callable[[], None] | None = None
        self._timer = QTimer(self, singleShot=True, interval=read_after_ms)
        self._timer.timeout.connect(self._read)

    def ask(self) -> None:
        """Show what there is to show, at once."""
        self._hints.want(True)
        self._read()

    def put_away(self) -> None:
        """Be quiet again, and forget what was read."""
        self._timer.stop()
        self._known, self._then = {}, None
        self._hints.want(False)

    def toggle(self) -> None:
        """Ask, or put away."""
        if self._hints.wanted:
            self.put_away()
        else:
            self.ask()

    def before(self, go_on: Callable[[], None]) -> None:
        """Go on at once where the hints have been looked at or there are none; else show them first."""
        if self._hints.wanted and self._hints.read:
            go_on()
            return
        self._then = go_on
        self.ask()

    def look_again(self) -> None:
        """An answer changed: read it once the typing pauses."""
        if self._hints.wanted:
            self._timer.start()

    def _read(self) -> None:
        source = self._source()
        if source is None or not self._hints.wanted or self._reading:
            return
        form, content, language, _ = source
        texts = [one for one in leaving(form, content) if (one[0], one[2]) not in self._known]
        self._reading = True
        self._workers.run(partial(_read_all, texts, language), self._show, self._stop)

    def _show(self, found: dict[tuple[Path, str], tuple[PlacedHint, ...]]) -> None:
        self._reading = False
        source = self._source()
        if source is None or not self._hints.wanted:
            return
        form, content, _, accepted = source
        known = self._known | found
        now = [(path, text) for path, _, text in leaving(form, content)]
        self._known = {one: known[one] for one in now if one in known}
        if len(self._known) < len(now):  # typed on meanwhile
            self._timer.start()
            return
        self._hints.show([hint for one in now for hint in self._known[one]], accepted)
        self.read_through.emit()
        self._go_on()

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is None:
            return
        if self._hints.open:
            self._hints.hold_up()
        else:
            self.put_away()
            then()

    def _stop(self, wrong: Exception) -> None:
        self._reading = False
        raise wrong


def _read_all(texts: Sequence[Text], language: Language) -> dict[tuple[Path, str], tuple[PlacedHint, ...]]:
    return {(path, text): hints_at(path, field, text, language) for path, field, text in texts}
