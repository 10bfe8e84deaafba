"""The directory as it travels: canonical JSON signed by the offline root; it does not know where copies are kept."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import ValidationError

from shared.sealing.canonical import NotCanonical, canonical_json, framed, from_base64url, parse_canonical, to_base64url
from shared.sealing.directory import Directory, Person, Standing, Unit
from shared.sealing.errors import (
    DirectoryExpired,
    DirectoryMalformed,
    DirectoryRolledBack,
    DirectorySignatureWrong,
)
from shared.sealing.keys import SigningKey, VerifyKey

MAX_DIRECTORY_BYTES: Final = 4 * 1024 * 1024
_FORMAT: Final = "directory/1"
_LABEL: Final = b"candour/directory/v1"


def sign_directory(directory: Directory, root: SigningKey) -> bytes:
    """The signed document, at most MAX_DIRECTORY_BYTES. Raises DirectoryMalformed when it would be longer."""
    entries = directory.model_dump(mode="json")
    signature = root.sign(framed(_LABEL, canonical_json(entries)))
    written = canonical_json({"candour": _FORMAT, "directory": entries, "signature": to_base64url(signature)})
    if len(written) > MAX_DIRECTORY_BYTES:
        raise DirectoryMalformed
    return written


def verify_directory(written: bytes, root: VerifyKey, highest_seen: int, today: date | None) -> Directory:
    """The directory, if the pinned root signed it and it is no older than ``highest_seen`` (0: none seen yet).

    ``today`` None does not ask about expiry: an expired directory blocks release, never drafting. Raises
    DirectoryMalformed, DirectorySignatureWrong, DirectoryRolledBack or DirectoryExpired.
    """
    entries, signature = _parsed(written)
    signed = canonical_json(entries)
    if not root.accepts(signature, framed(_LABEL, signed)):
        raise DirectorySignatureWrong
    try:
        directory = Directory.model_validate_json(signed)
    except ValidationError:
        raise DirectoryMalformed from None
    if canonical_json(directory.model_dump(mode="json")) != signed:
        raise DirectoryMalformed
    if directory.version < highest_seen:
        raise DirectoryRolledBack
    if today is not None and directory.standing(today) is Standing.EXPIRED:
        raise DirectoryExpired
    return directory


def read_unverified(written: bytes) -> Directory:
    """What a directory says, its signature unchecked: the service only keeps it. Raises DirectoryMalformed."""
    try:
        return Directory.model_validate_json(canonical_json(_parsed(written)[0]))
    except ValidationError:
        raise DirectoryMalformed from None


def _parsed(written: bytes) -> tuple[object, bytes]:
    try:
        document = parse_canonical(written, MAX_DIRECTORY_BYTES)
        if not isinstance(document, dict) or document.keys() != {"candour", "directory", "signature"}:
            raise DirectoryMalformed
        signature = document["signature"]
        if document["candour"] != _FORMAT or not isinstance(signature, str):
            raise DirectoryMalformed
        return document["directory"], from_base64url(signature)
    except NotCanonical:
        raise DirectoryMalformed from None


def with_person(directory: Directory, person: Person, issued: date, expires: date) -> Directory:
    """The next version, with this person in it in place of any entry under the same id. Raises DirectoryMalformed."""
    others = tuple(entry for entry in directory.people if entry.id != person.id)
    return _next_version(directory, {"people": (*others, person)}, issued, expires)


def with_unit(directory: Directory, unit: Unit, issued: date, expires: date) -> Directory:
    """The next version, with this unit in it in place of any entry under the same id. Raises DirectoryMalformed."""
    others = tuple(entry for entry in directory.units if entry.id != unit.id)
    return _next_version(directory, {"units": (*others, unit)}, issued, expires)


def _next_version(directory: Directory, change: dict[str, object], issued: date, expires: date) -> Directory:
    entries = {name: getattr(directory, name) for name in Directory.model_fields}
    dated = {"version": directory.version + 1, "issued": issued, "expires": expires}
    try:
        return Directory.model_validate(entries | dated | change)
    except ValidationError:
        raise DirectoryMalformed from None
