"""Signing in by a key the console derives, and the sessions that come of it; a passphrase never comes here.

A session ends 12 hours after signing in (a call in hand is waited for), an hour after its last use, at once when the
person signs out or is suspended. Failures count per person and lock; an unknown name meets the same answers.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from shared import audit
from shared.domain.errors import SignedOut
from shared.domain.live_presence import become, presence_of
from shared.domain.london import london_day
from shared.domain.people import Colleague, colleagues
from shared.domain.vocabulary import PresenceState
from shared.sealing.canonical import to_base64url
from shared.sealing.sign_in import Cost, SignInParameters, authentication_matches, fake_parameters
from shared.store.schema import desk_session, instance, live_call, person

LONGEST: Final = timedelta(hours=12)
UNUSED: Final = timedelta(hours=1)
NOTED_EVERY: Final = timedelta(minutes=5)  # how often use is written down: each write wakes every console's stream
TRIES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=24)
_TOKEN_BYTES: Final = 32
_NOBODY: Final = b"\0" * 32


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in that succeeded. Only the token's hash is kept."""

    token: str
    expires_at: datetime
    who: Colleague
    private_bundle: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """A session in force and whose it is."""

    token_hash: bytes
    who: Colleague
    seen_at: datetime


def sign_in_parameters(tx: Connection, name: str, cost: Cost) -> SignInParameters:
    """A person's Argon2id salt and cost; for a name nobody has, made-up ones of `cost`, always the same."""
    # Made in either case, so that both take the same time.
    secret: bytes = tx.execute(select(instance.c.sign_in_secret)).scalar_one()
    made_up = fake_parameters(name, secret, cost)
    row = tx.execute(select(person).where(person.c.name == name)).one_or_none()
    return made_up if row is None else SignInParameters(row.salt, row.memory_kib, row.iterations, row.lanes)


def sign_in(
    tx: Connection,
    name: str,
    authentication_key: bytes,
    now: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> NewSession | None:
    """A session for the right key. None otherwise, whatever the reason; then commit too, for the failure counts.

    Five failures lock a person's sign-in for 15 minutes, each further one for twice as long, up to a day.
    """
    row = tx.execute(select(person).where(person.c.name == name).with_for_update(key_share=True)).one_or_none()
    right = authentication_matches(authentication_key, _NOBODY if row is None else row.authentication_hash)
    open_to_try = row is not None and row.active and (row.locked_until is None or row.locked_until <= now)
    if row is None or not open_to_try:
        _write_as_much_as_a_failure(tx)
        return None
    if not right:
        _count_failure(tx, row, now)
        return None
    return _begin_session(tx, row, now, random)


def _write_as_much_as_a_failure(tx: Connection) -> None:
    # A commit that writes nothing is quicker than one that counts a failure, and would tell which names exist.
    tx.execute(update(instance).values(sign_in_secret=instance.c.sign_in_secret))


def _count_failure(tx: Connection, row: Row[Any], now: datetime) -> None:
    failures = row.failed_sign_ins + 1
    locked_until = None
    if failures >= TRIES:
        doublings = min(failures - TRIES, 10)
        locked_until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)
    tx.execute(update(person).where(person.c.id == row.id).values(failed_sign_ins=failures, locked_until=locked_until))
    if locked_until is not None:
        audit.record(tx, row.id, audit.AuditVerb.SIGN_IN, row.id, audit.Outcome.LOCKED, london_day(now))


def _begin_session(tx: Connection, row: Row[Any], now: datetime, random: Callable[[int], bytes]) -> NewSession:
    token = to_base64url(random(_TOKEN_BYTES))
    expires_at = now + LONGEST
    tx.execute(update(person).where(person.c.id == row.id).values(failed_sign_ins=0, locked_until=None))
    tx.execute(delete(desk_session).where(desk_session.c.expires_at <= now - LONGEST))
    tx.execute(
        insert(desk_session),
        {"token_hash": _hashed(token), "person_id": row.id, "seen_at": now, "expires_at": expires_at},
    )
    if presence_of(tx, row.id).since is None:
        become(tx, row.id, PresenceState.OFFLINE, now)
    audit.record(tx, row.id, audit.AuditVerb.SIGN_IN, row.id, audit.Outcome.DONE, london_day(now))
    return NewSession(token, expires_at, colleagues(tx, [row])[0], row.private_bundle)


def session_of(tx: Connection, token: str, now: datetime) -> Session:
    """The session a token belongs to. Raises SignedOut."""
    found = sessions_in_force(tx, (_hashed(token),), now)
    if not found:
        raise SignedOut
    return found[0]


def sessions_in_force(tx: Connection, token_hashes: Collection[bytes], now: datetime) -> tuple[Session, ...]:
    """Those of these sessions that are still in force."""
    rows = tx.execute(
        select(person, desk_session.c.token_hash, desk_session.c.seen_at)
        .join(desk_session)
        .where(desk_session.c.token_hash.in_(token_hashes), in_force(now))
    ).all()
    people = {who.id: who for who in colleagues(tx, rows)}
    return tuple(Session(row.token_hash, people[row.id], row.seen_at) for row in rows)


def in_force(now: datetime) -> Any:
    """The condition, over `desk_session` joined with `person`, that a session counts."""
    in_a_call = select(live_call.c.id).where(live_call.c.handler_id == person.c.id).exists()
    return and_(
        person.c.active,
        desk_session.c.expires_at > now - LONGEST,
        or_(and_(desk_session.c.expires_at > now, desk_session.c.seen_at > now - UNUSED), in_a_call),
    )


def note_use(tx: Connection, token_hashes: Collection[bytes], now: datetime) -> None:
    """Write down that these sessions are in use."""
    tx.execute(update(desk_session).where(desk_session.c.token_hash.in_(token_hashes)).values(seen_at=now))


def sign_out(tx: Connection, token_hash: bytes) -> None:
    """End one session, at once and for good."""
    tx.execute(delete(desk_session).where(desk_session.c.token_hash == token_hash))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
