"""Someone outside who has every external edition there was, knows how they are made, and wants the small numbers.

Reckons for itself: no part of the product but the rule by which a total is drawn to its neighbour is used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.summary.disclosure import FEW, Range, Shown, steps

MANY = 100_000


@dataclass
class Attacker:
    """What is known: for each number the least and the most it may be; and which are the sums of which."""

    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    besides: list[tuple[str, list[str]]] = field(default_factory=list)  # known too, but not what totals are drawn by
    suppressed: set[str] = field(default_factory=set)

    def sees(self, name: str, cell: Shown) -> None:
        """A number rounded for itself."""
        if cell == FEW:
            self.suppressed.add(name)
        assert isinstance(cell, int) or cell == FEW
        self.ranges[name] = {FEW: (1, 4), 0: (0, 0), 5: (5, 7)}.get(cell) or (int(cell) - 2, int(cell) + 2)

    def knows_the_sum(self, total: str, parts: list[str]) -> None:
        self.sums.append((total, parts))

    def sees_total(self, name: str, cell: Shown) -> None:
        """A total that may have been drawn to its neighbour: what it may be is worked out by the product's own rule."""
        known = _by_sums(self.ranges, self.sums)
        assert known is not None
        low, high = known.get(name, (0, MANY))
        if high == MANY:
            self.sees(name, cell)
            return
        within = [near for near, label in _steps(self, name, low, high) if label == cell]
        assert within, f"{name} is never shown as {cell}"
        self.ranges[name] = (min(a for a, _ in within), max(b for _, b in within))
        if cell == FEW:
            self.suppressed.add(name)

    def reckoned(self, **guess: int) -> dict[str, tuple[int, int]] | None:
        """What each number may be, every sum gone over until nothing changes; None if it cannot all be true."""
        ranges = dict(self.ranges)
        for name, value in guess.items():
            low, high = ranges.get(name, (0, MANY))
            if not low <= value <= high:
                return None
            ranges[name] = (value, value)
        return _by_sums(ranges, self.sums + self.besides)

    def recovered(self) -> dict[str, int]:
        """Each suppressed number for which only one of 1, 2, 3 and 4 can be true, tried one by one."""
        found = {}
        for name in sorted(self.suppressed):
            feasible = [value for value in (1, 2, 3, 4) if self.reckoned(**{name: value}) is not None]
            assert feasible
            if len(feasible) == 1:
                found[name] = feasible[0]
        return found


def _by_sums(
    known: Mapping[str, tuple[int, int]], sums: list[tuple[str, list[str]]]
) -> dict[str, tuple[int, int]] | None:
    ranges, changed = dict(known), True
    while changed:
        changed = False
        for total, parts in sums:
            for name, (low, high) in _follows(ranges, total, parts):
                was = ranges.get(name, (0, MANY))
                now = max(was[0], low), min(was[1], high)
                if now[0] > now[1]:
                    return None
                changed |= now != was
                ranges[name] = now
    return ranges


def _follows(
    ranges: Mapping[str, tuple[int, int]], total: str, parts: list[str]
) -> Iterator[tuple[str, tuple[int, int]]]:
    bounds = {part: ranges.get(part, (0, MANY)) for part in parts}
    low, high = (sum(bound[end] for bound in bounds.values()) for end in (0, 1))
    t_low, t_high = ranges.get(total, (0, MANY))
    yield total, (low, high)
    for part, (p_low, p_high) in bounds.items():
        yield part, (t_low - (high - p_high), t_high - (low - p_low))


def _steps(attacker: Attacker, name: str, low: int, high: int) -> list[tuple[tuple[int, int], Shown]]:
    """The product's rule, fed with nothing but what the attacker knows."""

    def is_safe(within: Range) -> bool:
        ranges = _by_sums({**attacker.ranges, name: (within.low, within.high)}, attacker.sums)
        return ranges is None or not any(a == b and 1 <= a <= 4 for a, b in ranges.values())

    return [((near.low, near.high), label) for near, label in steps(Range(low, high), is_safe, near=low)]
