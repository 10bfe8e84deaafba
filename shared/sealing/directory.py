"""The organisation's directory of public keys: people, roles, the release key and the forces' units.

It holds no private key and no address, and does not check its own signature (``signed_directory`` does). Dates are
London dates; ``expires`` is the last good day.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    model_validator,
)

from shared.domain.vocabulary import Lane, Role
from shared.sealing.canonical import framed
from shared.sealing.errors import KeyMalformed, UnknownPerson, UnknownRoleKey, UnknownUnit
from shared.sealing.keys import ReaderPublicKey
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import in_words

WARNING_DAYS: Final = 30
MAX_NAME: Final = 120
_WORDS_LABEL: Final = b"candour/unit-words/v1"
_FINGERPRINT_BYTES: Final = 12

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.:-]{0,63}$")]


def is_name(name: str) -> bool:
    """Whether a unit may be called so. People compare keys beside its name: nothing in it may move, hide or turn round
    what a screen shows."""
    return 1 <= len(name) <= MAX_NAME and name.isprintable()


def _name(written: str) -> str:
    if not is_name(written):
        raise ValueError
    return written


Name = Annotated[str, AfterValidator(_name)]
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


class EarlierKeys(_Entry):
    """A unit's keys before its present ones. Nothing new is sealed to them; what was can still be answered."""

    reader: Reader
    answers: Verify
    until: date


class Unit(_Entry):
    """A recipient of reports. ``forces`` are those it serves; none for one that is only another's.

    ``urgent`` takes its urgent reports in its place, and ``alternate`` those that it, or its chief, is the subject of.
    ``earlier`` are the keys it had before, while both are good: until a directory signed after their last day.
    """

    id: Slug
    name: Name
    forces: tuple[Slug, ...]
    reader: Reader
    answers: Verify
    expires: date
    alternate: Slug | None
    urgent: Slug | None = None
    earlier: tuple[EarlierKeys, ...] = ()

    @property
    def reader_ids(self) -> tuple[str, ...]:
        """Whose wraps may be this unit's: its present key first."""
        return (self.reader.key_id, *(keys.reader.key_id for keys in self.earlier))

    def reader_id_among(self, key_ids: Container[str]) -> str:
        """Under which of this unit's keys something is sealed for it; its present one where it is not at all."""
        return next((key_id for key_id in self.reader_ids if key_id in key_ids), self.reader.key_id)

    @property
    def answer_keys(self) -> tuple[VerifyKey, ...]:
        """Who may answer for it: its present key first."""
        return (self.answers, *(keys.answers for keys in self.earlier))

    @property
    def words(self) -> tuple[str, ...]:
        """Both present keys as words, to compare aloud."""
        return fingerprint_words(self.reader, self.answers)


class Directory(_Entry):
    """One version of the directory. Raises pydantic's ValidationError where entries contradict each other."""

    version: Version
    issued: date
    expires: date
    people: tuple[Person, ...]
    roles: tuple[RoleKey, ...]
    release: ReleaseKey
    units: tuple[Unit, ...]
    earlier_releases: tuple[ReleaseKey, ...] = ()
    _suspended: tuple[Unit, ...] = PrivateAttr(())  # nothing is sealed for them; reports about them still go elsewhere

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        unit_ids = {unit.id for unit in self.units}
        contradictions = (
            self.expires < self.issued,
            len(unit_ids) != len(self.units),
            len({person.id for person in self.people}) != len(self.people),
            len({key.role for key in self.roles}) != len(self.roles),
            any(key.role is RoleName.RELEASE for key in self.roles),
            any(other not in unit_ids - {unit.id} for unit in self.units for other in _named_by(unit)),
            self.release.version in {key.version for key in self.earlier_releases},
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
            *(keys.reader for unit in self.units for keys in unit.earlier),
        ]
        verifiers = [
            *(person.verify for person in self.people),
            *(key for unit in self.units for key in unit.answer_keys),
            *self.release_keys,
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

    def recipients(self, force_id: str, lane: Lane, conflict: bool) -> tuple[Unit, ...]:
        """Whom a report about this force may go to: the alternates where there is a conflict, otherwise every unit
        that serves it; for the urgent lane those on call for them first.

        With a conflict none that serves the force is among them, even where another names it as its alternate.
        """
        serving = self.units_for_force(force_id)
        passed_over: set[str] = set()
        if conflict:
            about = (*serving, *(unit for unit in self._suspended if force_id in unit.forces))
            passed_over = {unit.id for unit in about}
            named = dict.fromkeys(unit.alternate for unit in about if unit.alternate)
            apart = self._unit_ids() - passed_over
            serving = tuple(self.unit(alternate) for alternate in named if alternate in apart)
        if lane is Lane.URGENT:
            # The usual unit may be on call for its own alternate: not for what it must not know of.
            on_call = (unit.urgent for unit in serving if unit.urgent and unit.urgent not in passed_over)
            # A unit itself comes after whoever is on call for it: one key that cannot be used must not cost a day.
            own = (unit.id for unit in serving)
            found = dict.fromkeys((*on_call, *own))
            serving = tuple(self.unit(unit_id) for unit_id in found if unit_id in self._unit_ids())
        return serving

    def vain_alternates(self) -> frozenset[tuple[str, str]]:
        """Units, and the alternates they name, that serve a force together: these never get a report about those."""
        forces = {unit.id: set(unit.forces) for unit in self.units}
        named = ((unit.id, unit.alternate) for unit in self.units if unit.alternate is not None)
        return frozenset((one, other) for one, other in named if forces[one] & forces.get(other, set()))

    def _unit_ids(self) -> set[str]:
        return {unit.id for unit in self.units}

    @property
    def release_keys(self) -> tuple[VerifyKey, ...]:
        """Under which a report may have left: the present key first, then those before it."""
        return (self.release.verify, *(key.verify for key in self.earlier_releases))

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

    def is_good_for(self, unit: Unit, today: date) -> bool:
        """Whether something may be sealed for this unit: neither its keys nor the directory has expired."""
        return Standing.EXPIRED not in (self.standing(today), key_standing(unit, today))

    def standing(self, today: date) -> Standing:
        """How the directory itself stands."""
        return standing(self.expires, today)


def _named_by(unit: Unit) -> tuple[str, ...]:
    return tuple(other for other in (unit.alternate, unit.urgent) if other is not None)


def fingerprint_words(reader: ReaderPublicKey, answers: VerifyKey) -> tuple[str, ...]:
    """Twelve words for the two keys of a unit: 96 bits of SHA-256 over both key ids."""
    both = framed(_WORDS_LABEL, reader.key_id.encode(), answers.key_id.encode())
    return in_words(hashlib.sha256(both).digest()[:_FINGERPRINT_BYTES])


def key_standing(unit: Unit, today: date) -> Standing:
    """How a unit's keys stand on a London date."""
    return standing(unit.expires, today)


def without_suspended(directory: Directory, key_ids: AbstractSet[str]) -> Directory:
    """The directory less every person and unit on the suspension list, which comes online and so may only take away.

    A role key is rotated instead: without it nobody could draft.
    """
    if not key_ids:
        return directory
    good = [_without_earlier(unit, key_ids) for unit in directory.units if unit.reader.key_id not in key_ids]
    people = tuple(entry for entry in directory.people if entry.reader.key_id not in key_ids)
    reduced = directory.model_copy(update={"people": people, "units": tuple(good)})
    reduced._suspended = tuple(unit for unit in directory.units if unit.reader.key_id in key_ids)
    return reduced


def _without_earlier(unit: Unit, key_ids: AbstractSet[str]) -> Unit:
    good = tuple(keys for keys in unit.earlier if keys.reader.key_id not in key_ids)
    return unit if good == unit.earlier else unit.model_copy(update={"earlier": good})
