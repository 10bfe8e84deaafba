"""What lies beside a report: its caller's contact details, or the notice that it is withdrawn. It opens neither.

What a sealed file is, its header says; what it is called is only where to look first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from shared.force_side.mail import sealed_bytes
from shared.force_side.reports import text_of
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID
from shared.sealing.envelope_file import CONTACT_MARK, SUFFIX, WITHDRAWAL_MARK, envelope_from_bytes
from shared.sealing.errors import SealingError
from shared.sealing.header import EnvelopeKind
from shared.sealing.spoken_digest import spoken


class Beside(StrEnum):
    """What belongs to a report and is none itself. Each is named as its report, with a mark before the suffix."""

    CONTACT = "contact"
    NOTICE = "notice"

    @property
    def mark(self) -> str:
        return {Beside.CONTACT: CONTACT_MARK, Beside.NOTICE: WITHDRAWAL_MARK}[self]


@dataclass(frozen=True, slots=True)
class OpenedBeside:
    """What a unit has opened, and the digest of the report it belongs to. ``document`` is a JSON object."""

    kind: Beside
    path: Path
    digest: bytes
    report_digest: bytes
    document: dict[str, Any]

    @property
    def reference(self) -> str:
        """The reference of the report."""
        return spoken(self.report_digest)

    def text(self) -> str:
        """For people. Raises ReportUnreadable."""
        return text_of(self.document)


def kind_of(path: Path) -> Beside | None:
    """What a file holds, by its header. None for a report, and for what is no sealed file at all."""
    try:
        about = envelope_from_bytes(sealed_bytes(path)).about
    except SealingError:
        return None
    if about.kind is EnvelopeKind.CONTACT:
        return Beside.CONTACT
    return Beside.NOTICE if about.form_id == WITHDRAWAL_FORM_ID else None


def report_of(path: Path, kind: Beside) -> Path:
    """Where the report of this file lies, going by the name that the charity gave both."""
    return path.with_name(path.name.removesuffix(kind.mark + SUFFIX) + SUFFIX)


def notice_of(report: Path) -> Path:
    """Where the notice that withdraws this report lies, going by the name that the charity gives both."""
    return report.with_name(report.name.removesuffix(SUFFIX) + Beside.NOTICE.mark + SUFFIX)
