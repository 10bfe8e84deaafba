"""The directory as it travels: canonical JSON signed by the offline root; it does not know where copies are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from pydantic import ValidationError

from shared.sealing.canonical import NotCanonical, canonical_json, framed, from_base64url, parse_canonical, to_base64url
from shared.sealing.directory import Directory, EarlierKeys, Person, ReleaseKey, RoleKey, Standing, Unit
from shared.sealing.errors import (
    AlternateServesTheSame,
    DirectoryExpired,
    DirectoryMalformed,
    DirectoryRolledBack,
    DirectorySignatureWrong,
)
from shared.sealing.keys import SigningKey
from shared.sealing.verify_key import VerifyKey

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
    return next_version(directory, {"people": (*others, person)}, issued, expires)


def without_person(directory: Directory, person_id: str, issued: date, expires: date) -> Directory:
    """The next version, without this person. Raises DirectoryMalformed."""
    others = tuple(entry for entry in directory.people if entry.id != person_id)
    return next_version(directory, {"people": others}, issued, expires)


def with_unit(
    directory: Directory, unit: Unit, issued: date, expires: date, overlap_until: date | None = None
) -> Directory:
    """The next version, with this unit in it in place of any entry under the same id. Raises DirectoryMalformed.

    Where its keys are new, those before stay good beside them until ``overlap_until``, the last day; None: not at all.
    """
    others = tuple(entry for entry in directory.units if entry.id != unit.id)
    before = next((entry for entry in directory.units if entry.id == unit.id), None)
    if before is not None and overlap_until is not None and before.reader != unit.reader:
        replaced = EarlierKeys(reader=before.reader, answers=before.answers, until=overlap_until)
        unit = unit.model_copy(update={"earlier": (replaced, *before.earlier)})
    return next_version(directory, {"units": (*others, unit)}, issued, expires)


def without_unit(directory: Directory, unit_id: str, issued: date, expires: date) -> Directory:
    """The next version, without this unit. Raises DirectoryMalformed while another names it."""
    others = tuple(entry for entry in directory.units if entry.id != unit_id)
    return next_version(directory, {"units": others}, issued, expires)


def with_role_key(directory: Directory, key: RoleKey, issued: date, expires: date) -> Directory:
    """The next version, with this role key in place of the one before. Raises DirectoryMalformed."""
    others = tuple(entry for entry in directory.roles if entry.role is not key.role)
    return next_version(directory, {"roles": (*others, key)}, issued, expires)


def with_release_key(directory: Directory, key: ReleaseKey, issued: date, expires: date) -> Directory:
    """The next version, with a new release key; what left under the ones before is still believed.

    Raises DirectoryMalformed.
    """
    earlier = (directory.release, *directory.earlier_releases)
    return next_version(directory, {"release": key, "earlier_releases": earlier}, issued, expires)


def next_version(directory: Directory, change: Mapping[str, object], issued: date, expires: date) -> Directory:
    """The next version with these entries; units' earlier keys whose last day is past are left out of it.

    Raises DirectoryMalformed where the entries contradict each other, or AlternateServesTheSame.
    """
    entries = {name: getattr(directory, name) for name in Directory.model_fields} | dict(change)
    dated = {"version": directory.version + 1, "issued": issued, "expires": expires}
    units = tuple(_without_what_is_over(unit, issued) for unit in entries["units"])
    try:
        following = Directory.model_validate(entries | {"units": units} | dated)
    except ValidationError:
        raise DirectoryMalformed from None
    check_alternates(directory, following)
    return following


def check_alternates(directory: Directory, following: Directory) -> None:
    """Nothing new in the next version sends a unit the reports about itself. Raises AlternateServesTheSame.

    What an earlier version says already can be put right entry by entry; nothing is sent by it meanwhile.
    """
    if following.vain_alternates() - directory.vain_alternates():
        raise AlternateServesTheSame


def _without_what_is_over(unit: Unit, today: date) -> Unit:
    good = tuple(keys for keys in unit.earlier if keys.until >= today)
    return unit if good == unit.earlier else unit.model_copy(update={"earlier": good})
