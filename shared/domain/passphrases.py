"""Changing one's own passphrase: the same private keys under another, made in the console. No passphrase comes here."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from shared import audit
from shared.domain.errors import PassphraseNotChanged
from shared.domain.london import london_day
from shared.domain.signing_in import count_failure, is_locked
from shared.sealing.sign_in import Cost, SignInParameters, authentication_matches, hash_authentication
from shared.store.schema import desk_session, person


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """All that a new passphrase makes: its salt and cost, the key to sign in by, and the private keys under it."""

    parameters: SignInParameters
    authentication_key: bytes = field(repr=False)
    private_bundle: bytes = field(repr=False)


def change_passphrase(
    tx: Connection, person_id: str, session_id: str, key: bytes, new: NewPassphrase, least: Cost, now: datetime
) -> bool:
    """Whether it was changed: not for a wrong `key`, which counts as a failed sign-in; commit then too.

    The person's other sessions end. Raises PassphraseNotChanged where a guess would cost less than `least`.
    """
    row = tx.execute(select(person).where(person.c.id == person_id).with_for_update(key_share=True)).one()
    right = authentication_matches(key, row.authentication_hash)
    if is_locked(row, now):
        return False
    if not right:
        count_failure(tx, row, now)
        return False
    if not new.parameters.cost.reaches(least):
        raise PassphraseNotChanged
    cost = new.parameters
    values = {
        "salt": cost.salt,
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "authentication_hash": hash_authentication(new.authentication_key),
        "private_bundle": new.private_bundle,
        "failed_sign_ins": 0,
    }
    tx.execute(update(person).where(person.c.id == person_id).values(values))
    others = desk_session.c.person_id == person_id, desk_session.c.id != session_id
    tx.execute(delete(desk_session).where(*others))
    audit.record(tx, person_id, audit.AuditVerb.CHANGE_PASSPHRASE, person_id, audit.Outcome.DONE, london_day(now))
    return True
