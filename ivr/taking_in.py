"""The last step of taking somebody in: keys that their own console made are given a place, by those who confirm them.

It asks nobody anything; who vouches, the role keys held and the opened root are passed in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from ivr.founding import VALID_FOR, RoleKeysNotHeld, directory_in_use
from shared.domain.enrolment_errors import NewcomerNotFound, NoKeysYet
from shared.domain.key_changes import vouch_for_person
from shared.domain.key_holders import still_needed
from shared.domain.live_calls import one_at_a_time
from shared.domain.newcomers import Newcomer, forget_newcomer
from shared.domain.people import check_particulars, enrol, publish_directory
from shared.sealing.keys import SigningKey
from shared.sealing.organisation import PersonKeys, RoleSecret, role_wraps_for
from shared.sealing.sign_in import SignInParameters
from shared.sealing.signed_directory import sign_directory, with_person
from shared.store.schema import newcomer


def take_in(
    tx: Connection,
    coming: Newcomer,
    held: tuple[RoleSecret, ...],
    vouchers: Collection[str],
    root: SigningKey | None,
    today: date,
) -> None:
    """Make a newcomer a person of the organisation, with the role keys out of ``held`` that their roles are given.

    ``vouchers`` heard the words of these very keys; those who said so at the desk count too. The root signs a directory
    with this one entry more; without it the entry waits. Raises NoKeysYet, NewcomerNotFound, RoleKeysNotHeld,
    NameTaken, AnotherRoot, TwoAdministratorsNeeded.
    """
    one_at_a_time(tx)
    keys, told = _keys(tx, coming), coming.particulars
    if still_needed(tx, told.roles, {(secret.role, secret.version) for secret in held}):
        raise RoleKeysNotHeld
    check_particulars(tx, None, told)
    wraps = role_wraps_for(told.roles, keys.reader, held)
    enrol(tx, keys, told.name, told.languages, wraps, told.handset, told.handset_trusted)
    vouch_for_person(tx, coming.id, {*vouchers, *coming.vouched_by}, today)
    forget_newcomer(tx, coming.id)
    if root is not None:
        signed = with_person(directory_in_use(tx, root.public), keys.entry(), today, today + VALID_FOR)
        publish_directory(tx, signed.version, sign_directory(signed, root))


def _keys(tx: Connection, coming: Newcomer) -> PersonKeys:
    if coming.reader is None or coming.verify is None:
        raise NoKeysYet
    row = tx.execute(select(newcomer).where(newcomer.c.id == coming.id)).one_or_none()
    if row is None:  # turned away while the words were being read out
        raise NewcomerNotFound
    return PersonKeys(
        person_id=coming.id,
        roles=coming.particulars.roles,
        reader=coming.reader,
        verify=coming.verify,
        private_bundle=row.private_bundle,
        authentication_hash=row.authentication_hash,
        parameters=SignInParameters(row.salt, row.memory_kib, row.iterations, row.lanes),
    )
