"""What lies in a unit's folder, one line for each file. It opens nothing and needs no private key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from shared.force_side.beside import Beside, kind_of, notice_of, report_of
from shared.force_side.contacts import checked_contact
from shared.force_side.reports import answers_to, checked, sealed_files
from shared.sealing.errors import SealingError
from shared.sealing.spoken_digest import spoken
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
        kind = kind_of(path)
        return _report(path, unit, release) if kind is None else _beside(path, kind, unit, release)
    except SealingError as refusal:
        return Listed(path, "", "refused", refusal.words)


def _report(path: Path, unit: str, release: Signers) -> Listed:
    digest = checked(path, unit, release).digest
    if _is_withdrawn(path, unit, release):
        return Listed(path, spoken(digest), "withdrawn", "")
    given = list(answers_to(path, digest))
    return Listed(path, spoken(digest), given[-1].value.replace("_", " ") if given else "new", "")


def _is_withdrawn(path: Path, unit: str, release: Signers) -> bool:
    """Whether the charity's notice lies beside it under its name; only opening proves that it is about this report."""
    notice = notice_of(path)
    try:
        return kind_of(notice) is Beside.NOTICE and bool(checked(notice, unit, release))
    except SealingError:
        return False


def _beside(path: Path, kind: Beside, unit: str, release: Signers) -> Listed:
    match kind:
        case Beside.CONTACT:
            checked_contact(path, release)
        case Beside.NOTICE:
            checked(path, unit, release)
        case _ as never:
            assert_never(never)
    return Listed(path, _reference_of(report_of(path, kind), unit, release), kind.value, "")


def _reference_of(report: Path, unit: str, release: Signers) -> str:
    try:
        return spoken(checked(report, unit, release).digest)
    except SealingError:
        return ""
