"""A supervisor's look at the line as it stands: reads it every few seconds while it is shown, and says its hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from console import routes
from console.link import Failure, Link
from console.models.line_now import LineNowModel
from console.models.session import SessionModel
from console.routes import Route
from console.sign_in import SigningIn
from console.supervisors_sheet import SupervisorsSheet
from console.translation import tr
from console.views.line_now import LineNowView
from console.views.while_shown import EVERY_MS
from console.views.window import Window
from shared.domain.vocabulary import ClosedWords
from shared.line_messages import LineNow, SayHours
from shared.messages import Message

CLOSED: Final = tr("The line is closed to new callers. Those in progress go on.")
OPENED: Final = tr("The line is open.")
USUAL: Final = tr("The line keeps its usual hours.")
SIGNED_OUT: Final = tr("Signed out everywhere.")


class Overseeing(SupervisorsSheet):
    """Opens the sheet for supervisors."""

    def __init__(
        self,
        window: Window,
        link: Link,
        session: SessionModel,
        signing_in: SigningIn,
        clock: Callable[[], datetime],
        every_ms: int = EVERY_MS,
    ) -> None:
        self._asked, self._answered = 0, 0
        self.model = LineNowModel()
        self.view = LineNowView(window, self.model, window.tokens, clock)
        super().__init__(window, link, session, signing_in, "line_now", self.view, self.model, every_ms)
        self.view.close_line.connect(self.close_line)
        self.view.open_line.connect(self.open_line)
        self.view.usual_hours.connect(lambda: self._do(routes.USUAL_HOURS, USUAL))
        self.view.sign_out.connect(lambda person_id: self._do(routes.SIGN_OUT_OTHER, SIGNED_OUT, None, person_id))

    def refresh(self) -> None:
        """Ask for the line as it is now; of several questions the last one's answer is shown."""
        self._asked += 1
        asked = self._asked
        pending = self._link.call(routes.LINE_NOW)
        pending.answered.connect(lambda line: self._show(asked, line))
        pending.failed.connect(lambda failure: self._fail(asked, failure))

    def close_line(self, until: datetime, words: ClosedWords) -> None:
        self._do(routes.SAY_HOURS, CLOSED, SayHours(open=False, until=until, words=words))

    def open_line(self, until: datetime) -> None:
        self._do(routes.SAY_HOURS, OPENED, SayHours(open=True, until=until))

    def again(self) -> None:
        if self.view.isVisible() and self._answered == self._asked:
            self.refresh()

    def _show(self, asked: int, line: LineNow) -> None:
        self._answered = max(self._answered, asked)
        if asked == self._asked and self._session.is_supervisor:
            self.model.show(line)
            self.view.set_stale("")

    def _fail(self, asked: int, failure: Failure) -> None:
        self._answered = max(self._answered, asked)
        if asked == self._asked:
            self.view.set_stale(failure.sentence)

    def _do(self, route: Route, done: str, body: Message | None = None, object_id: str | None = None) -> None:
        self.model.tell("")
        self.ask(route, lambda _: self.finish(done), body, object_id)

    def empty(self) -> None:
        self._asked += 1
        self._answered = self._asked
        self.view.set_stale("")
        self.model.show(None)
