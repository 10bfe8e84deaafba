"""Founding an organisation and taking in a person: which keys are made, and who is given which; it writes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.domain.vocabulary import Role
from shared.sealing.canonical import framed
from shared.sealing.directory import Directory, Person, ReleaseKey, RoleKey, RoleName
from shared.sealing.errors import KeyMalformed, PassphraseWrong
from shared.sealing.keys import READER_SEED_BYTES, RandomBytes, ReaderKey, ReaderPublicKey, SigningKey
from shared.sealing.role_wraps import wrap_role_key
from shared.sealing.sign_in import (
    CONSOLE_FLOOR,
    Cost,
    SignInParameters,
    derive,
    hash_authentication,
    unwrap_private,
    wrap_private,
)
from shared.sealing.verify_key import VerifyKey

_BUNDLE_LABEL: Final = b"candour/private-bundle/v1"

# Which of the shared keys each role of a person is given.
ROLE_KEYS: Final[Mapping[Role, tuple[RoleName, ...]]] = {
    Role.HANDLER: (RoleName.DESK,),
    Role.SUPERVISOR: (RoleName.SUPERVISORS, RoleName.RELEASE, RoleName.DESK),
    Role.ADMINISTRATOR: (),
    Role.AUDITOR: (),
}


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """A new person's keys as the service keeps them: the private ones only under the passphrase."""

    person_id: str
    roles: tuple[Role, ...]
    reader: ReaderPublicKey
    verify: VerifyKey
    private_bundle: bytes = field(repr=False)
    authentication_hash: bytes = field(repr=False)
    parameters: SignInParameters = field(repr=False)

    def entry(self) -> Person:
        """This person's place in the directory. Raises pydantic's ValidationError for an impossible id."""
        return Person(id=self.person_id, roles=self.roles, reader=self.reader, verify=self.verify)


@dataclass(frozen=True, slots=True)
class PrivateBundle:
    """A person's own private keys, as the console holds them while signed in."""

    reader: ReaderKey
    signing: SigningKey

    def to_bytes(self) -> bytes:
        """96 bytes of reader seed, then 32 of signing seed; secret."""
        return self.reader.seed + self.signing.seed


@dataclass(frozen=True, slots=True)
class RoleSecret:
    """A role's private key: its seed, secret, with the role and version it belongs to."""

    role: RoleName
    version: int
    seed: bytes = field(repr=False)

    def wrapped_for(self, member: ReaderPublicKey) -> bytes:
        """The seed as one member keeps it with the service."""
        return wrap_role_key(self.role, self.version, self.seed, member)

    def reader(self) -> ReaderKey:
        """For supervisors and desk. Raises KeyMalformed for the release key."""
        return ReaderKey(self.seed)

    def signing(self) -> SigningKey:
        """For the release key. Raises KeyMalformed for the others."""
        return SigningKey(self.seed)


def new_person(
    person_id: str,
    roles: tuple[Role, ...],
    passphrase: str,
    parameters: SignInParameters,
    floor: Cost = CONSOLE_FLOOR,
    random: RandomBytes = secrets.token_bytes,
) -> PersonKeys:
    """Fresh keys for a person under a passphrase. Raises PassphraseUnsuitable or ParametersTooWeak."""
    derived = derive(passphrase, parameters, floor)
    bundle = PrivateBundle(ReaderKey.generate(random), SigningKey.generate(random))
    return PersonKeys(
        person_id=person_id,
        roles=roles,
        reader=bundle.reader.public,
        verify=bundle.signing.public,
        private_bundle=wrap_bundle(bundle, derived.wrapping, person_id, random),
        authentication_hash=hash_authentication(derived.authentication),
        parameters=parameters,
    )


def wrap_bundle(
    bundle: PrivateBundle, wrapping_key: bytes, person_id: str, random: RandomBytes = secrets.token_bytes
) -> bytes:
    """A person's private keys as the service keeps them, under the wrapping key of a passphrase."""
    return wrap_private(wrapping_key, bundle.to_bytes(), _bundle_label(person_id), random)


def open_bundle(wrapped: bytes, wrapping_key: bytes, person_id: str) -> PrivateBundle:
    """A person's private keys, as signing in gives them back. Raises PassphraseWrong."""
    private = unwrap_private(wrapping_key, wrapped, _bundle_label(person_id))
    try:
        return PrivateBundle(ReaderKey(private[:READER_SEED_BYTES]), SigningKey(private[READER_SEED_BYTES:]))
    except KeyMalformed:
        raise PassphraseWrong from None


def _bundle_label(person_id: str) -> bytes:
    return framed(_BUNDLE_LABEL, person_id.encode())


def new_role_key(role: RoleName, version: int, random: RandomBytes = secrets.token_bytes) -> RoleSecret:
    """A fresh key for a role: to sign with for release, to read with for the others."""
    signs = role is RoleName.RELEASE
    seed = SigningKey.generate(random).seed if signs else ReaderKey.generate(random).seed
    return RoleSecret(role, version, seed)


def role_wraps_for(
    roles: tuple[Role, ...], member: ReaderPublicKey, held: tuple[RoleSecret, ...]
) -> dict[tuple[RoleName, int], bytes]:
    """The wraps a person with these roles is given, by role key and version, out of the role keys ``held``."""
    given = {name for role in roles for name in ROLE_KEYS[role]}
    return {(secret.role, secret.version): secret.wrapped_for(member) for secret in held if secret.role in given}


def first_directory(role_secrets: tuple[RoleSecret, ...], issued: date, expires: date) -> Directory:
    """Version 1: the role keys and the release key, and as yet nobody. Raises KeyError without a release key."""
    by_role = {secret.role: secret for secret in role_secrets}
    release = by_role.pop(RoleName.RELEASE)
    return Directory(
        version=1,
        issued=issued,
        expires=expires,
        people=(),
        roles=tuple(
            RoleKey(role=secret.role, version=secret.version, reader=secret.reader().public)
            for secret in by_role.values()
        ),
        release=ReleaseKey(version=release.version, verify=release.signing().public),
        units=(),
    )


def renewed_role_key(
    role: RoleName, version: int, members: Mapping[str, ReaderPublicKey], random: RandomBytes = secrets.token_bytes
) -> tuple[ReaderPublicKey | VerifyKey, dict[str, bytes]]:
    """A fresh key for a role: its public half, and its wrap for each member by id. Nobody else has it."""
    secret = new_role_key(role, version, random)
    public = secret.signing().public if role is RoleName.RELEASE else secret.reader().public
    return public, {member: secret.wrapped_for(reader) for member, reader in members.items()}
