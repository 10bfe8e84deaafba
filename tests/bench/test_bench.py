"""The bench itself: every measure runs, ratios are what they say, and one failure leaves the others standing."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.figures import (
    Compared,
    Effort,
    FigureBelow,
    Measure,
    RatioAtLeast,
    Row,
    Unit,
    at_percentile,
    compared,
    in_turn,
    is_met,
)
from tests.bench.measures import MEASURES

SMALLEST = Effort(rounds=1, requests=16, repeats=1, samples=2)


def measure(name: str, found: Compared | None, goal: RatioAtLeast | FigureBelow | None = None) -> Measure:
    def run(_effort: Effort) -> tuple[Compared, ...]:
        if found is None:
            raise ConnectionRefusedError("nobody listens")
        return (found,)

    return Measure(name, (Row(name, f"what {name} is", "the bare thing", Unit.MILLISECONDS, goal),), run)


@pytest.mark.usefixtures("qapp")  # a process has one Qt application, and the console's tests need it to have windows
@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.name)
def test_every_measure_runs_and_gives_a_comparison_for_each_of_its_rows(each: Measure) -> None:
    found = each.run(SMALLEST)

    assert len(found) == len(each.rows)
    for row, one in zip(each.rows, found, strict=True):
        assert one.reference > 0
        assert row.unit is Unit.CELLS or (one.figure > 0 and one.ratio > 0)  # of cells recovered there are to be none


def test_measures_and_rows_have_names_of_their_own() -> None:
    measures = [each.name for each in MEASURES]
    rows = [row.name for each in MEASURES for row in each.rows]

    assert len(set(measures)) == len(measures)
    assert len(set(rows)) == len(rows)


def test_sides_are_measured_forwards_and_backwards_by_turns() -> None:
    order: list[str] = []

    def side(name: str) -> Callable[[], float]:
        def timed() -> float:
            order.append(name)
            return float(len(order))

        return timed

    found = in_turn({"a": side("a"), "b": side("b")}, 3)

    assert order == ["a", "b", "b", "a", "a", "b"]
    assert found == {"a": [1, 4, 5], "b": [2, 3, 6]}


def test_a_moment_that_slows_both_sides_leaves_the_ratio_alone() -> None:
    found = compared([80.0, 8.0, 40.0], [100.0, 10.0, 50.0])

    assert found.ratio == pytest.approx(0.8)


def test_a_percentile_is_the_nearest_rank() -> None:
    samples = [float(n) for n in range(200, 0, -1)]

    assert at_percentile(samples, 50) == 100
    assert at_percentile(samples, 99) == 198
    assert at_percentile([7.0], 99) == 7


@pytest.mark.parametrize(
    ("goal", "found", "met"),
    [
        (RatioAtLeast(0.7), Compared(70, 100, 0.7), True),
        (RatioAtLeast(0.7), Compared(69, 100, 0.69), False),
        (FigureBelow(200), Compared(199, 1, 199), True),
        (FigureBelow(200), Compared(200, 1, 200), False),
    ],
)
def test_a_goal_is_met_at_its_bound_or_missed_below_it(
    goal: RatioAtLeast | FigureBelow, found: Compared, met: bool
) -> None:
    assert is_met(goal, found) is met


def test_a_missed_goal_is_reported_and_is_no_failure(tmp_path: Path) -> None:
    slow = measure("slow", Compared(300, 100, 3), FigureBelow(200))
    told, lines = io.StringIO(), tmp_path / "out" / "bench.jsonl"

    status = main(["--output", str(lines)], told, [slow])

    assert status == 0
    assert told.getvalue().splitlines()[-1].endswith("missed")
    written = json.loads(lines.read_text(encoding="utf-8"))
    assert (written["measure"], written["ratio"], written["met"]) == ("slow", 3, False)


def test_a_measure_that_cannot_run_is_named_and_the_others_still_run(tmp_path: Path) -> None:
    broken, sound = measure("broken", None), measure("sound", Compared(1, 2, 0.5))
    told, lines = io.StringIO(), tmp_path / "bench.jsonl"

    status = main(["--output", str(lines)], told, [broken, sound])

    assert status == 1
    assert "broken could not be measured: ConnectionRefusedError: nobody listens" in told.getvalue()
    assert "what sound is" in told.getvalue()


def test_only_what_is_asked_for_is_measured(tmp_path: Path) -> None:
    one, other = measure("one", Compared(1, 2, 0.5)), measure("other", Compared(1, 2, 0.5))
    told = io.StringIO()

    main(["--only", "other", "--output", str(tmp_path / "bench.jsonl")], told, [one, other])

    assert "what other is" in told.getvalue()
    assert "what one is" not in told.getvalue()
