"""The report being written: its form, answers, what is still wrong, and whether all of it is saved."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from console import telephones
from console.models.another import another
from console.models.heard import CHANGED_SINCE, READ_BACK, Heard
from console.models.outline import OutlineRow, outline_of
from console.review_notes import ReviewNotes
from console.sealed_report import WrittenReport, facts_of
from console.translation import said, tr
from shared.domain.vocabulary import Category, Circle, Language, Mode
from shared.forms import Content, FieldKind, Form, Problem, asked_of, circle_of, prefill, problems
from shared.forms.aloud import Said, for_emergency, to_read_back
from shared.forms.checking import NOT_REACHABLE
from shared.forms.content import is_answered, mode_of
from shared.identity_hints.placed import Acceptance
from shared.messages import ReportFacts


class SaveState(StrEnum):
    """Whether the service has all that was typed."""

    NOTHING = "nothing"  # nothing typed yet
    WAITING = "waiting"
    SAVING = "saving"
    SAVED = "saved"
    AWAY = "away"
    REFUSED = "refused"


SAVE_WORDS: Final = {
    SaveState.NOTHING: tr("Nothing written yet"),
    SaveState.WAITING: tr("Saving…"),
    SaveState.SAVING: tr("Saving…"),
    SaveState.SAVED: tr("Saved"),
    SaveState.AWAY: tr("Not saved yet: the service cannot be reached; your text is kept here"),
    SaveState.REFUSED: tr("Not saved"),
}

KEPT_AWAY: Final = tr("Saved on this computer; it goes to the service when it is back")
KEPT_REFUSED: Final = tr("Saved on this computer alone")
NOT_KEPT: Final = tr("Not saved: the service cannot be reached, and {trouble}. Your text is in this window alone")

CONTACT_DELETED: Final = tr("Saved. The caller's contact details are deleted")


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the service keeps this report."""

    id: str
    revision: str


class ReportModel(QObject):
    """Emits `opened` when another report (or none) is here, `edited` on each change of an answer, `filled` where
    it did not come from its field, `asked_changed` when
    other questions belong to it, `state_changed` for the status line and `problems_changed` for words at the fields.
    """

    opened = Signal()
    edited = Signal()
    filled = Signal(str)
    asked_changed = Signal()
    state_changed = Signal()
    problems_changed = Signal()

    def __init__(self, form: Form, today: Callable[[], date] | None = None) -> None:
        super().__init__()
        self.newest = form  # what a new report is written in
        self.form = form  # what the open one is written in
        self._today = today
        self.notice = ""
        self._empty()

    def _empty(self) -> None:
        self.is_open = False
        self.content: Content = {}
        self.remarks = ""
        self.notes = ReviewNotes()
        self.author = ""
        self.call_id: str | None = None
        self.language = Language.EN
        self.stored: Stored | None = None
        self.edits = 0  # counts changes; what was saved is compared with it
        self.saved_edits = 0
        self.kept_edits = 0  # what this computer has, where the service has not
        self.trouble = ""  # why this computer could not keep it
        self.submitting = False
        self.asks_to_delete = False  # details were given, and the caller would be anonymous after all
        self._heard = Heard()  # of this report, by the caller
        self.contact_destroyed = False  # details were given, and the caller is anonymous after all
        self.state = SaveState.NOTHING
        self.refusal = ""
        self.problems: tuple[Problem, ...] = ()

    # --- which report ---

    def begin(
        self, author: str, call_id: str | None, language: Language, mode: Mode, category: Category, force_id: str | None
    ) -> None:
        """A new report, with what the caller chose already filled in."""
        self._empty()
        self.form = self.newest
        self.is_open, self.author, self.call_id, self.language = True, author, call_id, language
        self.content = prefill(self.form, mode, category, force_id)
        self._announce("")

    def begin_another(self, sections: Collection[str]) -> None:
        """A second report, for another force, with what was written in these sections. It belongs to no call."""
        author, language = self.author, self.language
        content = another(self.newest, self.form, self.content, sections)
        self._empty()
        self.form = self.newest
        self.is_open, self.author, self.language, self.content = True, author, language, content
        self._announce("")
        self.edits += 1
        self.edited.emit()

    def open(
        self,
        stored: Stored,
        written: WrittenReport,
        language: Language,
        call_id: str | None,
        form: Form | None = None,
    ) -> None:
        """A draft, or a report that came back with remarks, in the `form` it was written in."""
        self._empty()
        self.form = form or self.newest
        self.is_open, self.author, self.call_id, self.language = True, written.author, call_id, language
        self.content, self.remarks, self.stored = dict(deepcopy(written.content)), written.remarks, stored
        self.notes = written.notes
        self._follow_read_back(READ_BACK)
        self.state = SaveState.SAVED
        self._announce("")

    def put_away(self, notice: str = "") -> None:
        """Empty the form: nothing of a report stays."""
        self._empty()
        self._announce(notice)

    def _announce(self, notice: str) -> None:
        self.notice = notice
        self.opened.emit()
        self.state_changed.emit()
        self.problems_changed.emit()

    # --- what is written ---

    def answer(self, field_id: str, value: Any) -> None:
        """What was typed or chosen; the same again changes nothing."""
        chosen_again = field_id == READ_BACK and self.has_changed_since_read_back  # a no of the handler's own
        if not self.is_open or (self.content.get(field_id) == value and not chosen_again):
            return
        if field_id == "mode" and value == Mode.ANONYMOUS.value and self._has_contact:
            self.asks_to_delete = True
            self.asked_changed.emit()
            return
        before = self.asked
        self.content[field_id] = deepcopy(value)
        self.edits += 1
        self._follow_read_back(field_id)
        self.edited.emit()
        if field_id == "mode":
            self.contact_destroyed = self.asks_to_delete = False
        if self.asked != before:
            self.asked_changed.emit()
        if self.problems:
            self._show(tuple(problem for problem in self._wrong() if _place(problem) in map(_place, self.problems)))

    @property
    def _has_contact(self) -> bool:
        contact = (field for field in self.form.fields if field.contact)
        return self.is_confidential and any(is_answered(field, self.content.get(field.id, "")) for field in contact)

    def become_anonymous(self) -> None:
        """The caller is anonymous after all, and their details are deleted."""
        if not self.asks_to_delete:
            return
        for field in self.form.fields:
            if field.contact:
                self.content.pop(field.id, None)
        self.answer("mode", Mode.ANONYMOUS.value)
        self.contact_destroyed = True
        self.state_changed.emit()

    def stay_confidential(self) -> None:
        """Nothing is deleted."""
        self.asks_to_delete = False
        self.asked_changed.emit()

    def fill(self, field_id: str, value: Any) -> None:
        """An answer that did not come from its field, which shows it now."""
        self.answer(field_id, value)
        self.filled.emit(field_id)

    def rewrite(self, written: WrittenReport) -> None:
        """Go on with another version of this report; what was here is let go."""
        self.content, self.remarks, self.notes = dict(deepcopy(written.content)), written.remarks, written.notes
        self._follow_read_back(READ_BACK)
        self.edits += 1
        self.problems = ()
        self._announce("")
        self.asked_changed.emit()
        self.edited.emit()

    def written(self) -> WrittenReport:
        """A copy as it is now, to be sealed elsewhere. Remarks stay until it is submitted."""
        return WrittenReport(self.author, deepcopy(self.content), self.remarks, self.notes)

    def accept(self, acceptance: Acceptance) -> None:
        """Words that look as if they pointed to somebody may stay, for a reason that reviewers see."""
        self.notes = replace(self.notes, accepted=(*self.notes.accepted, acceptance))
        self.edits += 1
        self.edited.emit()

    def for_hints(self) -> tuple[Form, Content, Language, tuple[Acceptance, ...]] | None:
        """What is read for words that could point to a person; None while no report is open."""
        return (self.form, deepcopy(self.content), self.language, self.notes.accepted) if self.is_open else None

    def facts(self, flags_signature: str | None = None) -> ReportFacts:
        """What the service may know."""
        return facts_of(self.content, self.form.name, self.language, flags_signature)

    @property
    def circle(self) -> Circle:
        return circle_of(self.content)

    @property
    def is_confidential(self) -> bool:
        """Whether the caller gives their name to the force's investigators."""
        return mode_of(self.content) is Mode.CONFIDENTIAL

    @property
    def asked(self) -> frozenset[str]:
        """The ids of the questions that belong to this report."""
        return frozenset(field.id for field in asked_of(self.form, self.content))

    @property
    def outline(self) -> tuple[OutlineRow, ...]:
        """The sections that belong to this report, with what each still needs."""
        if not self.is_open:
            return ()
        wrong = {problem.field for problem in self._wrong() if not problem.advice}
        return outline_of(self.form, self.content, self.asked, wrong)

    # --- what is said aloud ---

    @property
    def read_back(self) -> tuple[Said, ...] | None:
        """All that would leave the building, as label and words; None while no force is chosen."""
        return to_read_back(self.form, self.content) if self.is_open else None

    @property
    def card(self) -> tuple[Said, ...]:
        """What 999 or the control room is told."""
        return for_emergency(self.form, self.content) if self.is_open else ()

    @property
    def has_changed_since_read_back(self) -> bool:
        """Whether the caller heard something else than what would leave now."""
        return self._heard.anything and self._heard.differs(self.read_back)

    def _follow_read_back(self, answered: str) -> None:
        """Where what would leave is not what the caller heard, the answer says no; once it is again, yes."""
        if answered == READ_BACK:
            self._heard.hear(self.content.get(READ_BACK), self.read_back)
        elif self._heard.anything and self.content.get(READ_BACK) != (true := self._heard.answer(self.read_back)):
            self.content[READ_BACK] = true
            self.filled.emit(READ_BACK)

    # --- what is wrong ---

    def check(self) -> bool:
        """Show everything that is still needed. True when nothing is that would hold it up."""
        self._show(self._wrong())
        return not self.blocking

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """What has to be put right before it is handed in."""
        return tuple(problem for problem in self.problems if not problem.advice)

    def _wrong(self) -> tuple[Problem, ...]:
        found = problems(self.form, self.content, self._today() if self._today else None)
        if self.has_changed_since_read_back and self.call_id is not None:  # somebody may be there to hear it
            found.append(Problem(READ_BACK, CHANGED_SINCE))
        return tuple(found + self._unknown_numbers({problem.field for problem in found}))

    def _unknown_numbers(self, known: set[str]) -> list[Problem]:
        """Numbers of the right shape that no numbering plan has."""
        return [
            Problem(field.id, NOT_REACHABLE)
            for field in asked_of(self.form, self.content)
            if field.kind is FieldKind.PHONE_OR_EMAIL and field.id not in known
            if not telephones.exists(str(self.content.get(field.id) or ""))
        ]

    def _show(self, found: tuple[Problem, ...]) -> None:
        if found != self.problems:
            self.problems = found
            self.problems_changed.emit()

    def problems_at(self, field_id: str) -> tuple[Problem, ...]:
        """What is wrong with one field."""
        return tuple(problem for problem in self.problems if problem.field == field_id)

    def problem_words(self, field_id: str) -> str:
        """What to say at one field, "" where nothing is wrong."""
        return "\n".join(_sentence(problem) for problem in self.problems_at(field_id))

    # --- whether it is saved ---

    @property
    def is_unsaved(self) -> bool:
        return self.is_open and self.edits != self.saved_edits

    @property
    def is_kept(self) -> bool:
        """Whether this computer has all that the service has not."""
        return self.is_unsaved and self.kept_edits == self.edits

    @property
    def is_at_risk(self) -> bool:
        """Whether something typed would be lost with this window."""
        return self.is_unsaved and not self.is_kept

    def mark_kept(self, edits: int, trouble: str = "") -> None:
        """This computer has the report as it was after `edits` changes; with `trouble`, it could not keep it."""
        self.kept_edits, self.trouble = (self.kept_edits, trouble) if trouble else (edits, "")
        self.state_changed.emit()

    def set_state(self, state: SaveState, refusal: str = "") -> None:
        if (state, refusal) != (self.state, self.refusal):
            self.state, self.refusal = state, refusal
            self.state_changed.emit()

    def adopt(self, stored: Stored) -> None:
        """The service has a newer revision, and what is here goes on from it."""
        self.stored = stored

    def become_new_draft(self) -> None:
        """The service has this report, and its author does not any more: what was typed since goes on as another."""
        self.stored, self.call_id = None, None
        self.set_state(SaveState.WAITING)
        self.set_submitting(False)

    def set_submitting(self, submitting: bool) -> None:
        self.submitting = submitting
        self.state_changed.emit()

    def mark_saved(self, stored: Stored, edits: int) -> None:
        """The service has the report as it was after `edits` changes."""
        self.stored, self.saved_edits = stored, edits
        self.set_state(SaveState.WAITING if self.is_unsaved else SaveState.SAVED)

    @property
    def status_words(self) -> str:
        """The status line."""
        if not self.is_open:
            return self.notice
        if self.submitting:
            return tr("Submitting…")
        if self.state is SaveState.SAVED and self.contact_destroyed:
            return CONTACT_DELETED
        if self.state is SaveState.AWAY and self.trouble:
            return NOT_KEPT.format(trouble=self.trouble)
        if self.state is SaveState.AWAY and self.is_kept:
            return KEPT_AWAY
        words = KEPT_REFUSED if self.state is SaveState.REFUSED and self.is_kept else SAVE_WORDS[self.state]
        return f"{words}: {self.refusal}" if self.refusal else words


def _place(problem: Problem) -> tuple[str, int | None, str | None]:
    return problem.field, problem.entry, problem.part


def _sentence(problem: Problem) -> str:
    sentence = said(problem.sentence)
    return sentence if problem.entry is None else f"{problem.entry + 1}: {sentence}"
