"""A confidential caller's contact details as a unit handles them: beside the report that names them, never without it.

The charity signs both, and the sealed report holds the digest of its contact details: so nobody can exchange the
details of two reports, not even whoever keeps the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shared.force_side.beside import Beside, OpenedBeside, report_of
from shared.force_side.mail import sealed_bytes
from shared.force_side.refusals import ContactWithoutReport, NotAReport, NotSignedByTheCharity
from shared.force_side.reports import OpenedReport, document_in, open_report, sealed_files
from shared.force_side.unit_keys import UnitKeys
from shared.sealing.envelope import Envelope, check_signature, open_envelope
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import SealingError, SignatureWrong
from shared.sealing.header import EnvelopeKind
from shared.sealing.verify_key import Signers


def checked_contact(path: Path, release: Signers) -> Envelope:
    """The envelope in a file, if the charity signed it; no private key is needed.

    Raises FileUnreadable, EnvelopeMalformed, NotAReport or NotSignedByTheCharity.
    """
    envelope = envelope_from_bytes(sealed_bytes(path))
    if envelope.about.kind is not EnvelopeKind.CONTACT:
        raise NotAReport
    try:
        check_signature(envelope, release)
    except SignatureWrong:
        raise NotSignedByTheCharity from None
    return envelope


def open_contact(path: Path, keys: UnitKeys, release: Signers) -> OpenedBeside:
    """The contact details in a file, whose report must lie in the same folder.

    Raises what ``checked_contact`` raises, ContactWithoutReport, NotForThisReader, EnvelopeAltered or ReportUnreadable.
    """
    envelope = checked_contact(path, release)
    named = envelope.digest.hex()
    for report in _reports_beside(path, keys, release):
        if report.document.get("contact") == {"digest": named}:
            document = document_in(open_envelope(envelope, keys.reader, release))
            return OpenedBeside(Beside.CONTACT, path, envelope.digest, report.digest, document)
    raise ContactWithoutReport


def _reports_beside(path: Path, keys: UnitKeys, release: Signers) -> Iterator[OpenedReport]:
    """The reports in the same folder, the likeliest first: files may have been given other names."""
    likeliest = report_of(path, Beside.CONTACT)
    for other in sorted(sealed_files(path.absolute().parent), key=lambda one: one.name != likeliest.name):
        try:
            yield open_report(other, keys, release)
        except SealingError:
            continue
