"""Envelopes, answers and directories changed by chance or on purpose: none is accepted, each is refused by name.

20,000 envelopes; MUTATIONS=1000000 in the environment makes it as many as that.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from shared.domain.vocabulary import UnitOutcome, Verdict
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, withdrawal_notice
from shared.sealing.answers import sign_answer, verify_answer
from shared.sealing.canonical import canonical_json, from_base64url, to_base64url
from shared.sealing.directory import Directory
from shared.sealing.envelope import Envelope, open_envelope, seal
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import (
    AnswerForAnotherReport,
    AnswerMalformed,
    AnswerSignatureWrong,
    DirectoryMalformed,
    DirectorySignatureWrong,
    EnvelopeAltered,
    EnvelopeMalformed,
    KeyMalformed,
    NotForThisReader,
    SignatureWrong,
)
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey
from shared.sealing.outcomes import Totals, sign_totals, verify_totals
from shared.sealing.questions import Question, QuestionMalformed, open_question, question_envelope, seal_question
from shared.sealing.signed_directory import sign_directory, verify_directory
from shared.sealing.verify_key import VerifyKey
from tests.shared.sealing.conftest import Parties
from tests.shared.sealing.mutating import MUTATIONS, flipped, mutants, with_one_part_changed

OPENING_ERRORS = (EnvelopeMalformed, EnvelopeAltered, NotForThisReader, SignatureWrong)
ENVELOPES = int(os.environ.get("MUTATIONS", "20000"))


def accepted(mutants: Iterator[bytes], reader: ReaderKey, verify: VerifyKey | None) -> tuple[int, list[bytes]]:
    """How many were refused by name, and those that were opened. Any other exception goes through."""
    refused, opened = 0, []
    for mutant in mutants:
        try:
            open_envelope(envelope_from_bytes(mutant), reader, verify)
        except OPENING_ERRORS:
            refused += 1
        else:
            opened.append(mutant)
    return refused, opened


@pytest.mark.parametrize(("ways", "part"), [(flipped, 3), (with_one_part_changed, 5)])
def test_no_altered_report_is_accepted(
    parties: Parties,
    report: Callable[[bytes], Envelope],
    ways: Callable[[bytes, random.Random], bytes],
    part: int,
) -> None:
    written = envelope_to_bytes(report(b"words of a report").only_wrap(parties.unit.key_id))
    count = ENVELOPES * part // 10

    refused, opened = accepted(mutants(written, "report", ways, count), parties.unit, parties.release.public)

    assert (refused, opened) == (count, [])


def test_no_altered_draft_is_accepted_though_nobody_signed_it(parties: Parties) -> None:
    header = new_header(EnvelopeKind.DRAFT, "report", 1)
    written = envelope_to_bytes(seal(b"words of a draft", header, [parties.author.public], None))
    count = ENVELOPES * 2 // 10

    refused, opened = accepted(mutants(written, "draft", flipped, count), parties.author, None)

    assert (refused, opened) == (count, [])


def test_every_bit_of_header_commitment_and_signature_counts(
    parties: Parties, report: Callable[[bytes], Envelope]
) -> None:
    envelope = report(b"words").only_wrap(parties.unit.key_id)
    document = json.loads(envelope_to_bytes(envelope))
    assert envelope.signature is not None
    parts = {"header": envelope.header, "ciphertext": envelope.ciphertext[:60], "signature": envelope.signature}

    for part, covered in parts.items():
        whole = from_base64url(document[part])
        for bit in range(len(covered) * 8):
            changed = bytearray(whole)
            changed[bit // 8] ^= 1 << bit % 8
            with pytest.raises(OPENING_ERRORS):
                open_envelope(
                    envelope_from_bytes(canonical_json(document | {part: to_base64url(bytes(changed))})),
                    parties.unit,
                    parties.release.public,
                )


def test_no_altered_answer_is_accepted(parties: Parties) -> None:
    written = sign_answer(Verdict.OURS, bytes(32), "kent-psd", parties.answers)

    for mutant in mutants(written, "answer", flipped):
        with pytest.raises((AnswerMalformed, AnswerForAnotherReport, AnswerSignatureWrong)):
            verify_answer(mutant, bytes(32), "kent-psd", parties.answers.public)


def test_no_altered_totals_are_accepted(parties: Parties) -> None:
    said = Totals("kent-psd", "2026-q1", 7, {outcome: n for n, outcome in enumerate(UnitOutcome)})
    written = sign_totals(said, parties.answers)

    for mutant in mutants(written, "totals", flipped):
        with pytest.raises((AnswerMalformed, AnswerSignatureWrong)):
            verify_totals(mutant, "kent-psd", parties.answers.public)
    for name, other in (("serial", 8), ("period", "2026-q2"), ("unit", "essex-psd"), ("totals", {"assessed": 9})):
        changed = json.loads(written)
        changed[name] = changed[name] | other if isinstance(other, dict) else other
        with pytest.raises(AnswerSignatureWrong):
            verify_totals(canonical_json(changed), "kent-psd", parties.answers.public)


@pytest.mark.parametrize("ways", [flipped, with_one_part_changed])
def test_no_altered_question_is_accepted(
    parties: Parties, directory: Directory, ways: Callable[[bytes, random.Random], bytes]
) -> None:
    asked = Question("7KQ2-M5XF", "Which of the two gates did the car use?")
    written = envelope_to_bytes(seal_question(asked, "kent-psd", parties.supervisors.public, parties.answers))
    assert open_question(envelope_from_bytes(written), parties.supervisors, directory) == asked

    for mutant in mutants(written, "question", ways):
        with pytest.raises((*OPENING_ERRORS, QuestionMalformed)):
            question_envelope(mutant, "kent-psd", parties.answers.public)
            open_question(envelope_from_bytes(mutant), parties.supervisors, directory)


@pytest.mark.parametrize("ways", [flipped, with_one_part_changed])
def test_no_altered_notice_is_accepted(parties: Parties, ways: Callable[[bytes, random.Random], bytes]) -> None:
    header = new_header(EnvelopeKind.REPORT, WITHDRAWAL_FORM_ID, 1, unit="kent-psd")
    notice = seal(canonical_json(withdrawal_notice(bytes(32), "x")), header, [parties.unit.public], parties.release)
    written = envelope_to_bytes(notice)

    refused, opened = accepted(mutants(written, "notice", ways), parties.unit, parties.release.public)

    assert (refused, opened) == (MUTATIONS, [])


def test_no_altered_directory_is_accepted(parties: Parties, directory: Directory) -> None:
    written = sign_directory(directory, parties.root)

    for mutant in mutants(written, "directory", flipped):
        with pytest.raises((DirectoryMalformed, DirectorySignatureWrong)):
            verify_directory(mutant, parties.root.public, 0, date(2026, 3, 10))


def test_no_altered_key_is_read_as_the_same(parties: Parties) -> None:
    written = parties.release.public.to_text().encode()

    for mutant in mutants(written, "key", flipped):
        try:
            key = VerifyKey.from_text(mutant.decode("utf-8", "replace"))
        except KeyMalformed:
            continue
        assert key.key_id != parties.release.key_id
