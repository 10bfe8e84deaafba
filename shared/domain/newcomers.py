"""People on their way in: an account and words that are good once, keys that their own console makes, two who confirm.

Until they are confirmed they are no person of the organisation: no session, key or role can be theirs. No passphrase
and no private key comes here.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.enrolment_errors import (
    EnrolmentExpired,
    EnrolmentRefused,
    EnrolmentUsed,
    FirstKeysRefused,
    KeysMadeAlready,
    NewcomerNotFound,
    NoKeysYet,
    WordsGivenOut,
)
from shared.domain.errors import NameTaken
from shared.domain.key_changes import COMMAND
from shared.domain.london import london_day
from shared.domain.passphrases import NewPassphrase
from shared.domain.people import Particulars, check_particulars
from shared.domain.vocabulary import Language, Role
from shared.sealing.enrolling import enrolment_proof as proof_of
from shared.sealing.enrolling import new_enrolment_words, person_words, proof_matches, stored_proof
from shared.sealing.keys import RandomBytes, ReaderPublicKey
from shared.sealing.sign_in import Cost, hash_authentication, sign_in_name
from shared.sealing.verify_key import VerifyKey
from shared.store.columns import random_id
from shared.store.schema import newcomer, newcomer_vouch

WORDS_LAST: Final = timedelta(hours=24)
_NOBODY: Final = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Invitation:
    """Words that are good once, until then; they are kept nowhere."""

    words: tuple[str, ...] = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class FirstKeys:
    """What a newcomer's console made: the private keys under their passphrase, and both public ones."""

    under: NewPassphrase
    reader: ReaderPublicKey
    verify: VerifyKey


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody on their way in. `reader` and `verify` are None until their console has made the keys."""

    id: str
    particulars: Particulars
    words_until: datetime
    reader: ReaderPublicKey | None
    verify: VerifyKey | None
    vouched_by: frozenset[str]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of their keys, to compare aloud; none while there are no keys."""
        if self.reader is None or self.verify is None:
            return ()
        return person_words(self.id, self.reader, self.verify)


def invite(
    tx: Connection,
    told: Particulars,
    now: datetime,
    by: str = COMMAND,
    random: RandomBytes = secrets.token_bytes,
    *,
    anew: bool = False,
) -> Invitation:
    """Make an account, and words for its owner; ``anew``: though words given out for this name are still good.

    Those are good no more then. Raises WordsGivenOut; NameTaken, for somebody whose keys wait to be confirmed too.
    """
    unused = newcomer.c.sign_in_name == sign_in_name(told.name), newcomer.c.reader_public.is_(None)
    good = select(newcomer.c.id).where(*unused, newcomer.c.words_until > now)
    if not anew and tx.execute(good).first() is not None:
        raise WordsGivenOut
    tx.execute(delete(newcomer).where(*unused))
    words = new_enrolment_words(random)
    return Invitation(words, make_account(tx, by, told, stored_proof(proof_of(" ".join(words))), now))


def make_account(tx: Connection, by: str, told: Particulars, stored: bytes, now: datetime) -> datetime:
    """Make an account for whoever has the words that `stored` was made from, which nobody told the service.

    Until when the words are good. Raises NameTaken, for somebody who is on their way in too.
    """
    check_particulars(tx, None, told)
    if _row_of(tx, told.name) is not None:
        raise NameTaken
    until, newcomer_id = now + WORDS_LAST, random_id()
    row = {
        "id": newcomer_id,
        "name": told.name,
        "roles": ",".join(told.roles),
        "languages": ",".join(told.languages),
        "handset": told.handset,
        "handset_trusted": told.handset_trusted,
        "stored_proof": stored,
        "words_until": until,
    }
    tx.execute(insert(newcomer), row)
    audit.record(tx, by, audit.AuditVerb.INVITE, newcomer_id, audit.Outcome.DONE, london_day(now))
    return until


def renew_words(tx: Connection, by: str, newcomer_id: str, stored: bytes, now: datetime) -> datetime:
    """Words that were lost or are too old, made anew; those before are good no more. Until when these are.

    Raises NewcomerNotFound; KeysMadeAlready for somebody whose words are used.
    """
    newcomer_of(tx, newcomer_id)
    until, unused = now + WORDS_LAST, (newcomer.c.id == newcomer_id, newcomer.c.reader_public.is_(None))
    values = {"stored_proof": stored, "words_until": until}
    if tx.execute(update(newcomer).where(*unused).values(values)).rowcount != 1:
        raise KeysMadeAlready
    audit.record(tx, by, audit.AuditVerb.INVITE, newcomer_id, audit.Outcome.DONE, london_day(now))
    return until


def begin_enrolment(tx: Connection, name: str, proof: bytes, now: datetime) -> str:
    """The id that these words are for; nothing is changed, so it may be begun again.

    Raises EnrolmentRefused for an unknown name and for other words alike; to whoever has the right words
    EnrolmentUsed or EnrolmentExpired.
    """
    row = _row_of(tx, name)
    right = proof_matches(proof, _NOBODY if row is None else row.stored_proof)
    if row is None or not right:
        raise EnrolmentRefused
    if row.reader_public is not None:
        raise EnrolmentUsed
    if row.words_until <= now:
        raise EnrolmentExpired
    return str(row.id)


def keep_first_keys(tx: Connection, name: str, proof: bytes, made: FirstKeys, least: Cost, now: datetime) -> None:
    """Keep what a newcomer's console made, all of it at once; from then on the words are used.

    The same keys sent again, because an answer was lost, are kept already. Raises as `begin_enrolment` does;
    FirstKeysRefused where a guess would cost less than `least`.
    """
    if not made.under.parameters.cost.reaches(least):
        raise FirstKeysRefused
    row = _row_of(tx, name)
    if row is not None and proof_matches(proof, row.stored_proof) and row.private_bundle == made.under.private_bundle:
        return
    newcomer_id = begin_enrolment(tx, name, proof, now)
    cost = made.under.parameters
    values = {
        "salt": cost.salt,
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "authentication_hash": hash_authentication(made.under.authentication_key),
        "private_bundle": made.under.private_bundle,
        "reader_public": made.reader.raw,
        "verify_public": made.verify.raw,
    }
    unused = newcomer.c.id == newcomer_id, newcomer.c.reader_public.is_(None)
    if tx.execute(update(newcomer).where(*unused).values(values)).rowcount != 1:
        raise EnrolmentUsed  # another console was quicker
    audit.record(tx, newcomer_id, audit.AuditVerb.FIRST_KEYS, newcomer_id, audit.Outcome.DONE, london_day(now))


def _row_of(tx: Connection, name: str) -> Row[Any] | None:
    return tx.execute(select(newcomer).where(newcomer.c.sign_in_name == sign_in_name(name))).one_or_none()


# --- those who confirm ------------------------------------------------------------------------------------------------


def newcomers(tx: Connection) -> tuple[Newcomer, ...]:
    """Everyone on their way in, by name."""
    vouched: dict[str, set[str]] = {}
    for newcomer_id, person_id in tx.execute(select(newcomer_vouch)):
        vouched.setdefault(newcomer_id, set()).add(person_id)
    rows = tx.execute(select(newcomer).order_by(newcomer.c.sign_in_name))
    return tuple(_read(row, frozenset(vouched.get(row.id, ()))) for row in rows)


def _read(row: Row[Any], vouched_by: frozenset[str]) -> Newcomer:
    told = Particulars(
        name=row.name,
        roles=tuple(Role(role) for role in row.roles.split(",")),
        languages=tuple(Language(language) for language in row.languages.split(",")),
        handset=row.handset,
        handset_trusted=row.handset_trusted,
    )
    reader = None if row.reader_public is None else ReaderPublicKey(row.reader_public)
    verify = None if row.verify_public is None else VerifyKey(row.verify_public)
    return Newcomer(row.id, told, row.words_until, reader, verify, vouched_by)


def newcomer_of(tx: Connection, newcomer_id: str) -> Newcomer:
    """Raises NewcomerNotFound."""
    for found in newcomers(tx):
        if found.id == newcomer_id:
            return found
    raise NewcomerNotFound


def newcomer_named(tx: Connection, name: str) -> Newcomer:
    """Raises NewcomerNotFound."""
    row = _row_of(tx, name)
    return newcomer_of(tx, "" if row is None else row.id)


def vouch_for_keys(tx: Connection, by: str, newcomer_id: str, now: datetime) -> None:
    """Note that an administrator heard the newcomer read out the words of these keys.

    Raises NewcomerNotFound, NoKeysYet.
    """
    found = newcomer_of(tx, newcomer_id)
    if found.reader is None:
        raise NoKeysYet
    if by in found.vouched_by:
        return
    tx.execute(insert(newcomer_vouch), {"newcomer_id": newcomer_id, "person_id": by})
    audit.record(tx, by, audit.AuditVerb.VOUCH, newcomer_id, audit.Outcome.DONE, london_day(now))


def turn_away(tx: Connection, by: str, newcomer_id: str, now: datetime) -> None:
    """Forget a newcomer, keys and all: the words were stolen or lost, or somebody was not to come after all.

    One administrator is enough, for it gives nothing to anybody. Raises NewcomerNotFound.
    """
    newcomer_of(tx, newcomer_id)
    forget_newcomer(tx, newcomer_id)
    audit.record(tx, by, audit.AuditVerb.TURN_AWAY, newcomer_id, audit.Outcome.DONE, london_day(now))


def forget_newcomer(tx: Connection, newcomer_id: str) -> None:
    """Nothing of them is on their way in any more: they are here, or turned away."""
    tx.execute(delete(newcomer_vouch).where(newcomer_vouch.c.newcomer_id == newcomer_id))
    tx.execute(delete(newcomer).where(newcomer.c.id == newcomer_id))
