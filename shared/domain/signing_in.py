"""Signing in by a key the console derives and, where it is asked for, a code of the moment; no passphrase comes here.

Failures of either count per person and lock. An unknown name, a wrong key, a wrong code, a lock and a suspension meet
one answer, after the same work.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, select, update

from shared import audit
from shared.domain.enrolment_errors import WaitsToBeConfirmed
from shared.domain.errors import SecondFactorNeeded
from shared.domain.london import london_day
from shared.domain.second_factor import SecondFactorKey, new_secret, step_of_code
from shared.domain.sessions import NewSession, begin_session
from shared.sealing.sign_in import Cost, SignInParameters, authentication_matches, fake_parameters, sign_in_name
from shared.store.schema import instance, newcomer, person

TRIES: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=24)
_NOBODY: Final = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Presented:
    """What a console shows to sign someone in: the derived key, and a code, "" before one is set up."""

    name: str
    authentication_key: bytes
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Tried:
    """A person who may try, and how what they showed compares."""

    row: Row[Any]
    key_is_right: bool
    step: int | None  # of the code


def sign_in_parameters(tx: Connection, name: str, cost: Cost) -> SignInParameters:
    """A person's Argon2id salt and cost; for a name nobody has, made-up ones of `cost`, always the same."""
    # Made in either case, so that both take the same time.
    secret: bytes = tx.execute(select(instance.c.sign_in_secret)).scalar_one()
    made_up = fake_parameters(name, secret, cost)
    # Both are looked at for every name: whose name it is shows in no time either.
    row, coming = (tx.execute(one).one_or_none() for one in _named(name))
    known = row if row is not None or coming is None or coming.salt is None else coming
    return made_up if known is None else SignInParameters(known.salt, known.memory_kib, known.iterations, known.lanes)


def _named(name: str) -> tuple[Select[Any], Select[Any]]:
    plain = sign_in_name(name)
    here = select(person).where(person.c.sign_in_name == plain)
    return here, select(newcomer).where(newcomer.c.sign_in_name == plain)


def sign_in(
    tx: Connection,
    shown: Presented,
    now: datetime,
    factor: SecondFactorKey | None = None,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> NewSession | None:
    """A session for the right key and code. None otherwise, whatever the reason; then commit too, for the counts.

    Without `factor` no code is asked for. Five failures lock a person's sign-in for 15 minutes, each further one for
    twice as long, up to a day. Raises SecondFactorNeeded to someone with the right key who has set up none, and
    WaitsToBeConfirmed to a newcomer with theirs.
    """
    tried = _tried(tx, shown, now, factor)
    if tried is None:
        return None
    if factor is not None and tried.key_is_right and not tried.row.second_factor_confirmed and not shown.code:
        raise SecondFactorNeeded
    if not tried.key_is_right or (factor is not None and tried.step is None):
        count_failure(tx, tried.row, now)
        return None
    if tried.step is not None:
        used = {"second_factor_confirmed": True, "second_factor_step": tried.step}
        tx.execute(update(person).where(person.c.id == tried.row.id).values(used))
        if not tried.row.second_factor_confirmed:
            _record(tx, tried.row, audit.AuditVerb.SET_UP_SECOND_FACTOR, audit.Outcome.DONE, now)
    tx.execute(update(person).where(person.c.id == tried.row.id).values(failed_sign_ins=0, locked_until=None))
    begun = begin_session(tx, tried.row, now, random)
    _record(tx, tried.row, audit.AuditVerb.SIGN_IN, audit.Outcome.DONE, now)
    return begun


def set_up_second_factor(
    tx: Connection,
    shown: Presented,
    now: datetime,
    factor: SecondFactorKey,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> str | None:
    """A fresh secret for someone who has confirmed none yet; a first code of it confirms it.

    None for a wrong key, and alike for someone who has a second factor already; both count as failures.
    """
    tried = _tried(tx, shown, now, factor)
    if tried is None:
        return None
    if not tried.key_is_right or tried.row.second_factor_confirmed:
        count_failure(tx, tried.row, now)
        return None
    secret = new_secret(random)
    sealed = factor.seal(tried.row.id, secret, random)
    tx.execute(update(person).where(person.c.id == tried.row.id).values(second_factor=sealed, second_factor_step=None))
    return secret


def _tried(tx: Connection, shown: Presented, now: datetime, factor: SecondFactorKey | None) -> _Tried | None:
    """Someone who may try; None for a name nobody has, someone suspended and someone locked.

    Raises WaitsToBeConfirmed.
    """
    here, coming = _named(shown.name)
    row = tx.execute(here.with_for_update(key_share=True)).one_or_none()
    waiting = tx.execute(coming.with_for_update(key_share=True)).one_or_none()
    right = authentication_matches(shown.authentication_key, _NOBODY if row is None else row.authentication_hash)
    step = None if factor is None else _step(row, shown.code, now, factor)
    if row is None and waiting is not None:
        if _is_waiting(tx, waiting, shown, now):
            raise WaitsToBeConfirmed
        return None
    if row is None or not row.active or is_locked(row, now):
        _write_as_much_as_a_failure(tx)
        return None
    return _Tried(row, right, step)


def bundle_of_newcomer(tx: Connection, shown: Presented, now: datetime) -> tuple[str, bytes] | None:
    """The id and wrapped private keys of somebody who waits to be confirmed: enough to show them their own words.

    None for anyone else, and for a wrong key, which counts as a failure; commit then too.
    """
    row = tx.execute(_named(shown.name)[1].with_for_update(key_share=True)).one_or_none()
    if row is None:
        _write_as_much_as_a_failure(tx)
    elif _is_waiting(tx, row, shown, now):
        return row.id, row.private_bundle
    return None


def _is_waiting(tx: Connection, row: Row[Any], shown: Presented, now: datetime) -> bool:
    """Whether this newcomer has keys and showed the right one. A wrong one counts, and locks, as anybody's does."""
    right = authentication_matches(shown.authentication_key, row.authentication_hash or _NOBODY)
    if row.authentication_hash is None or is_locked(row, now):
        _write_as_much_as_a_failure(tx)
        return False
    if not right:
        count_failure(tx, row, now, newcomer)
    return right


def _step(row: Row[Any] | None, code: str, now: datetime, factor: SecondFactorKey) -> int | None:
    if row is None or row.second_factor is None:
        # Sealed and opened for nothing, so that a name without a secret takes as long as one with.
        factor.open("", factor.seal("", new_secret()))
        return step_of_code(None, code, now, None)
    return step_of_code(factor.open(row.id, row.second_factor), code, now, row.second_factor_step)


def _write_as_much_as_a_failure(tx: Connection) -> None:
    # A commit that writes nothing is quicker than one that counts a failure, and would tell which names exist.
    tx.execute(update(instance).values(sign_in_secret=instance.c.sign_in_secret))


def is_locked(row: Row[Any], now: datetime) -> bool:
    """Whether this person's sign-in is locked after failures."""
    return row.locked_until is not None and bool(row.locked_until > now)


def count_failure(tx: Connection, row: Row[Any], now: datetime, table: Table = person) -> None:
    """A wrong key or code was shown for this row of `table`; the fifth and each further one locks."""
    failures = row.failed_sign_ins + 1
    locked_until = None
    if failures >= TRIES:
        doublings = min(failures - TRIES, 10)
        locked_until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)
    tx.execute(update(table).where(table.c.id == row.id).values(failed_sign_ins=failures, locked_until=locked_until))
    if locked_until is not None:
        _record(tx, row, audit.AuditVerb.SIGN_IN, audit.Outcome.LOCKED, now)


def _record(tx: Connection, row: Row[Any], verb: audit.AuditVerb, outcome: audit.Outcome, now: datetime) -> None:
    audit.record(tx, row.id, verb, row.id, outcome, london_day(now))
