"""A role's next key while it waits for the root, and who holds a role's key at all.

It knows which key a copy belongs to by role and version alone: copies are sealed to their members, and it opens none.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from shared.domain.vocabulary import Role
from shared.sealing.directory import Directory, RoleName
from shared.sealing.errors import SealingError
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.organisation import ROLE_KEYS
from shared.store.schema import person, person_role, role_wrap, waiting_role_key


class RoleKeyWaits(SealingError):
    words = (
        "A new key for this role waits for the root's signature already: 'candour keys export', 'sign' and 'import'. "
        "With --instead it is given up, and what was exported with it can no longer be imported."
    )


class RoleKeyNotHeld(SealingError):
    words = (
        "This directory names a role's key that does not wait here, or that not everyone in the role holds: what is "
        "sealed to it could be opened by nobody. Nothing was changed. Begin again with 'candour keys export'; should "
        "that be refused too, make the key anew first, with 'candour keys renew-role ROLE --by NAME --instead'."
    )


def members_of(tx: Connection, role: RoleName) -> dict[str, ReaderPublicKey]:
    """Who is given this key, by id, with the key it is wrapped to."""
    holding = [held for held in Role if role in ROLE_KEYS[held]]
    query = select(person.c.id, person.c.reader_public).join(person_role)
    rows = tx.execute(query.where(person.c.active, person_role.c.role.in_(holding)))
    return {row.id: ReaderPublicKey(row.reader_public) for row in rows}


def roles_waiting(tx: Connection) -> frozenset[RoleName]:
    """The roles whose next key waits for the root's signature."""
    return frozenset(RoleName(role) for role in tx.execute(select(waiting_role_key.c.role)).scalars())


def give_up(tx: Connection, role: RoleName, version: int) -> None:
    """Forget a key that waits, and the copies of it: of this version and later ones, never of one in use."""
    tx.execute(delete(waiting_role_key).where(waiting_role_key.c.role == role.value))
    tx.execute(delete(role_wrap).where(role_wrap.c.role == role.value, role_wrap.c.version >= version))


def check_new_keys_are_held(tx: Connection, current: Directory, signed: Directory) -> None:
    """Whether every role's key that is new in ``signed`` waits here, and everyone in the role holds it.

    Only then may it be sealed to. Raises RoleKeyNotHeld.
    """
    before, after = _named_by(current), _named_by(signed)
    wait = {RoleName(row.role): (row.version, row.public) for row in tx.execute(select(waiting_role_key))}
    for role in RoleName:
        if after.get(role) == before.get(role):
            continue
        if role not in after or wait.get(role) != after[role]:
            raise RoleKeyNotHeld
        if not members_of(tx, role).keys() <= _holders(tx, role, after[role][0]):
            raise RoleKeyNotHeld


def held_by_nobody(tx: Connection, current: Directory) -> tuple[RoleName, ...]:
    """Roles whose key in use no member has a copy of, or whose copies belong to another key of the same version."""
    wait = {RoleName(row.role): (row.version, row.public) for row in tx.execute(select(waiting_role_key))}
    lost = []
    for role, (version, public) in _named_by(current).items():
        another = role in wait and wait[role][0] == version and wait[role][1] != public
        if another or not members_of(tx, role).keys() & _holders(tx, role, version):
            lost.append(role)
    return tuple(lost)


def _named_by(keys: Directory) -> dict[RoleName, tuple[int, bytes]]:
    named = {key.role: (key.version, key.reader.raw) for key in keys.roles}
    return named | {RoleName.RELEASE: (keys.release.version, keys.release.verify.raw)}


def _holders(tx: Connection, role: RoleName, version: int) -> set[str]:
    held = role_wrap.c.role == role.value, role_wrap.c.version == version
    return set(tx.execute(select(role_wrap.c.person_id).where(*held)).scalars())
