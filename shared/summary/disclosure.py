"""What may be shown of small numbers outside the charity, and what it gives away. It knows only numbers, no calls.

1 to 4 are shown as "<5", everything else rounded to the nearest 5. Parts and their total are rounded apart, so a total
may give a part away: two parts of "<5" with a total of "10" can only be 4 and 4. A total is therefore drawn to the
neighbouring 5 wherever rounding it plainly could leave one possible value for something shown as "<5". Which totals
those are follows from the parts as they are shown, never from the parts as they are; knowing the rule helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

FEW: Final = "<5"
_FEWEST, _MOST = 1, 4  # what FEW stands for
_STEP: Final = 5

Shown = int | str  # a multiple of 5, or FEW


class Range(NamedTuple):
    """Whole numbers from ``low`` to ``high``, both included."""

    low: int
    high: int


ANY: Final = Range(0, 10**9)


class Sum(NamedTuple):
    """That ``total`` is all of ``parts`` together; anybody may know it."""

    total: str
    parts: tuple[str, ...]


def shown(n: int) -> Shown:
    """0, "<5" or the nearest multiple of 5."""
    return FEW if _FEWEST <= n <= _MOST else (n + _STEP // 2) // _STEP * _STEP


def meant(cell: Shown) -> Range:
    """What a number may be that is shown so."""
    if isinstance(cell, str):
        return Range(_FEWEST, _MOST)
    return Range(max(_STEP, cell - _STEP // 2), cell + _STEP // 2) if cell else Range(0, 0)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that can be worked out of what was shown: what each number may be.

    Exact where no number is reached from another by two ways, for then each sum may be looked at for itself.
    """

    ranges: Mapping[str, Range]
    sums: tuple[Sum, ...]

    def with_range(self, name: str, known: Range) -> Knowledge | None:
        """None if that cannot be."""
        return self.with_all({name: known}, ())

    def with_all(self, known: Mapping[str, Range], sums: tuple[Sum, ...]) -> Knowledge | None:
        """What follows once this is known too; None if it cannot all be true."""
        ranges = {**self.ranges}
        for name, new in known.items():
            old = ranges.get(name, ANY)
            ranges[name] = Range(max(old.low, new.low), min(old.high, new.high))
            if ranges[name].low > ranges[name].high:
                return None
        every = self.sums + sums
        touched = [i for i, each in enumerate(every) if i >= len(self.sums) or known.keys() & {each.total, *each.parts}]
        return Knowledge(ranges, every) if _narrow(ranges, every, touched) else None

    def gives_away(self) -> list[str]:
        """The small numbers that can be worked out exactly."""
        return [name for name, (low, high) in self.ranges.items() if low == high and _FEWEST <= low <= _MOST]


NOTHING_KNOWN: Final = Knowledge({}, ())


def _narrow(ranges: dict[str, Range], sums: tuple[Sum, ...], touched: list[int]) -> bool:
    """Take from each range what no sum allows, until nothing can be. False if something has no value left."""
    of_name: dict[str, list[int]] = {}
    for i, each in enumerate(sums):
        for name in (each.total, *each.parts):
            of_name.setdefault(name, []).append(i)
    waiting = dict.fromkeys(touched)
    while waiting:
        i = next(iter(waiting))
        del waiting[i]
        for name, new in _narrowed(ranges, sums[i]):
            if new.low > new.high:
                return False
            if new != ranges.get(name, ANY):
                ranges[name] = new
                waiting.update(dict.fromkeys(of_name[name]))
    return True


def _narrowed(ranges: Mapping[str, Range], each: Sum) -> Iterable[tuple[str, Range]]:
    total, parts = ranges.get(each.total, ANY), [ranges.get(part, ANY) for part in each.parts]
    low, high = sum(part.low for part in parts), sum(part.high for part in parts)
    total = Range(max(total.low, low), min(total.high, high))
    yield each.total, total
    for name, part in zip(each.parts, parts, strict=True):
        yield name, Range(max(part.low, total.low - (high - part.high)), min(part.high, total.high - (low - part.low)))


def show_total(knowledge: Knowledge, name: str, true: int) -> tuple[Shown, Knowledge]:
    """How to show a total, so that nothing small can be worked out that could not before; and what is known then.

    ``knowledge`` gives nothing away and has room for ``true``.
    """
    for within, label in steps(knowledge.ranges.get(name, ANY), _is_safe(knowledge, name), near=true):
        after = knowledge.with_range(name, within) if within.low <= true <= within.high else None
        if after is not None:
            return label, after
    raise ValueError(f"{name} cannot be {true}")


def _is_safe(knowledge: Knowledge, name: str) -> Callable[[Range], bool]:
    def is_safe(within: Range) -> bool:
        after = knowledge.with_range(name, within)
        return after is None or not after.gives_away()

    return is_safe


def steps(possible: Range, is_safe: Callable[[Range], bool], near: int) -> list[tuple[Range, Shown]]:
    """The numbers possible, put together as they are rounded, and the unsafe of those with the next; each as shown.

    They follow from what is possible, not from ``near``; only those that ``near`` may fall among are worked out, where
    nothing is known of how large the number may be.
    """
    if possible == ANY:
        cell = meant(shown(near))
        return [(cell, shown(near))]
    put_together: list[list[Range]] = []
    waiting: list[Range] = []
    for each in _rounded_alike(possible):
        waiting.append(each)
        if is_safe(Range(waiting[0].low, each.high)):
            put_together.append(waiting)
            waiting = []
    if waiting:  # the last of them are only safe with those before
        put_together[-1:] = [[*(put_together[-1] if put_together else ()), *waiting]]
    return [(Range(group[0].low, group[-1].high), _label(group)) for group in put_together]


def _rounded_alike(possible: Range) -> Iterable[Range]:
    low = possible.low
    while low <= possible.high:
        high = min(meant(shown(low)).high, possible.high)
        yield Range(low, high)
        low = high + 1


def _label(group: list[Range]) -> Shown:
    widest = max(group, key=lambda each: each.high - each.low)  # the first of the widest
    return shown(widest.low)
