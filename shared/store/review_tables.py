"""What supervisors have asked of each other about a report, and who has one open; by date at most, never by time."""

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Table

from shared.domain.vocabulary import RejectReason, ReviewAskKind
from shared.store import tables
from shared.store.columns import RandomId, one_of

# One supervisor's request about a report, until a second confirms or declines it. One at a time about any report.
review_ask: Final = Table(
    "review_ask",
    tables.metadata,
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", one_of(ReviewAskKind), nullable=False),
    Column("asked_by", ForeignKey("person.id"), nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("until", Date),  # of a longer hold
    Column("reason", one_of(RejectReason)),  # of a rejection
    **tables.NO_ROW_ID,
)

# Which report each person has open for review right now, so that two who open the same one see each other.
reading: Final = Table(
    "reading",
    tables.metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), nullable=False),
    **tables.NO_ROW_ID,
)

# A draft whose author is away for good: one supervisor asks to recover it, a second confirms. It holds for the draft
# as it was seen (`revision`): an author who comes back and writes on has ended it.
draft_recovery: Final = Table(
    "draft_recovery",
    tables.metadata,
    Column("report_id", ForeignKey("report.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", RandomId(), nullable=False),
    Column("asked_by", ForeignKey("person.id"), nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("confirmed_by", ForeignKey("person.id")),
    **tables.NO_ROW_ID,
)

# That a draft of this person's was given to a colleague, until they have seen it. Which draft it was, nothing says.
recovered_draft: Final = Table(
    "recovered_draft",
    tables.metadata,
    Column("id", RandomId(), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("given_on", Date, nullable=False),
    **tables.NO_ROW_ID,
)
