"""Sealed reports as a unit handles them: checked, opened and answered. It writes answers, never a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shared.domain.vocabulary import Verdict
from shared.force_side.mail import MAIL_SUFFIX, holds_a_report, sealed_bytes
from shared.force_side.refusals import (
    AnsweredOtherwise,
    NotAReport,
    NotOpenedYet,
    NotSignedByTheCharity,
    ReportForAnotherUnit,
    ReportUnreadable,
)
from shared.force_side.unit_keys import UnitKeys
from shared.forms.rendering import as_text
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import Envelope, check_signature, open_envelope
from shared.sealing.envelope_file import SUFFIX, envelope_from_bytes
from shared.sealing.errors import SignatureWrong
from shared.sealing.header import EnvelopeKind
from shared.sealing.spoken_digest import spoken
from shared.sealing.verify_key import Signers
from shared.whole_file import write_whole

ANSWERS_FOLDER: Final = "answers"
ANSWER_SUFFIX: Final = ".answer"
_OPPOSITE: Final = {Verdict.OURS: Verdict.NOT_OURS, Verdict.NOT_OURS: Verdict.OURS}


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report a unit has opened. ``document`` is the JSON object the charity released.

    ``withdrawn`` says that a notice beside it has withdrawn it.
    """

    path: Path
    digest: bytes
    document: dict[str, Any]
    withdrawn: bool = False

    @property
    def reference(self) -> str:
        """Eight digits to speak about this report with the charity; they tell nothing."""
        return spoken(self.digest)

    def text(self) -> str:
        """For people. Raises ReportUnreadable."""
        return text_of(self.document)


def sealed_files(place: Path) -> list[Path]:
    """A file itself, or everything sealed in a folder, by name: sealed files, and saved messages with one attached."""
    if not place.is_dir():
        return [place]
    mails = (path for path in place.glob(f"*{MAIL_SUFFIX}") if path.is_file() and holds_a_report(path))
    return sorted([*place.glob(f"*{SUFFIX}"), *mails])


def checked(path: Path, unit: str, release: Signers) -> Envelope:
    """The envelope in a file, if the charity signed it for this unit; no private key is needed.

    Raises FileUnreadable, EnvelopeMalformed, NotAReport, ReportForAnotherUnit or NotSignedByTheCharity.
    """
    envelope = envelope_from_bytes(sealed_bytes(path))
    about = envelope.about
    if about.kind is not EnvelopeKind.REPORT:
        raise NotAReport
    if about.unit != unit:
        raise ReportForAnotherUnit
    try:
        check_signature(envelope, release)
    except SignatureWrong:
        raise NotSignedByTheCharity from None
    return envelope


def open_report(path: Path, keys: UnitKeys, release: Signers) -> OpenedReport:
    """The report in a file. Raises what ``checked`` raises, NotForThisReader, EnvelopeAltered or ReportUnreadable."""
    envelope = checked(path, keys.unit, release)
    return OpenedReport(path, envelope.digest, document_in(open_envelope(envelope, keys.reader, release)))


def document_in(content: bytes) -> dict[str, Any]:
    """The JSON object the charity sealed. Raises ReportUnreadable."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise ReportUnreadable from None
    if not isinstance(document, dict):
        raise ReportUnreadable
    return document


def text_of(document: dict[str, Any]) -> str:
    """For people. Raises ReportUnreadable."""
    try:
        return as_text(document)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ReportUnreadable from None


def answer(path: Path, digest: bytes, verdict: Verdict, keys: UnitKeys) -> Path:
    """Write the unit's signed answer into ``answers`` beside the report; writing it again changes nothing.

    Raises NotOpenedYet for a judgement before opening, AnsweredOtherwise for the opposite of an earlier one.
    """
    folder = path.absolute().parent / ANSWERS_FOLDER
    already = set(answers_to(path, digest))
    if verdict is not Verdict.OPENED and Verdict.OPENED not in already:
        raise NotOpenedYet
    if _OPPOSITE.get(verdict) in already:
        raise AnsweredOtherwise
    written = folder / _answer_name(digest, verdict)
    if verdict not in already:
        folder.mkdir(exist_ok=True)
        write_whole(written, sign_answer(verdict, digest, keys.unit, keys.answers))
    return written


def answers_to(path: Path, digest: bytes) -> Iterator[Verdict]:
    """What has been answered to the report in this file."""
    folder = path.absolute().parent / ANSWERS_FOLDER
    return (verdict for verdict in Verdict if (folder / _answer_name(digest, verdict)).is_file())


def _answer_name(digest: bytes, verdict: Verdict) -> str:
    return f"{digest.hex()}.{verdict.value}{ANSWER_SUFFIX}"
