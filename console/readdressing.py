"""Contact details that are not sealed for the unit that gets the report: their author's console seals them for it too.

It happens by itself, whenever the author is signed in: nobody else can open them, so nobody else can do it. Which unit
that is a supervisor's console has signed; the service is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys, envelope_in
from console.link import Link
from console.models.review import ReviewModel
from console.workers import Workers
from shared.messages import ReportCard, SealedContact


class Readdressing(QObject):
    """Watches the list of reports. What fails is tried again when the list next changes."""

    def __init__(
        self, link: Link, workers: Workers, keyring: Keyring, review: ReviewModel, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._review = review
        self._today = today
        self._under_way: set[str] = set()
        review.listed.connect(self._look)

    def _look(self) -> None:
        for card in self._review.cards:
            if card.mine and card.contact_waits and card.id not in self._under_way:
                self._under_way.add(card.id)
                pending = self._link.call(routes.WAITING_CONTACT, None, card.id)
                pending.answered.connect(partial(self._seal, card))
                pending.failed.connect(lambda _, report_id=card.id: self._done(report_id))

    def _seal(self, card: ReportCard, sealed: SealedContact) -> None:
        keys = self._keyring.keys
        if keys is None or card.unit_id is None:
            self._done(card.id)
            return
        self._workers.run(
            partial(_sealed, keys, sealed, card.unit_id, self._today()),
            partial(self._send, card.id),
            lambda _: self._done(card.id),
        )

    def _send(self, report_id: str, envelope: str) -> None:
        pending = self._link.call(routes.READDRESS_CONTACT, SealedContact(envelope=envelope), report_id)
        pending.answered.connect(lambda _: self._done(report_id))
        pending.failed.connect(lambda _: self._done(report_id))

    def _done(self, report_id: str) -> None:
        self._under_way.discard(report_id)


def _sealed(keys: Keys, sealed: SealedContact, unit_id: str, day: date) -> str:
    return keys.seal_contact_for(envelope_in(sealed.envelope), unit_id, sealed.address, day)
