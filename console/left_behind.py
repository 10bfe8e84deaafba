"""What supervisors do about drafts left behind, two of them at a time; and an author is told of theirs at sign-in."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal

from console import routes
from console.keyring import Keyring
from console.link import Link
from console.models.left_drafts import LeftDraftsModel, given_words
from console.models.session import SessionModel
from console.routes import Route
from console.sign_in import SigningIn
from console.supervisors_sheet import SupervisorsSheet
from console.translation import tr
from console.views.left_drafts import LeftDraftsView
from console.views.window import Window
from console.workers import Workers
from shared.messages import SealedReport
from shared.recovery_messages import GiveRecovered, Recovered

ASKED: Final = tr("Asked. A second supervisor has to confirm before anyone can read it.")
CONFIRMED: Final = tr("Confirmed. Choose a handler and give it to them.")
LEFT: Final = tr("Left to its author.")
GIVEN: Final = tr("Given. It is among their open reports now, and its author is told.")
NOT_SEALED: Final = tr("The draft could not be sealed to this person, so it stays where it is.")


class LeftBehind(SupervisorsSheet):
    """Opens the sheet for supervisors. Emits `told` with words for an author whose draft was given to a colleague."""

    told = Signal(str)

    def __init__(
        self,
        window: Window,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        session: SessionModel,
        signing_in: SigningIn,
    ) -> None:
        self._workers, self._keyring = workers, keyring
        self.drafts = LeftDraftsModel()
        self.view = LeftDraftsView(window, self.drafts, window.tokens)
        super().__init__(window, link, session, signing_in, "left_drafts", self.view, self.drafts)
        self.view.ask.connect(partial(self._do, routes.ASK_TO_RECOVER, ASKED))
        self.view.confirm.connect(partial(self._do, routes.CONFIRM_RECOVERY, CONFIRMED))
        self.view.leave.connect(partial(self._do, routes.DECLINE_RECOVERY, LEFT))
        self.view.give.connect(self.give)
        signing_in.signed_in.connect(self._look)

    def refresh(self) -> None:
        self.ask(routes.LEFT_DRAFTS, self.drafts.show)

    def empty(self) -> None:
        self.drafts.show(None)

    def give(self, report_id: str, person_id: str) -> None:
        """Seal the draft to this handler too, and make it theirs."""
        self.ask(routes.RECOVERABLE, partial(self._seal, person_id), None, report_id)

    def _seal(self, person_id: str, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(
                partial(keys.give_recovered, sealed.envelope, person_id),
                partial(self._send, sealed, person_id),
                lambda _: self.drafts.tell(NOT_SEALED),
            )

    def _send(self, sealed: SealedReport, person_id: str, envelope: str) -> None:
        given = GiveRecovered(person_id=person_id, revision=sealed.card.revision, envelope=envelope)
        self.ask(routes.GIVE_RECOVERED, lambda _: self.finish(GIVEN), given, sealed.card.id)

    def _do(self, route: Route, words: str, report_id: str) -> None:
        self.ask(route, lambda _: self.finish(words), None, report_id)

    # --- an author who signs in again ---

    def _look(self) -> None:
        if self._session.takes_calls or self._session.is_supervisor:
            self._link.call(routes.RECOVERED).answered.connect(self._tell)

    def _tell(self, recovered: Recovered) -> None:
        words = given_words(recovered.days)
        if words:
            self.told.emit(words)
            self._link.call(routes.NOTE_RECOVERED)
