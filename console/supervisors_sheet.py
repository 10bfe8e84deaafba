"""What sheets for supervisors have in common: the way in, what was last said, an end with the session.

While one is shown it is read anew every few seconds, and at once where something was refused: a colleague may have done
it. What has not changed is not drawn again, so that a choice and a press asked for twice stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject

from console.link import Failure, Link, ServiceAway
from console.models.session import SessionModel
from console.routes import Route
from console.sign_in import SigningIn
from console.views.sheet import Sheet
from console.views.while_shown import EVERY_MS, WhileShown
from console.views.window import Window
from shared.messages import Message


class Tells(Protocol):
    """A model with a line about what was just done or refused."""

    def tell(self, words: str, good: bool = False) -> None: ...


class SupervisorsSheet(QObject):
    """Opens a sheet by its way in (`way`) for whoever may, and empties it at the end of the session.

    Each kind asks for what it shows in `refresh` and forgets it in `empty`.
    """

    def __init__(
        self,
        window: Window,
        link: Link,
        session: SessionModel,
        signing_in: SigningIn,
        way: str,
        sheet: Sheet,
        tells: Tells,
        every_ms: int = EVERY_MS,
    ) -> None:
        super().__init__()
        self._window, self._link, self._session = window, link, session
        self._way, self._sheet, self._tells = way, sheet, tells
        self._sessions = 0  # that have ended: an answer to one of them comes too late
        self._by_itself = False  # while it is read again without anybody asking
        self._awaited = 0  # answers to what it reads
        self._last: dict[str, Any] = {}  # what was last read, by where
        self._away = False  # it was told that the service is
        self.timer = WhileShown(sheet, self.again, every_ms)
        window.add_ways({way: self.open})
        signing_in.signed_out.connect(self._end)

    def open(self) -> None:
        """Show it, or put it away."""
        if not self._session.allows(self._way):
            return
        self._tells.tell("")
        self._sheet.toggle()
        if self._sheet.isVisible():
            self.refresh()

    def again(self) -> None:
        """Some seconds have gone by while it is shown. A slow answer is waited for, not asked for again."""
        if self._sheet.isVisible() and not self._awaited:
            self._by_itself = True
            self.refresh()
            self._by_itself = False

    def refresh(self) -> None:
        """Ask for what it shows."""
        raise NotImplementedError

    def empty(self) -> None:
        """Nobody who may see it is signed in."""
        raise NotImplementedError

    def ask(
        self,
        route: Route,
        answered: Callable[[Any], object],
        body: Message | None = None,
        object_id: str | None = None,
        refused: Callable[[Failure], object] | None = None,
    ) -> None:
        """Ask the service. What it answers after the end of the session is dropped; a refusal is told."""
        pending = self._link.call(route, body, object_id)
        if route.method == "GET" and object_id is None:
            self._awaited += 1
            answered = partial(self._take, route.path, self._by_itself, answered)
            refused = partial(self._miss, refused or self._say)
        pending.answered.connect(partial(self._in_time, self._sessions, answered))
        pending.failed.connect(partial(self._in_time, self._sessions, refused or self.refused))

    def _take(self, path: str, by_itself: bool, show: Callable[[Any], object], answer: object) -> None:
        self._awaited -= 1
        before, self._last[path] = self._last.get(path), answer
        if self._away:
            self._away = False
            self._tells.tell("")
        if not by_itself or answer != before:
            show(answer)

    def _miss(self, refused: Callable[[Failure], object], failure: Failure) -> None:
        self._awaited -= 1
        self._away = True
        refused(failure)

    def _say(self, failure: Failure) -> None:
        self._tells.tell(failure.sentence)

    def finish(self, words: str) -> None:
        """Something was done."""
        self._away = False
        self._tells.tell(words, good=True)
        self.refresh()

    def refused(self, failure: Failure) -> None:
        """Something was not done, perhaps because things are no longer as they were shown."""
        self._away = False
        self._say(failure)
        if not isinstance(failure, ServiceAway):
            self.refresh()

    def _in_time(self, sessions: int, then: Callable[[Any], object], answer: object) -> None:
        if sessions == self._sessions:
            then(answer)

    def _end(self) -> None:
        self._sessions += 1
        self._awaited, self._away = 0, False
        self._last.clear()
        self._sheet.hide()
        self.empty()
        self._tells.tell("")
