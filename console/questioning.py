"""A supervisor reads what units ask of callers who ring again, and lets it be put or rejects it."""

from __future__ import annotations

from functools import partial
from typing import Final

from console import routes
from console.keyring import Keyring, Keys
from console.link import Link
from console.models.questions import AskedByUnit, QuestionsModel
from console.models.session import SessionModel
from console.sign_in import SigningIn
from console.supervisors_sheet import SupervisorsSheet
from console.translation import tr
from console.views.questions import QuestionsView
from console.views.window import Window
from console.workers import Workers
from shared.question_messages import AcceptQuestion, QuestionCard, Questions
from shared.sealing.errors import SealingError

ACCEPTED: Final = tr("It can be put. Handlers see it when a caller rings again with their reference.")
REJECTED: Final = tr("Rejected. It is put to nobody, and its words are gone.")
NOT_SEALED: Final = tr("The question could not be sealed for the handlers, so it stays where it is.")


class Questioning(SupervisorsSheet):
    """Opens the sheet for supervisors."""

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
        self.model = QuestionsModel()
        self.view = QuestionsView(window, self.model, window.tokens)
        super().__init__(window, link, session, signing_in, "questions", self.view, self.model)
        self.view.accept.connect(self.accept)
        self.view.reject.connect(self.reject)

    def refresh(self) -> None:
        self.ask(routes.WAITING_QUESTIONS, self._read)

    def empty(self) -> None:
        self.model.show((), {})

    def accept(self, question_id: str) -> None:
        """Seal it to the desk, and let the service give it to handlers."""
        keys, sealed = self._keyring.keys, self.model.sealed(question_id)
        if keys is not None and sealed:
            work, send = partial(keys.let_desk_read, sealed), partial(self._send, question_id)
            self._workers.run(work, send, lambda _: self.model.tell(NOT_SEALED))

    def reject(self, question_id: str) -> None:
        self.ask(routes.REJECT_QUESTION, lambda _: self.finish(REJECTED), None, question_id)

    def _send(self, question_id: str, envelope: str) -> None:
        sealed = AcceptQuestion(envelope=envelope)
        self.ask(routes.ACCEPT_QUESTION, lambda _: self.finish(ACCEPTED), sealed, question_id)

    def _read(self, waiting: Questions) -> None:
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(_opened, waiting.questions, keys), partial(self._show, keys), lambda _: None)

    def _show(self, keys: Keys, asked: tuple[AskedByUnit, ...]) -> None:
        if self._keyring.keys is keys:
            self.model.show(asked, {unit.id: unit.name for unit in keys.directory.units})


def _opened(cards: tuple[QuestionCard, ...], keys: Keys) -> tuple[AskedByUnit, ...]:
    return tuple(
        AskedByUnit(card.id, card.unit_id, card.received_on, _text(card.sealed, keys), card.sealed) for card in cards
    )


def _text(sealed: str, keys: Keys) -> str | None:
    try:
        return keys.open_question(sealed).text
    except SealingError:
        return None
