"""A supervisor's decisions that change no word of a report: hold it, ask a second, confirm or decline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.link import Failure, Link
from console.models.report import Stored
from console.models.review import ReviewModel
from console.models.review_lists import HELD_BY_ONE
from console.routes import Route
from console.translation import tr
from shared.domain.vocabulary import RejectReason, ReviewAskKind
from shared.messages import Message, Saved
from shared.review_messages import AskSecond, HoldReport, SeenRevision

HELD: Final = tr("Held. It stays in the list, after the others.")
TAKEN_UP: Final = tr("Taken up again.")
ASKED: Final = tr("A second supervisor is asked. It waits until they have confirmed or declined.")
CONFIRMED: Final[Mapping[ReviewAskKind, str]] = {
    ReviewAskKind.REJECT: tr("Confirmed: the report is rejected. It goes nowhere, and its author sees why."),
    ReviewAskKind.HOLD_LONGER: tr("Confirmed: the report is held, and its author sees until when."),
    ReviewAskKind.URGENT_SENT: tr("You have looked at it. It is off the list."),
}
TAKEN_BACK: Final = tr("You have taken your request back. The report is as it was.")
DECLINED: Final = tr("Left as it was.")


class Deciding(QObject):
    """Sends what was decided about the open report; the review model shows how it goes."""

    def __init__(self, link: Link, review: ReviewModel, today: Callable[[], date]) -> None:
        super().__init__()
        self._link = link
        self._review = review
        self._today = today

    def hold(self, days: int) -> None:
        """Wait with it for so many days; for longer than seven a second supervisor is asked."""
        until = self._today() + timedelta(days=days)
        stored = self._stored()
        if stored is None or not self._review.may_decide:
            return
        if timedelta(days=days) <= HELD_BY_ONE:
            self._send(routes.HOLD_REPORT, HoldReport(revision=stored.revision, until=until), HELD, closes=True)
        else:
            longer = AskSecond(revision=stored.revision, kind=ReviewAskKind.HOLD_LONGER, until=until)
            self._send(routes.ASK_SECOND, longer, ASKED, closes=False)

    def take_up(self) -> None:
        """Go on with a report that was held."""
        stored = self._stored()
        if stored is not None:
            self._send(routes.TAKE_UP_REPORT, SeenRevision(revision=stored.revision), TAKEN_UP, closes=False)

    def ask_to_reject(self, reason: RejectReason) -> None:
        """Have a second supervisor asked whether it goes nowhere."""
        stored = self._stored()
        if stored is not None and self._review.may_decide:
            asked = AskSecond(revision=stored.revision, kind=ReviewAskKind.REJECT, reason=reason)
            self._send(routes.ASK_SECOND, asked, ASKED, closes=False)

    def confirm(self) -> None:
        """Let what a colleague asked happen, to the report as it is shown."""
        stored = self._stored()
        ask = self._review.ask
        if stored is not None and ask is not None:
            self._send(routes.CONFIRM_ASK, SeenRevision(revision=stored.revision), CONFIRMED[ask.kind], closes=True)

    def decline(self) -> None:
        """Take one's own request back, or decline a colleague's."""
        mine = self._review.ask is not None and self._review.ask.mine
        self._send(routes.DECLINE_ASK, None, TAKEN_BACK if mine else DECLINED, closes=False)

    def _stored(self) -> Stored | None:
        return None if self._review.report is None else self._review.report.stored

    def _send(self, route: Route, body: Message | None, notice: str, closes: bool) -> None:
        stored = self._stored()
        if stored is None or self._review.busy:
            return
        self._review.wait(tr("Sending…"))
        pending = self._link.call(route, body, stored.id)
        pending.answered.connect(partial(self._done, stored.id, notice, closes))
        pending.failed.connect(self._failed)

    def _done(self, report_id: str, notice: str, closes: bool, saved: Saved) -> None:
        if self._review.open_id != report_id:
            return  # another one was opened meanwhile
        if closes:
            self._review.close(notice)
        else:
            self._review.move_on(Stored(saved.id, saved.revision), notice)

    def _failed(self, failure: Failure) -> None:
        self._review.tell(failure.sentence)
