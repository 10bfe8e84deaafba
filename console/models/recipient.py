"""Who would receive the report that is open for review, as the reviewer is shown it; it looks nobody up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """The units it may go to, by id with their names, the one it goes to unless another is chosen first.

    With none, `why_not` says why in words; it is "" while no report is open.
    """

    units: tuple[tuple[str, str], ...] = ()
    chosen: str = ""  # a unit's id
    why_not: str = ""

    @property
    def name(self) -> str:
        """Of the unit that is chosen; "" for none."""
        return dict(self.units).get(self.chosen, "")
