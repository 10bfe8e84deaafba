"""Wires what a supervisor presses in a review to what it does. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject

from console.deciding import Deciding
from console.link import Link
from console.models.review import ReviewModel
from console.reviewing import Reviewing
from console.views.review import ReviewView


class Supervising(QObject):
    """Holds the decisions that change no word; the others are Reviewing's."""

    def __init__(
        self, link: Link, reviewing: Reviewing, review: ReviewModel, view: ReviewView, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self.deciding = Deciding(link, review, today)
        decision, deciding = view.decision, self.deciding
        decision.release.connect(lambda: reviewing.release())
        decision.release_urgent.connect(lambda: reviewing.release(urgently=True))
        decision.give_back.connect(reviewing.send_back)
        decision.hold.connect(deciding.hold)
        decision.take_up.connect(deciding.take_up)
        decision.reject.connect(deciding.ask_to_reject)
        decision.confirm.connect(deciding.confirm)
        decision.decline.connect(deciding.decline)
        view.close_review.connect(reviewing.leave)
