"""Wires the hints of the report that is written, and of the one that is reviewed, to their strips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.hinting import Hinting
from console.models.hints import HintsModel
from console.models.report import ReportModel
from console.models.review import ReviewModel
from console.style.tokens import Tokens
from console.views.field_remarks import show_remarks
from console.views.hints import HintsView, field_name
from console.views.report import ReportView
from console.views.review import ReviewView, wording_name
from console.workers import Workers
from shared.identity_hints.placed import AcceptReason, accept


class Wording(QObject):
    """Quiet until asked for or until submitting; `submit` goes on once the hints have been seen or there are none."""

    def __init__(
        self, workers: Workers, report: ReportModel, view: ReportView, submit: Callable[[], None], tokens: Tokens
    ) -> None:
        super().__init__()
        self.hints = HintsModel()
        self.hinting = Hinting(workers, self.hints, report.for_hints)
        self._report, self._go_on = report, submit
        strip = HintsView(self.hints, view, field_name, tokens, "hints", "next_hint")
        strip.accepted.connect(self._accept)
        view.add_strip(strip)
        view.check_wording.connect(self.hinting.toggle)
        view.submit.connect(self._submit)
        report.opened.connect(self.hinting.put_away)
        report.opened.connect(lambda: show_remarks(view, report.notes.at_fields))
        report.edited.connect(self.hinting.look_again)

    def _submit(self) -> None:
        if self._report.check():
            self.hinting.before(self._go_on)

    def _accept(self, reason: AcceptReason) -> None:
        if self.hints.current is not None:
            self._report.accept(accept(self.hints.current, reason))
            self.hinting.ask()


class ReviewWording(QObject):
    """Always asked for: a report is not released while words are left that nobody changed or kept."""

    def __init__(self, workers: Workers, review: ReviewModel, view: ReviewView, tokens: Tokens) -> None:
        super().__init__()
        self.hints = HintsModel()
        self.hinting = Hinting(workers, self.hints, review.for_hints)
        self._review = review
        strip = HintsView(self.hints, view, wording_name, tokens, "places", "next_place")
        strip.accepted.connect(self._accept)
        view.add_strip(strip)
        review.opened.connect(self._begin)
        review.changed.connect(self.hinting.look_again)
        self.hinting.read_through.connect(lambda: review.settle(not self.hints.open))

    def _begin(self) -> None:
        self.hinting.put_away()
        if self._review.report is not None:
            self.hinting.ask()

    def _accept(self, reason: AcceptReason) -> None:
        if self.hints.current is not None:
            self._review.accept(accept(self.hints.current, reason))
            self.hinting.ask()
