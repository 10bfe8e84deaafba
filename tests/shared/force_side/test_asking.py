"""A unit's question for a caller who rings again: what is sealed, for whom, and what it shows to who carries it."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.sealing.directory import RoleKey, RoleName
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES
from shared.sealing.errors import NotForThisReader, SignatureWrong
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.questions import MAX_QUESTION_BYTES, open_question, question_envelope
from shared.sealing.signed_directory import sign_directory
from tests.shared.force_side.conftest import a_document

MARK = "7KQ2-M5XF"
ASKED = "Which of the two gates did the car use?"


def _with_mark(mark: str = MARK) -> bytes:
    field = {"id": "follow_up", "label": "Reference mark", "text": mark}
    document = a_document()
    document["sections"] = [*document["sections"], {"id": "again", "title": "Again", "fields": [field]}]
    return json.dumps(document).encode()


@pytest.fixture
def supervisors() -> ReaderKey:
    return ReaderKey.generate()


@pytest.fixture
def directory(desk: Any, supervisors: ReaderKey) -> Any:
    role = RoleKey(role=RoleName.SUPERVISORS, version=1, reader=supervisors.public)
    made = desk.charity.directory(desk.unit).model_copy(update={"roles": (role,)})
    (desk.folder / "directory.json").write_bytes(sign_directory(made, desk.charity.root))
    return made


def _asked(path: Path) -> Path:
    (written,) = (path.parent / "answers").glob("question-*")
    return written


def test_a_question_is_for_the_supervisors_alone_and_shows_neither_report_nor_mark(
    desk: Any, directory: Any, supervisors: ReaderKey
) -> None:
    report = desk.sealed(_with_mark())
    path = desk.receives("a" * 32, report)

    said = desk.types("ask", str(path), ASKED)

    assert said.exit_code == 0, said.output
    written = _asked(path).read_bytes()
    envelope = question_envelope(written, "kent-acu", directory.unit("kent-acu").answer_keys)
    question = open_question(envelope, supervisors, directory)
    assert (question.mark, question.text) == (MARK, ASKED)
    assert set(envelope.wraps) == {supervisors.key_id}
    for telling in (report.digest.hex().encode(), report.about.envelope_id.encode(), MARK.encode(), b"gates"):
        assert telling not in written + _asked(path).name.encode()
    assert len(written) <= MAX_QUESTION_BYTES < MAX_ENVELOPE_BYTES
    with pytest.raises(NotForThisReader):
        open_question(envelope, ReaderKey.generate(), directory)


@pytest.mark.parametrize("text", ["", "   ", "a" * 1001])
def test_a_question_of_no_words_or_too_many_is_refused(desk: Any, directory: Any, text: str) -> None:
    path = desk.receives("a" * 32, desk.sealed(_with_mark()))

    assert "1 to 1,000 characters" in desk.types("ask", str(path), text).stderr
    assert not (path.parent / "answers").exists()


def test_a_directory_without_the_supervisors_key_is_said_to_be_the_trouble(desk: Any) -> None:
    path = desk.receives("a" * 32, desk.sealed(_with_mark()))

    assert "ask the charity for its newest one" in desk.types("ask", str(path), ASKED).stderr


def test_nobody_is_asked_who_took_no_reference(desk: Any, directory: Any) -> None:
    path = desk.receives("a" * 32, desk.sealed())

    assert "took no reference" in desk.types("ask", str(path), ASKED).stderr


def test_a_question_in_another_units_name_is_none(desk: Any, directory: Any) -> None:
    path = desk.receives("a" * 32, desk.sealed(_with_mark()))
    desk.types("ask", str(path), ASKED)

    with pytest.raises(SignatureWrong):
        question_envelope(_asked(path).read_bytes(), "kent-acu", SigningKey.generate().public)


def test_the_longest_question_in_the_widest_letters_fits_what_is_fetched(desk: Any, directory: Any) -> None:
    path = desk.receives("a" * 32, desk.sealed(_with_mark()))

    desk.types("ask", str(path), "\N{EARTH GLOBE EUROPE-AFRICA}" * 1000)

    assert _asked(path).stat().st_size <= MAX_QUESTION_BYTES
