"""Our clock against others': the Date that each answer over HTTP carries (RFC 9110, 6.6.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from ivr.checks.finding import Finding, finding

AT_MOST: Final = timedelta(seconds=5)


@dataclass(slots=True)
class Clocks:
    """Hears the time from every answer. ``now`` is our own clock."""

    now: Callable[[], datetime]
    differences: list[timedelta] = field(default_factory=list)

    def hear(self, answer: httpx.Response) -> None:
        """An httpx event hook."""
        try:
            theirs = parsedate_to_datetime(answer.headers["date"])
        except (KeyError, ValueError):
            return
        self.differences.append(self.now() - theirs.replace(tzinfo=UTC))  # always GMT

    def compared(self) -> Finding:
        """The least difference that was heard: an answer can be late, but none comes from the future."""
        if not self.differences:
            return Finding("clock", "nobody answered with the time", "Check again when the others answer.")
        seconds = min(self.differences, key=abs).total_seconds()
        well = abs(seconds) <= AT_MOST.total_seconds()
        return finding("clock", f"{seconds:+.0f} s from the others'", well, "Set this machine's clock by NTP.")
