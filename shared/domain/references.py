"""References for ringing again: the service knows that one was given out, and not to whom, in which call or for what.

A row leads nowhere: no report, no call, no person. Rows go on their own day; a try costs the same, right or wrong.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from shared.domain.errors import ReferenceTriesUsedUp
from shared.domain.london import london_day
from shared.sealing.references import hash_proof, proof_matches
from shared.store.schema import reference, reference_tries
from shared.store.statements import insert_into

KEPT_FOR: Final = timedelta(days=180)
TRIES: Final = 5  # at once, by one person; then one for each EACH
EACH: Final = timedelta(minutes=1)
_NONE: Final = b"\0" * 32


def give_reference(tx: Connection, locator: bytes, proof: bytes, now: datetime) -> None:
    """A caller was read these words. The same again changes nothing."""
    forget_expired_references(tx, now)
    row = {"locator": locator, "proof_hash": hash_proof(proof), "expires_on": london_day(now) + KEPT_FOR}
    tx.execute(insert_into(tx, reference).values(row).on_conflict_do_nothing())


def find_reference(tx: Connection, person_id: str, locator: bytes, proof: bytes, now: datetime) -> bool:
    """Whether such a reference was given out and has not expired. Commit either way: the try counts.

    Raises ReferenceTriesUsedUp, for right words and wrong ones alike.
    """
    _count_try(tx, person_id, now)
    found = select(reference.c.proof_hash).where(
        reference.c.locator == locator, reference.c.expires_on >= london_day(now)
    )
    stored = tx.execute(found).scalar_one_or_none()
    return proof_matches(proof, _NONE if stored is None else stored)


def withdraw_reference(tx: Connection, locator: bytes, proof: bytes) -> None:
    """The caller did not want it after all. Nothing is said of whether there was one."""
    tx.execute(delete(reference).where(reference.c.locator == locator, reference.c.proof_hash == hash_proof(proof)))


def forget_expired_references(tx: Connection, now: datetime) -> None:
    """Those whose last day is over."""
    tx.execute(delete(reference).where(reference.c.expires_on < london_day(now)))


def _count_try(tx: Connection, person_id: str, now: datetime) -> None:
    """A bucket for each person; only while it is not full is there a row."""
    tx.execute(delete(reference_tries).where(reference_tries.c.full_at <= now))
    own = select(reference_tries.c.full_at).where(reference_tries.c.person_id == person_id).with_for_update()
    full_at = (tx.execute(own).scalar_one_or_none() or now) + EACH
    if full_at - now > TRIES * EACH:
        raise ReferenceTriesUsedUp
    statement = insert_into(tx, reference_tries).values(person_id=person_id, full_at=full_at)
    tx.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_={"full_at": full_at}))
