"""What a supervisor has said by hand about the line's hours: one row at most, and never who said it."""

from typing import Final

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table

from shared.domain.vocabulary import ClosedWords
from shared.store import tables
from shared.store.columns import UtcTime, one_of

line_by_hand: Final = Table(
    "line_by_hand",
    tables.metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("open", Boolean, nullable=False),
    Column("until", UtcTime, nullable=False),  # a whole minute
    Column("words", one_of(ClosedWords), nullable=False),  # what callers hear, of a line that is closed
)
