"""``candour summary``, run as a person runs it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from ivr.cli import main
from shared.domain.london import london_day
from shared.domain.vocabulary import CallOutcome
from shared.store.columns import random_id
from shared.store.database import Store, open_store
from shared.store.schema import closed_day, finished_call
from tests.support.office import Office


@pytest.fixture
def data(founded: Office) -> Path:
    return founded.data


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{data / 'candour.db'}")
    yield store
    store.close()


def summary(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["summary", *words], env={"CANDOUR_CONFIG": str(data / "config.toml")})


def came(store: Store, day: date, n: int = 1) -> None:
    hour = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    of_it = {"day": day, "hour_start": hour, "outcome": CallOutcome.ANSWERED, "offered": True}
    with store.begin() as tx:
        tx.execute(insert(finished_call), [{"id": random_id(), **of_it} for _ in range(n)])


def launched_on(data: Path, day: str) -> None:
    config = data / "config.toml"
    kept = [line for line in config.read_text(encoding="utf-8").splitlines() if not line.startswith("launch =")]
    at = kept.index("[summary]") + 1 if "[summary]" in kept else len(kept)
    head = [] if "[summary]" in kept else ["[summary]"]
    config.write_text("\n".join([*kept[:at], *head, f"launch = {day}", *kept[at:]]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "span", "n"),
    [
        (["--date", "2025-03-10"], "day", 1),
        (["--week", "2025-03-12"], "week", 1 + 2),
        (["--month", "2025-03"], "month", 1 + 2 + 4),
        (["--quarter", "2025-Q1"], "quarter", 1 + 2 + 4 + 8),
        (["--year", "2025"], "year", 1 + 2 + 4 + 8 + 16),
        (["--from", "2025-03-10", "--to", "2025-03-31"], "period", 1 + 2 + 4),
    ],
)
def test_every_period_can_be_asked_for(data: Path, store: Store, words: list[str], span: str, n: int) -> None:
    days = (date(2025, 3, 10), date(2025, 3, 16), date(2025, 3, 31), date(2025, 1, 1), date(2025, 12, 31))
    for power, day in enumerate(days):
        came(store, day, 2**power)

    told = summary(data, *words)

    assert told.exit_code == 0, told.output
    assert f"calls,{span},answered,{n}" in told.output.splitlines()


def test_closing_a_day_by_hand_closes_that_day(data: Path, store: Store) -> None:
    came(store, date(2025, 3, 10))

    told = summary(data, "--date", "2025-03-10", "--close")

    assert "day,2025-03-10,closed,yes" in told.output.splitlines()
    with store.read() as tx:
        assert [(row.day, row.revision) for row in tx.execute(closed_day.select())] == [(date(2025, 3, 10), 1)]


def test_formats_and_editions_are_chosen_by_name(data: Path, store: Store) -> None:
    came(store, date(2025, 3, 10), 3)
    launched_on(data, "2025-03-01")

    as_csv = summary(data, "--month", "2025-03", "--edition", "external").stdout
    as_json = summary(data, "--month", "2025-03", "--edition", "external", "--format", "json").stdout
    as_text = summary(data, "--month", "2025-03", "--edition", "external", "--format", "text").output

    assert ["calls", "month", "calls", "<5"] in list(csv.reader(io.StringIO(as_csv)))
    assert json.loads(as_json)["sections"]["calls"]["month"]["calls"] == "<5"
    assert "EXTERNAL" in as_text
    assert "<5" in as_text


def test_totals_since_launch_are_for_outside(data: Path, store: Store) -> None:
    came(store, date(2025, 3, 10), 31)
    launched_on(data, "2025-03-01")

    told = summary(data, "--since-launch", "--edition", "external")

    assert "since_launch,calls,value,30" in told.output.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--date", "2025-03-10", "--month", "2025-03"], "One period at a time"),
        (["--from", "2025-03-10"], "belong together"),
        (["--from", "2025-03-10", "--to", "2025-03-09"], "a day before"),
        (["--quarter", "2025-Q5"], "2026-Q1"),
        (["--date", "0001-01-01"], "from 2000"),
        (["--date", "2999-01-01"], "1 January 2999 has not come"),
        (["--month", "2999-02"], "1 February 2999 has not come"),
        (["--since-launch", "--to", "2999-01-01"], "1 January 2999 has not come"),
        (["--month", "2025-03", "--close"], "a single day"),
        (["--since-launch"], "Nothing has been counted"),
        (["--since-launch", "--edition", "external", "--to", "2025-03-01"], "stands alone"),
        (["--since-launch", "--edition", "external", "--year", "2025"], "stands alone"),
        (["--since-launch", "--edition", "external"], "Set launch under [summary]"),
        (["--month", "2025-03", "--edition", "external"], "Set launch under [summary]"),
        (["--date", "2025-03-10", "--edition", "external"], "by the calendar month"),
    ],
)
def test_what_cannot_be_made_is_said_in_words(data: Path, words: list[str], said: str) -> None:
    told = summary(data, *words)

    assert told.exit_code != 0
    assert said in " ".join(told.output.replace("│", " ").split())
    assert "Traceback" not in told.output


def test_a_day_that_is_not_over_is_not_closed_for_each_call_after_would_be_a_revision_of_its_own(
    data: Path, store: Store
) -> None:
    today = london_day(datetime.now(UTC))

    for day in (today, today + timedelta(days=9)):
        told = summary(data, "--date", day.isoformat(), "--close")
        assert (told.exit_code, "a day that is over" in told.output) == (2, True)

    with store.read() as tx:
        assert tx.execute(closed_day.select()).all() == []


def test_the_edition_for_outside_begins_at_the_launch_that_is_configured(data: Path, store: Store) -> None:
    config = data / "config.toml"
    config.write_text(config.read_text() + "\n[summary]\nlaunch = 2025-03-10\n")
    came(store, date(2025, 3, 9), 100)
    came(store, date(2025, 3, 10), 30)

    for words in (["--month", "2025-03"], ["--since-launch"]):
        told = summary(data, *words, "--edition", "external")
        assert "period,this,first,2025-03-10" in told.output.splitlines()
        assert any(line.endswith((",calls,30", ",calls,value,30")) for line in told.output.splitlines())


def test_a_launch_changed_after_figures_left_is_refused_until_it_is_put_back_or_nothing_had_left(
    data: Path, store: Store
) -> None:
    came(store, date(2025, 3, 10), 41)
    month = ("--month", "2025-03", "--edition", "external")
    launched_on(data, "2025-03-01")
    first = summary(data, *month)

    launched_on(data, "2025-03-05")
    changed, table = summary(data, *month), summary(data, "--since-launch", "--to", "2025-03-31")
    launched_on(data, "2025-03-01")
    again = summary(data, *month)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert again.stdout == first.stdout
    for refused in (changed, table):
        assert refused.exit_code == 1
        assert "put launch = 2025-03-01 back into the configuration and restart" in refused.output

    launched_on(data, "2025-03-05")
    kept, forgotten = forgets_launch(data, "n"), forgets_launch(data, "y")

    assert kept.exit_code == 1
    assert forgotten.output.endswith("The launch can be changed until figures leave again.\n")
    assert summary(data, *month).exit_code == 0


def test_the_first_file_for_outside_says_what_it_settles_and_the_next_says_nothing(data: Path, store: Store) -> None:
    came(store, date(2025, 3, 10), 41)
    launched_on(data, "2025-03-01")

    first, second = (summary(data, "--month", "2025-03", "--edition", "external") for _ in range(2))

    assert "all that leaves the charity begins on 1 March 2025" in first.stderr
    assert "--forget-launch" in first.stderr
    assert second.stderr == ""


def test_without_a_launch_nothing_is_settled_and_the_table_inside_goes_on(data: Path, store: Store) -> None:
    came(store, date(2025, 3, 10), 41)
    month = ("--month", "2025-03", "--edition", "external")

    refused, inside = summary(data, *month), summary(data, "--since-launch", "--to", "2025-03-31")
    launched_on(data, "2025-03-05")
    afterwards = summary(data, "--since-launch", "--to", "2025-03-31")

    assert refused.exit_code == 1
    assert (inside.exit_code, afterwards.exit_code) == (0, 0)
    assert "No [summary] launch is set" in inside.stderr
    assert "period,this,first,2025-03-10" in inside.stdout.splitlines()
    assert afterwards.stderr == ""
    assert summary(data, *month).exit_code == 0


def test_too_few_quarters_are_said_in_words(data: Path) -> None:
    launched_on(data, london_day(datetime.now(UTC)).isoformat())

    assert "end of a quarter" in summary(data, "--since-launch", "--edition", "external").output


def forgets_launch(data: Path, answer: str) -> Result:
    words = ["summary", "--forget-launch"]
    return CliRunner().invoke(main, words, input=answer + "\n", env={"CANDOUR_CONFIG": str(data / "config.toml")})
