"""A report in the outbox is withdrawn, because its caller wishes it: units that may have it are sent a notice each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.keyring import Keyring, Keys
from console.link import Failure, Refused
from console.models.outbox import Unsealed, Withdrawable
from console.posting import SENT_AGAIN, Posting
from console.reviewing import COULD_NOT
from console.translation import said, tr
from console.workers import Workers
from shared.domain.errors import ReportOnItsWay
from shared.forms import load_form
from shared.outbox_messages import SealNotice, WithdrawnReport, WithdrawReport
from shared.sealing.errors import SealingError, UnknownUnit

WITHDRAWN: Final = tr("Withdrawn. What has not left never does; a unit that may have it is sent a notice.")
PUT_ASIDE: Final = tr(
    "Withdrawn. Nothing can be sealed for {units} now: a key is suspended, or it or the directory has expired. "
    "The notice is put aside here; send it once an administrator has put that right."
)
_FORM: Final = "report.v1"


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A notice for each unit that one could be sealed for, and why not for another, in words."""

    notices: tuple[str, ...]
    missing: str


class Withdrawing(QObject):
    """Drives the outbox's sheet; its line says how it goes."""

    def __init__(self, workers: Workers, keyring: Keyring, posting: Posting, today: Callable[[], date]) -> None:
        super().__init__()
        self._workers, self._keyring = workers, keyring
        self._posting, self._outbox, self._today = posting, posting.outbox, today
        posting.view.withdraw.connect(self.withdraw)
        posting.view.seal.connect(self.seal)

    def withdraw(self, report: Withdrawable) -> None:
        """Seal a notice for every unit in any case: the report may leave while this is being decided.

        Where none can be sealed the service decides: what waits here needs none, and any other is put aside.
        """
        self._outbox.tell("")
        keys = self._keyring.keys
        if keys is not None:
            self._workers.run(partial(_notices, keys, report, self._today()), partial(self._send, report), self._stop)

    def seal(self, notice: Unsealed) -> None:
        """Send a notice that could not be sealed when its report was withdrawn."""
        self._outbox.tell("")
        keys = self._keyring.keys
        if keys is not None:
            work = partial(_notice, keys, notice, self._today())
            self._workers.run(work, partial(self._send_later, notice), self._stop)

    def _send(self, report: Withdrawable, sealed: _Sealed) -> None:
        body = WithdrawReport(revision=report.revision, notices=sealed.notices)
        refuse = partial(self._refuse, sealed.missing)
        self._posting.ask(routes.WITHDRAW_REPORT, self._finish, body, report.report_id, refuse)

    def _send_later(self, notice: Unsealed, sealed: str | None) -> None:
        done = partial(self._posting.finish, SENT_AGAIN)
        self._posting.ask(routes.SEAL_NOTICE, lambda _: done(), SealNotice(notice=sealed), notice.delivery_id)

    def _finish(self, withdrawn: WithdrawnReport) -> None:
        if withdrawn.put_aside:
            self._outbox.tell(PUT_ASIDE.format(units=", ".join(withdrawn.put_aside)))
            self._posting.refresh()
        else:
            self._posting.finish(WITHDRAWN)

    def _refuse(self, missing: str, failure: Failure) -> None:
        # Trying again would seal no more than it did: why is what helps.
        lacks_one = bool(missing) and isinstance(failure, Refused) and failure.code == ReportOnItsWay.code
        self._outbox.tell(missing if lacks_one else failure.sentence)
        self._posting.refresh()

    def _stop(self, wrong: Exception) -> None:
        self._outbox.tell(said(wrong.words) if isinstance(wrong, SealingError) else COULD_NOT)


def _notices(keys: Keys, report: Withdrawable, day: date) -> _Sealed:
    notices: list[str] = []
    missing = ""
    for unit_id, digest in report.sent_to:
        try:
            notices.append(keys.seal_withdrawal(digest, load_form(_FORM).marking, unit_id, day))
        except SealingError as wrong:
            missing = said(wrong.words)
    return _Sealed(tuple(notices), missing)


def _notice(keys: Keys, notice: Unsealed, day: date) -> str | None:
    """None where the unit is in the directory no more: a notice could be sealed for nobody. Raises a SealingError."""
    try:
        return keys.seal_withdrawal(notice.withdraws, load_form(_FORM).marking, notice.unit_id, day)
    except UnknownUnit:
        return None
