"""Notices that a report was withdrawn, as a unit handles them: by their seal they belong to one report and no other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.force_side.mail import sealed_bytes
from shared.force_side.refusals import NotAReport, ReportUnreadable
from shared.force_side.reports import checked, document_in, reference, sealed_files, text_of
from shared.force_side.unit_keys import UnitKeys
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, digest_withdrawn
from shared.sealing.envelope import open_envelope
from shared.sealing.envelope_file import SUFFIX, WITHDRAWAL_MARK, envelope_from_bytes
from shared.sealing.errors import SealingError
from shared.sealing.verify_key import Signers


@dataclass(frozen=True, slots=True)
class OpenedNotice:
    """A notice a unit has opened, and the digest of the report that is withdrawn."""

    path: Path
    digest: bytes
    report_digest: bytes
    document: dict[str, Any]

    @property
    def reference(self) -> str:
        """The reference of the report."""
        return reference(self.report_digest)

    def text(self) -> str:
        """For people. Raises ReportUnreadable."""
        return text_of(self.document)


def is_notice(path: Path) -> bool:
    """Whether a file holds a notice of withdrawal, by its header. False for what is no sealed file at all."""
    try:
        return envelope_from_bytes(sealed_bytes(path)).about.form_id == WITHDRAWAL_FORM_ID
    except SealingError:
        return False


def open_notice(path: Path, keys: UnitKeys, release: Signers) -> OpenedNotice:
    """The notice in a file. Raises what ``open_report`` raises."""
    envelope = checked(path, keys.unit, release)
    if envelope.about.form_id != WITHDRAWAL_FORM_ID:
        raise NotAReport
    document = document_in(open_envelope(envelope, keys.reader, release))
    withdrawn = digest_withdrawn(document)
    if withdrawn is None:
        raise ReportUnreadable
    return OpenedNotice(path, envelope.digest, withdrawn, document)


def withdrawn_in(folder: Path, keys: UnitKeys, release: Signers) -> frozenset[bytes]:
    """The digests of the reports that notices in this folder withdraw, whatever the files are called."""
    found = set()
    for path in sealed_files(folder):
        try:
            if is_notice(path):
                found.add(open_notice(path, keys, release).report_digest)
        except SealingError:
            continue
    return frozenset(found)


def notice_beside(path: Path) -> Path:
    """Where the notice that withdraws this report lies, going by the name that the charity gives both."""
    return path.with_name(path.name.removesuffix(SUFFIX) + WITHDRAWAL_MARK + SUFFIX)


def report_withdrawn_by(path: Path) -> Path:
    """Where the report of this notice lies, going by the name that the charity gave both."""
    return path.with_name(path.name.removesuffix(WITHDRAWAL_MARK + SUFFIX) + SUFFIX)
