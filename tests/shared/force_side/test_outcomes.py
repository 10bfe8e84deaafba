"""A unit's officer tells what came of a quarter's reports: in totals, signed, and never by the report."""

from pathlib import Path
from typing import Any

import pytest

from shared.domain.vocabulary import UnitOutcome
from shared.sealing.outcomes import verify_totals

NUMBERS = {"assessed": 12, "investigations": 3, "safeguarding": 1, "recorded": 7, "passed_on": 2}
GIVEN = [word for name, n in NUMBERS.items() for word in (f"--{name.replace('_', '-')}", str(n))]


@pytest.fixture
def folder(desk: Any) -> Path:
    path: Path = desk.folder / "in"
    path.mkdir()
    return path


def test_totals_are_signed_and_lie_where_answers_are_fetched(desk: Any, folder: Path) -> None:
    said = desk.types("outcomes", str(folder), "2026-q1", *GIVEN)

    (written,) = (folder / "answers").iterdir()
    totals = verify_totals(written.read_bytes(), "kent-acu", desk.unit.answers)
    assert said.exit_code == 0, said.output
    assert written.name.endswith(".answer")
    assert totals.period == "2026-q1"
    assert totals.n == {UnitOutcome(name): n for name, n in NUMBERS.items()}
    assert "assessed 12, investigations 3" in said.stdout


def test_what_is_not_given_is_asked_for_and_a_quarter_can_be_put_right(desk: Any, folder: Path) -> None:
    desk.types("outcomes", str(folder), "2026-q1", *GIVEN)
    (before,) = (path.read_bytes() for path in (folder / "answers").iterdir())

    again = desk.types("outcomes", str(folder), "2026-q1", *GIVEN[2:], entered="13\n")

    (written,) = (folder / "answers").iterdir()
    totals = verify_totals(written.read_bytes(), "kent-acu", desk.unit.answers)
    assert again.exit_code == 0, again.output
    assert totals.n[UnitOutcome.ASSESSED] == 13
    assert totals.serial > verify_totals(before, "kent-acu", desk.unit.answers).serial


@pytest.mark.parametrize("quarter", ["2026-q5", "last", "2999-q1", "2026"])
def test_a_quarter_that_is_none_or_has_not_begun_is_refused(desk: Any, folder: Path, quarter: str) -> None:
    said = desk.types("outcomes", str(folder), quarter, *GIVEN)

    assert said.exit_code == 1
    assert "A quarter is written as 2026-q1" in said.stderr
    assert not (folder / "answers").exists()


def test_a_quarter_that_has_not_begun_is_refused_before_anything_is_asked(desk: Any, folder: Path) -> None:
    said = desk.types("outcomes", str(folder), "2999-q1")

    assert said.exit_code == 1
    assert "A quarter is written as 2026-q1" in said.stderr
    assert "Reports assessed" not in said.stdout


def test_more_than_were_assessed_is_asked_about_and_signed_only_if_it_is_meant(desk: Any, folder: Path) -> None:
    one, answers = ["--assessed", "1", "--investigations", "5", *GIVEN[4:]], folder / "answers"
    few = [word if word not in ("7", "2") else "1" for word in one]

    slip = desk.types("outcomes", str(folder), "2026-q1", *few, entered="n\n")
    written_by_slip = answers.exists()
    meant = desk.types("outcomes", str(folder), "2026-q1", *few, entered="y\n")
    unasked = desk.types("outcomes", str(folder), "2026-q1", "--yes", *one)

    assert (slip.exit_code, written_by_slip) == (1, False)
    assert "investigations 5, of 1 assessed: is that meant?" in slip.stdout
    assert (meant.exit_code, unasked.exit_code) == (0, 0)
    assert "is that meant" not in unasked.stdout


def test_less_than_none_is_no_number(desk: Any, folder: Path) -> None:
    assert desk.types("outcomes", str(folder), "2026-q1", *GIVEN[:-1], "-1").exit_code == 2
