"""Looks for needles in bytes, all at once; knows neither what they mean nor where the bytes were written.

No needle of thousands is looked for one by one: the four-byte words of a stretch are taken as a set, and only needles
whose first and last words are in it are looked for in full. The cost does not depend on how many needles there are.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

STRETCH: Final = 1 << 15  # bytes looked at together: their words fit into a processor's cache
OVERLAP: Final = 1 << 9  # no needle is longer


@dataclass(frozen=True, slots=True)
class Trace:
    """A needle that was found: what it is, where, and what stands around it."""

    needle: str
    place: str
    around: bytes

    def __str__(self) -> str:
        return f"{self.needle} in {self.place}: {self.around!r}"


class Search:
    """Needles to look for. `alone` are short ones that count only with no letter or digit beside them."""

    def __init__(self, needles: Mapping[bytes, str], alone: Mapping[bytes, str] | None = None) -> None:
        if any(not 4 <= len(needle) <= OVERLAP for needle in needles):
            raise ValueError(f"a needle is 4 to {OVERLAP} bytes long")
        self.needles = needles
        self._by_words = [(_word(needle[:4]), _word(needle[-4:]), needle) for needle in needles]
        self._alone = [(_standing_alone(needle), what) for needle, what in (alone or {}).items()]
        self._clean: set[bytes] = set()  # digests of stretches without a trace: most of a database stays as it was

    def __len__(self) -> int:
        return len(self.needles) + len(self._alone)

    def traces(self, place: str, written: bytes) -> Iterator[Trace]:
        """Each needle that is in `written`, once a stretch."""
        for start in range(0, max(1, len(written)), STRETCH):
            stretch = written[start : start + STRETCH + OVERLAP]
            digest = hashlib.blake2b(stretch, digest_size=16).digest()
            if digest in self._clean:
                continue
            found = tuple(self._in_stretch(place, stretch))
            if not found:
                self._clean.add(digest)
            yield from found

    def _in_stretch(self, place: str, stretch: bytes) -> Iterator[Trace]:
        words = _words(stretch)
        for first, last, needle in self._by_words:
            if first in words and last in words and (at := stretch.find(needle)) >= 0:
                yield Trace(self.needles[needle], place, _around(stretch, at, len(needle)))
        for pattern, what in self._alone:
            if (found := pattern.search(stretch)) is not None:
                yield Trace(what, place, _around(stretch, found.start(), 7))


def everywhere(search: Search, places: Iterable[tuple[str, bytes]]) -> tuple[int, list[Trace]]:
    """Search every place; how many bytes that were, and what was found."""
    size = 0
    traces: list[Trace] = []
    for place, written in places:
        size += len(written)
        traces += search.traces(place, written)
    return size, traces


def _words(stretch: bytes) -> set[int]:
    view = memoryview(stretch)
    words: set[int] = set()
    for offset in range(4):
        part = view[offset : offset + (len(view) - offset) // 4 * 4]
        if part:
            words.update(part.cast("I"))
    return words


def _word(four: bytes) -> int:
    return int.from_bytes(four, sys.byteorder)


def _standing_alone(digits: bytes) -> re.Pattern[bytes]:
    """No letter or digit on either side, and no decimal point: a fraction of a second is no telephone number."""
    return re.compile(rb"(?<![0-9A-Za-z])(?<![0-9]\.)" + re.escape(digits) + rb"(?![0-9A-Za-z])")


def _around(stretch: bytes, at: int, length: int) -> bytes:
    return stretch[max(0, at - 40) : at + length + 40]
