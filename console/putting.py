"""Finds what a unit asks of a caller by their mark, here and not at the service: it fetches all questions there are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys
from console.link import Link
from console.workers import Workers
from shared.question_messages import QuestionCard, Questions
from shared.sealing.errors import SealingError

Found = Callable[[tuple[str, ...] | None], None]


class Putting(QObject):
    """For handlers, once a caller's reference was found."""

    def __init__(self, link: Link, workers: Workers, keyring: Keyring) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring

    def look_for(self, mark: str, then: Found) -> None:
        """Call ``then`` with the questions under this mark, () for none, or None where that could not be seen."""
        pending = self._link.call(routes.QUESTIONS)
        pending.answered.connect(partial(self._open, mark, then))
        pending.failed.connect(lambda _: then(None))

    def _open(self, mark: str, then: Found, all_of_them: Questions) -> None:
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(asked_of, mark, all_of_them.questions, keys), then, lambda _: then(None))


def asked_of(mark: str, cards: tuple[QuestionCard, ...], keys: Keys) -> tuple[str, ...]:
    """The texts under this mark. One that cannot be opened, or whose unit is suspended, is passed over."""
    found = []
    for card in cards:
        try:
            question = keys.open_question(card.sealed)
        except SealingError:
            continue
        if question.mark == mark:
            found.append(question.text)
    return tuple(found)
