"""People on their way in: nobody here is a person of the organisation yet, so no session and no key is theirs."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table

from shared.store import tables
from shared.store.columns import Patterned, PlainText, RandomId, UtcTime, sign_in_name_of_row

ROLES_PATTERN: Final = r"[a-z]+(,[a-z]+)*"
LANGUAGES_PATTERN: Final = r"[a-z]{2}-[A-Z]{2}(,[a-z]{2}-[A-Z]{2})*"


# An account that was made for somebody. Their own console makes the keys and fills in the second half, in one step.
newcomer: Final = Table(
    "newcomer",
    tables.metadata,
    Column("id", RandomId(), primary_key=True),
    Column("name", PlainText(80), nullable=False),
    Column("sign_in_name", PlainText(160), nullable=False, unique=True, default=sign_in_name_of_row),
    Column("roles", Patterned(ROLES_PATTERN, 120), nullable=False),
    Column("languages", Patterned(LANGUAGES_PATTERN, 80), nullable=False),
    Column("handset", PlainText(120)),
    Column("handset_trusted", Boolean, nullable=False),
    Column("stored_proof", LargeBinary(32), nullable=False),  # of the words that are good once
    Column("words_until", UtcTime, nullable=False),
    Column("salt", LargeBinary(16)),  # from here on: None until their console made the keys
    Column("memory_kib", Integer),
    Column("iterations", Integer),
    Column("lanes", Integer),
    Column("authentication_hash", LargeBinary(32)),
    Column("private_bundle", LargeBinary),  # wrapped by the passphrase; opaque to the service
    Column("reader_public", LargeBinary),
    Column("verify_public", LargeBinary),
    Column("failed_sign_ins", Integer, nullable=False, default=0),
    Column("locked_until", UtcTime),
    **tables.NO_ROW_ID,
)

# An administrator who heard the newcomer read out the words of these keys. Two have to.
newcomer_vouch: Final = Table(
    "newcomer_vouch",
    tables.metadata,
    Column("newcomer_id", ForeignKey("newcomer.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    **tables.NO_ROW_ID,
)
