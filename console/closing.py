"""Whether the window may close: not while something typed is nowhere else, unless it was said and is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject

from console.keyring import Keyring
from console.models.call import CallModel
from console.models.line import LineModel
from console.models.report import ReportModel
from console.models.review import KEPT_NOWHERE, ReviewModel
from console.models.session import SessionModel
from console.safekeeping import Safekeeping
from console.saving import Saving
from console.translation import tr
from console.views.window import Window

WAITS: Final = tr("The report is being saved; this window closes then. Close it again to leave without.")
IN_A_CALL: Final = tr("You have a call, and your telephone goes on. Close again to leave it.")
SIGN_IN_TO_GO_ON: Final = tr(
    "What you wrote about a report is kept nowhere yet. Sign in again to go on, or close again to leave it."
)
SIGN_IN_FIRST: Final = tr("A report is not saved yet. Sign in again to save it, or close again to leave without it.")


class Closing(QObject):
    """Closing waits for a save, once; asked again, it does not. Signed out, it says what to do instead. In a call, or
    with a reviewer's words that are nowhere else, it is asked twice, as signing out is."""

    def __init__(
        self,
        window: Window,
        report: ReportModel,
        keyring: Keyring,
        session: SessionModel,
        line: LineModel,
        saving: Saving,
        safekeeping: Safekeeping,
        call: CallModel,
        review: ReviewModel,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._call, self._review, self._clock = call, review, clock
        self._window, self._report, self._keyring, self._saving = window, report, keyring, saving
        self._session, self._line = session, line
        self._waits = False  # for a save
        self._said = False  # what closing would lose
        window.ask_before_closing(self._may_close)
        saving.settled.connect(self._close_if_asked)
        safekeeping.keeping.kept.connect(self._close_if_asked)

    def _may_close(self) -> bool:
        if self._waits:
            return True
        if self._keyring.keys is not None and not self._call.press_leave(self._clock()):
            self._line.refuse(IN_A_CALL)
            return False
        if self._keyring.keys is None:
            return self._may_close_signed_out()
        if not self._review.press_leave():
            self._line.refuse(KEPT_NOWHERE)
            return False
        if not self._report.is_at_risk:
            return True
        self._waits, self._said = True, False
        self._line.tell(WAITS)
        self._saving.save()
        return False

    def _may_close_signed_out(self) -> bool:
        """Nothing can be saved, only said."""
        if not (self._report.is_at_risk or self._review.is_kept_nowhere):
            return True
        before, self._said = self._said, True
        self._session.sign_out(SIGN_IN_FIRST if self._report.is_at_risk else SIGN_IN_TO_GO_ON)
        return before

    def _close_if_asked(self) -> None:
        if self._waits and not self._report.is_at_risk:
            self._window.close()
