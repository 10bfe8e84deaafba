"""One thing that was looked at: that it is well, or what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` is what was looked at, in a word or two. `to_do` is empty where all is well."""

    about: str
    found: str
    to_do: str = ""

    @property
    def well(self) -> bool:
        return not self.to_do


def finding(about: str, found: str, well: bool, to_do: str) -> Finding:
    """A finding whose `to_do` is said only where it is not well."""
    return Finding(about, found, "" if well else to_do)
