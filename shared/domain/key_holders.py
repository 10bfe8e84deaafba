"""Who holds the roles' keys: people who may sign in, with a wrap of the version that the root signed.

Being in a role is not holding its key: somebody who was away while it was made anew has the one before alone.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable

from sqlalchemy import Connection, select

from shared.domain.key_changes import published_directory
from shared.domain.people import HeldRoleKey, role_keys_of
from shared.domain.vocabulary import Role
from shared.domain.waiting_keys import give_up, members_of
from shared.sealing.directory import Directory, RoleName
from shared.sealing.organisation import ROLE_KEYS
from shared.store.schema import role_wrap, waiting_role_key

RoleKeyVersion = tuple[RoleName, int]


def version_of(keys: Directory, role: RoleName) -> int:
    """Which version of a role's key this directory names. Raises UnknownRoleKey."""
    return keys.release.version if role is RoleName.RELEASE else keys.role_key(role).version


def still_needed(tx: Connection, roles: Iterable[Role], held: Container[RoleKeyVersion]) -> frozenset[RoleKeyVersion]:
    """The keys of these roles that are not among ``held``: those in use, and those that wait for the root.

    Raises DirectoryMissing.
    """
    keys = published_directory(tx)
    names = {name for role in roles for name in ROLE_KEYS[role]}
    needed = {(name, version_of(keys, name)) for name in names}
    for row in tx.execute(select(waiting_role_key)):
        if row.role in names:
            needed.add((RoleName(row.role), row.version))
    return frozenset(one for one in needed if one not in held)


def keys_held(tx: Connection, person_id: str) -> frozenset[RoleKeyVersion]:
    """What somebody was given, whether or not they may sign in now."""
    mine = select(role_wrap.c.role, role_wrap.c.version).where(role_wrap.c.person_id == person_id)
    return frozenset((RoleName(row.role), row.version) for row in tx.execute(mine))


def holders(tx: Connection, role: RoleName) -> frozenset[str]:
    """Who may sign in, is in the role and can use its key, by id. Raises DirectoryMissing."""
    version = version_of(published_directory(tx), role)
    given = select(role_wrap.c.person_id).where(role_wrap.c.role == role.value, role_wrap.c.version == version)
    return frozenset(members_of(tx, role)).intersection(tx.execute(given).scalars())


def keys_given(tx: Connection, person_id: str) -> tuple[HeldRoleKey, ...]:
    """What signing in gives somebody: no further than the root has signed.

    A key that waits for its signature may be given up yet, and somebody whose own entry waits may be turned away: who
    left meanwhile has seen neither. Raises DirectoryMissing.
    """
    keys = published_directory(tx)
    entries = [entry for entry in keys.people if entry.id == person_id]
    names = {name for entry in entries for role in entry.roles for name in ROLE_KEYS[role]}
    return tuple(
        key for key in role_keys_of(tx, person_id) if key.role in names and key.version <= version_of(keys, key.role)
    )


def give_up_with(tx: Connection, person_id: str, names: Collection[RoleName]) -> None:
    """Somebody leaves these keys: what waits of them and was made for this person too is given up, to be made anew."""
    held = keys_held(tx, person_id)
    for row in tx.execute(select(waiting_role_key)).all():
        role = RoleName(row.role)
        if role in names and (role, row.version) in held:
            give_up(tx, role, row.version)


def without_the_key(tx: Connection, role: RoleName) -> frozenset[str]:
    """Who is in the role and cannot use its key. Raises DirectoryMissing."""
    return frozenset(members_of(tx, role)) - holders(tx, role)
