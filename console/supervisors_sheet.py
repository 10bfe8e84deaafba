"""What sheets for supervisors have in common: the way in, what was last said, an end with the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject

from console.link import Failure, Link
from console.models.session import SessionModel
from console.routes import Route
from console.sign_in import SigningIn
from console.views.sheet import Sheet
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
    ) -> None:
        super().__init__()
        self._window, self._link, self._session = window, link, session
        self._way, self._sheet, self._tells = way, sheet, tells
        self._sessions = 0  # that have ended: an answer to one of them comes too late
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
        pending.answered.connect(partial(self._in_time, self._sessions, answered))
        pending.failed.connect(partial(self._in_time, self._sessions, refused or self.refused))

    def finish(self, words: str) -> None:
        """Something was done."""
        self._tells.tell(words, good=True)
        self.refresh()

    def refused(self, failure: Failure) -> None:
        """Something was not done."""
        self._tells.tell(failure.sentence)

    def _in_time(self, sessions: int, then: Callable[[Any], object], answer: object) -> None:
        if sessions == self._sessions:
            then(answer)

    def _end(self) -> None:
        self._sessions += 1
        self._sheet.hide()
        self.empty()
        self._tells.tell("")
