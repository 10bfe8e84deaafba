"""What the parts of the internal edition count, in words; each measure has its formula beside it already."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from shared.domain.on_duty import ENOUGH
from shared.summary.measures import ANSWER_WITHIN
from shared.summary.sheet import NOT_AVAILABLE, Row

SECTION: Final = "in_words"
_CHOSEN: Final = "as the caller chose, or the handler after them; tests are not counted"

PARTS: Final = {
    "trend": "calls by the day or month in which they came; of a day, the fortnight that it ends",
    "hour": "calls by the hour of London's clock in which they came, which comes twice as the clocks go back",
    "mode": f"calls by how the caller wants to be treated, {_CHOSEN}; unset: nobody chose",
    "category": f"calls by what they were about, {_CHOSEN}; unset: nobody chose",
    "force": f"calls by the force they were about, {_CHOSEN}; many have none",
    "disposition": "answered calls by what their handler said they came to",
    "signpost": "calls whose caller was sent on, by to whom",
    "reports": "how often a report came to each state; not how many stand so now",
    "standing": "reports as they stood when the last day was closed, at three in the morning after it",
    "channel": "reports that came another way than by a call, each once, by the London day on which they came",
    "taken": "reports by the force whose unit said that they are for it",
    "welsh": "callers who chose Welsh and reached the queue, and in which language they were answered; by the year",
    "seconds": "how long each took, of n: added up / n, the longest, and the nearest rank; on hold, most took none",
    "demand": (
        "of the hour of the clock with the most calls: offered / how often it came; "
        "(talk + hold + wrap-up) / answered; all waiting / callers who left"
    ),
    "staffing": f"what so many handlers would come to in that hour, by each way of reckoning; within {ANSWER_WITHIN} s",
}
_NOTHING: Final = (
    f"there was nothing to divide by or to measure; or it may not be told, of days on which fewer than {ENOUGH} people "
    "stood ready; or nobody noted how reports stood when the last day was closed"
)
_NOTHING_OF_DAYS: Final = (
    "available, occupancy, utilisation and how reports stood are of single days: once days are put together there are "
    "none, and a period with such days has none either"
)


def rows_in_words(sections: Collection[str], put_together: bool) -> Iterator[Row]:
    """Of the sections that a sheet has; ``put_together``: whether some of its days were."""
    yield from (Row(SECTION, part, "value", words) for part, words in PARTS.items() if part in sections)
    yield Row(SECTION, NOT_AVAILABLE, "value", _NOTHING)
    if put_together:
        yield Row(SECTION, f"{NOT_AVAILABLE} of days put together", "value", _NOTHING_OF_DAYS)
