"""Notices that a report was withdrawn, as a unit handles them: by their seal they belong to one report and no other."""

from __future__ import annotations

from pathlib import Path

from shared.force_side.beside import Beside, OpenedBeside, kind_of
from shared.force_side.refusals import NotAReport, ReportUnreadable
from shared.force_side.reports import checked, document_in, sealed_files
from shared.force_side.unit_keys import UnitKeys
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, digest_withdrawn
from shared.sealing.envelope import open_envelope
from shared.sealing.errors import SealingError
from shared.sealing.verify_key import Signers


def open_notice(path: Path, keys: UnitKeys, release: Signers) -> OpenedBeside:
    """The notice in a file. Raises what ``open_report`` raises."""
    envelope = checked(path, keys.unit, release)
    if envelope.about.form_id != WITHDRAWAL_FORM_ID:
        raise NotAReport
    document = document_in(open_envelope(envelope, keys.reader, release))
    withdrawn = digest_withdrawn(document)
    if withdrawn is None:
        raise ReportUnreadable
    return OpenedBeside(Beside.NOTICE, path, envelope.digest, withdrawn, document)


def withdrawn_in(folder: Path, keys: UnitKeys, release: Signers) -> frozenset[bytes]:
    """The digests of the reports that notices in this folder withdraw, whatever the files are called."""
    found = set()
    for path in sealed_files(folder):
        try:
            if kind_of(path) is Beside.NOTICE:
                found.add(open_notice(path, keys, release).report_digest)
        except SealingError:
            continue
    return frozenset(found)
