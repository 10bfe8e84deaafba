"""Summaries as a supervisor's console asks for them."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from shared.domain.vocabulary import CallOutcome
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import finished_call
from shared.summary.export import Format, cell
from shared.summary.launch_day import keep_launch, launch_kept
from tests.support.organisation import SUPERVISOR

FEBRUARY = date(2026, 2, 10)
MONTH = {"span": "month", "day": "2026-02-10"}
LAUNCH = date(2026, 2, 1)


@pytest.fixture
def supervisor(sign_in: Callable[[str], Any], store: Store) -> Any:
    """One who looks at a February with 41 calls."""
    hour = datetime(2026, 2, 10, 14, tzinfo=UTC)
    of_it = {"day": FEBRUARY, "hour_start": hour, "outcome": CallOutcome.ANSWERED, "offered": True}
    with store.begin() as tx:
        tx.execute(insert(finished_call), [{"id": random_id(), **of_it} for _ in range(41)])
    return sign_in(SUPERVISOR)


@pytest.mark.parametrize("edition", ["internal", "external"])
def test_the_screen_and_the_file_have_the_same_figures(supervisor: Any, edition: str) -> None:
    asked = {**MONTH, "edition": edition}

    shown = supervisor.ask("POST", "/summaries", asked).json
    file = supervisor.ask("POST", "/summaries/file", {**asked, "form": "csv"}).json

    text = base64.b64decode(file["content"]).decode()
    written = [tuple(row) for row in csv.reader(io.StringIO(text))][2:]  # without names and marking
    on_screen = [tuple(cell(str(row[part])) for part in ("section", "of", "figure", "value")) for row in shown["rows"]]
    assert on_screen == written
    assert file["name"] == f"candour-{edition}-month-2026-02-01.csv"


def test_any_period_can_be_asked_for_by_its_first_and_last_day(supervisor: Any) -> None:
    asked = {"span": "period", "day": "2026-02-09", "last": "2026-02-10"}

    shown = supervisor.ask("POST", "/summaries", asked).json
    file = supervisor.ask("POST", "/summaries/file", {**asked, "form": "json"}).json
    refused = [
        supervisor.ask("POST", "/summaries", {**asked, **wrong}).status_code
        for wrong in ({"span": "month"}, {"last": "2026-02-08"})
    ]

    assert shown["title"] == "The line from 9 February 2026 to 10 February 2026 (period)"
    assert {"section": "calls", "of": "period", "figure": "answered", "value": 41} in shown["rows"]
    assert file["name"] == "candour-internal-period-2026-02-09-2026-02-10.json"
    assert refused == [422, 422]


@pytest.mark.parametrize("form", [form.value for form in Format])
def test_every_format_can_be_taken_away(supervisor: Any, form: str) -> None:
    answer = supervisor.ask("POST", "/summaries/file", {**MONTH, "form": form})

    assert answer.status_code == 200
    assert base64.b64decode(answer.json["content"])


def test_the_launch_is_written_down_as_a_file_is_taken_and_not_as_it_is_looked_at(
    supervisor: Any, store: Store
) -> None:
    def kept() -> bool:
        with store.read() as tx:
            return launch_kept(tx) is not None

    supervisor.ask("POST", "/summaries", {**MONTH, "edition": "external"})
    looked = kept()
    supervisor.ask("POST", "/summaries/file", {**MONTH, "edition": "external", "form": "csv"})

    assert (looked, kept()) == (False, True)


def test_a_launch_that_was_moved_is_told_on_the_screen(supervisor: Any, store: Store) -> None:
    with store.begin() as tx:
        keep_launch(tx, LAUNCH, FEBRUARY)

    for path, more in (("/summaries", {}), ("/summaries/file", {"form": "pdf"})):
        answer = supervisor.ask("POST", path, {**MONTH, "edition": "external", **more})
        assert (answer.status_code, answer.json["code"]) == (409, "summary_not_for_outside")
        assert "put launch = 2026-02-01 back into the configuration" in answer.json["sentence"]
