"""The organisation's directory of public keys: people, roles, the release key and the forces' units.

It holds no private key and no address, and does not check its own signature (``signed_directory`` does). Dates are
London dates; ``expires`` is the last good day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    model_validator,
)

from shared.domain.vocabulary import Role
from shared.sealing.errors import KeyMalformed, UnknownPerson, UnknownRoleKey, UnknownUnit
from shared.sealing.keys import ReaderPublicKey, VerifyKey

WARNING_DAYS: Final = 30

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")]
PersonId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class RoleName(StrEnum):
    """A key held by everyone in a role. Supervisors and desk read; release signs."""

    SUPERVISORS = "supervisors"
    DESK = "desk"
    RELEASE = "release"


class Standing(StrEnum):
    """How a key or a directory stands on a day. Expiry blocks release, never drafting."""

    USABLE = "usable"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"


def standing(expires: date, today: date) -> Standing:
    """``expires`` is the last good day; the warning begins WARNING_DAYS before it."""
    if today > expires:
        return Standing.EXPIRED
    if today >= expires - timedelta(days=WARNING_DAYS):
        return Standing.EXPIRES_SOON
    return Standing.USABLE


def _reader(written: object) -> ReaderPublicKey:
    try:
        return written if isinstance(written, ReaderPublicKey) else ReaderPublicKey.from_text(str(written))
    except KeyMalformed:
        raise ValueError("not a reader key") from None


def _verify(written: object) -> VerifyKey:
    try:
        return written if isinstance(written, VerifyKey) else VerifyKey.from_text(str(written))
    except KeyMalformed:
        raise ValueError("not a verify key") from None


Reader = Annotated[ReaderPublicKey, PlainValidator(_reader), PlainSerializer(ReaderPublicKey.to_text)]
Verify = Annotated[VerifyKey, PlainValidator(_verify), PlainSerializer(VerifyKey.to_text)]


class _Entry(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True
    )


class Person(_Entry):
    """A person of the organisation, by id: names stay in the service."""

    id: PersonId
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    reader: Reader
    verify: Verify


class RoleKey(_Entry):
    """The public half of a key that a role's members share."""

    role: RoleName
    version: Version
    reader: Reader


class ReleaseKey(_Entry):
    """The key under which every report leaves, so that no person's name is on one."""

    version: Version
    verify: Verify


class Unit(_Entry):
    """A force's receiving unit. ``forces`` are the forces it serves; ``alternate`` takes reports about the unit."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    forces: Annotated[tuple[Slug, ...], Field(min_length=1)]
    reader: Reader
    answers: Verify
    expires: date
    alternate: Slug | None


class Directory(_Entry):
    """One version of the directory. Raises pydantic's ValidationError where entries contradict each other."""

    version: Version
    issued: date
    expires: date
    people: tuple[Person, ...]
    roles: tuple[RoleKey, ...]
    release: ReleaseKey
    units: tuple[Unit, ...]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        unit_ids = {unit.id for unit in self.units}
        contradictions = (
            self.expires < self.issued,
            len(unit_ids) != len(self.units),
            len({person.id for person in self.people}) != len(self.people),
            len({key.role for key in self.roles}) != len(self.roles),
            any(key.role is RoleName.RELEASE for key in self.roles),
            any(unit.alternate is not None and unit.alternate not in unit_ids - {unit.id} for unit in self.units),
            any(count > 1 for count in Counter(self._key_ids()).values()),
        )
        if any(contradictions):
            raise ValueError("the directory contradicts itself")
        return self

    def _key_ids(self) -> list[str]:
        readers = [
            *(person.reader for person in self.people),
            *(key.reader for key in self.roles),
            *(unit.reader for unit in self.units),
        ]
        verifiers = [
            *(person.verify for person in self.people),
            *(unit.answers for unit in self.units),
            self.release.verify,
        ]
        return [reader.key_id for reader in readers] + [verifier.key_id for verifier in verifiers]

    def unit(self, unit_id: str) -> Unit:
        """Raises UnknownUnit."""
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise UnknownUnit

    def units_for_force(self, force_id: str) -> tuple[Unit, ...]:
        """Every unit that serves a force, in the directory's order: some forces have several, some share one."""
        return tuple(unit for unit in self.units if force_id in unit.forces)

    def unit_for_force(self, force_id: str) -> Unit:
        """The unit a force's reports go to first. Raises UnknownUnit."""
        for unit in self.units_for_force(force_id):
            return unit
        raise UnknownUnit

    def person(self, person_id: str) -> Person:
        """Raises UnknownPerson."""
        for person in self.people:
            if person.id == person_id:
                return person
        raise UnknownPerson

    def role_key(self, role: RoleName) -> RoleKey:
        """Raises UnknownRoleKey."""
        for key in self.roles:
            if key.role is role:
                return key
        raise UnknownRoleKey

    def supervisors_key(self) -> ReaderPublicKey:
        """Whom review is sealed for. Raises UnknownRoleKey."""
        return self.role_key(RoleName.SUPERVISORS).reader

    def desk_key(self) -> ReaderPublicKey:
        """Whom the desk's shared notes are sealed for. Raises UnknownRoleKey."""
        return self.role_key(RoleName.DESK).reader

    def standing(self, today: date) -> Standing:
        """How the directory itself stands."""
        return standing(self.expires, today)


def key_standing(unit: Unit, today: date) -> Standing:
    """How a unit's keys stand on a London date."""
    return standing(unit.expires, today)


def without_suspended(directory: Directory, key_ids: AbstractSet[str]) -> Directory:
    """The directory less every reader on the suspension list, which comes online and so may only take away."""
    return directory.model_copy(
        update={
            "people": tuple(entry for entry in directory.people if entry.reader.key_id not in key_ids),
            "roles": tuple(entry for entry in directory.roles if entry.reader.key_id not in key_ids),
            "units": tuple(entry for entry in directory.units if entry.reader.key_id not in key_ids),
        }
    )
