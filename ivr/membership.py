"""What the root key's keeper and one more person do about somebody at the service's own keyboard.

The root signs what the directory says of them, and role keys are passed on by somebody who holds them: both are what
no administrator's console can do. It asks nobody anything; the root and the voucher are passed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from ivr.founding import RoleKeysNotHeld, directory_in_use
from ivr.vouching import Voucher
from shared import audit
from shared.domain import standing
from shared.domain.key_holders import keys_held, still_needed
from shared.domain.live_calls import one_at_a_time
from shared.domain.london import london_day
from shared.domain.people import Member, Particulars, check_particulars, publish_directory
from shared.domain.proposals import carry_out
from shared.domain.sessions import end_sessions_of
from shared.domain.vocabulary import ProposalKind, Role
from shared.sealing.directory import Directory
from shared.sealing.errors import SealingError
from shared.sealing.keys import ReaderPublicKey, SigningKey
from shared.sealing.organisation import RoleSecret, new_person, role_wraps_for
from shared.sealing.sign_in import STANDARD_COST, Cost, new_parameters
from shared.sealing.signed_directory import sign_directory, with_person, without_person
from shared.store.schema import person, report, role_wrap

VALID_FOR: Final = timedelta(days=365)
MAY_VOUCH: Final = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})


class CannotVouch(SealingError):
    words = "An administrator or a supervisor vouches, and never for a change about themselves."


@dataclass(frozen=True, slots=True)
class Deciders:
    """The two who decide: the root's keeper, and who vouches, with the role keys they hold."""

    root: SigningKey = field(repr=False)
    voucher: Voucher
    held: tuple[RoleSecret, ...] = field(repr=False)


def change(tx: Connection, by: Deciders, about: Member, to: Particulars, now: datetime) -> None:
    """Write what is known of a person anew, with the keys of roles they did not have, and sign what changed.

    Raises CannotVouch, NameTaken, TooFewSupervisors, TooFewAdministrators, LastKeyHolder, RoleKeysNotHeld, AnotherRoot.
    """
    one_at_a_time(tx)
    _see_who_vouches(by, about)
    check_particulars(tx, about.id, to)
    standing.check_enough_stay(tx, about.id, to.roles)
    _pass_keys_on(tx, by, about.id, to.roles)  # of a role they had too, where its key was made anew without them
    carry_out(tx, ProposalKind.CHANGE, about.id, to, now)
    if set(to.roles) != set(about.particulars.roles):
        directory, day = directory_in_use(tx, by.root.public), london_day(now)
        entry = directory.person(about.id).model_copy(update={"roles": to.roles})
        _publish(tx, with_person(directory, entry, day, day + VALID_FOR), by.root)
    _record(tx, by, about.id, ProposalKind.CHANGE, now)


def decide(tx: Connection, by: Deciders, about: Member, kind: ProposalKind, now: datetime) -> None:
    """Suspend, reinstate or remove somebody, or forget a lost second factor.

    Who is back is given the keys that were made anew meanwhile. Raises CannotVouch, TooFewSupervisors,
    TooFewAdministrators, LastKeyHolder, RoleKeysNotHeld, StillHasWork, AnotherRoot.
    """
    one_at_a_time(tx)
    _see_who_vouches(by, about)
    if kind in (ProposalKind.SUSPEND, ProposalKind.REMOVE):
        standing.check_enough_stay(tx, about.id, ())
    if kind is ProposalKind.REMOVE:
        standing.check_no_work_left(tx, about.id)
    if kind is ProposalKind.REINSTATE:
        _pass_keys_on(tx, by, about.id, about.particulars.roles)
    directory, day = directory_in_use(tx, by.root.public), london_day(now)
    carry_out(tx, kind, about.id, None, now)
    if kind is ProposalKind.REMOVE:
        _publish(tx, without_person(directory, about.id, day, day + VALID_FOR), by.root)
    _record(tx, by, about.id, kind, now)


def give_new_keys(
    tx: Connection, by: Deciders, about: Member, passphrase: str, now: datetime, cost: Cost = STANDARD_COST
) -> int:
    """For a lost passphrase: new keys under another, in the directory and with the role keys passed on.

    What was sealed for the old keys alone is lost. Gives how many open reports the person is the author of: their
    contact details are lost, unless the unit's; their text opens with the supervisors' key. Raises as ``change`` does.
    """
    _see_who_vouches(by, about)
    _see_that_keys_are_held(tx, by, about.particulars.roles)
    keys = new_person(about.id, about.particulars.roles, passphrase, new_parameters(cost), cost)
    one_at_a_time(tx)  # the line waits meanwhile: not while a passphrase is made into keys
    tx.execute(
        update(person)
        .where(person.c.id == about.id)
        .values(
            salt=keys.parameters.salt,
            memory_kib=keys.parameters.memory_kib,
            iterations=keys.parameters.iterations,
            lanes=keys.parameters.lanes,
            authentication_hash=keys.authentication_hash,
            private_bundle=keys.private_bundle,
            reader_public=keys.reader.raw,
            verify_public=keys.verify.raw,
            failed_sign_ins=0,
            locked_until=None,
        )
    )
    tx.execute(delete(role_wrap).where(role_wrap.c.person_id == about.id))
    _pass_keys_on(tx, by, about.id, about.particulars.roles)
    end_sessions_of(tx, about.id, now)
    day = london_day(now)
    directory = directory_in_use(tx, by.root.public)
    _publish(tx, with_person(directory, keys.entry(), day, day + VALID_FOR), by.root)
    audit.record(tx, by.voucher.person_id, audit.AuditVerb.CONFIRM, about.id, audit.Outcome.NEW_KEYS, day)
    return int(tx.execute(select(func.count()).where(report.c.author_id == about.id)).scalar_one())


def _see_who_vouches(by: Deciders, about: Member) -> None:
    if by.voucher.person_id == about.id or not by.voucher.roles & MAY_VOUCH:
        raise CannotVouch


def _see_that_keys_are_held(tx: Connection, by: Deciders, roles: tuple[Role, ...]) -> None:
    if still_needed(tx, roles, {(secret.role, secret.version) for secret in by.held}):
        raise RoleKeysNotHeld


def _pass_keys_on(tx: Connection, by: Deciders, person_id: str, roles: tuple[Role, ...]) -> None:
    has = keys_held(tx, person_id)
    if not still_needed(tx, roles, has):
        return
    _see_that_keys_are_held(tx, by, roles)
    raw: bytes = tx.execute(select(person.c.reader_public).where(person.c.id == person_id)).scalar_one()
    wraps = role_wraps_for(roles, ReaderPublicKey(raw), by.held)
    fresh = [
        {"role": role.value, "version": version, "person_id": person_id, "wrap": wrap}
        for (role, version), wrap in wraps.items()
        if (role, version) not in has
    ]
    tx.execute(insert(role_wrap), fresh)


def _publish(tx: Connection, directory: Directory, root: SigningKey) -> None:
    publish_directory(tx, directory.version, sign_directory(directory, root))


def _record(tx: Connection, by: Deciders, about: str, kind: ProposalKind, now: datetime) -> None:
    audit.record(tx, by.voucher.person_id, audit.AuditVerb.CONFIRM, about, kind, london_day(now))
