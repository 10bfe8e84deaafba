"""A report in the outbox is withdrawn, because its caller wishes it: a unit that may have it is sent a notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys
from console.link import Failure, Link
from console.models.outbox import Withdrawable
from console.posting import Posting
from console.reviewing import COULD_NOT
from console.translation import said, tr
from console.workers import Workers
from shared.forms import load_form
from shared.outbox_messages import WithdrawReport
from shared.sealing.errors import SealingError, UnknownUnit

WITHDRAWN: Final = tr("Withdrawn. What has not left never does; a unit that may have it is sent a notice.")
_FORM: Final = "report.v1"


class Withdrawing(QObject):
    """Drives the outbox's sheet; its line says how it goes."""

    def __init__(
        self, link: Link, workers: Workers, keyring: Keyring, posting: Posting, today: Callable[[], date]
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring
        self._posting, self._outbox, self._today = posting, posting.outbox, today
        posting.view.withdraw.connect(self.withdraw)

    def withdraw(self, report: Withdrawable) -> None:
        """Seal a notice in any case: the report may leave while this is being decided."""
        self._outbox.tell("")
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(_notice, keys, report, self._today()), partial(self._send, report), self._stop)

    def _send(self, report: Withdrawable, notice: str | None) -> None:
        body = WithdrawReport(revision=report.revision, notice=notice)
        pending = self._link.call(routes.WITHDRAW_REPORT, body, report.report_id)
        pending.answered.connect(lambda _: self._finish())
        pending.failed.connect(self._refuse)

    def _finish(self) -> None:
        self._outbox.tell(WITHDRAWN, good=True)
        self._posting.refresh()

    def _refuse(self, failure: Failure) -> None:
        self._outbox.tell(failure.sentence)
        self._posting.refresh()

    def _stop(self, wrong: Exception) -> None:
        self._outbox.tell(said(wrong.words) if isinstance(wrong, SealingError) else COULD_NOT)


def _notice(keys: Keys, report: Withdrawable, day: date) -> str | None:
    """None where the unit is in the directory no more: a notice could be sealed for nobody."""
    try:
        return keys.seal_withdrawal(report.digest, load_form(_FORM).marking, report.unit_id, day)
    except UnknownUnit:
        return None
