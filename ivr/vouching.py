"""Someone at the service's own keyboard shows who they are with their passphrase, and so opens their own keys.

Tries are not counted here: whoever sits at this keyboard has the database, and could guess without asking.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from shared.domain.people import role_keys_of
from shared.domain.vocabulary import Role
from shared.sealing.errors import SealingError
from shared.sealing.organisation import PrivateBundle, RoleSecret, open_bundle
from shared.sealing.role_wraps import open_role_wrap
from shared.sealing.sign_in import (
    CONSOLE_FLOOR,
    Cost,
    SignInParameters,
    authentication_matches,
    derive,
    sign_in_name,
)
from shared.store.schema import person, person_role


class NotVouchedFor(SealingError):
    words = "The name or the passphrase of the person who vouches is not right."


class NotAnAdministrator(SealingError):
    words = "Only an administrator can do this."


@dataclass(frozen=True, slots=True)
class Voucher:
    """Who it is, what they may do, and their own private keys."""

    person_id: str
    roles: frozenset[Role]
    bundle: PrivateBundle = field(repr=False)

    def as_administrator(self) -> Voucher:
        """Raises NotAnAdministrator."""
        if Role.ADMINISTRATOR not in self.roles:
            raise NotAnAdministrator
        return self


def vouched(tx: Connection, name: str, passphrase: str, floor: Cost = CONSOLE_FLOOR) -> Voucher:
    """Raises NotVouchedFor for an unknown or suspended person or a wrong passphrase, PassphraseUnsuitable."""
    named = person.c.sign_in_name == sign_in_name(name), person.c.active
    row = tx.execute(select(person).where(*named)).one_or_none()
    if row is None:
        raise NotVouchedFor
    derived = derive(passphrase, SignInParameters(row.salt, row.memory_kib, row.iterations, row.lanes), floor)
    if not authentication_matches(derived.authentication, row.authentication_hash):
        raise NotVouchedFor
    roles = tx.execute(select(person_role.c.role).where(person_role.c.person_id == row.id)).scalars()
    return Voucher(row.id, frozenset(roles), open_bundle(row.private_bundle, derived.wrapping, row.id))


def role_secrets_of(tx: Connection, name: str, passphrase: str, floor: Cost = CONSOLE_FLOOR) -> tuple[RoleSecret, ...]:
    """The role keys a person holds, opened with their passphrase. Raises as ``vouched`` does."""
    return role_secrets_held(tx, vouched(tx, name, passphrase, floor))


def role_secrets_held(tx: Connection, one: Voucher) -> tuple[RoleSecret, ...]:
    """The role keys this person holds."""
    return tuple(
        RoleSecret(key.role, key.version, open_role_wrap(key.wrap, key.role, key.version, one.bundle.reader))
        for key in role_keys_of(tx, one.person_id)
    )
