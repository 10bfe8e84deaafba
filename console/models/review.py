"""Reports in review, and the one a supervisor has open: as the unit will see it, with what stays here beside it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.models.report import Stored
from console.sealed_report import WrittenReport
from console.words import CATEGORIES, short_force_words
from shared.domain.forces import FORCES
from shared.domain.vocabulary import Circle, ReportState
from shared.forms import Form, ReleaseFacts, circle_of, conflict_of, disseminated
from shared.forms.content import category_of, is_answered, mode_of
from shared.messages import ReportCard
from shared.sealing.envelope import Envelope
from shared.sealing.flags import ReleaseFlags

OWN = "Yours: a colleague reviews it"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: str
    title: str
    detail: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report in review, in clear, in memory only."""

    stored: Stored
    card: ReportCard
    form: Form
    written: WrittenReport = field(repr=False)
    contact: Envelope | None = None  # the caller's details: nobody here can open them


class ReviewModel(QObject):
    """Emits `listed` when the lists changed, `opened` when another report (or none) is open, `changed` for the rest."""

    listed = Signal()
    opened = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[ReportCard, ...] = ()
        self.report: OpenedReport | None = None
        self.writing_id = ""  # the report this person is writing, if it is in the list
        self.content: dict[str, Any] = {}
        self.reworded = False
        self.remarks = ""
        self.busy = False
        self.notice = ""

    def show(self, cards: tuple[ReportCard, ...]) -> None:
        """The reports the board names."""
        self.cards = cards
        self.listed.emit()

    def set_writing(self, report_id: str) -> None:
        """Which of one's own reports is open to be written; "" for none."""
        if report_id != self.writing_id:
            self.writing_id = report_id
            self.listed.emit()

    @property
    def in_review(self) -> tuple[ReportRow, ...]:
        """Waiting for a second person; one's own can be seen, not opened."""
        waiting = [card for card in self.cards if card.state is ReportState.IN_REVIEW]
        return tuple(_row(card, OWN if card.mine else "", not card.mine) for card in waiting)

    @property
    def own_open(self) -> tuple[ReportRow, ...]:
        """One's own drafts and reports that came back; the latter first."""
        returned = [card for card in self.cards if card.mine and card.state is ReportState.RETURNED]
        drafts = [card for card in self.cards if card.mine and card.state is ReportState.DRAFT]
        return tuple(
            [_row(card, "Came back with remarks", True) for card in returned]
            + [_row(card, "Draft", True) for card in drafts]
        )

    @property
    def open_id(self) -> str:
        """The id of the report under review, "" for none."""
        return "" if self.report is None else self.report.card.id

    def open(self, report: OpenedReport) -> None:
        """Show one report for review."""
        self._begin(report, deepcopy(dict(report.written.content)), "")

    def close(self, notice: str = "") -> None:
        """Let go of the report."""
        self._begin(None, {}, notice)

    def _begin(self, report: OpenedReport | None, content: dict[str, Any], notice: str) -> None:
        self.report, self.content, self.notice = report, content, notice
        self.reworded, self.remarks, self.busy = False, "", False
        self.opened.emit()
        self.changed.emit()

    def reword(self, field_id: str, entry: int | None, text: str) -> None:
        """The reviewer's wording of one answer, or of one entry (its place among all entries, from 0)."""
        if entry is None:
            self.content[field_id] = text
        else:
            self.content[field_id][entry]["text"] = text
        self.changed.emit()

    def set_reworded(self, reworded: bool) -> None:
        self.reworded = reworded
        self.changed.emit()

    def set_remarks(self, remarks: str) -> None:
        self.remarks = remarks
        self.changed.emit()

    def wait(self, notice: str) -> None:
        """A decision is on its way."""
        self.busy, self.notice = True, notice
        self.changed.emit()

    def tell(self, notice: str) -> None:
        """It was refused, or nothing came back."""
        self.busy, self.notice = False, notice
        self.changed.emit()

    # --- what may be decided ---

    @property
    def asks_reworded(self) -> bool:
        """Whether so few could know this that a second person has to reword it first."""
        return self.report is not None and circle_of(self.content) is Circle.ONE_OR_TWO

    @property
    def has_conflict(self) -> bool:
        return self.report is not None and conflict_of(self.content)

    @property
    def may_release(self) -> bool:
        if self.report is None or self.busy:
            return False
        return not self.asks_reworded or (self.reworded and self.is_changed)

    @property
    def is_changed(self) -> bool:
        """Whether the reviewer has put anything in other words than the author's."""
        return self.report is not None and self.content != dict(self.report.written.content)

    @property
    def flags(self) -> ReleaseFlags:
        """What is asserted of the report to the service, which cannot read it."""
        return ReleaseFlags(reworded=self.reworded, hints_settled=True)

    @property
    def may_return(self) -> bool:
        return self.report is not None and not self.busy and self.remarks.strip() != ""

    # --- what is shown ---

    def release_facts(self, day: date) -> ReleaseFacts | None:
        """What the sealed answers say of the report; None where they name no force of ours."""
        force_id = str(self.content.get("force") or "")
        if self.report is None or force_id not in FORCES:
            return None
        contact = self.report.contact
        named = "" if contact is None else contact.digest.hex()
        return ReleaseFacts(mode_of(self.content), category_of(self.content), force_id, day, named)

    def document(self, day: date) -> dict[str, Any] | None:
        """Exactly what the unit would get now."""
        facts = self.release_facts(day)
        return None if facts is None or self.report is None else disseminated(self.report.form, self.content, facts)

    @property
    def internal(self) -> tuple[tuple[str, str], ...]:
        """The author's answers that stay here, as label and words."""
        if self.report is None:
            return ()
        return tuple(
            (field.label, _words(self.report.form, field.id, self.content[field.id]))
            for field in self.report.form.fields
            if field.internal and field.id in self.content and is_answered(field, self.content[field.id])
        )


def _words(form: Form, field_id: str, value: object) -> str:
    field = form.field(field_id)
    if isinstance(value, list):
        return ", ".join(field.words_for(str(one)) for one in value)
    return field.words_for(str(value))


def _row(card: ReportCard, detail: str, may_open: bool) -> ReportRow:
    day = card.submitted_on or card.started_on
    title = f"{short_force_words(card.force_id)} · {day.day} {day:%B}"
    return ReportRow(card.id, title, detail or CATEGORIES[card.category], may_open)


def editable(form: Form, field_id: str, content: Mapping[str, Any]) -> bool:
    """Whether a reviewer may reword this answer: it is text."""
    return isinstance(content.get(field_id), str) and not form.field(field_id).choices
