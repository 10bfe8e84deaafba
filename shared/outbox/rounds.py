"""What of many things is looked at now, where one look cannot take them all: each has its turn, none waits for ever."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Rounds(Generic[K]):
    """At most ``most`` in one look: first those never looked at, as they come, then those looked at longest ago.

    It remembers no more than what was there at the last look.
    """

    most: int
    _turn: int = 0
    _had: dict[K, int] = field(default_factory=dict)

    def chosen(self, there: Sequence[K]) -> list[K]:
        """Whose turn it is of all that is there."""
        present = set(there)
        self._had = {one: turn for one, turn in self._had.items() if one in present}
        return sorted(there, key=lambda one: self._had.get(one, 0))[: self.most]

    def had(self, one: K) -> None:
        """It has its turn now. Said before it is looked at, so that what breaks a look does not break the next."""
        self._turn += 1
        self._had[one] = self._turn
