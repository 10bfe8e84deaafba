"""What the service asks the offline root to sign: the directory in use and the next one, and the difference in words.

It travels by hand, both ways. Nothing in it is secret, and nothing in it is believed before the difference was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from shared.sealing.canonical import NotCanonical, canonical_json, from_base64url, parse_canonical, to_base64url
from shared.sealing.directory import Directory, Person, ReleaseKey, RoleKey, Unit
from shared.sealing.enrolling import person_words
from shared.sealing.errors import DirectoryMalformed, SealingError
from shared.sealing.signed_directory import MAX_DIRECTORY_BYTES, check_alternates, verify_directory
from shared.sealing.verify_key import VerifyKey

_FORMAT: Final = "signing-request/1"


class RequestMalformed(SealingError):
    words = "This is not a request to sign a directory, or it is incomplete."


class RequestOutOfTurn(SealingError):
    words = "This request does not follow on from the directory in use. Export a new one."


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """The directory in use, its signature checked, and the one proposed."""

    current: Directory
    proposed: Directory


def request_to_bytes(signed: bytes, proposed: Directory) -> bytes:
    """Canonical JSON with the directory in use, as signed, and the proposed one."""
    return canonical_json(
        {"candour": _FORMAT, "signed": to_base64url(signed), "proposed": proposed.model_dump(mode="json")}
    )


def read_request(written: bytes, root: VerifyKey) -> SigningRequest:
    """A request, if it follows on from a directory this root signed.

    Raises RequestMalformed, RequestOutOfTurn, DirectoryMalformed, DirectorySignatureWrong or AlternateServesTheSame.
    """
    try:
        document = parse_canonical(written, 3 * MAX_DIRECTORY_BYTES)
        if not isinstance(document, dict) or document.keys() != {"candour", "signed", "proposed"}:
            raise RequestMalformed
        if document["candour"] != _FORMAT:
            raise RequestMalformed
        signed = from_base64url(str(document["signed"]))
        proposed = Directory.model_validate_json(canonical_json(document["proposed"]))
    except (NotCanonical, ValidationError):
        raise RequestMalformed from None
    current = verify_directory(signed, root, highest_seen=0, today=None)
    if proposed.version != current.version + 1:
        raise RequestOutOfTurn
    if canonical_json(proposed.model_dump(mode="json")) != canonical_json(document["proposed"]):
        raise DirectoryMalformed
    check_alternates(current, proposed)
    return SigningRequest(current, proposed)


def differences(current: Directory, proposed: Directory) -> Iterator[str]:
    """Each difference in words, a line or more: read all of them before signing."""
    yield f"Version {proposed.version}, in place of {current.version}; good until {proposed.expires}."
    yield from _people(current, proposed)
    yield from _units(current, proposed)
    yield from _shared_keys(current, proposed)


def _people(current: Directory, proposed: Directory) -> Iterator[str]:
    before, after = ({one.id: one for one in directory.people} for directory in (current, proposed))
    for person_id in sorted(before.keys() - after.keys()):
        yield f"A person leaves: {person_id} ({_roles(before[person_id])})."
    for person_id in sorted(after.keys() - before.keys()):
        new = after[person_id]
        yield f"A person is new: {person_id} ({_roles(new)}). Their key: {new.reader.fingerprint}\n  {_words(new)}"
    for person_id in sorted(after.keys() & before.keys()):
        old, new = before[person_id], after[person_id]
        if set(old.roles) != set(new.roles):
            yield f"A person's roles change: {person_id}, from {_roles(old)} to {_roles(new)}."
        if (old.reader, old.verify) != (new.reader, new.verify):
            yield f"A PERSON'S KEYS CHANGE: {person_id}. Their key: {new.reader.fingerprint}\n  {_words(new)}"


def _words(person: Person) -> str:
    return f"Their words: {' '.join(person_words(person.id, person.reader, person.verify))}"


def _roles(person: Person) -> str:
    return ", ".join(sorted(role.value for role in person.roles))


def _units(current: Directory, proposed: Directory) -> Iterator[str]:
    before, after = ({one.id: one for one in directory.units} for directory in (current, proposed))
    for unit_id in sorted(before.keys() - after.keys()):
        yield f"A unit leaves: {before[unit_id].name} ({unit_id})."
    for unit_id in sorted(after):
        old, new = before.get(unit_id), after[unit_id]
        if old is None:
            yield f"A unit is new: {_described(new)}"
        elif old != new:
            yield f"A unit changes: {_described(new)}"
            if new.reader != old.reader and not new.earlier:
                yield "  Its keys before are not good any more from the day this is signed."


def _described(unit: Unit) -> str:
    serves = ", ".join(unit.forces) or "no force itself"
    also = "".join(
        f"; {what}: {other}"
        for what, other in (("urgent reports go to", unit.urgent), ("its alternate", unit.alternate))
        if other
    )
    return (
        f"{unit.name} ({unit.id}), for {serves}{also}; good until {unit.expires}.\n  Its words: {' '.join(unit.words)}"
    )


def _shared_keys(current: Directory, proposed: Directory) -> Iterator[str]:
    before: dict[str, RoleKey] = {key.role.value: key for key in current.roles}
    for key in proposed.roles:
        if before.get(key.role.value) != key:
            yield f"The {key.role.value}' key is new, version {key.version}: {key.reader.fingerprint}"
    if current.release != proposed.release:
        yield f"The release key is new, {_release(proposed.release)}"
    gone = {key.key_id for key in current.release_keys} - {key.key_id for key in proposed.release_keys}
    if gone:
        yield "A RELEASE KEY IS FORGOTTEN: units will not believe reports that left under it."


def _release(key: ReleaseKey) -> str:
    return f"version {key.version}: {key.verify.fingerprint}"
