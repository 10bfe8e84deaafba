"""What can go wrong on the way to a unit: the world's faults pass and are tried again, ours are parked at once."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a delivery failed or is parked. Stored, so a value is never changed once released."""

    NO_ROUTE = "no_route"
    UNIT_NOT_IN_DIRECTORY = "unit_not_in_directory"
    ENVELOPE_MISSING = "envelope_missing"
    ENVELOPE_ALTERED = "envelope_altered"
    NO_WRAP_FOR_UNIT = "no_wrap_for_unit"
    ANOTHER_FILE_THERE = "another_file_there"
    UNIT_UNREACHABLE = "unit_unreachable"
    PRIVATE_ADDRESS = "private_address"
    CREDENTIALS_REFUSED = "credentials_refused"
    REFUSED_BY_UNIT = "refused_by_unit"
    SENT_ELSEWHERE = "sent_elsewhere"
    FOLDER_OUT_OF_REACH = "folder_out_of_reach"
    NAME_NOT_FOUND = "name_not_found"
    NO_CONNECTION = "no_connection"
    UNIT_BUSY = "unit_busy"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    CUT_SHORT = "cut_short"
    NOT_WHO_IT_SHOULD_BE = "not_who_it_should_be"
    FAULT_HERE = "fault_here"
    NOTICE_NOT_SEALED = "notice_not_sealed"


WORDS: Final[dict[Reason, str]] = {
    Reason.NO_ROUTE: "The configuration has no way to deliver to this unit: add it under [outbox.units].",
    Reason.UNIT_NOT_IN_DIRECTORY: "The signed directory no longer has this unit.",
    Reason.ENVELOPE_MISSING: "The sealed report is not in the store.",
    Reason.ENVELOPE_ALTERED: "The sealed report in the store is not the one that was released.",
    Reason.NO_WRAP_FOR_UNIT: "The report is not sealed for the key this unit has now. It must be released again.",
    Reason.ANOTHER_FILE_THERE: "The unit already has something else under this delivery's name.",
    Reason.UNIT_UNREACHABLE: "The unit could not be reached for several days.",
    Reason.PRIVATE_ADDRESS: "The unit's address leads inside a private network that the configuration does not list.",
    Reason.CREDENTIALS_REFUSED: "The unit does not accept our certificate, key or password.",
    Reason.REFUSED_BY_UNIT: "The unit's system refuses the report as it is.",
    Reason.SENT_ELSEWHERE: "The unit's system points to another address. The configuration must name it.",
    Reason.FOLDER_OUT_OF_REACH: "The unit's folder cannot be written: it may be full, read-only or not mounted.",
    Reason.NAME_NOT_FOUND: "The name of the unit's system is not known to the network.",
    Reason.NO_CONNECTION: "The unit's system cannot be reached.",
    Reason.UNIT_BUSY: "The unit's system asks us to come again later.",
    Reason.NOT_ACKNOWLEDGED: "The unit's system answered without saying that it has the report.",
    Reason.CUT_SHORT: "The unit's system has less of the report than was sent.",
    Reason.NOT_WHO_IT_SHOULD_BE: "The unit's system cannot prove who it is: its certificate or key is not as expected.",
    Reason.FAULT_HERE: "Something unexpected went wrong on our side. It is tried again; please tell an administrator.",
    Reason.NOTICE_NOT_SEALED: "The notice could not be sealed: the unit's key is suspended, or it or the directory has "
    "expired. Once an administrator has put that right, send it from here.",
}


class WorldInTheWay(Exception):
    """A disk is full, a share is not mounted, a network is down: it is tried again later.

    ``nothing_left``: for certain not one byte of what was to be delivered went out.
    """

    def __init__(self, reason: Reason = Reason.FOLDER_OUT_OF_REACH, nothing_left: bool = False) -> None:
        super().__init__(reason.value)
        self.reason, self.nothing_left = reason, nothing_left


class CannotBeDelivered(Exception):
    """Trying again would change nothing: the delivery is parked with the reason. ``nothing_left`` as above."""

    def __init__(self, reason: Reason, nothing_left: bool = False) -> None:
        super().__init__(reason.value)
        self.reason, self.nothing_left = reason, nothing_left
