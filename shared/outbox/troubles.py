"""What can go wrong on the way to a unit: the world's faults pass and are tried again, ours are parked at once."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a delivery is parked. Stored, so a value is never changed once released."""

    NO_ROUTE = "no_route"
    UNIT_NOT_IN_DIRECTORY = "unit_not_in_directory"
    ENVELOPE_MISSING = "envelope_missing"
    ENVELOPE_ALTERED = "envelope_altered"
    NO_WRAP_FOR_UNIT = "no_wrap_for_unit"
    ANOTHER_FILE_THERE = "another_file_there"
    UNIT_UNREACHABLE = "unit_unreachable"


WORDS: Final[dict[Reason, str]] = {
    Reason.NO_ROUTE: "The configuration has no way to deliver to this unit: add it under [outbox.units].",
    Reason.UNIT_NOT_IN_DIRECTORY: "The signed directory no longer has this unit.",
    Reason.ENVELOPE_MISSING: "The sealed report is not in the store.",
    Reason.ENVELOPE_ALTERED: "The sealed report in the store is not the one that was released.",
    Reason.NO_WRAP_FOR_UNIT: "The report is not sealed for the key this unit has now. It must be released again.",
    Reason.ANOTHER_FILE_THERE: "The unit's folder already has another file under this delivery's name.",
    Reason.UNIT_UNREACHABLE: "The unit could not be reached for several days.",
}


class WorldInTheWay(Exception):
    """A disk is full, a share is not mounted, a network is down: it is tried again later."""


class CannotBeDelivered(Exception):
    """Trying again would change nothing: the delivery is parked with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
