"""The organisation's keys: whether the directory and each unit's keys are good, and what waits for the root."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import Connection

from ivr.checks.finding import Finding, finding
from ivr.checks.key_holders import key_holders
from ivr.founding import AnotherRoot, directory_in_use
from shared.domain.key_changes import published_directory, waiting
from shared.domain.people import suspended_keys
from shared.domain.role_keys import known_to_leavers
from shared.domain.waiting_keys import held_by_nobody, roles_waiting
from shared.sealing.directory import Directory, Standing, key_standing
from shared.sealing.verify_key import VerifyKey

_SIGN: Final = "'candour keys export', 'sign' on the root's machine, and 'import'."


def keys(tx: Connection, root: VerifyKey | None, today: date) -> Iterator[Finding]:
    """``root`` is the key that consoles are told to trust; None: they are not. Raises DirectoryMissing."""
    directory = published_directory(tx)
    yield _directory(tx, directory, root, today)
    yield from _units(directory, suspended_keys(tx), today)
    yield from _alternates(directory)
    yield from _role_keys(tx, directory)
    yield from key_holders(tx)
    changes = waiting(tx)
    if changes:
        yield Finding("keys", f"waiting for the root's signature: {', '.join(changes)}", _SIGN)


def _role_keys(tx: Connection, directory: Directory) -> Iterator[Finding]:
    lost = held_by_nobody(tx, directory)
    for role in lost:
        anew = f"At once: 'candour keys renew-role {role} --by NAME --instead', then {_SIGN}"
        yield Finding("keys", f"nobody holds the {role} key in use: nobody can open what is sealed to it", anew)
    for role in known_to_leavers(tx):
        if role not in roles_waiting(tx) and role not in lost:
            anew = f"Make it anew: 'candour keys renew-role {role} --by NAME'."
            yield Finding("keys", f"somebody who is not in the role now has held the {role} key", anew)


def _directory(tx: Connection, directory: Directory, root: VerifyKey | None, today: date) -> Finding:
    try:
        if root is not None:
            directory_in_use(tx, root)
    except AnotherRoot:
        return Finding("keys", "signed by another root than consoles trust", "See console.toml, beside config.toml.")
    well = directory.standing(today) is Standing.USABLE
    return finding("keys", f"directory {directory.version}, good until {directory.expires}", well, f"Renew it: {_SIGN}")


def _alternates(directory: Directory) -> Iterator[Finding]:
    for unit_id, alternate in sorted(directory.vain_alternates()):
        nowhere = f"{unit_id} and its alternate {alternate} serve one force: neither is sent reports about the other"
        yield Finding("keys", nowhere, "Enrol the unit again, with an alternate that serves another force or none.")


def _units(directory: Directory, suspended: frozenset[str], today: date) -> Iterator[Finding]:
    for unit in directory.units:
        if unit.reader.key_id in suspended:
            yield Finding("keys", f"{unit.id}'s are suspended", "Have the unit make new ones, and enrol it with those.")
        elif key_standing(unit, today) is not Standing.USABLE:
            yield Finding("keys", f"{unit.id}'s are good until {unit.expires}", "Enrol the unit again, with new keys.")
