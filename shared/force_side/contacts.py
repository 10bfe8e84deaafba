"""A confidential caller's contact details as a unit handles them: beside the report that names them, never without it.

The charity signs both, and the sealed report holds the digest of its contact details: so nobody can exchange the
details of two reports, not even whoever keeps the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.force_side.mail import sealed_bytes
from shared.force_side.refusals import ContactWithoutReport, NotAReport, NotSignedByTheCharity
from shared.force_side.reports import OpenedReport, document_in, open_report, reference, sealed_files, text_of
from shared.force_side.unit_keys import UnitKeys
from shared.sealing.envelope import Envelope, check_signature, open_envelope
from shared.sealing.envelope_file import CONTACT_MARK, SUFFIX, envelope_from_bytes
from shared.sealing.errors import SealingError, SignatureWrong
from shared.sealing.header import EnvelopeKind
from shared.sealing.verify_key import Signers


@dataclass(frozen=True, slots=True)
class OpenedContact:
    """Contact details a unit has opened, and the digest of the report they belong to."""

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


def is_contact(path: Path) -> bool:
    """Whether a file holds contact details, by its header. False for what is no sealed file at all."""
    try:
        return envelope_from_bytes(sealed_bytes(path)).about.kind is EnvelopeKind.CONTACT
    except SealingError:
        return False


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


def open_contact(path: Path, keys: UnitKeys, release: Signers) -> OpenedContact:
    """The contact details in a file, whose report must lie in the same folder.

    Raises what ``checked_contact`` raises, ContactWithoutReport, NotForThisReader, EnvelopeAltered or ReportUnreadable.
    """
    envelope = checked_contact(path, release)
    named = envelope.digest.hex()
    for report in _reports_beside(path, keys, release):
        if report.document.get("contact") == {"digest": named}:
            document = document_in(open_envelope(envelope, keys.reader, release))
            return OpenedContact(path, envelope.digest, report.digest, document)
    raise ContactWithoutReport


def report_beside(path: Path) -> Path:
    """Where the report of these contact details lies, going by the name that the charity gave both."""
    return path.with_name(path.name.removesuffix(CONTACT_MARK + SUFFIX) + SUFFIX)


def _reports_beside(path: Path, keys: UnitKeys, release: Signers) -> Iterator[OpenedReport]:
    """The reports in the same folder, the likeliest first: files may have been given other names."""
    likeliest = report_beside(path)
    for other in sorted(sealed_files(path.absolute().parent), key=lambda one: one.name != likeliest.name):
        try:
            yield open_report(other, keys, release)
        except SealingError:
            continue
