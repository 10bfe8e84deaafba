"""The row of somebody brought into a call beside its handler: read, changed, let go; knows no reason for it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from shared.domain.live_calls import LiveCall
from shared.domain.live_presence import become, presence_of
from shared.domain.orders import place_order, withdraw_ringing
from shared.domain.purges import forget_leg
from shared.domain.vocabulary import OrderKind, PartyKind, PartyState, PresenceState
from shared.store.schema import live_party

PRESENT = frozenset({PartyState.PRIVATE, PartyState.JOINED})


@dataclass(frozen=True, slots=True)
class LiveParty:
    """Somebody brought into a call, as they were read."""

    id: str
    call_id: str
    kind: PartyKind
    person_id: str | None
    listed: str | None
    state: PartyState
    before: PresenceState | None
    leg_sid: str | None
    due_by: datetime | None


_PARTIES = select(*(live_party.c[field.name] for field in fields(LiveParty)))
_OF_ID = _PARTIES.where(live_party.c.id == bindparam("id"))
_IN_CALL = _PARTIES.where(live_party.c.call_id == bindparam("call_id"))
_OF_PERSON = _PARTIES.where(live_party.c.person_id == bindparam("person_id"))
_ON_LEG = _PARTIES.where(live_party.c.leg_sid == bindparam("leg_sid"))
_OVERDUE = _PARTIES.where(live_party.c.due_by < bindparam("now"))


def party_of(tx: Connection, party_id: str) -> LiveParty | None:
    """None once they have left, or are not needed any more."""
    row = tx.execute(_OF_ID, {"id": party_id}).first()
    return None if row is None else LiveParty(*row)


def parties_in(tx: Connection, call_id: str) -> list[LiveParty]:
    """Everyone brought into this call."""
    return [LiveParty(*row) for row in tx.execute(_IN_CALL, {"call_id": call_id})]


def party_of_person(tx: Connection, person_id: str) -> LiveParty | None:
    """The call that this person is asked into, or helps with."""
    row = tx.execute(_OF_PERSON, {"person_id": person_id}).first()
    return None if row is None else LiveParty(*row)


def party_on_leg(tx: Connection, leg_sid: str) -> LiveParty | None:
    row = tx.execute(_ON_LEG, {"leg_sid": leg_sid}).first()
    return None if row is None else LiveParty(*row)


def overdue_parties(tx: Connection, now: datetime) -> list[LiveParty]:
    """Those who were asked and have not come."""
    return [LiveParty(*row) for row in tx.execute(_OVERDUE, {"now": now})]


def change_party(tx: Connection, party: LiveParty, **values: Any) -> None:
    tx.execute(update(live_party).where(live_party.c.id == party.id).values(**values))


def let_party_go(tx: Connection, call: LiveCall, party: LiveParty, now: datetime) -> None:
    """Stop ringing them, hang up their telephone, and let a colleague go back to what they were doing."""
    withdraw_ringing(tx, party.id)
    tx.execute(delete(live_party).where(live_party.c.id == party.id))
    if party.leg_sid is not None:
        place_order(tx, OrderKind.END_HANDSET, call, now, leg_sid=party.leg_sid)
        forget_leg(tx, party.leg_sid, now)
    if party.person_id is not None and presence_of(tx, party.person_id).state is PresenceState.ON_CALL:
        become(tx, party.person_id, party.before or PresenceState.AVAILABLE, now)


def take_over(tx: Connection, party: LiveParty) -> None:
    """A colleague is a party no longer: the call is theirs, and their telephone stays."""
    tx.execute(delete(live_party).where(live_party.c.id == party.id))
