"""What the board tells of others in a call: who was brought in, who could be asked, and what can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from shared.domain.sessions import in_force
from shared.domain.vocabulary import CallState, PartyKind, PartyState, PresenceState, Role
from shared.messages import AskedCall, ColleagueToAsk, FiledCall, PartyCard
from shared.store.schema import desk_session, live_call, live_party, person, person_role, presence

_COME_ANYWAY = frozenset({PresenceState.OFFLINE, PresenceState.AVAILABLE, PresenceState.MISSED})


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody brought into a call. `name` is None of an outside party, `listed` of a colleague."""

    id: str
    call_id: str
    kind: PartyKind
    person_id: str | None
    listed: str | None
    state: PartyState
    name: str | None
    takes_calls: bool


@dataclass(frozen=True, slots=True)
class Free:
    """Somebody signed in who could come to the telephone now."""

    id: str
    name: str
    supervisor: bool


def read_parties(tx: Connection) -> list[Party]:
    """Everyone brought into any call."""
    c = live_party.c
    handler = exists().where(person_role.c.person_id == c.person_id, person_role.c.role == Role.HANDLER)
    query = select(c.id, c.call_id, c.kind, c.person_id, c.listed, c.state, person.c.name, handler.label("takes_calls"))
    return [Party(*row) for row in tx.execute(query.join(person, isouter=True).order_by(c.kind, c.id))]


def read_free(tx: Connection, now: datetime) -> list[Free]:
    """Handlers who are available, and supervisors unless they are on a break or a call. By name."""
    supervises = exists().where(person_role.c.person_id == person.c.id, person_role.c.role == Role.SUPERVISOR)
    signed_in = select(desk_session.c.person_id).join(person).where(in_force(now))
    in_hand = live_call.c.handler_id.is_not(None), live_call.c.state != CallState.FILED
    busy = select(live_call.c.handler_id).where(*in_hand)
    helps = select(live_party.c.person_id).where(live_party.c.person_id.is_not(None))
    p = presence.c
    free = (p.state == PresenceState.AVAILABLE) | (p.state.in_(_COME_ANYWAY) & supervises)
    query = (
        select(person.c.id, person.c.name, supervises.label("supervisor"))
        .join(presence, p.person_id == person.c.id)
        .where(person.c.id.in_(signed_in), person.c.handset != "", free)
        .where(person.c.id.notin_(busy), person.c.id.notin_(helps))
    )
    return [Free(*row) for row in tx.execute(query.order_by(person.c.name))]


def party_cards(parties: Sequence[Party], call_id: str) -> tuple[PartyCard, ...]:
    """Those brought into this call."""
    return tuple(
        PartyCard(
            id=party.id,
            kind=party.kind,
            person_id=party.person_id,
            name=party.name or party.listed or "",
            state=party.state,
            takes_calls=party.person_id is not None and party.takes_calls,
        )
        for party in parties
        if party.call_id == call_id
    )


def asked_into(
    parties: Sequence[Party], calls: Sequence[Any], people: Mapping[str, Any], person_id: str
) -> AskedCall | None:
    """The colleague's call that this person is asked into."""
    party = next((one for one in parties if one.person_id == person_id), None)
    call = None if party is None else next((row for row in calls if row.id == party.call_id), None)
    if party is None or call is None:
        return None
    handler = people.get(call.handler_id)
    return AskedCall(
        id=call.id,
        party_id=party.id,
        by="A colleague" if handler is None else handler.name,
        state=party.state,
        language=call.language,
        unable_to_speak=call.unable_to_speak,
    )


def to_ask(free: Sequence[Free], person_id: str) -> tuple[ColleagueToAsk, ...]:
    """Whom this person may ask."""
    return tuple(
        ColleagueToAsk(id=one.id, name=one.name, supervisor=one.supervisor) for one in free if one.id != person_id
    )


def filed(row: Row[Any]) -> FiledCall:
    """A call whose outcome can be taken back."""
    return FiledCall(id=row.id, disposition=row.disposition, until=row.due_by)
