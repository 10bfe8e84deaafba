"""References that callers were given, and how fast each person tries them: two tables that lead to nothing else."""

from sqlalchemy import Column, Date, ForeignKey, LargeBinary, Table

from shared.store.columns import UtcTime
from shared.store.tables import NO_ROW_ID, metadata

reference = Table(
    "reference",
    metadata,
    Column("locator", LargeBinary(16), primary_key=True),
    Column("proof_hash", LargeBinary(32), nullable=False),
    Column("expires_on", Date, nullable=False),  # a London date
    **NO_ROW_ID,
)

# How full a person's bucket of tries is: a row only while it is not full, gone minutes later.
reference_tries = Table(
    "reference_tries",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("full_at", UtcTime, nullable=False),
    **NO_ROW_ID,
)
