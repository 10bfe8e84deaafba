"""What two administrators do about a person: one proposes, another confirms, and only then it happens.

What a confirmed proposal does to the person's rows is in `standing`. Each step is audited in its own transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, assert_never

from sqlalchemy import Connection, Row, delete, insert, select

from shared import audit
from shared.domain import standing
from shared.domain.errors import (
    OwnProposal,
    PresentKeysMissing,
    ProposalAboutOneself,
    ProposalNotFound,
    ProposalOpen,
    RoleNeedsKeys,
)
from shared.domain.key_holders import keys_held, still_needed
from shared.domain.live_calls import one_at_a_time
from shared.domain.london import london_day
from shared.domain.people import Particulars, check_particulars, member
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.permissions import Verb, may_with
from shared.store.columns import random_id
from shared.store.schema import proposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something proposed about a person; `particulars` where it is a change."""

    id: str
    kind: ProposalKind
    person_id: str
    proposed_by: str
    proposed_on: date
    particulars: Particulars | None


def propose(
    tx: Connection, by: str, kind: ProposalKind, person_id: str, particulars: Particulars | None, now: datetime
) -> str:
    """Put something forward about a person, for another administrator to confirm. Gives the proposal's id.

    Raises PersonNotFound, ProposalOpen, and whatever would stop the thing itself: NameTaken, RoleNeedsKeys,
    PresentKeysMissing, TooFewSupervisors, TooFewAdministrators, LastKeyHolder, StillHasWork.
    """
    one_at_a_time(tx)
    about = member(tx, person_id)
    _check(tx, kind, about.id, particulars)
    _make_way(tx, by, kind, person_id, now)
    day, proposal_id = london_day(now), random_id()
    written: dict[str, Any] = {"handset_trusted": False}
    if particulars is not None:
        written = {
            "name": particulars.name,
            "roles": ",".join(particulars.roles),
            "languages": ",".join(particulars.languages),
            "handset": particulars.handset,
            "handset_trusted": particulars.handset_trusted,
        }
    row = {"id": proposal_id, "kind": kind, "person_id": person_id, "proposed_by": by, "proposed_on": day}
    tx.execute(insert(proposal), row | written)
    audit.record(tx, by, audit.AuditVerb.PROPOSE, person_id, kind, day)
    return proposal_id


def _make_way(tx: Connection, by: str, kind: ProposalKind, person_id: str, now: datetime) -> None:
    """One thing at a time waits about anyone. A suspension alone comes before what waits, but for another suspension.

    Or whoever is to be suspended could keep something of their own waiting. Raises ProposalOpen.
    """
    row = tx.execute(select(proposal).where(proposal.c.person_id == person_id)).one_or_none()
    if row is None:
        return
    if kind is not ProposalKind.SUSPEND or row.kind is ProposalKind.SUSPEND or by == person_id:
        raise ProposalOpen
    _take_back(tx, by, _read(row), now)


def confirm(tx: Connection, by: str, by_roles: tuple[Role, ...], proposal_id: str, now: datetime) -> Proposal:
    """Have a proposal happen. Raises ProposalNotFound, OwnProposal, and whatever would stop the thing itself.

    Neither the one who proposed it nor the one it is about may confirm it.
    """
    one_at_a_time(tx)  # two at once would each find that enough stay
    found = _one(tx, proposal_id)
    if not may_with(by_roles, Verb.CONFIRM_CHANGES, own=by in (found.proposed_by, found.person_id)):
        raise OwnProposal
    _check(tx, found.kind, found.person_id, found.particulars)
    tx.execute(delete(proposal).where(proposal.c.id == proposal_id))
    carry_out(tx, found.kind, found.person_id, found.particulars, now)
    audit.record(tx, by, audit.AuditVerb.CONFIRM, found.person_id, found.kind, london_day(now))
    return found


def withdraw(tx: Connection, by: str, proposal_id: str, now: datetime) -> None:
    """Take a proposal back, one's own or another's, but not one about oneself.

    Raises ProposalNotFound, ProposalAboutOneself.
    """
    one_at_a_time(tx)
    found = _one(tx, proposal_id)
    if not may_withdraw(by, found):
        raise ProposalAboutOneself
    _take_back(tx, by, found, now)


def may_withdraw(by: str, one: Proposal) -> bool:
    """Whoever is to be suspended does not see to it that they are not."""
    return by != one.person_id


def _take_back(tx: Connection, by: str, found: Proposal, now: datetime) -> None:
    tx.execute(delete(proposal).where(proposal.c.id == found.id))
    audit.record(tx, by, audit.AuditVerb.WITHDRAW, found.person_id, found.kind, london_day(now))


def open_proposals(tx: Connection) -> tuple[Proposal, ...]:
    """Everything that waits for a second administrator."""
    rows = tx.execute(select(proposal).order_by(proposal.c.proposed_on, proposal.c.id))
    return tuple(_read(row) for row in rows)


def carry_out(
    tx: Connection, kind: ProposalKind, person_id: str, particulars: Particulars | None, now: datetime
) -> None:
    """What the kind says, without asking anyone; the command line comes here too, with its own two people."""
    match kind:
        case ProposalKind.CHANGE:
            assert particulars is not None
            standing.change(tx, person_id, particulars, now)
        case ProposalKind.SUSPEND:
            standing.suspend(tx, person_id, now)
        case ProposalKind.REINSTATE:
            standing.reinstate(tx, person_id)
        case ProposalKind.REMOVE:
            standing.remove(tx, person_id, now)
        case ProposalKind.RESET_SECOND_FACTOR:
            standing.reset_second_factor(tx, person_id, now)
        case _:
            assert_never(kind)


def _check(tx: Connection, kind: ProposalKind, person_id: str, particulars: Particulars | None) -> None:
    match kind:
        case ProposalKind.CHANGE:
            assert particulars is not None
            check_particulars(tx, person_id, particulars)
            given = set(particulars.roles) - set(member(tx, person_id).particulars.roles)
            if still_needed(tx, given, keys_held(tx, person_id)):
                raise RoleNeedsKeys
            standing.check_enough_stay(tx, person_id, particulars.roles)
        case ProposalKind.SUSPEND:
            standing.check_enough_stay(tx, person_id, ())
        case ProposalKind.REMOVE:
            standing.check_enough_stay(tx, person_id, ())
            standing.check_no_work_left(tx, person_id)
        case ProposalKind.REINSTATE:
            if still_needed(tx, member(tx, person_id).particulars.roles, keys_held(tx, person_id)):
                raise PresentKeysMissing
        case ProposalKind.RESET_SECOND_FACTOR:
            pass
        case _:
            assert_never(kind)


def _one(tx: Connection, proposal_id: str) -> Proposal:
    row = tx.execute(select(proposal).where(proposal.c.id == proposal_id).with_for_update()).one_or_none()
    if row is None:
        raise ProposalNotFound
    return _read(row)


def _read(row: Row[Any]) -> Proposal:
    particulars = None
    if row.name is not None:
        particulars = Particulars(
            name=row.name,
            roles=tuple(Role(role) for role in row.roles.split(",")),
            languages=tuple(Language(language) for language in row.languages.split(",")),
            handset=row.handset,
            handset_trusted=row.handset_trusted,
        )
    return Proposal(row.id, row.kind, row.person_id, row.proposed_by, row.proposed_on, particulars)
