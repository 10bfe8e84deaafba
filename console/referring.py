"""A reference for ringing again: its words are made here, read out, and forgotten; the service gets what finds them.

The same words give the report its mark, so that the unit, and nobody before it, sees which reports belong together.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.link import Failure, Link
from console.models.reference import FOUND, NOT_SEEN, TAKEN, ReferenceModel, Step
from console.models.report import ReportModel
from console.putting import Putting
from console.reference_words import NotAReference, new_words, read_words
from console.translation import tr
from console.workers import Workers
from shared.reference_messages import ReferenceProof
from shared.sealing.canonical import to_base64url
from shared.sealing.references import REFERENCE_COST, Reference, derive_reference
from shared.sealing.sign_in import Cost
from shared.sealing.verify_key import VerifyKey

FIELD: Final = "follow_up"
COULD_NOT_MAKE: Final = tr("A reference could not be made. The report is not affected.")


class Referring(QObject):
    """Gives references out and takes them back in, for the report that is open."""

    def __init__(
        self,
        link: Link,
        workers: Workers,
        report: ReportModel,
        model: ReferenceModel,
        root: VerifyKey,
        cost: Cost = REFERENCE_COST,
        below: Callable[[int], int] = secrets.randbelow,
        putting: Putting | None = None,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._report = report
        self._model = model
        self._root = root
        self._cost = cost
        self._below = below
        self._putting = putting
        self._turn = 0  # one for each thing asked for: what comes back for another is dropped
        self._given: Reference | None = None
        report.opened.connect(self._begin)

    def _begin(self) -> None:
        self._turn += 1
        self._given = None
        if not self._report.is_open:
            self._model.go(Step.CLOSED)
        else:
            self._model.go(Step.MARKED if self._report.content.get(FIELD) else Step.OFFER)

    # --- given out ---

    def give(self) -> None:
        """Make one, have the service know it, then show its words."""
        if self._model.step is not Step.OFFER:
            return
        words = new_words(self._below)
        self._model.go(Step.MAKING)
        self._derive(words, partial(self._tell_service, words))

    def _tell_service(self, words: tuple[str, ...], made: Reference) -> None:
        self._ask(routes.GIVE_REFERENCE, made, partial(self._read_out, words, made), Step.OFFER)

    def _read_out(self, words: tuple[str, ...], made: Reference) -> None:
        self._given = made
        self._model.go(Step.READING, words=words)

    def confirm(self) -> None:
        """The caller has said them back."""
        if self._model.step is Step.READING and self._given is not None:
            given, self._given = self._given, None
            self._report.fill(FIELD, given.mark)
            self._model.go(Step.MARKED, TAKEN)

    def refuse(self) -> None:
        """The caller wants none, or does not want this one after all."""
        if self._given is not None:
            self._link.call(routes.WITHDRAW_REFERENCE, _proof(self._given))
            self._given = None
        self._turn += 1
        self._model.go(Step.OFFER if self._model.step is Step.ENTERING else Step.CLOSED)

    # --- taken in ---

    def enter(self) -> None:
        """The caller rings again, and has one."""
        if self._report.is_open and not self._model.is_busy and self._given is None:
            self._model.go(Step.ENTERING)

    def look_for(self, text: str) -> None:
        """The words as the handler wrote them."""
        if self._model.step is not Step.ENTERING:
            return
        words = read_words(text)
        if isinstance(words, NotAReference):
            self._model.go(Step.ENTERING, words.sentence)
            return
        self._model.go(Step.CHECKING)
        self._derive(words, lambda made: self._ask(routes.FIND_REFERENCE, made, partial(self._found, made)))

    def _found(self, made: Reference) -> None:
        self._report.fill(FIELD, made.mark)
        self._model.go(Step.MARKED, FOUND)
        if self._putting is not None:
            turn = self._turn
            self._putting.look_for(made.mark, lambda asked: self._put(turn, asked))

    def _put(self, turn: int, asked: tuple[str, ...] | None) -> None:
        """What a unit asks of this caller; None where that could not be seen."""
        if turn != self._turn or self._model.step is not Step.MARKED:
            return
        if asked is None:
            self._model.go(Step.MARKED, NOT_SEEN)
        else:
            self._model.ask(asked)

    # --- both ---

    def _derive(self, words: tuple[str, ...], then: Callable[[Reference], None]) -> None:
        self._turn += 1
        turn, before = self._turn, Step.OFFER if self._model.step is Step.MAKING else Step.ENTERING

        def derived(made: Reference) -> None:
            if turn == self._turn:
                then(made)

        def failed(_: Exception) -> None:
            if turn == self._turn:
                self._model.go(before, COULD_NOT_MAKE)

        self._workers.run(partial(derive_reference, words, self._root, self._cost), derived, failed)

    def _ask(
        self, route: routes.Route, made: Reference, then: Callable[[], None], before: Step = Step.ENTERING
    ) -> None:
        turn = self._turn

        def answered(_: object) -> None:
            if turn == self._turn:
                then()

        def failed(failure: Failure) -> None:
            if turn == self._turn:
                self._model.go(before, failure.sentence)

        pending = self._link.call(route, _proof(made))
        pending.answered.connect(answered)
        pending.failed.connect(failed)


def _proof(made: Reference) -> ReferenceProof:
    return ReferenceProof(locator=to_base64url(made.locator), proof=to_base64url(made.proof))
