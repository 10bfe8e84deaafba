"""What lies in a unit's folder, one line for each file. It opens nothing and needs no private key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.force_side.contacts import checked_contact, is_contact, report_beside
from shared.force_side.reports import answers_to, checked, reference, sealed_files
from shared.sealing.errors import SealingError
from shared.sealing.keys import Signers


@dataclass(frozen=True, slots=True)
class Listed:
    """One file in the unit's folder: its reference and what was answered, or why it cannot be used.

    Contact details are listed under the reference of the report they are named after, "" where that is not there.
    """

    path: Path
    reference: str
    state: str
    refused: str


def listed(folder: Path, unit: str, release: Signers) -> list[Listed]:
    """Every sealed file in a folder, by name."""
    return [_listed(path, unit, release) for path in sealed_files(folder)]


def _listed(path: Path, unit: str, release: Signers) -> Listed:
    try:
        return _contact(path, unit, release) if is_contact(path) else _report(path, unit, release)
    except SealingError as refusal:
        return Listed(path, "", "refused", refusal.words)


def _report(path: Path, unit: str, release: Signers) -> Listed:
    digest = checked(path, unit, release).digest
    given = list(answers_to(path, digest))
    return Listed(path, reference(digest), given[-1].value.replace("_", " ") if given else "new", "")


def _contact(path: Path, unit: str, release: Signers) -> Listed:
    checked_contact(path, release)
    try:
        named_after = reference(checked(report_beside(path), unit, release).digest)
    except SealingError:
        named_after = ""
    return Listed(path, named_after, "contact", "")
