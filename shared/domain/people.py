"""The people of the charity and their keys as the service keeps them: public ones, and private ones it cannot open.

It does not know how anyone signs in (`sessions`) or what they may do (`shared/permissions.py`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select

from shared.domain.errors import NameTaken, PersonNotFound
from shared.domain.vocabulary import Language, Role
from shared.sealing.canonical import canonical_json, parse_canonical
from shared.sealing.directory import Directory, RoleName, without_suspended
from shared.sealing.organisation import PersonKeys
from shared.sealing.sign_in import sign_in_name
from shared.sealing.signed_directory import MAX_DIRECTORY_BYTES
from shared.store.schema import directory, person, person_language, person_role, role_wrap, suspended_key

# Made once: every release, answer and sign-in asks for them.
_NEWEST: Final = select(directory.c.document).order_by(directory.c.version.desc()).limit(1)
_SUSPENDED: Final = select(suspended_key.c.key_id)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as the service knows them. Names stay in the service."""

    id: str
    name: str
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class HeldRoleKey:
    """A role's private key, wrapped to one person."""

    role: RoleName
    version: int
    wrap: bytes


@dataclass(frozen=True, slots=True)
class Particulars:
    """What administrators may change about a person. `handset` is E.164 or a SIP address; None takes no calls."""

    name: str
    roles: tuple[Role, ...]
    languages: tuple[Language, ...]
    handset: str | None = None
    handset_trusted: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A person as administrators see them. `shares_handset`: somebody else's rings at the same address."""

    id: str
    particulars: Particulars
    active: bool
    has_second_factor: bool
    locked_until: datetime | None
    shares_handset: bool


class DirectoryMissing(LookupError):
    """No directory of keys has been published: the service has not been set up."""


def enrol(
    tx: Connection,
    keys: PersonKeys,
    name: str,
    languages: tuple[Language, ...],
    role_wraps: dict[tuple[RoleName, int], bytes],
    handset: str | None = None,
    handset_trusted: bool = False,
) -> None:
    """Take a person in. `handset` is E.164 or a SIP address; without one they take no calls."""
    tx.execute(
        insert(person),
        {
            "id": keys.person_id,
            "name": name,
            "active": True,
            "handset": handset,
            "handset_trusted": handset_trusted,
            "salt": keys.parameters.salt,
            "memory_kib": keys.parameters.memory_kib,
            "iterations": keys.parameters.iterations,
            "lanes": keys.parameters.lanes,
            "authentication_hash": keys.authentication_hash,
            "private_bundle": keys.private_bundle,
            "reader_public": keys.reader.raw,
            "verify_public": keys.verify.raw,
            "failed_sign_ins": 0,
        },
    )
    roles = [{"person_id": keys.person_id, "role": role} for role in keys.roles]
    spoken = [{"person_id": keys.person_id, "language": language} for language in languages]
    wraps = [
        {"role": role.value, "version": version, "person_id": keys.person_id, "wrap": wrap}
        for (role, version), wrap in role_wraps.items()
    ]
    for table, rows in ((person_role, roles), (person_language, spoken), (role_wrap, wraps)):
        if rows:
            tx.execute(insert(table), rows)


def members(tx: Connection) -> tuple[Member, ...]:
    """Everyone, the suspended too, by name."""
    rows = tx.execute(select(person).order_by(person.c.sign_in_name)).all()
    rings = Counter(row.handset for row in rows if row.active and row.handset)
    return tuple(_member(row, who, rings) for row, who in zip(rows, colleagues(tx, rows), strict=True))


def _member(row: Row[Any], who: Colleague, rings: Counter[str]) -> Member:
    particulars = Particulars(who.name, who.roles, who.languages, row.handset, row.handset_trusted)
    shared = row.handset is not None and rings[row.handset] > (1 if row.active else 0)
    return Member(row.id, particulars, row.active, row.second_factor_confirmed, row.locked_until, shared)


def member(tx: Connection, person_id: str) -> Member:
    """One of them. Raises PersonNotFound."""
    for found in members(tx):
        if found.id == person_id:
            return found
    raise PersonNotFound


def member_named(tx: Connection, name: str) -> Member:
    """The one who signs in by this name, however it is capitalised. Raises PersonNotFound."""
    found = tx.execute(select(person.c.id).where(person.c.sign_in_name == sign_in_name(name))).scalar_one_or_none()
    return member(tx, found or "")


def check_particulars(tx: Connection, person_id: str | None, particulars: Particulars) -> None:
    """Raises NameTaken where someone else's name is the same but for capitals. None: for a newcomer."""
    c = person.c
    same = tx.execute(select(c.id).where(c.sign_in_name == sign_in_name(particulars.name))).scalar_one_or_none()
    if same not in (None, person_id):
        raise NameTaken


def directory_is_due(tx: Connection) -> tuple[str, ...]:
    """Ids of those whom the directory in use describes otherwise than they are: gone, or with other roles.

    A root that signs the next one has to see to these; whoever of them held a role key has left it.
    Raises DirectoryMissing.
    """
    roles = _by_person(tx, select(person_role))
    return tuple(entry.id for entry in current_directory(tx).people if set(entry.roles) != roles.get(entry.id, set()))


def publish_directory(tx: Connection, version: int, document: bytes) -> None:
    """Keep a newly signed directory; the one with the highest version counts."""
    tx.execute(insert(directory), {"version": version, "document": document})


def signed_directory(tx: Connection) -> bytes:
    """The newest directory as the offline root signed it. Raises DirectoryMissing."""
    document: bytes | None = tx.execute(_NEWEST).scalar_one_or_none()
    if document is None:
        raise DirectoryMissing
    return document


def current_directory(tx: Connection) -> Directory:
    """The newest directory, read, without what is suspended. Consoles check the root's signature; the service only
    keeps it. Raises DirectoryMissing.
    """
    return without_suspended(_read_directory(signed_directory(tx)), suspended_keys(tx))


def directories(tx: Connection) -> Iterator[Directory]:
    """Every directory there has been, the oldest first, as each was signed."""
    for document in tx.execute(select(directory.c.document).order_by(directory.c.version)).scalars():
        yield _read_directory(document)


def suspended_keys(tx: Connection) -> frozenset[str]:
    """The ids of the keys that nothing is sealed for, whatever the directory says."""
    return frozenset(tx.execute(_SUSPENDED).scalars())


@lru_cache(maxsize=4)
def _read_directory(document: bytes) -> Directory:
    written = parse_canonical(document, MAX_DIRECTORY_BYTES)
    entries: Any = written["directory"] if isinstance(written, dict) else None
    return Directory.model_validate_json(canonical_json(entries))


def colleagues(tx: Connection, rows: Sequence[Row[Any]]) -> tuple[Colleague, ...]:
    """People's rows with their roles and languages, each in the vocabulary's order."""
    ids = {row.id for row in rows}
    held = _by_person(tx, select(person_role).where(person_role.c.person_id.in_(ids)))
    spoken = _by_person(tx, select(person_language).where(person_language.c.person_id.in_(ids)))
    return tuple(
        Colleague(
            id=row.id,
            name=row.name,
            roles=tuple(role for role in Role if role in held.get(row.id, ())),
            languages=tuple(language for language in Language if language in spoken.get(row.id, ())),
        )
        for row in rows
    )


def spoken_languages(tx: Connection) -> dict[str, tuple[Language, ...]]:
    """By person, each in the vocabulary's order; whoever speaks none is not there."""
    found = _by_person(tx, select(person_language))
    return {person_id: tuple(one for one in Language if one in spoken) for person_id, spoken in found.items()}


def _by_person(tx: Connection, pairs: Select[Any]) -> dict[str, set[StrEnum]]:
    found: dict[str, set[StrEnum]] = {}
    for person_id, word in tx.execute(pairs):
        found.setdefault(person_id, set()).add(word)
    return found


def role_keys_of(tx: Connection, person_id: str) -> tuple[HeldRoleKey, ...]:
    """The role keys a person holds, each wrapped to them alone."""
    held = select(role_wrap).where(role_wrap.c.person_id == person_id).order_by(role_wrap.c.role, role_wrap.c.version)
    return tuple(HeldRoleKey(RoleName(row.role), row.version, row.wrap) for row in tx.execute(held))
