import json

import pytest

from shared.domain.vocabulary import Verdict
from shared.sealing.answers import Answer, read_answer, sign_answer, verify_answer
from shared.sealing.canonical import canonical_json, to_base64url
from shared.sealing.errors import AnswerForAnotherReport, AnswerMalformed, AnswerSignatureWrong
from shared.sealing.keys import SigningKey
from tests.shared.sealing.conftest import Parties

DIGEST = bytes(range(32))


@pytest.mark.parametrize("verdict", Verdict)
def test_a_unit_may_say_opened_ours_or_not_ours(parties: Parties, verdict: Verdict) -> None:
    written = sign_answer(verdict, DIGEST, "kent-psd", parties.answers)

    answer = verify_answer(written, DIGEST, "kent-psd", parties.answers.public)

    assert answer == Answer(verdict, DIGEST, "kent-psd", parties.answers.key_id) == read_answer(written)


def test_an_answer_holds_no_time_and_no_name(parties: Parties) -> None:
    document = json.loads(sign_answer(Verdict.OURS, DIGEST, "kent-psd", parties.answers))

    assert document.keys() == {"candour", "verdict", "digest", "unit", "key_id", "signature"}


def test_the_same_answer_is_the_same_bytes(parties: Parties) -> None:
    answers = {sign_answer(Verdict.OURS, DIGEST, "kent-psd", parties.answers) for _ in range(2)}

    assert len(answers) == 1


def test_an_answer_to_another_report_or_from_another_unit_is_not_taken(parties: Parties) -> None:
    written = sign_answer(Verdict.OURS, DIGEST, "kent-psd", parties.answers)

    for digest, unit in ((bytes(32), "kent-psd"), (DIGEST, "essex-psd")):
        with pytest.raises(AnswerForAnotherReport):
            verify_answer(written, digest, unit, parties.answers.public)


def test_only_the_units_own_key_answers(parties: Parties) -> None:
    by_another = sign_answer(Verdict.OURS, DIGEST, "kent-psd", SigningKey.generate())
    pretending = canonical_json(json.loads(by_another) | {"key_id": parties.answers.key_id})

    for written in (by_another, pretending):
        with pytest.raises(AnswerSignatureWrong):
            verify_answer(written, DIGEST, "kent-psd", parties.answers.public)


def test_opened_cannot_be_turned_into_ours(parties: Parties) -> None:
    opened = json.loads(sign_answer(Verdict.OPENED, DIGEST, "kent-psd", parties.answers))

    with pytest.raises(AnswerSignatureWrong):
        verify_answer(canonical_json(opened | {"verdict": "ours"}), DIGEST, "kent-psd", parties.answers.public)


@pytest.mark.parametrize(
    "change",
    [
        {"answered_at": "2026-03-01"},
        {"candour": "answer/2"},
        {"verdict": "maybe"},
        {"verdict": 1},
        {"digest": "AAAA"},
        {"digest": None},
        {"unit": ""},
        {"unit": "Kent PSD"},
        {"key_id": "abc"},
        {"signature": to_base64url(bytes(63))},
        {"signature": "!"},
    ],
)
def test_an_answer_with_anything_else_in_it_is_refused(parties: Parties, change: dict[str, object]) -> None:
    document = json.loads(sign_answer(Verdict.OURS, DIGEST, "kent-psd", parties.answers))

    with pytest.raises(AnswerMalformed):
        verify_answer(canonical_json(document | change), DIGEST, "kent-psd", parties.answers.public)


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b"null", b'"' + b"a" * 2000 + b'"'])
def test_what_is_no_answer_is_refused(written: bytes) -> None:
    with pytest.raises(AnswerMalformed):
        read_answer(written)
