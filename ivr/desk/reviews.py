"""What of reviews belongs on the board: what waits for a second supervisor, and who has which report open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from shared.messages import ReviewAskCard
from shared.store.schema import person, reading, review_ask


@dataclass(frozen=True, slots=True)
class Reviews:
    """Read once for all who look; by report id."""

    asks: Mapping[str, Any]
    readers: Mapping[str, tuple[tuple[str, str], ...]]  # each a person's id and name

    def ask_of(self, report_id: str, person_id: str) -> ReviewAskCard | None:
        """What a second person is waited for, as this person sees it."""
        row = self.asks.get(report_id)
        if row is None:
            return None
        return ReviewAskCard(
            kind=row.kind,
            mine=row.asked_by == person_id,
            by=row.name,
            asked_on=row.asked_on,
            until=row.until,
            reason=row.reason,
        )

    def readers_of(self, report_id: str, person_id: str) -> tuple[str, ...]:
        """The names of the others who have it open."""
        return tuple(name for reader_id, name in self.readers.get(report_id, ()) if reader_id != person_id)


NONE = Reviews({}, {})


def read_reviews(tx: Connection, signed_in: Collection[str]) -> Reviews:
    """Requests, and reports that somebody who is signed in has open."""
    asks = select(review_ask, person.c.name).join_from(review_ask, person, person.c.id == review_ask.c.asked_by)
    open_ones = select(reading, person.c.name).join_from(reading, person, person.c.id == reading.c.person_id)
    readers: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in sorted(tx.execute(open_ones).all(), key=_by_name):
        if row.person_id in signed_in:
            readers[row.report_id] = (*readers.get(row.report_id, ()), (row.person_id, row.name))
    return Reviews({row.report_id: row for row in tx.execute(asks)}, readers)


def _by_name(row: Row[Any]) -> tuple[str, str]:
    return row.name, row.person_id
