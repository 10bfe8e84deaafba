"""Of how often something took so many seconds: its average, its longest, its percentiles. It knows nothing it is of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction


def ratio(part: int, whole: int, times: int = 1) -> Fraction | None:
    """``times`` × part / whole; None of nothing."""
    return Fraction(times * part, whole) if whole else None


def nearest_rank(histogram: Mapping[int, int], percent: int) -> int | None:
    """The least value that at least ``percent`` in a hundred do not exceed; None of nothing."""
    rank, passed = math.ceil(Fraction(percent * sum(histogram.values()), 100)), 0
    for seconds in sorted(histogram):
        passed += histogram[seconds]
        if histogram[seconds] and passed >= rank:
            return seconds
    return None


def average(histogram: Mapping[int, int]) -> Fraction | None:
    return ratio(added_up(histogram), sum(histogram.values()))


def longest(histogram: Mapping[int, int]) -> int | None:
    return max((seconds for seconds, n in histogram.items() if n), default=None)


def added_up(histogram: Mapping[int, int]) -> int:
    return sum(seconds * n for seconds, n in histogram.items())
