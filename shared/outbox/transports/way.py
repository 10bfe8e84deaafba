"""What a way to a unit can do, whichever it is: bring it a sealed report, and fetch its signed answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from shared.sealing.envelope import Envelope

NETWORK_SECONDS: Final = 30.0  # a unit that says nothing for so long is not reached
REMOTE_LOOK_SECONDS: Final = 60.0  # how often answers are asked for over a network
MAX_BROUGHT_BYTES: Final = 16_384  # of one thing a unit sends back: an answer, its totals or a question
MAX_ANSWERS: Final = 2000  # in one look; more are looked at when these are settled and taken away


class Transport(Protocol):
    """One unit's way. Whoever calls it may wait as long as NETWORK_SECONDS for each step."""

    @property
    def look_seconds(self) -> float:
        """How long to leave between two looks for answers."""
        ...

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Returns once the unit safely has the envelope under this name; a second time it changes nothing.

        Raises WorldInTheWay or CannotBeDelivered.
        """
        ...

    def answers(self) -> Iterable[tuple[str, bytes]]:
        """Every answer that lies there, with a name that tells it from the others. Raises WorldInTheWay."""
        ...
