"""Wires what a supervisor presses in the list and in a review to what it does. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject

from console import routes
from console.deciding import Deciding
from console.link import Link
from console.looking_back import LookingBack
from console.models.line import LineModel
from console.models.review import KEPT_NOWHERE, ReviewModel
from console.reviewing import Reviewing
from console.views.window import Window


class Supervising(QObject):
    """Holds the decisions that change no word; the others are Reviewing's. One report at a time: another is opened in
    its place, though not over words that are nowhere else.
    """

    def __init__(
        self,
        link: Link,
        window: Window,
        line: LineModel,
        review: ReviewModel,
        reviewing: Reviewing,
        looking_back: LookingBack,
        today: Callable[[], date],
    ) -> None:
        super().__init__()
        self._link, self._window, self._line, self._review = link, window, line, review
        self._written_by = ""
        self._reviewing, self._looking_back = reviewing, looking_back
        self.deciding = Deciding(link, review, today)
        window.line.open_review.connect(self.open)
        view, deciding = window.review, self.deciding
        decision = view.decision
        decision.choose_unit.connect(reviewing.choose_unit)
        decision.release.connect(lambda: reviewing.release())
        decision.release_urgent.connect(lambda: reviewing.release(urgently=True))
        decision.give_back.connect(reviewing.send_back)
        decision.hold.connect(deciding.hold)
        decision.take_up.connect(deciding.take_up)
        decision.reject.connect(deciding.ask_to_reject)
        decision.confirm.connect(deciding.confirm)
        decision.decline.connect(deciding.decline)
        view.close_review.connect(reviewing.leave)

    def begin(self, person_id: str) -> None:
        """Somebody signed in: what they wrote before their session ended is here for them, and for nobody else."""
        if person_id != self._written_by:
            self._review.close()
        elif self._review.report is not None:
            self._window.show_review()
            self._link.call(routes.OPEN_FOR_REVIEW, None, self._review.open_id)
        self._written_by = person_id

    def end(self) -> None:
        """Nobody is signed in. What is kept nowhere else waits, out of sight, for whoever wrote it."""
        if not self._review.is_kept_nowhere:
            self._review.close()

    def open(self, report_id: str) -> None:
        """To decide about; or, where it has left already, to look at. What is open already is gone back to."""
        if self._looking_back.is_about(report_id):
            self._looking_back.open(report_id)
        elif report_id == self._review.open_id and not self._review.overtaken:
            self._window.show_review()
        elif self.may_leave():
            self._reviewing.open(report_id)

    def may_leave(self) -> bool:
        """Whether the open report may be let go of; says what would be lost, the first time."""
        may = self._review.press_leave()
        if not may:
            self._line.refuse(KEPT_NOWHERE)
        return may
