"""Whatever is changed in a file that a unit reads or writes, it is refused by name and nothing else happens."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.force_side.contacts import open_contact
from shared.force_side.notices import open_notice
from shared.force_side.refusals import (
    ContactWithoutReport,
    EnrolmentMalformed,
    NotAReport,
    NotSignedByTheCharity,
    ReportForAnotherUnit,
)
from shared.force_side.reports import open_report
from shared.force_side.unit_keys import UnitKeys, read_enrolment
from shared.sealing.answers import verify_answer
from shared.sealing.directory import Directory
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import (
    AnswerForAnotherReport,
    AnswerMalformed,
    AnswerSignatureWrong,
    DirectoryMalformed,
    DirectorySignatureWrong,
    EnvelopeAltered,
    EnvelopeMalformed,
    NotForThisReader,
    SignatureWrong,
    UnknownUnit,
)
from shared.sealing.keys import SigningKey
from shared.sealing.outcomes import verify_totals
from shared.sealing.questions import QuestionMalformed, open_question, question_envelope
from shared.sealing.signed_directory import verify_directory
from shared.sealing.verify_key import VerifyKey
from tests.shared.sealing import independent_opener, independent_unit
from tests.shared.sealing.mutating import bit_flipped, flipped, mutants, with_one_part_changed
from tests.shared.sealing.unit_files import (
    ANSWERS,
    CONTACT,
    DIRECTORY,
    FACTS,
    IN,
    NOTICE,
    QUESTION,
    REPORT,
    REQUEST,
    ROOT,
    SUPERVISORS,
    TOTALS,
    charity_directory,
    unit_keys,
)  # fmt: skip

MUTATIONS = 200  # of each file, in each way
OPENING_ERRORS = (
    EnvelopeMalformed, EnvelopeAltered, NotForThisReader, SignatureWrong, NotSignedByTheCharity, NotAReport,
    ReportForAnotherUnit, ContactWithoutReport,
)  # fmt: skip


@pytest.fixture(scope="module")
def keys() -> UnitKeys:
    return unit_keys()


@pytest.fixture(scope="module")
def directory() -> Directory:
    return charity_directory()


def with_one_value_changed(written: bytes, chance: random.Random) -> bytes:
    """A well-formed document in which one value is another of its kind."""
    document: dict[str, Any] = json.loads(written)
    name = chance.choice(sorted(document.keys() - {"candour"}))
    value = document[name]
    match value:
        case str() if name in ("signature", "digest"):
            raw = independent_opener.b64(value)
            document[name] = independent_unit.unpadded(bit_flipped(raw, chance))
        case str() if name in ("reader", "answers"):
            form, _, raw = value.partition(".")
            document[name] = f"{form}.{independent_unit.unpadded(bit_flipped(independent_opener.b64(raw), chance))}"
        case str():
            others = {"verdict": ["opened", "not_ours"], "unit": ["essex-psd"], "period": ["2026-q2", "2025-q1"],
                      "key_id": ["0" * 32], "name": ["Kent", ""]}  # fmt: skip
            document[name] = chance.choice(others[name])
        case int():
            document[name] = value + chance.choice([1, -1, 2**53])
        case list():
            document[name] = chance.choice([[], ["essex"], [*value, "essex"]])
        case dict():
            document[name] = value | {chance.choice(sorted(value)): chance.randrange(-1, 30)}
    return independent_unit.canonical(document)


def refused(mutants: Iterator[bytes], read: Callable[[bytes], object], errors: tuple[type[Exception], ...]) -> int:
    """How many were refused by name. Any other exception, and one that is read, ends the test."""
    count = 0
    for mutant in mutants:
        with pytest.raises(errors):
            read(mutant)
        count += 1
    return count


@pytest.mark.parametrize("ways", [flipped, with_one_part_changed])
@pytest.mark.parametrize("name", [REPORT, CONTACT, NOTICE])
def test_nothing_altered_that_was_sealed_for_a_unit_is_opened(
    keys: UnitKeys, directory: Directory, tmp_path: Path, name: str, ways: Callable[[bytes, random.Random], bytes]
) -> None:
    opens = {REPORT: open_report, CONTACT: open_contact, NOTICE: open_notice}[name]
    shutil.copy(IN / REPORT, tmp_path)
    changed = tmp_path / f"changed-{name}"

    def read(mutant: bytes) -> object:
        changed.write_bytes(mutant)
        return opens(changed, keys, directory.release_keys)

    made = mutants((IN / name).read_bytes(), name, ways, MUTATIONS)

    assert refused(made, read, OPENING_ERRORS) == MUTATIONS


@pytest.mark.parametrize("ways", [flipped, with_one_part_changed])
def test_no_altered_question_is_read(directory: Directory, ways: Callable[[bytes, random.Random], bytes]) -> None:
    def read(mutant: bytes) -> object:
        question_envelope(mutant, FACTS["unit"], directory.unit(FACTS["unit"]).answer_keys)
        return open_question(envelope_from_bytes(mutant), SUPERVISORS, directory)

    errors = (*OPENING_ERRORS, QuestionMalformed, UnknownUnit)

    assert refused(mutants(QUESTION, "question", ways, MUTATIONS), read, errors) == MUTATIONS


@pytest.mark.parametrize("ways", [flipped, with_one_value_changed])
def test_no_altered_answer_totals_or_request_is_read(
    directory: Directory, ways: Callable[[bytes, random.Random], bytes]
) -> None:
    believed = directory.unit(FACTS["unit"]).answer_keys
    name, said = next((name, one) for name, one in FACTS["answers"].items() if one["verdict"] == "ours")
    digest = bytes.fromhex(said["digest"])
    answer_errors = (AnswerMalformed, AnswerForAnotherReport, AnswerSignatureWrong)
    kinds: list[tuple[bytes, Callable[[bytes], object], tuple[type[Exception], ...]]] = [
        ((ANSWERS / name).read_bytes(), lambda one: verify_answer(one, digest, FACTS["unit"], believed), answer_errors),
        (TOTALS, lambda one: verify_totals(one, FACTS["unit"], believed), (AnswerMalformed, AnswerSignatureWrong)),
        (REQUEST, read_enrolment, (EnrolmentMalformed,)),
    ]

    for written, read, errors in kinds:
        assert refused(mutants(written, "written", ways, MUTATIONS), read, errors) == MUTATIONS


def test_no_altered_directory_is_believed_by_a_unit() -> None:
    def read(mutant: bytes) -> object:
        return verify_directory(mutant, VerifyKey(ROOT), 0, today=None)

    made = mutants(DIRECTORY, "directory", flipped, MUTATIONS)

    assert refused(made, read, (DirectoryMalformed, DirectorySignatureWrong)) == MUTATIONS


def test_a_request_signed_with_another_key_is_not_read(keys: UnitKeys) -> None:
    asked = json.loads(REQUEST)
    del asked["signature"]
    signed = SigningKey.generate().sign(
        independent_opener.framed(b"candour/enrolment/v1", independent_unit.canonical(asked))
    )

    with pytest.raises(EnrolmentMalformed):
        read_enrolment(independent_unit.canonical(asked | {"signature": independent_unit.unpadded(signed)}))
