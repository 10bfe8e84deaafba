"""``candour online``, run as a person runs it: a list of the form's ids and days becomes a count, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import main
from shared.domain.london import london_day
from tests.support.scratch import scratch_configuration, scratch_store

YESTERDAY = london_day(datetime.now(UTC)) - timedelta(days=1)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    scratch_store(tmp_path).close()
    return scratch_configuration(tmp_path)


def candour(config: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, [*words], input=typed, env={"CANDOUR_CONFIG": str(config)})


def counted(config: Path) -> str:
    told = candour(config, "summary", "--since-launch", "--to", YESTERDAY.isoformat())
    return next(line for line in told.output.splitlines() if line.startswith("measure,online,value,"))


def listed(*ids: str, day: date = YESTERDAY) -> str:
    return "".join(f"{each},{day.isoformat()}\n" for each in ids)


def test_a_report_listed_twice_or_in_two_lists_is_counted_once(config: Path) -> None:
    first = candour(config, "online", "-", typed=listed("A-1", "A-2", "A-2") + "\n")
    again = candour(config, "online", "-", typed=listed("A-2", "A-3"))

    assert first.output == "2 counted, 1 known already.\n"
    assert again.output == "1 counted, 1 known already.\n"
    assert counted(config) == "measure,online,value,3"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("A-9", "an id and a day"),
        ("A-9,2026-02-30", "written like"),
        ("what was said,2026-03-10", "letters, digits"),
        (listed("A-9", day=YESTERDAY + timedelta(days=9)), "not after"),
        (listed("A-9", day=YESTERDAY - timedelta(days=101)), "days before it"),
    ],
)
def test_a_list_with_a_wrong_line_counts_nothing_and_names_the_line(config: Path, wrong: str, says: str) -> None:
    candour(config, "online", "-", typed=listed("A-1"))

    told = candour(config, "online", "-", typed=listed("A-2") + wrong)

    assert told.exit_code == 1
    assert told.output.startswith("Error: Line 2: ")
    assert says in told.output
    assert counted(config) == "measure,online,value,1"


def test_a_list_saved_by_a_spreadsheet_is_read_with_its_byte_order_mark(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf" + listed("A-1").replace("\n", "\r\n").encode())

    assert candour(config, "online", str(path)).output == "1 counted, 0 known already.\n"


@pytest.mark.parametrize("wrong", [b"A-\xff,2026-03-10\n", b"A" * 200_000 + b",2026-03-10\n"])
def test_what_is_no_list_is_refused_in_words(config: Path, tmp_path: Path, wrong: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(wrong)

    told = candour(config, "online", str(path))

    assert (told.exit_code, told.output) == (
        1, "Error: The list is not text in UTF-8, a line to a report. Save it so, as CSV.\n"
    )  # fmt: skip
