"""A supervisor reads what units ask of callers who ring again, and lets it be put or rejects it."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut

from console import routes
from console.keyring import Keyring, Keys
from console.link import Failure, Link
from console.models.questions import AskedByUnit, QuestionsModel
from console.models.session import SessionModel
from console.sign_in import SigningIn
from console.translation import tr
from console.views.questions import QuestionsView
from console.views.window import Window
from console.workers import Workers
from shared.question_messages import AcceptQuestion, QuestionCard, Questions
from shared.sealing.errors import SealingError

ACCEPTED: Final = tr("It can be put. Handlers see it when a caller rings again with their reference.")
REJECTED: Final = tr("Rejected. It is put to nobody, and its words are gone.")
NOT_SEALED: Final = tr("The question could not be sealed for the handlers, so it stays where it is.")


class Questioning(QObject):
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
        super().__init__()
        self._window, self._link, self._session = window, link, session
        self._workers, self._keyring = workers, keyring
        self.model = QuestionsModel()
        self.view = QuestionsView(window, self.model, window.tokens)
        window.add_ways({"questions": self.open})
        self.view.accept.connect(self.accept)
        self.view.reject.connect(self.reject)
        session.changed.connect(self._allow)
        signing_in.signed_out.connect(self._end)
        self._allow()

    def open(self) -> None:
        """Show it, or put it away."""
        if not self._session.is_supervisor:
            return
        self.model.tell("")
        self.view.toggle()
        if self.view.isVisible():
            self.refresh()

    def refresh(self) -> None:
        pending = self._link.call(routes.WAITING_QUESTIONS)
        pending.answered.connect(self._read)
        pending.failed.connect(self._refuse)

    def accept(self, question_id: str) -> None:
        """Seal it to the desk, and let the service give it to handlers."""
        keys, sealed = self._keyring.keys, self.model.sealed(question_id)
        if keys is not None and sealed:
            work, send = partial(keys.let_desk_read, sealed), partial(self._send, question_id)
            self._workers.run(work, send, lambda _: self.model.tell(NOT_SEALED))

    def reject(self, question_id: str) -> None:
        pending = self._link.call(routes.REJECT_QUESTION, None, question_id)
        pending.answered.connect(lambda _: self._finish(REJECTED))
        pending.failed.connect(self._refuse)

    def _send(self, question_id: str, envelope: str) -> None:
        pending = self._link.call(routes.ACCEPT_QUESTION, AcceptQuestion(envelope=envelope), question_id)
        pending.answered.connect(lambda _: self._finish(ACCEPTED))
        pending.failed.connect(self._refuse)

    def _read(self, waiting: Questions) -> None:
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(_opened, waiting.questions, keys), partial(self._show, keys), lambda _: None)

    def _show(self, keys: Keys, asked: tuple[AskedByUnit, ...]) -> None:
        if self._keyring.keys is keys:
            self.model.show(asked, {unit.id: unit.name for unit in keys.directory.units})

    def _finish(self, words: str) -> None:
        self.model.tell(words, good=True)
        self.refresh()

    def _refuse(self, failure: Failure) -> None:
        self.model.tell(failure.sentence)

    def _allow(self) -> None:
        for way in self._window.findChildren(QShortcut, "way.questions"):
            way.setEnabled(self._session.is_supervisor)

    def _end(self) -> None:
        self.view.hide()
        self.model.show((), {})
        self.model.tell("")


def _opened(cards: tuple[QuestionCard, ...], keys: Keys) -> tuple[AskedByUnit, ...]:
    return tuple(
        AskedByUnit(card.id, card.unit_id, card.received_on, _text(card.sealed, keys), card.sealed) for card in cards
    )


def _text(sealed: str, keys: Keys) -> str | None:
    try:
        return keys.open_question(sealed).text
    except SealingError:
        return None
