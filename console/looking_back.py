"""A second supervisor's look at a report that left urgently: opened in a worker, shown, confirmed, forgotten."""

from __future__ import annotations

import json
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console import routes
from console.keyring import Keyring, Keys
from console.link import Failure, Link
from console.models.review import ReviewModel
from console.models.session import SessionModel
from console.reviewing import COULD_NOT
from console.sign_in import SigningIn
from console.translation import said, tr
from console.views.sent_report import SentReportView
from console.views.window import Window
from console.workers import Workers
from shared.domain.vocabulary import ReviewAskKind
from shared.forms.rendering import as_text
from shared.messages import ReportCard, SealedReport
from shared.review_messages import SeenRevision
from shared.sealing.errors import EnvelopeAltered, SealingError

CONFIRMED: Final = tr("You have looked at it. It is off the list.")


class LookingBack(QObject):
    """Emits `told` with a sentence. The words are in memory only, and gone once the sheet is put away."""

    told = Signal(str)

    def __init__(
        self,
        window: Window,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        review: ReviewModel,
        session: SessionModel,
        signing_in: SigningIn,
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring, self._review = link, workers, keyring, review
        self._session = session
        self._card: ReportCard | None = None
        self.view = SentReportView(window, window.tokens)
        self.view.confirm.connect(self.confirm)
        self.view.gone.connect(self._forget)
        signing_in.signed_out.connect(self._end)

    def is_about(self, report_id: str) -> bool:
        """Whether this report has left and waits for a second look."""
        ask = next((card.ask for card in self._review.cards if card.id == report_id), None)
        return ask is not None and ask.kind is ReviewAskKind.URGENT_SENT

    def open(self, report_id: str) -> None:
        """Ask for the report as it left."""
        pending = self._link.call(routes.SENT_URGENTLY, None, report_id)
        pending.answered.connect(self._unseal)
        pending.failed.connect(self._refuse)

    def confirm(self) -> None:
        """Say that it has been looked at."""
        if self._card is None:
            return
        self.view.set_busy(True)
        pending = self._link.call(routes.CONFIRM_ASK, SeenRevision(revision=self._card.revision), self._card.id)
        pending.answered.connect(lambda _: self._finish())
        pending.failed.connect(self._fail)

    def _unseal(self, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(text_as_sent, keys, sealed), partial(self._show, sealed.card), self._stop)

    def _show(self, card: ReportCard, text: str) -> None:
        if not self._session.is_supervisor:
            return
        self._card = card
        self.view.tell("")
        self.view.show_text(text)
        if not self.view.isVisible():
            self.view.toggle()

    def _finish(self) -> None:
        self.view.put_away()
        self.told.emit(CONFIRMED)

    def _fail(self, failure: Failure) -> None:
        self.view.set_busy(False)
        self.view.tell(failure.sentence)

    def _refuse(self, failure: Failure) -> None:
        self.told.emit(failure.sentence)

    def _stop(self, wrong: Exception) -> None:
        self.told.emit(said(wrong.words) if isinstance(wrong, SealingError) else COULD_NOT)

    def _forget(self) -> None:
        self._card = None
        self.view.show_text("")

    def _end(self) -> None:
        self.view.hide()
        self._forget()


def text_as_sent(keys: Keys, sealed: SealedReport) -> str:
    """A report as its unit reads it. Raises a SealingError."""
    try:
        return as_text(json.loads(keys.open_released(sealed.envelope)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EnvelopeAltered from None
