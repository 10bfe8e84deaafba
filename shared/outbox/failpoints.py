"""Named places where a test may stop the desk or the courier as a power cut would; in service nothing happens there."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """Each step of a report's way out, from its release, and of an answer's way back, in order."""

    RESEALED = "resealed"  # inside the transaction that releases it: what was read in review is gone
    RELEASE_QUEUED = "release_queued"  # inside it, with all of it written
    RELEASED = "released"  # after that transaction: the supervisor has not heard of it
    LINED_UP = "lined_up"  # it has its place in the unit's lane
    LEASED = "leased"  # the attempt is counted, nothing is sent
    WRITTEN_ASIDE = "written_aside"  # in the unit's folder, under a name nobody reads
    RENAMED = "renamed"  # there, but the folder's entry may not be on the disk yet
    SENT = "sent"  # safely there; we have not noted it
    NOTED = "noted"  # inside the transaction that notes it
    DELIVERED = "delivered"  # after that transaction
    PUT_OFF = "put_off"  # inside the transaction that has it tried again later
    PARKED = "parked"  # inside the transaction that puts it aside
    ANSWER_READ = "answer_read"
    ANSWER_ACCEPTED = "answer_accepted"  # inside the transaction that accepts it
    ANSWER_KEPT = "answer_kept"  # after that transaction
    SHREDDED = "shredded"  # the database's log has been emptied


Fail = Callable[[Failpoint], None]


def go_on(_at: Failpoint) -> None:
    """What happens at a failpoint in service."""
