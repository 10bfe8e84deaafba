"""Every file a unit's own system reads or writes: the product and a system written from the page agree on them."""

import json
import random
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.exceptions import InvalidSignature

from shared.domain.vocabulary import UnitOutcome, Verdict
from shared.force_side.cli import main
from shared.force_side.contacts import open_contact
from shared.force_side.notices import open_notice
from shared.force_side.reports import open_report
from shared.force_side.unit_file import unit_file_text
from shared.force_side.unit_keys import UnitKeys, enrolment_request, keys_to_bytes, read_enrolment
from shared.sealing.answers import sign_answer, verify_answer
from shared.sealing.directory import Directory
from shared.sealing.outcomes import Totals, sign_totals, verify_totals
from shared.sealing.questions import Question, open_question, question_envelope
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import WORDS
from tests.shared.sealing import independent_opener, independent_unit
from tests.shared.sealing.unit_files import (
    ANSWERS,
    CONTACT,
    DIRECTORY,
    FACTS,
    FOLDER,
    IN,
    NOTICE,
    OTHER_REPORT,
    QUESTION,
    REPORT,
    REQUEST,
    ROOT,
    SUPERVISORS,
    TOTALS,
    charity_directory,
    unit_keys,
)  # fmt: skip


@pytest.fixture(scope="module")
def keys() -> UnitKeys:
    return unit_keys()


@pytest.fixture(scope="module")
def directory() -> Directory:
    return charity_directory()


@pytest.fixture(scope="module")
def unit() -> independent_unit.Unit:
    return independent_unit.from_paper(FACTS["unit"], FACTS["paper"].split(), WORDS)


@pytest.fixture(scope="module")
def release() -> dict[str, bytes]:
    return independent_unit.release_keys(independent_unit.directory(DIRECTORY, ROOT, FACTS["directory_version"]))


def test_the_same_words_on_paper_make_the_same_keys_and_the_same_request(
    keys: UnitKeys, unit: independent_unit.Unit
) -> None:
    asked = FACTS["name"], FACTS["forces"]

    assert (keys.reader.seed.hex(), keys.answers.seed.hex()) == (FACTS["reader_seed"], FACTS["answers_seed"])
    assert (unit.reader, unit.answers) == (keys.reader.seed, keys.answers.seed)
    assert enrolment_request(keys, asked[0], tuple(asked[1])) == independent_unit.request(unit, *asked) == REQUEST
    assert list(read_enrolment(REQUEST).words) == independent_unit.words_aloud(unit, WORDS) == FACTS["words"].split()


def test_product_and_page_open_the_same_reports_details_and_notices(
    keys: UnitKeys, unit: independent_unit.Unit, directory: Directory, release: dict[str, bytes]
) -> None:
    said = {name: one["content"] for name, one in FACTS["sealed"].items()}
    signers = directory.release_keys

    report, other = (open_report(IN / name, keys, signers) for name in (REPORT, OTHER_REPORT))
    details, notice = open_contact(IN / CONTACT, keys, signers), open_notice(IN / NOTICE, keys, signers)
    found = {one.path.name: one.document for one in (report, other, details, notice)}

    assert found == said
    for name, form in ((REPORT, "report"), (OTHER_REPORT, "report"), (NOTICE, "withdrawal")):
        assert independent_unit.opened((IN / name).read_bytes(), unit, release, form) == said[name]
    written = (IN / CONTACT).read_bytes()
    assert independent_unit.opened_contact(written, said[REPORT], unit, release) == said[CONTACT]
    for name, one in FACTS["sealed"].items():
        assert independent_opener.digest_of((IN / name).read_bytes()).hex() == one["digest"]
    assert said[NOTICE]["withdraws"]["digest"] == FACTS["sealed"][OTHER_REPORT]["digest"] == other.digest.hex()


def test_product_and_page_write_the_same_answers_and_totals(
    keys: UnitKeys, unit: independent_unit.Unit, directory: Directory
) -> None:
    believed = directory.unit(FACTS["unit"]).answer_keys
    said = FACTS["totals"]
    n = {UnitOutcome(name): number for name, number in said["n"].items()}
    totals = Totals(FACTS["unit"], said["period"], said["serial"], n)

    for name, one in FACTS["answers"].items():
        written, digest, verdict = (ANSWERS / name).read_bytes(), bytes.fromhex(one["digest"]), one["verdict"]
        assert sign_answer(Verdict(verdict), digest, keys.unit, keys.answers) == written
        assert independent_unit.answer(unit, verdict, digest) == written
        assert verify_answer(written, digest, keys.unit, believed).verdict is Verdict(verdict)
    assert {one["verdict"] for one in FACTS["answers"].values()} == set(Verdict)
    assert sign_totals(totals, keys.answers) == TOTALS
    assert independent_unit.totals(unit, said["period"], said["serial"], said["n"]) == TOTALS
    assert verify_totals(TOTALS, keys.unit, believed) == totals


def test_a_question_of_either_is_read_by_the_other(
    keys: UnitKeys, unit: independent_unit.Unit, directory: Directory
) -> None:
    asked = Question(FACTS["question"]["mark"], FACTS["question"]["text"])
    entries = independent_unit.directory(DIRECTORY, ROOT, 0)
    chance = random.Random("question").randbytes

    written = independent_unit.question(unit, asked.mark, asked.text, independent_unit.supervisors(entries), chance)
    content = independent_opener.open_document(QUESTION, SUPERVISORS.seed, SUPERVISORS.key_id, keys.answers.public.raw)

    for one in (written, QUESTION):
        envelope = question_envelope(one, keys.unit, directory.unit(keys.unit).answer_keys)
        assert open_question(envelope, SUPERVISORS, directory) == asked
    assert json.loads(content) == {"candour": "question/1", "mark": asked.mark, "text": asked.text}


def test_candour_force_opens_the_whole_folder_as_it_always_did(keys: UnitKeys, tmp_path: Path) -> None:
    shutil.copytree(IN, tmp_path / "in")
    shutil.copy(FOLDER / "directory.json", tmp_path)
    (tmp_path / "keys.json").write_bytes(keys_to_bytes(keys, None))
    pinned = VerifyKey(ROOT)
    (tmp_path / "unit.toml").write_text(unit_file_text(keys.unit, pinned, "directory.json", "keys.json"), "utf-8")
    opening = ["open", str(tmp_path / "in"), "--format", "json", "--withdrawn"]
    typed = ["--unit-file", str(tmp_path / "unit.toml"), *opening]

    opened = CliRunner().invoke(main, typed)

    assert opened.exit_code == 0, opened.output
    rows = [json.loads(line) for line in opened.stdout.splitlines()]
    found = {row["file"]: row.get("report") or row.get("contact") or row.get("notice") for row in rows}
    assert found == {name: one["content"] for name, one in FACTS["sealed"].items()}
    assert [row["file"] for row in rows if row.get("withdrawn")] == [OTHER_REPORT]
    assert {one.name: one.read_bytes() for one in (tmp_path / "in" / "answers").iterdir()} == {
        one.name: one.read_bytes() for one in ANSWERS.iterdir()
    }


def test_what_the_page_says_to_refuse_is_refused(unit: independent_unit.Unit, release: dict[str, bytes]) -> None:
    written = DIRECTORY
    other = independent_unit.Unit("essex-psd", unit.reader, unit.answers)
    anonymous = FACTS["sealed"][OTHER_REPORT]["content"]

    with pytest.raises(independent_unit.Refused):
        independent_unit.directory(written, ROOT, FACTS["directory_version"] + 1)
    with pytest.raises(InvalidSignature):
        independent_unit.directory(written, unit.answers_public, 0)
    with pytest.raises(independent_unit.Refused):
        independent_unit.opened((IN / REPORT).read_bytes(), other, release, "report")
    with pytest.raises(independent_unit.Refused):
        independent_unit.opened((IN / NOTICE).read_bytes(), unit, release, "report")
    with pytest.raises(independent_unit.Refused):
        independent_unit.opened_contact((IN / CONTACT).read_bytes(), anonymous, unit, release)
