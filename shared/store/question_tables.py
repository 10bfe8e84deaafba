"""Units' questions for callers who ring again: sealed, and leading to no report, no call and no reference."""

from typing import Final

from sqlalchemy import Column, Date, LargeBinary, Table

from shared.domain.vocabulary import QuestionState
from shared.store import tables
from shared.store.columns import RandomId, Slug, one_of

question: Final = Table(
    "question",
    tables.metadata,
    Column("id", RandomId(), primary_key=True),
    Column("unit_id", Slug(), nullable=False),
    Column("state", one_of(QuestionState), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),  # the same file again is no second question
    Column("sealed", LargeBinary),  # None once it is over
    Column("received_on", Date, nullable=False),
    **tables.NO_ROW_ID,
)
