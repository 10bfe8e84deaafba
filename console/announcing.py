"""Says aloud, to whoever listens with a screen reader, four things and no more: a call is offered, the caller left, a
save failed, somebody is in danger. What it says names nobody and nothing of a report.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from console.models.call import CallModel
from console.models.line import UNABLE_TO_SPEAK, LineModel
from console.models.report import ReportModel, SaveState
from console.translation import tr
from shared.domain.vocabulary import CallState, EndedBy


class Announcement(StrEnum):
    """Everything that is ever announced, in its words."""

    OFFER = tr("A call is waiting for you.")
    CALLER_LEFT = tr("The caller has left. Choose how the call ended.")
    SAVE_FAILED = tr("The report is not saved on the service.")
    DANGER = tr("Somebody is in danger: ring 999 or the force's control room now, then go on.")


_FAILED: Final = (SaveState.AWAY, SaveState.REFUSED)
Say = Callable[[str], None]


class Announcing(QObject):
    """Watches the models; each thing is said once as it begins, never again while it lasts."""

    def __init__(self, line: LineModel, call: CallModel, report: ReportModel, say: Say) -> None:
        super().__init__()
        self._line, self._call, self._report, self._say = line, call, report, say
        self._lasting: dict[Announcement, str] = {}
        line.changed.connect(self._look_at_offer)
        line.ticked.connect(self._look_at_offer)
        call.changed.connect(self._look_at_call)
        report.state_changed.connect(self._look_at_saving)
        for signal in (report.edited, report.opened):
            signal.connect(self._look_at_danger)

    def _look_at_offer(self) -> None:
        offer = self._line.offer
        words = Announcement.OFFER.value
        if offer is not None and offer.unable_to_speak:
            words = f"{words} {UNABLE_TO_SPEAK}."
        self._begins(Announcement.OFFER, "" if offer is None else offer.id, words)

    def _look_at_call(self) -> None:
        call = self._call.call
        left = call is not None and call.state is CallState.WRAP_UP and call.ended_by is not EndedBy.HANDLER
        self._begins(Announcement.CALLER_LEFT, call.id if call is not None and left else "")

    def _look_at_saving(self) -> None:
        failed = self._report.is_open and self._report.state in _FAILED
        self._begins(Announcement.SAVE_FAILED, "failed" if failed else "")

    def _look_at_danger(self) -> None:
        danger = self._report.is_open and self._report.content.get("danger") == "yes"
        self._begins(Announcement.DANGER, "danger" if danger else "")

    def _begins(self, announcement: Announcement, which: str, words: str = "") -> None:
        if which and self._lasting.get(announcement) != which:
            self._say(words or announcement.value)
        self._lasting[announcement] = which


def say_through(speaker: QObject) -> Say:
    """Have the platform's screen reader, if one listens, say words at once in the name of this object."""

    def say(words: str) -> None:
        if QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(speaker, words)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
            QAccessible.updateAccessibility(event)

    return say
