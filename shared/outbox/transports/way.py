"""What a way to a unit can do, whichever it is: bring it a sealed report, and fetch its signed answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from shared.sealing.envelope import Envelope

NETWORK_SECONDS: Final = 30.0  # a unit that says nothing for so long is not reached
EXCHANGE_SECONDS: Final = 120.0  # nor is one that takes so long for the whole of it; less than a lease
REMOTE_LOOK_SECONDS: Final = 60.0  # how often answers are asked for over a network
MAX_BROUGHT_BYTES: Final = 16_384  # of one thing a unit sends back: an answer, its totals or a question
MAX_ANSWERS: Final = 2000  # in one look; the others have their turn in the next


class Transport(Protocol):
    """One unit's way. Over a network it takes EXCHANGE_SECONDS at most, and what it takes to connect."""

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
        """The answers that lie there, MAX_ANSWERS or so in one look, each with a name that tells it from the others.

        Where there are more, every one has its turn within a few looks, whatever lies before it. Raises WorldInTheWay.
        """
        ...
