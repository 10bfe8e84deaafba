"""Everyone in the organisation and what is proposed about whom, in words; it decides nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.dates import day_and_year
from console.models.newcomers import GivenWords, NewcomerRow, newcomer_row
from console.translation import tr
from console.words import LANGUAGES
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.people_messages import MemberCard, People, PersonFacts, ProposalCard

ROLES: Final[Mapping[Role, str]] = {
    Role.HANDLER: tr("Call handler"),
    Role.SUPERVISOR: tr("Supervisor"),
    Role.ADMINISTRATOR: tr("Administrator"),
    Role.AUDITOR: tr("Auditor"),
}
NO_HANDSET: Final = "none"
SHARES_HANDSET: Final = tr("Somebody else's calls ring at this handset too. Two people cannot use it at once.")
_KINDS: Final[Mapping[ProposalKind, str]] = {
    ProposalKind.CHANGE: tr("Change {name}"),
    ProposalKind.SUSPEND: tr("Suspend {name}"),
    ProposalKind.REINSTATE: tr("Let {name} in again"),
    ProposalKind.REMOVE: tr("Remove {name} for good"),
    ProposalKind.RESET_SECOND_FACTOR: tr("Forget {name}'s second factor"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and ticked of a person."""

    name: str
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]
    handset: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Something that waits to be confirmed, as it is shown."""

    id: str
    what: str
    by: str
    may_confirm: bool
    may_withdraw: bool


class PeopleModel(QObject):
    """Emits `changed` when people or proposals did, `told` when the line about what was just done did, and
    `words_given` when there are words to pass on, or none any more.
    """

    changed = Signal()
    told = Signal()
    words_given = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: People | None = None
        self.people: tuple[MemberCard, ...] = ()
        self.proposals: tuple[ProposalCard, ...] = ()
        self.newcomers: tuple[NewcomerRow, ...] = ()
        self.given: GivenWords | None = None
        self.notice = ""
        self.notice_is_good = False

    def show(self, people: People | None) -> None:
        """What the service says now; None when nobody who may see it is signed in. The same again changes nothing."""
        if people is not None and people == self._shown:
            return
        self._shown = people
        self.people = () if people is None else people.people
        self.proposals = () if people is None else people.proposals
        names = {one.id: one.facts.name for one in self.people}
        self.newcomers = tuple(
            newcomer_row(one, _listed(ROLES[role] for role in one.facts.roles), names)
            for one in (() if people is None else people.newcomers)
        )
        self.changed.emit()

    def tell(self, notice: str, good: bool = False) -> None:
        """One line about what was done or refused; "" takes it away."""
        self.notice, self.notice_is_good = notice, good
        self.told.emit()

    def give(self, given: GivenWords | None) -> None:
        """Words to pass on; None once they were, or nobody is there to do it."""
        self.given = given
        self.words_given.emit()

    def member(self, person_id: str) -> MemberCard | None:
        return next((one for one in self.people if one.id == person_id), None)

    def standing(self, one: MemberCard) -> str:
        """Roles, and what is out of the ordinary: a second factor is not, where nobody has one."""
        notes = [word for word, holds in (
            (tr("suspended"), not one.active),
            (tr("locked after failed sign-ins"), one.locked),
            (tr("no second factor yet"), not one.second_factor and any(other.second_factor for other in self.people)),
        ) if holds]  # fmt: skip
        return ", ".join([*(ROLES[role] for role in one.facts.roles), *notes])

    @property
    def rows(self) -> tuple[ProposalRow, ...]:
        """What waits, in words."""
        return tuple(
            ProposalRow(one.id, self._what(one), self._by(one), one.may_confirm, one.may_withdraw)
            for one in self.proposals
        )

    def _what(self, one: ProposalCard) -> str:
        about = self.member(one.person_id)
        name = tr("somebody") if about is None else about.facts.name
        words = _KINDS[one.kind].format(name=name)
        if one.facts is None or about is None:
            return words
        return f"{words}: {'; '.join(differences(about.facts, one.facts)) or tr('nothing')}"

    def _by(self, one: ProposalCard) -> str:
        by = self.member(one.proposed_by)
        name = tr("somebody") if by is None else by.facts.name
        return tr("Proposed by {name} on {day}").format(name=name, day=day_and_year(one.proposed_on))


def differences(before: PersonFacts, after: PersonFacts) -> list[str]:
    """What a change comes to, each as it is read out."""
    found = []
    if before.name != after.name:
        found.append(tr("name {before} to {after}").format(before=before.name, after=after.name))
    for words, old, new in (
        (
            tr("roles {before} to {after}"),
            _listed(ROLES[role] for role in before.roles),
            _listed(ROLES[role] for role in after.roles),
        ),
        (
            tr("languages {before} to {after}"),
            _listed(LANGUAGES[one] for one in before.languages),
            _listed(LANGUAGES[one] for one in after.languages),
        ),
        (tr("handset {before} to {after}"), before.handset or NO_HANDSET, after.handset or NO_HANDSET),
        (
            tr("handset without voicemail {before} to {after}"),
            _yes(before.handset_trusted),
            _yes(after.handset_trusted),
        ),
    ):
        if old != new:
            found.append(words.format(before=old, after=new))
    return found


def _listed(words: Iterable[str]) -> str:
    return tr(" and ").join(words)


def _yes(held: bool) -> str:
    return tr("yes") if held else tr("no")
