"""How a person stands with the organisation, and what follows: changed, suspended, back, gone; it asks nobody.

Two people decide such things; who they are is seen to before this is called (`proposals`, `candour person`). A
suspended person keeps their keys, which the service no longer gives out; one who is removed has none left here.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, delete, exists, insert, or_, select, update

from shared.domain.errors import LastKeyHolder, StillHasWork, TooFewAdministrators, TooFewSupervisors
from shared.domain.handover import put_back
from shared.domain.key_holders import give_up_with, holders
from shared.domain.live_calls import call_in_hand, call_of, one_at_a_time
from shared.domain.live_parties import let_party_go, party_of_person
from shared.domain.people import Particulars
from shared.domain.sessions import end_sessions_of
from shared.domain.vocabulary import CallState, PartyState, PresenceState, ReviewAskKind, Role
from shared.domain.wrap_up import end_unsaid, nobody_wraps_up
from shared.sealing.directory import RoleName
from shared.sealing.organisation import ROLE_KEYS
from shared.sealing.sign_in import sign_in_name
from shared.store.schema import (
    desk_session,
    draft_recovery,
    live_call,
    metadata,
    newcomer_vouch,
    passed_offer,
    person,
    person_language,
    person_role,
    presence,
    proposal,
    reading,
    recovered_draft,
    reroute_ask,
    review_ask,
    role_wrap,
)

FEWEST_ADMINISTRATORS: Final = 2  # one proposes, another confirms
_THEIR_OWN: Final = (proposal, passed_offer, desk_session, presence, reading, role_wrap, person_language,
               person_role, recovered_draft, newcomer_vouch)  # fmt: skip


def change(tx: Connection, person_id: str, to: Particulars, now: datetime) -> None:
    """Write what is known of a person anew. Keys of roles they no longer have are deleted here.

    Someone who may do less than before is signed out, so that no screen shows what is no longer theirs.
    """
    before = _roles(tx, person_id)
    told = {
        "name": to.name,
        "sign_in_name": sign_in_name(to.name),
        "handset": to.handset,
        "handset_trusted": to.handset_trusted,
    }
    tx.execute(update(person).where(person.c.id == person_id).values(told))
    tx.execute(delete(person_role).where(person_role.c.person_id == person_id))
    tx.execute(insert(person_role), [{"person_id": person_id, "role": role} for role in to.roles])
    tx.execute(delete(person_language).where(person_language.c.person_id == person_id))
    tx.execute(insert(person_language), [{"person_id": person_id, "language": one} for one in to.languages])
    give_up_with(tx, person_id, _key_names(before) - _key_names(to.roles))
    held = role_wrap.c.person_id == person_id
    tx.execute(delete(role_wrap).where(held, role_wrap.c.role.notin_(_key_names(to.roles))))
    if Role.ADMINISTRATOR not in to.roles:
        tx.execute(delete(proposal).where(proposal.c.proposed_by == person_id))
    if Role.SUPERVISOR in before - set(to.roles):
        _asks_nothing_any_more(tx, person_id)
    if not before <= set(to.roles):
        _leave_work(tx, person_id, now)


def suspend(tx: Connection, person_id: str, now: datetime) -> None:
    """Nothing is open to this person from now on: sessions end, a call that rings for them goes on to another.

    A conversation that has begun is not cut off: the caller hears nothing of this. A wrap-up ends, now or with that
    conversation, and counts as answered with its outcome not said. Drafts stay theirs; two supervisors can recover one.
    What they have asked a second to agree to falls away, and a role's new key that waits for the root, if they were
    given it.
    """
    give_up_with(tx, person_id, tuple(RoleName))
    tx.execute(update(person).where(person.c.id == person_id).values(active=False))
    tx.execute(delete(proposal).where(proposal.c.proposed_by == person_id))
    _asks_nothing_any_more(tx, person_id)
    _leave_work(tx, person_id, now)


def reinstate(tx: Connection, person_id: str) -> None:
    """A suspended person may sign in again, with what they had."""
    again = {"active": True, "failed_sign_ins": 0, "locked_until": None}
    tx.execute(update(person).where(person.c.id == person_id).values(again))


def reset_second_factor(tx: Connection, person_id: str, now: datetime) -> None:
    """A lost second factor: the next sign-in sets up another. Sessions end, whoever holds them; a lock is lifted."""
    none = {"second_factor": None, "second_factor_confirmed": False, "second_factor_step": None}
    unlocked = {"failed_sign_ins": 0, "locked_until": None}
    tx.execute(update(person).where(person.c.id == person_id).values(none | unlocked))
    end_sessions_of(tx, person_id, now)


def remove(tx: Connection, person_id: str, now: datetime) -> None:
    """Nothing of this person is left but ids in the audit log, and what the directory says until the next is signed."""
    suspend(tx, person_id, now)
    tx.execute(update(live_call).where(live_call.c.offered_to == person_id).values(offered_to=None))
    for table in _THEIR_OWN:
        tx.execute(delete(table).where(table.c.person_id == person_id))
    tx.execute(delete(person).where(person.c.id == person_id))


# --- what stands in the way -------------------------------------------------------------------------------------------


def check_enough_stay(tx: Connection, person_id: str, roles: Iterable[Role]) -> None:
    """Whether enough stay if this person has these roles alone.

    Raises TooFewSupervisors, TooFewAdministrators, or LastKeyHolder where others are in the role and none of them was
    given its key in use: what is sealed to it would open for nobody.
    """
    before, after = _roles(tx, person_id), set(roles)
    if Role.SUPERVISOR in before - after and _others(tx, person_id, Role.SUPERVISOR) < 1:
        raise TooFewSupervisors
    if Role.ADMINISTRATOR in before - after and _others(tx, person_id, Role.ADMINISTRATOR) < FEWEST_ADMINISTRATORS:
        raise TooFewAdministrators
    if any(holders(tx, name) == {person_id} for name in _key_names(before) - _key_names(after)):
        raise LastKeyHolder


def check_no_work_left(tx: Connection, person_id: str) -> None:
    """Raises StillHasWork while a report, a call or anything else that goes on names the person."""
    for column in _work_columns():
        if tx.execute(select(exists().where(column == person_id))).scalar_one():
            raise StillHasWork


def _work_columns() -> list[Column[Any]]:
    """Every column that names a person, but for what is theirs alone and what falls away with a suspension."""
    naming = [
        column
        for table in metadata.sorted_tables
        if table not in _THEIR_OWN
        for column in table.columns
        if any(key.column is person.c.id for key in column.foreign_keys)
    ]
    return [column for column in naming if column is not live_call.c.offered_to]


def _others(tx: Connection, person_id: str, role: Role) -> int:
    query = select(person.c.id).join(person_role).where(person_role.c.role == role, person.c.active)
    return len(set(tx.execute(query).scalars()) - {person_id})


def _roles(tx: Connection, person_id: str) -> set[Role]:
    return set(tx.execute(select(person_role.c.role).where(person_role.c.person_id == person_id)).scalars())


def _key_names(roles: Iterable[Role]) -> set[RoleName]:
    return {key for role in roles for key in ROLE_KEYS[role]}


def _asks_nothing_any_more(tx: Connection, person_id: str) -> None:
    """Of two who must agree about a report this is none. A second look at what left urgently is still waited for."""
    urgent = review_ask.c.kind == ReviewAskKind.URGENT_SENT
    tx.execute(delete(review_ask).where(review_ask.c.asked_by == person_id, ~urgent))
    tx.execute(delete(reroute_ask).where(reroute_ask.c.person_id == person_id))
    recovery = draft_recovery.c
    tx.execute(delete(draft_recovery).where(or_(recovery.asked_by == person_id, recovery.confirmed_by == person_id)))


def _leave_work(tx: Connection, person_id: str, now: datetime) -> None:
    one_at_a_time(tx)
    call = call_in_hand(tx, person_id)
    if call is not None and call.state is CallState.RINGING:
        put_back(tx, call, PresenceState.OFFLINE, now)
    elif call is not None and call.state is CallState.WRAP_UP and nobody_wraps_up(tx, person_id):
        end_unsaid(tx, call, now)
    _is_asked_no_more(tx, person_id, now)
    end_sessions_of(tx, person_id, now)


def _is_asked_no_more(tx: Connection, person_id: str, now: datetime) -> None:
    """A colleague's call that only rings for them rings no longer; one they are heard in already goes on."""
    party = party_of_person(tx, person_id)
    call = None if party is None else call_of(tx, party.call_id)
    if party is not None and call is not None and party.state is PartyState.RINGING:
        let_party_go(tx, call, party, now)
