"""The directory of keys as signed, what waits for its next version, and keys that are taken out of it meanwhile."""

from sqlalchemy import Column, Date, Integer, LargeBinary, Table

from shared.store.columns import RandomId, Slug
from shared.store.tables import NO_ROW_ID, metadata

directory = Table(
    "directory",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),  # signed by the offline root
)

# A unit as two people vouched for it, until a directory that says the same is signed.
waiting_unit = Table(
    "waiting_unit",
    metadata,
    Column("unit_id", Slug(), primary_key=True),
    Column("entry", LargeBinary),  # canonical JSON, public; None: to be taken out
    Column("asked_on", Date, nullable=False),
    **NO_ROW_ID,
)

# A role's next public key, made and wrapped to its members by one of them, until a directory names it.
waiting_role_key = Table(
    "waiting_role_key",
    metadata,
    Column("role", Slug(), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("asked_on", Date, nullable=False),
    **NO_ROW_ID,
)

# Readers that nothing is sealed for any more, whatever the directory says: made without the root, it only takes away.
suspended_key = Table(
    "suspended_key",
    metadata,
    Column("key_id", RandomId(), primary_key=True),
    Column("suspended_on", Date, nullable=False),
    **NO_ROW_ID,
)
