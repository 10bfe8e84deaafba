"""Whose console follows the desk's events, and what becomes of whoever's has not for a while; knows no stream.

A call in hand is never touched: it goes on, and is there at the next sign-in.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, update

from shared.domain.handover import put_back
from shared.domain.live_calls import call_in_hand, one_at_a_time
from shared.domain.live_parties import party_of_person
from shared.domain.live_presence import become
from shared.domain.offers import distribute
from shared.domain.vocabulary import CallState, PresenceBecause, PresenceState
from shared.store.schema import desk_session, live_call, presence

FOLLOWING_NOTED_EVERY: Final = timedelta(seconds=5)
GRACE: Final = timedelta(seconds=20)  # a console that lost its connection is back within half of it


def _gone() -> Select[Any]:
    followed_at = desk_session.c.followed_at
    last = func.max(followed_at, type_=followed_at.type)
    silent = select(desk_session.c.person_id).group_by(desk_session.c.person_id)
    silent = silent.having(last < bindparam("silent_since", type_=followed_at.type))
    rings = select(live_call.c.handler_id).where(live_call.c.state == CallState.RINGING)
    stays = PresenceState.OFFLINE, PresenceState.ON_CALL, PresenceState.WRAP_UP
    here = presence.c.state.notin_(stays) | presence.c.person_id.in_(rings)
    query = select(presence.c.person_id).where(presence.c.person_id.in_(silent), here)
    return query.order_by(presence.c.person_id)


_GONE: Final = _gone()  # made once: the order worker asks each second


def note_following(tx: Connection, session_ids: Collection[str], now: datetime) -> None:
    """These sessions' consoles are there."""
    tx.execute(update(desk_session).where(desk_session.c.id.in_(session_ids)).values(followed_at=now))


def people_gone(tx: Connection, now: datetime) -> list[str]:
    """Ids of people who are not offline, and whose consoles have all been silent for GRACE.

    A person none of whose sessions ever followed is not among them.
    """
    return list(tx.execute(_GONE, {"silent_since": now - GRACE}).scalars())


def let_the_gone_rest(tx: Connection, now: datetime) -> None:
    """They are offline, and say why when they are back; what rang or was offered to them is offered again at once."""
    one_at_a_time(tx)
    for person_id in people_gone(tx, now):
        call = call_in_hand(tx, person_id)
        if call is not None and call.state is CallState.RINGING:
            put_back(tx, call, PresenceState.OFFLINE, now, PresenceBecause.NOT_CONNECTED)
        elif call is None and party_of_person(tx, person_id) is None:
            become(tx, person_id, PresenceState.OFFLINE, now, PresenceBecause.NOT_CONNECTED)
    distribute(tx, now)
