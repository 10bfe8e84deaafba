"""What lies in a unit's folder, one line for each file. It opens nothing and needs no private key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.force_side.contacts import checked_contact, is_contact, report_beside
from shared.force_side.notices import is_notice, notice_beside, report_withdrawn_by
from shared.force_side.reports import answers_to, checked, reference, sealed_files
from shared.sealing.errors import SealingError
from shared.sealing.verify_key import Signers


@dataclass(frozen=True, slots=True)
class Listed:
    """One file in the unit's folder: its reference and what was answered, or why it cannot be used.

    Contact details and notices of withdrawal are listed under the reference of the report they are named after, ""
    where that is not there.
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
        if is_contact(path):
            return _contact(path, unit, release)
        return _notice(path, unit, release) if is_notice(path) else _report(path, unit, release)
    except SealingError as refusal:
        return Listed(path, "", "refused", refusal.words)


def _report(path: Path, unit: str, release: Signers) -> Listed:
    digest = checked(path, unit, release).digest
    if _is_withdrawn(path, unit, release):
        return Listed(path, reference(digest), "withdrawn", "")
    given = list(answers_to(path, digest))
    return Listed(path, reference(digest), given[-1].value.replace("_", " ") if given else "new", "")


def _is_withdrawn(path: Path, unit: str, release: Signers) -> bool:
    """Whether the charity's notice lies beside it under its name; only opening proves that it is about this report."""
    try:
        return is_notice(notice_beside(path)) and bool(checked(notice_beside(path), unit, release))
    except SealingError:
        return False


def _notice(path: Path, unit: str, release: Signers) -> Listed:
    checked(path, unit, release)
    return Listed(path, _reference_of(report_withdrawn_by(path), unit, release), "notice", "")


def _contact(path: Path, unit: str, release: Signers) -> Listed:
    checked_contact(path, release)
    return Listed(path, _reference_of(report_beside(path), unit, release), "contact", "")


def _reference_of(report: Path, unit: str, release: Signers) -> str:
    try:
        return reference(checked(report, unit, release).digest)
    except SealingError:
        return ""
