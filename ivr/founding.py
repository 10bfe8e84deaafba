"""Founding an organisation and taking in people: makes the keys, signs the directory, writes both down.

It asks nobody anything and prints nothing: passphrases and the opened root are passed in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, insert, select

from shared.domain.key_holders import still_needed
from shared.domain.live_calls import one_at_a_time
from shared.domain.people import enrol, publish_directory, signed_directory
from shared.domain.vocabulary import Language, Role
from shared.sealing.directory import Directory, RoleName
from shared.sealing.errors import DirectorySignatureWrong, SealingError
from shared.sealing.keys import SigningKey
from shared.sealing.organisation import (
    ROLE_KEYS,
    PersonKeys,
    RoleSecret,
    first_directory,
    new_person,
    new_role_key,
    role_wraps_for,
)
from shared.sealing.sign_in import STANDARD_COST, Cost, new_parameters, sign_in_name
from shared.sealing.signed_directory import sign_directory, verify_directory, with_person
from shared.sealing.verify_key import VerifyKey
from shared.store.columns import random_id
from shared.store.schema import instance, person

VALID_FOR: Final = timedelta(days=365)
_SECRET_BYTES: Final = 32


class NameTaken(SealingError):
    words = "There is a person of this name already."


class RoleKeysNotHeld(SealingError):
    words = "The person who vouches does not hold the keys this role needs. A supervisor holds them all."


class FoundedAlready(SealingError):
    words = "This database holds an organisation already. Nothing was changed."


class AnotherRoot(SealingError):
    words = "This is not the root key that the directory in use was signed with."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to take in. ``handset`` is E.164 or a SIP address; None takes no calls."""

    name: str
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]
    passphrase: str = field(repr=False)
    handset: str | None = None
    handset_trusted: bool = False

    @property
    def needs_role_keys(self) -> bool:
        """Whether somebody who holds role keys has to pass them on."""
        return any(ROLE_KEYS[role] for role in self.roles)


def give_instance_its_secret(tx: Connection) -> None:
    """Make the secret that this installation answers unknown names with, unless there is one."""
    if tx.execute(select(instance.c.id)).one_or_none() is None:
        tx.execute(insert(instance), {"id": 1, "sign_in_secret": secrets.token_bytes(_SECRET_BYTES)})


def found(tx: Connection, root: SigningKey, first: Newcomer, today: date, cost: Cost = STANDARD_COST) -> PersonKeys:
    """Make the role keys, the first person and the first directory in use.

    ``today`` is a London day. Raises FoundedAlready or PassphraseUnsuitable.
    """
    if tx.execute(select(person.c.id).limit(1)).one_or_none() is not None:
        raise FoundedAlready
    give_instance_its_secret(tx)
    held = tuple(new_role_key(role, version=1) for role in RoleName)
    keys = _keys_of(first, cost)
    return _take_in(tx, first_directory(held, today, today + VALID_FOR), root, first, keys, held, today)


def add_person(
    tx: Connection,
    root: SigningKey,
    newcomer: Newcomer,
    held: tuple[RoleSecret, ...],
    today: date,
    cost: Cost = STANDARD_COST,
) -> PersonKeys:
    """Take a person in, with the role keys out of ``held`` that their roles are given.

    Raises NameTaken, RoleKeysNotHeld, PassphraseUnsuitable, AnotherRoot, DirectoryMissing.
    """
    alike = select(person.c.id).where(person.c.sign_in_name == sign_in_name(newcomer.name))
    if tx.execute(alike).first() is not None:
        raise NameTaken
    keys = _keys_of(newcomer, cost)
    one_at_a_time(tx)  # the line waits meanwhile: not while a passphrase is made into keys
    if still_needed(tx, newcomer.roles, {(secret.role, secret.version) for secret in held}):
        raise RoleKeysNotHeld
    return _take_in(tx, directory_in_use(tx, root.public), root, newcomer, keys, held, today)


def _keys_of(newcomer: Newcomer, cost: Cost) -> PersonKeys:
    return new_person(random_id(), newcomer.roles, newcomer.passphrase, new_parameters(cost), cost)


def _take_in(
    tx: Connection,
    directory: Directory,
    root: SigningKey,
    newcomer: Newcomer,
    keys: PersonKeys,
    held: tuple[RoleSecret, ...],
    today: date,
) -> PersonKeys:
    wraps = role_wraps_for(newcomer.roles, keys.reader, held)
    enrol(tx, keys, newcomer.name, newcomer.languages, wraps, newcomer.handset, newcomer.handset_trusted)
    _publish(tx, with_person(directory, keys.entry(), today, today + VALID_FOR), root)
    return keys


def directory_in_use(tx: Connection, root: VerifyKey) -> Directory:
    """The newest directory, its signature checked; expired or not. Raises AnotherRoot or DirectoryMissing."""
    try:
        return verify_directory(signed_directory(tx), root, highest_seen=0, today=None)
    except DirectorySignatureWrong:
        raise AnotherRoot from None


def _publish(tx: Connection, directory: Directory, root: SigningKey) -> Directory:
    publish_directory(tx, directory.version, sign_directory(directory, root))
    return directory
