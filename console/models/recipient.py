"""Who would receive the report that is open for review, as the reviewer is shown it; it looks nobody up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipient:
    """The unit's name, or why there is none now, in words; both "" while no report is open."""

    name: str = ""
    why_not: str = ""
