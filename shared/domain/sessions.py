"""The sessions of signed-in people: begun, renewed, listed and ended. How anyone signs in is in `signing_in`.

A session ends 12 hours after signing in, or when its token was not renewed within 15 minutes (a call in hand is waited
for), and at once when it is ended from anywhere or its person is suspended. Consoles renew their token every few
minutes, so one that was copied is worth little, and a console that was switched off has left.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from shared.domain.errors import SessionNotFound, SignedOut
from shared.domain.live_presence import become, presence_of
from shared.domain.people import Colleague, colleagues
from shared.domain.presence import sign_out_presence
from shared.domain.vocabulary import PresenceState
from shared.sealing.canonical import to_base64url
from shared.store.columns import random_id
from shared.store.schema import desk_session, live_call, live_party, person

LONGEST: Final = timedelta(hours=12)
TOKEN_LASTS: Final = timedelta(minutes=15)
EARLIER_TOKEN_LASTS: Final = timedelta(minutes=1)  # for requests that were on their way as the token was renewed
NOTED_EVERY: Final = timedelta(minutes=5)  # how often use is written down: each write wakes every console's stream
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewToken:
    """A session's token, and until when it is taken. Only its hash is kept."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in that succeeded. `expires_at` is the session's end, whatever is renewed."""

    token: str
    token_until: datetime
    expires_at: datetime
    who: Colleague
    private_bundle: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force and whose it is."""

    id: str
    who: Colleague
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions, as they are shown them."""

    id: str
    begun_at: datetime
    seen_at: datetime


def begin_session(
    tx: Connection, row: Row[Any], now: datetime, random: Callable[[int], bytes] = secrets.token_bytes
) -> NewSession:
    """A session for this row of `person`, who has shown that they are that person."""
    new, expires_at = _new_token(now, random), now + LONGEST
    tx.execute(delete(desk_session).where(desk_session.c.expires_at <= now - LONGEST))
    tx.execute(
        insert(desk_session),
        {
            "id": random_id(),
            "person_id": row.id,
            "token_hash": _hashed(new.token),
            "token_until": new.until,
            "seen_at": now,
            "expires_at": expires_at,
        },
    )
    if presence_of(tx, row.id).since is None:
        become(tx, row.id, PresenceState.OFFLINE, now)
    return NewSession(new.token, new.until, expires_at, colleagues(tx, [row])[0], row.private_bundle)


def renew_token(
    tx: Connection, session_id: str, now: datetime, random: Callable[[int], bytes] = secrets.token_bytes
) -> NewToken:
    """Another token for a session in force; the one before it is taken for a minute more."""
    new = _new_token(now, random)
    tx.execute(
        update(desk_session)
        .where(desk_session.c.id == session_id)
        .values(
            earlier_hash=desk_session.c.token_hash,
            earlier_until=now + EARLIER_TOKEN_LASTS,
            token_hash=_hashed(new.token),
            token_until=new.until,
            seen_at=now,
        )
    )
    return new


def session_of(tx: Connection, token: str, now: datetime) -> Session:
    """The session a token belongs to. Raises SignedOut."""
    c, hashed = desk_session.c, _hashed(token)
    this_token = or_(c.token_hash == hashed, and_(c.earlier_hash == hashed, c.earlier_until > now))
    found = _in_force(tx, this_token, now)
    if not found:
        raise SignedOut
    return found[0]


def sessions_in_force(tx: Connection, session_ids: Collection[str], now: datetime) -> tuple[Session, ...]:
    """Those of these sessions that are still in force."""
    return _in_force(tx, desk_session.c.id.in_(session_ids), now)


def _in_force(tx: Connection, which: Any, now: datetime) -> tuple[Session, ...]:
    joined = select(person, desk_session.c.id.label("session_id"), desk_session.c.seen_at).join(desk_session)
    rows = tx.execute(joined.where(which, in_force(now))).all()
    people = {who.id: who for who in colleagues(tx, rows)}
    return tuple(Session(row.session_id, people[row.id], row.seen_at) for row in rows)


def in_force(now: datetime) -> Any:
    """The condition, over `desk_session` joined with `person`, that a session counts."""
    c = desk_session.c
    in_a_call = or_(
        select(live_call.c.id).where(live_call.c.handler_id == person.c.id).exists(),
        select(live_party.c.id).where(live_party.c.person_id == person.c.id).exists(),
    )
    in_time = and_(c.expires_at > now, c.token_until > now)
    return and_(person.c.active, c.expires_at > now - LONGEST, or_(in_time, in_a_call))


def note_use(tx: Connection, session_ids: Collection[str], now: datetime) -> None:
    """Write down that these sessions are in use."""
    tx.execute(update(desk_session).where(desk_session.c.id.in_(session_ids)).values(seen_at=now))


def open_sessions(tx: Connection, person_id: str, now: datetime) -> tuple[OpenSession, ...]:
    """A person's sessions in force, the newest first."""
    c = desk_session.c
    query = select(c.id, c.expires_at, c.seen_at).join(person).where(c.person_id == person_id, in_force(now))
    rows = tx.execute(query.order_by(c.expires_at.desc(), c.id))
    return tuple(OpenSession(row.id, row.expires_at - LONGEST, row.seen_at) for row in rows)


def end_session(tx: Connection, person_id: str, session_id: str, now: datetime) -> None:
    """End one of a person's sessions, at once and for good; with the last one they are offline.

    Raises SessionNotFound, for somebody else's too.
    """
    c = desk_session.c
    ended = tx.execute(delete(desk_session).where(c.id == session_id, c.person_id == person_id))
    if ended.rowcount != 1:
        raise SessionNotFound
    if not open_sessions(tx, person_id, now):
        sign_out_presence(tx, person_id, now)


def end_sessions_of(tx: Connection, person_id: str, now: datetime) -> None:
    """End all of a person's sessions. A call in hand stays theirs, and goes on."""
    tx.execute(delete(desk_session).where(desk_session.c.person_id == person_id))
    sign_out_presence(tx, person_id, now)


def _new_token(now: datetime, random: Callable[[int], bytes]) -> NewToken:
    return NewToken(to_base64url(random(_TOKEN_BYTES)), now + TOKEN_LASTS)


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
