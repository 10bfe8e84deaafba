"""A unit's question for whoever took a reference: sealed to the supervisors, by the mark that a report carries.

Outside its seal it says which unit asks, and neither of whom nor about which report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from shared.sealing.canonical import NotCanonical, canonical_json, parse_canonical
from shared.sealing.directory import Directory
from shared.sealing.envelope import MAX_CONTENT_BYTES, Envelope, check_signature, open_envelope, seal
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import SealingError
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, ReaderPublicKey, SigningKey
from shared.sealing.verify_key import Signers

QUESTION_FORM_ID: Final = "question"
MAX_QUESTION: Final = 1000  # characters
MAX_QUESTION_BYTES: Final = 16_384  # of the file it comes in
MARK: Final = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")
_DOCUMENT: Final = "question/1"


class QuestionMalformed(SealingError):
    words = "This is not a unit's question, or it is longer than one may be."


@dataclass(frozen=True, slots=True)
class Question:
    """``mark`` as a report carries it, "7KQ2-M9XF"; ``text`` is 1 to MAX_QUESTION characters.

    Raises QuestionMalformed.
    """

    mark: str = field(repr=False)
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not MARK.fullmatch(self.mark) or not 1 <= len(self.text.strip()) <= MAX_QUESTION:
            raise QuestionMalformed


def seal_question(question: Question, unit: str, supervisors: ReaderPublicKey, signing: SigningKey) -> Envelope:
    """For the supervisors alone, signed with the unit's answer key."""
    header = new_header(EnvelopeKind.QUESTION, QUESTION_FORM_ID, 1, unit=unit)
    content = canonical_json({"candour": _DOCUMENT, "mark": question.mark, "text": question.text.strip()})
    return seal(content, header, [supervisors], signing)


def question_envelope(written: bytes, unit: str, answers: Signers) -> Envelope:
    """What a unit sent as a question, unopened. Raises QuestionMalformed, EnvelopeMalformed or SignatureWrong."""
    if len(written) > MAX_QUESTION_BYTES:
        raise QuestionMalformed
    envelope = envelope_from_bytes(written)
    about = envelope.about
    if about.kind is not EnvelopeKind.QUESTION or about.unit != unit or about.form_id != QUESTION_FORM_ID:
        raise QuestionMalformed
    check_signature(envelope, answers)
    return envelope


def open_question(envelope: Envelope, reader: ReaderKey, keys: Directory) -> Question:
    """The question, if the unit it names signed it. Raises QuestionMalformed, UnknownUnit, or as open_envelope does."""
    about = envelope.about
    if about.kind is not EnvelopeKind.QUESTION or about.unit is None:
        raise QuestionMalformed
    written = open_envelope(envelope, reader, keys.unit(about.unit).answer_keys)
    try:
        document = parse_canonical(written, MAX_CONTENT_BYTES)
    except NotCanonical:
        raise QuestionMalformed from None
    if not isinstance(document, dict) or document.keys() != {"candour", "mark", "text"}:
        raise QuestionMalformed
    mark, text = document["mark"], document["text"]
    if document["candour"] != _DOCUMENT or not isinstance(mark, str) or not isinstance(text, str):
        raise QuestionMalformed
    return Question(mark, text)
