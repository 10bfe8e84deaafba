"""The people of the charity and their keys as the service keeps them: public ones, and private ones it cannot open.

It does not know how anyone signs in (`sessions`) or what they may do (`shared/permissions.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select

from shared.domain.vocabulary import Language, Role
from shared.sealing.canonical import canonical_json, parse_canonical
from shared.sealing.directory import Directory, RoleName
from shared.sealing.organisation import PersonKeys
from shared.sealing.signed_directory import MAX_DIRECTORY_BYTES
from shared.store.schema import directory, person, person_language, person_role, role_wrap


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


def publish_directory(tx: Connection, version: int, document: bytes) -> None:
    """Keep a newly signed directory; the one with the highest version counts."""
    tx.execute(insert(directory), {"version": version, "document": document})


def signed_directory(tx: Connection) -> bytes:
    """The newest directory as the offline root signed it. Raises DirectoryMissing."""
    newest = select(directory.c.document).order_by(directory.c.version.desc()).limit(1)
    document: bytes | None = tx.execute(newest).scalar_one_or_none()
    if document is None:
        raise DirectoryMissing
    return document


def current_directory(tx: Connection) -> Directory:
    """The newest directory, read. Consoles check the root's signature; the service only keeps it.

    Raises DirectoryMissing.
    """
    return _read_directory(signed_directory(tx))


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


def _by_person(tx: Connection, pairs: Select[Any]) -> dict[str, set[StrEnum]]:
    found: dict[str, set[StrEnum]] = {}
    for person_id, word in tx.execute(pairs):
        found.setdefault(person_id, set()).add(word)
    return found


def role_keys_of(tx: Connection, person_id: str) -> tuple[HeldRoleKey, ...]:
    """The role keys a person holds, each wrapped to them alone."""
    held = select(role_wrap).where(role_wrap.c.person_id == person_id).order_by(role_wrap.c.role, role_wrap.c.version)
    return tuple(HeldRoleKey(RoleName(row.role), row.version, row.wrap) for row in tx.execute(held))
