"""What a measure is and how two things are measured against each other in one run; it knows nothing of what they do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final, assert_never


class Unit(StrEnum):
    """What a figure counts. More requests a second are better; fewer milliseconds are."""

    PER_SECOND = "requests/s"
    MILLISECONDS = "ms"
    MEGABYTES = "MB"
    PERCENT = "%"
    CELLS = "cells"


@dataclass(frozen=True, slots=True)
class RatioAtLeast:
    """The goal that the ratio is no less than this."""

    ratio: float

    def __str__(self) -> str:
        return f"ratio ≥ {self.ratio:g}"


@dataclass(frozen=True, slots=True)
class RatioAtMost:
    """The goal that the ratio is no more than this."""

    ratio: float

    def __str__(self) -> str:
        return f"ratio ≤ {self.ratio:g}"


@dataclass(frozen=True, slots=True)
class FigureBelow:
    """The goal that the figure itself, in its row's unit, is less than this."""

    figure: float

    def __str__(self) -> str:
        return f"< {self.figure:g} ms"


Goal = RatioAtLeast | RatioAtMost | FigureBelow


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: `what` is measured against `against`, both in `unit`."""

    name: str
    what: str
    against: str
    unit: Unit
    goal: Goal | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Both figures and their ratio, ours to the other's."""

    figure: float
    reference: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a measure does. Every side does `requests` (or `repeats`) in each of `rounds`; `samples` are waits;
    `calls` follow each other where it is about what remains of them.
    """

    rounds: int
    requests: int
    repeats: int
    samples: int
    calls: int = 200


FULL: Final = Effort(rounds=9, requests=1_200, repeats=60, samples=400, calls=50_000)
QUICK: Final = Effort(rounds=3, requests=400, repeats=20, samples=60, calls=2_000)


@dataclass(frozen=True, slots=True)
class Measure:
    """Rows that are measured together. `run` gives one comparison for each row, in the rows' order."""

    name: str
    rows: tuple[Row, ...]
    run: Callable[[Effort], tuple[Compared, ...]]


def in_turn(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure every side once a round, forwards and backwards by turns, so that a drifting machine favours none."""
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        order = list(sides)[:: 1 if number % 2 == 0 else -1]
        for name in order:
            figures[name].append(sides[name]())
    return figures


def compared(ours: Sequence[float], theirs: Sequence[float]) -> Compared:
    """The medians of both, and the median of the rounds' own ratios (a slow moment slows both sides of a round)."""
    ratios = [our / their for our, their in zip(ours, theirs, strict=True)]
    return Compared(median(ours), median(theirs), median(ratios))


def at_percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that this percentage of all samples does not exceed (nearest rank)."""
    return sorted(samples)[max(0, math.ceil(len(samples) * percent / 100) - 1)]


def is_met(goal: Goal, found: Compared) -> bool:
    """Whether a comparison reaches its row's goal."""
    match goal:
        case RatioAtLeast():
            return found.ratio >= goal.ratio
        case RatioAtMost():
            return found.ratio <= goal.ratio
        case FigureBelow():
            return found.figure < goal.figure
    assert_never(goal)
