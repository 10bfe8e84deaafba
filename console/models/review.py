"""Reports in review, and the one a supervisor has open: as the unit will see it, with what stays here beside it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.models.alike import Alike
from console.models.changes import Changed, changes
from console.models.hints import REASON_WORDS
from console.models.overtaken import overtaken_words
from console.models.report import Stored
from console.models.review_lists import ReportRow, own_open, to_review
from console.sealed_report import WrittenReport
from console.translation import tr
from shared.domain.forces import FORCES
from shared.domain.vocabulary import Circle, Language, ReportState
from shared.forms import Form, ReleaseFacts, circle_of, conflict_of, disseminated, is_urgent
from shared.forms.content import category_of, in_danger, is_answered, mode_of
from shared.forms.dissemination import words_of
from shared.identity_hints.placed import TEXTS, Acceptance, Path
from shared.messages import ReportCard, ReviewAskCard
from shared.sealing.envelope import Envelope
from shared.sealing.flags import ReleaseFlags

KEPT_NOWHERE = tr("What you wrote about the report is kept nowhere yet. Press again to leave it.")


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report in review, in clear, in memory only."""

    stored: Stored
    card: ReportCard
    form: Form
    written: WrittenReport = field(repr=False)
    contact: Envelope | None = None  # the caller's details: nobody here can open them
    is_proven: bool = False  # that its author, a handler in the signed directory, handed it in


class ReviewModel(QObject):
    """Emits `listed` when the lists changed, `opened` when another report (or none) is open, `changed` for the rest."""

    listed = Signal()
    opened = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[ReportCard, ...] = ()
        self.in_review: tuple[ReportRow, ...] = ()  # waiting for a second person; one's own can be seen, not opened
        self._alike = Alike()
        self.report: OpenedReport | None = None
        self.writing_id = ""  # the report this person is writing, if it is in the list
        self.content: dict[str, Any] = {}
        self.reworded = False
        self.remarks = ""
        self.busy = False
        self.notice = ""
        self.at_fields: dict[Path, str] = {}
        self.accepted: tuple[Acceptance, ...] = ()
        self.hints_settled = False
        self.overtaken = False
        self._asked: ReviewAskCard | None = None  # what last waited for a second supervisor
        self._warned = False

    def show(self, cards: tuple[ReportCard, ...]) -> None:
        """The reports the board names."""
        self._asked = self.ask or self._asked
        self.cards = cards
        self._list()
        if self.report is not None:
            self._follow()

    def _list(self) -> None:
        self.in_review = self._alike.tell_apart(to_review(self.cards))
        self.listed.emit()

    def _follow(self) -> None:
        """Somebody else may decide about the open report, or open it too."""
        now = self.card
        here = self.report
        gone = now is None or (here is not None and now.revision != here.stored.revision)
        if gone != self.overtaken and not self.busy:  # a board older than the report that was opened mends itself
            self.overtaken, self.notice = gone, overtaken_words(now, self._asked, self.is_kept_nowhere) if gone else ""
        self.changed.emit()

    @property
    def card(self) -> ReportCard | None:
        """The open report as the board has it now."""
        return next((card for card in self.cards if card.id == self.open_id), None)

    def set_writing(self, report_id: str) -> None:
        """Which of one's own reports is open to be written; "" for none."""
        if report_id != self.writing_id:
            self.writing_id = report_id
            self.listed.emit()

    @property
    def own_open(self) -> tuple[ReportRow, ...]:
        """One's own drafts and reports that came back, or were rejected."""
        return own_open(self.cards)

    def is_rejected(self, report_id: str) -> bool:
        """Whether a report of one's own went nowhere."""
        return any(card.id == report_id and card.state is ReportState.REJECTED for card in self.cards)

    @property
    def open_id(self) -> str:
        """The id of the report under review, "" for none."""
        return "" if self.report is None else self.report.card.id

    def open(self, report: OpenedReport) -> None:
        """Show one report for review."""
        self._alike.read(report.card.id)
        self._list()
        self._begin(report, deepcopy(dict(report.written.content)), "")

    def close(self, notice: str = "") -> None:
        """Let go of the report."""
        self._begin(None, {}, notice)

    def _begin(self, report: OpenedReport | None, content: dict[str, Any], notice: str) -> None:
        self.report, self.content, self.notice = report, content, notice
        self.reworded, self.remarks, self.busy = False, "", False
        self._asked = self.ask
        self.at_fields, self.hints_settled, self.overtaken, self._warned = {}, False, False, False
        self.accepted = () if report is None else report.written.notes.accepted
        self.opened.emit()
        self.changed.emit()

    def reword(self, path: Path, text: str) -> None:
        """The reviewer's wording of one answer; in a repeated one, of one part of the row at a place from 0."""
        if len(path) == 1:
            self.content[str(path[0])] = text
        else:
            field_id, place, part = path
            self.content[str(field_id)][place][part] = text
        self.hints_settled = False  # until it has been read anew
        self._wrote()

    def set_reworded(self, reworded: bool) -> None:
        self.reworded = reworded
        self.changed.emit()

    def set_remarks(self, remarks: str) -> None:
        self.remarks = remarks
        self._wrote()

    def remark_at(self, path: Path, words: str) -> None:
        """A remark that belongs to one answer."""
        self.at_fields = {**self.at_fields, path: words}
        self._wrote()

    def _wrote(self) -> None:
        self._warned = False
        self.changed.emit()

    def accept(self, acceptance: Acceptance) -> None:
        """Words that look as if they pointed to somebody may stay."""
        self.accepted = (*self.accepted, acceptance)
        self.changed.emit()

    def settle(self, settled: bool) -> None:
        """Whether no word is left that nobody changed or kept."""
        if settled != self.hints_settled:
            self.hints_settled = settled
            self.changed.emit()

    def press_leave(self) -> bool:
        """Whether the report may be let go of; where something was written about it, only when asked a second time."""
        if not self.is_kept_nowhere or self._warned:
            return True
        self._warned, self.notice = True, KEPT_NOWHERE
        self.changed.emit()
        return False

    @property
    def is_kept_nowhere(self) -> bool:
        """Whether there are words of the reviewer's own here, another wording or remarks."""
        remarks = (self.remarks, *self.at_fields.values())
        return self.is_changed or (self.report is not None and any(words.strip() for words in remarks))

    def leave(self) -> bool:
        """Let go of the report, as `press_leave` says."""
        may = self.press_leave()
        if may:
            self.close()
        return may

    def move_on(self, stored: Stored, notice: str) -> None:
        """The report stays open, under another revision."""
        if self.report is not None:
            self.report = replace(self.report, stored=stored)
        self.busy, self.notice = False, notice
        self.changed.emit()

    def for_hints(self) -> tuple[Form, dict[str, Any], Language, tuple[Acceptance, ...]] | None:
        """What is read for words that could point to a person, as the fields show it."""
        if self.report is None:
            return None
        return self.report.form, _trimmed(self.content), self.report.card.language, self.accepted

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
    def may_decide(self) -> bool:
        """Whether anything may be decided: nobody else has, nothing is on its way, no second person is waited for."""
        return self.report is not None and not self.busy and not self.overtaken and self.ask is None

    @property
    def ask(self) -> ReviewAskCard | None:
        """What waits for a second supervisor."""
        return None if self.card is None else self.card.ask

    @property
    def is_held(self) -> bool:
        return self.card is not None and self.card.state is ReportState.HELD

    @property
    def is_unproven(self) -> bool:
        """Whether nothing shows that the report is its author's."""
        return self.report is not None and not self.report.is_proven

    @property
    def is_urgent(self) -> bool:
        """Whether its author says that it goes at once."""
        return self.report is not None and is_urgent(self.content)

    @property
    def could_be_urgent(self) -> bool:
        """Whether somebody may come to harm soon, and the caller has not said that it may go at once."""
        return self.report is not None and in_danger(self.content) and not self.is_urgent

    @property
    def may_release(self) -> bool:
        if not self.may_decide or self.is_held or not self.hints_settled or self.is_unproven:
            return False
        return not self.asks_reworded or (self.reworded and self.is_changed)

    @property
    def is_changed(self) -> bool:
        """Whether the reviewer has put anything in other words than the author's."""
        return self.report is not None and self.content != dict(self.report.written.content)

    @property
    def flags(self) -> ReleaseFlags:
        """What is asserted of the report to the service, which cannot read it."""
        return ReleaseFlags(reworded=self.reworded, hints_settled=self.hints_settled)

    @property
    def may_return(self) -> bool:
        return self.may_decide and any(words.strip() for words in (self.remarks, *self.at_fields.values()))

    # --- what is shown ---

    def release_facts(self, day: date) -> ReleaseFacts | None:
        """What the sealed answers say of the report; None where they name no force of ours."""
        force_id = str(self.content.get("force") or "")
        if self.report is None or force_id not in FORCES:
            return None
        contact = self.report.contact
        named = "" if contact is None else contact.digest.hex()
        return ReleaseFacts(mode_of(self.content), category_of(self.content), force_id, day, named, self.is_urgent)

    def document(self, day: date) -> dict[str, Any] | None:
        """Exactly what the unit would get now."""
        facts = self.release_facts(day)
        return None if facts is None or self.report is None else disseminated(self.report.form, self.content, facts)

    @property
    def changes(self) -> tuple[Changed, ...] | None:
        """What its author changed since it was last returned; None where it never was."""
        if self.report is None or self.report.written.notes.before is None:
            return None
        return changes(self.report.form, self.report.written.notes.before, self.report.written.content)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Words that were kept although they look as if they pointed to somebody, and why."""
        return tuple((f"“{one.words}”", REASON_WORDS[one.reason]) for one in self.accepted)

    @property
    def internal(self) -> tuple[tuple[str, str], ...]:
        """The author's answers that stay here, as label and words."""
        if self.report is None:
            return ()
        return tuple(
            (field.label, words_of(field, self.content[field.id]))
            for field in self.report.form.fields
            if field.internal and field.id in self.content and is_answered(field, self.content[field.id])
        )


def _trimmed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without white space around them, as they leave."""
    return {name: _trim(value) for name, value in content.items()}


def _trim(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [{name: _trim(part) for name, part in row.items()} if isinstance(row, dict) else row for row in value]
    return value


def editable(form: Form, path: Path) -> bool:
    """Whether a reviewer may reword this answer: it is text."""
    one = form.field(str(path[0]))
    parts = [part for part in one.entry if part.id == path[-1]]
    return (parts[0] if parts else one).kind in TEXTS
