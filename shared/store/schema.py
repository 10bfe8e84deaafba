"""Every table there is. Two ledgers that cannot be joined: calls (`live_call`, `finished_call`, counts) and reports.

`live_call` and its orders exist only while a call does and are left out of backups. Tables whose rows must not tell
the order in which they were written have random keys and, in SQLite, no row id.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from shared.domain.vocabulary import (
    CallState,
    Category,
    Circle,
    DeliveryKind,
    DeliveryState,
    EndedBy,
    EnvelopeStage,
    Lane,
    Language,
    Mode,
    OrderKind,
    OrderState,
    PresenceState,
    ReportState,
    Role,
    Verdict,
)
from shared.store import call_ledger, tables
from shared.store.columns import CallSid, ConferenceSid, Patterned, PlainText, RandomId, Slug, UtcTime, one_of

metadata = tables.metadata
NO_ROW_ID = tables.NO_ROW_ID

# Free text exists only where it names a person, a handset or a place reports are delivered to.
FREE_TEXT_COLUMNS = frozenset({"person.name", "person.handset", "live_order.handset"})

# --- people ---------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("name", PlainText(80), nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("handset", PlainText(120)),  # E.164 or a SIP address; None: takes no calls
    Column("handset_trusted", Boolean, nullable=False),  # cannot have a voicemail: "press 1" is skipped
    Column("salt", LargeBinary(16), nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("authentication_hash", LargeBinary(32), nullable=False),
    Column("private_bundle", LargeBinary, nullable=False),  # wrapped by the passphrase; opaque to the service
    Column("reader_public", LargeBinary, nullable=False),
    Column("verify_public", LargeBinary, nullable=False),
    Column("failed_sign_ins", Integer, nullable=False, default=0),
    Column("locked_until", UtcTime),
    **NO_ROW_ID,
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("role", one_of(Role), primary_key=True),
    **NO_ROW_ID,
)

person_language = Table(
    "person_language",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("language", one_of(Language), primary_key=True),
    **NO_ROW_ID,
)

# Private role keys (supervisors, release), each wrapped to a member; the service can open none of them.
role_wrap = Table(
    "role_wrap",
    metadata,
    Column("role", Slug(), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("wrap", LargeBinary, nullable=False),
    **NO_ROW_ID,
)

directory = Table(
    "directory",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),  # signed by the offline root
)

instance = Table(
    "instance",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("sign_in_secret", LargeBinary(32), nullable=False),  # makes the parameters of unknown names look real
)

desk_session = Table(
    "desk_session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    **NO_ROW_ID,
)

presence = Table(
    "presence",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("state", one_of(PresenceState), nullable=False),
    Column("since", UtcTime, nullable=False),
    **NO_ROW_ID,
)

# --- calls in progress ----------------------------------------------------------------------------------------------

live_call = Table(
    "live_call",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("call_sid", CallSid(), nullable=False, unique=True),
    Column("state", one_of(CallState), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("language", one_of(Language), nullable=False),  # of whoever it is offered to
    Column("chosen_language", one_of(Language, "chosen_language")),  # the caller's, where it is another
    Column("mode", one_of(Mode), nullable=False),
    Column("category", one_of(Category), nullable=False),
    Column("force_id", Slug()),
    Column("unable_to_speak", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),  # the head of the queue first: 2 handler lost, 1 unable to speak, 0
    Column("arrived_at", UtcTime, nullable=False),
    Column("queued_at", UtcTime),
    Column("waited_seconds", Integer),  # until the first answer; kept when the caller has to wait again
    Column("answered_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("ended_by", one_of(EndedBy), nullable=False),
    Column("offered_to", ForeignKey("person.id")),
    Column("offered_until", UtcTime),
    Column("due_by", UtcTime),  # by then this state must have passed on, or the call is put back
    Column("handler_id", ForeignKey("person.id")),
    Column("conference", RandomId()),
    Column("conference_sid", ConferenceSid()),
    Column("handset_sid", CallSid()),
    Column("draft_id", RandomId()),
    Index("ix_live_call_queue", "state", "priority", "queued_at"),
    **NO_ROW_ID,
)

# Who has already been offered a call and did not take it, so that an offer never goes in a circle.
passed_offer = Table(
    "passed_offer",
    metadata,
    Column("call_id", ForeignKey("live_call.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    **NO_ROW_ID,
)

# Deleted once carried out. An order may outlive its call (a handset still has to be hung up), so no foreign key.
live_order = Table(
    "live_order",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("kind", one_of(OrderKind), nullable=False),
    Column("call_id", RandomId(), nullable=False, index=True),
    Column("conference", RandomId()),  # names the attempt to answer that the order belongs to
    Column("leg_sid", CallSid()),  # the leg the order is about
    Column("handset", PlainText(120)),
    Column("state", one_of(OrderState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("deadline", UtcTime, nullable=False),
    Column("lease_holder", RandomId()),
    Column("lease_until", UtcTime),
    Index("ix_live_order_due", "state", "not_before"),
    **NO_ROW_ID,
)

# How full the line's bucket of call starts is: one row, only while it is not full.
call_starts = Table(
    "call_starts",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("full_at", UtcTime, nullable=False),  # then the bucket is full again, if nobody rings
)

# The provider's record of a leg, still to be deleted: the only place a CallSid outlives its call.
provider_purge = Table(
    "provider_purge",
    metadata,
    Column("leg_sid", CallSid(), primary_key=True),
    Column("not_before", UtcTime, nullable=False),
    Column("deadline", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),  # the provider says that it has deleted it; proof is still to come
    Column("not_found", Integer, nullable=False),  # how often it said that there is no such record, one after the other
    **NO_ROW_ID,
)

# --- the ledger of finished calls (in call_ledger.py) ----------------------------------------------------------------

finished_call = call_ledger.finished_call
hour_count = call_ledger.hour_count
day_histogram = call_ledger.day_histogram
day_count = call_ledger.day_count
year_count = call_ledger.year_count
closed_day = call_ledger.closed_day
late_count = call_ledger.late_count

# --- the ledger of reports ------------------------------------------------------------------------------------------

report = Table(
    "report",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("state", one_of(ReportState), nullable=False, index=True),
    Column("revision", RandomId(), nullable=False),  # random, so that it does not count the saves
    Column("author_id", ForeignKey("person.id")),  # until the report is accepted
    Column("force_id", Slug()),
    Column("unit_id", Slug()),
    Column("lane", one_of(Lane), nullable=False),
    Column("mode", one_of(Mode), nullable=False),
    Column("category", one_of(Category), nullable=False),
    Column("language", one_of(Language), nullable=False),
    Column("form", Slug(), nullable=False),
    Column("circle", one_of(Circle), nullable=False),
    Column("conflict", Boolean, nullable=False),
    Column("flags_signature", LargeBinary(64)),  # the author's console asserts circle and conflict
    Column("contact_waits", Boolean, nullable=False),  # for its author to seal the contact details for this unit too
    Column("started_on", Date, nullable=False),  # London dates only
    Column("submitted_on", Date),
    Column("released_on", Date),
    Column("answered_on", Date),
    **NO_ROW_ID,
)

envelope = Table(
    "envelope",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("report_id", ForeignKey("report.id"), nullable=False, index=True),
    Column("stage", one_of(EnvelopeStage), nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64)),
    Column("signer", RandomId()),
    Column("digest", LargeBinary(32), nullable=False),
    **NO_ROW_ID,
)

wrap = Table(
    "wrap",
    metadata,
    Column("envelope_id", ForeignKey("envelope.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", RandomId(), primary_key=True),
    Column("wrap", LargeBinary, nullable=False),
    **NO_ROW_ID,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", RandomId(), primary_key=True),  # the idempotency id
    Column("report_id", ForeignKey("report.id"), nullable=False),
    Column("kind", one_of(DeliveryKind), nullable=False),
    Column("unit_id", Slug(), nullable=False),
    Column("lane", one_of(Lane), nullable=False),
    Column("state", one_of(DeliveryState), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("lease_holder", RandomId()),
    Column("lease_until", UtcTime),
    Column("reason", Slug()),  # why it is parked: a code with words in shared/outbox
    Index("ix_delivery_due", "state", "not_before"),
    UniqueConstraint("report_id", "kind"),
    **NO_ROW_ID,
)

receipt = Table(
    "receipt",
    metadata,
    Column("delivery_id", ForeignKey("delivery.id"), primary_key=True),
    Column("verdict", one_of(Verdict), primary_key=True),
    Column("answer", LargeBinary, nullable=False),  # as signed by the unit
    Column("received_on", Date, nullable=False),
    **NO_ROW_ID,
)

# --- the audit log --------------------------------------------------------------------------------------------------

# A day's page is a set: entries within a London day have no order, so they cannot be laid beside the day's calls.
audit_page = Table(
    "audit_page",
    metadata,
    Column("day", Date, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("previous_digest", LargeBinary(32), nullable=False),
    **NO_ROW_ID,
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("day", ForeignKey("audit_page.day"), primary_key=True),
    Column("entry_digest", LargeBinary(32), primary_key=True),
    Column("salt", LargeBinary(16), nullable=False),
    Column("actor_id", Patterned(r"[0-9a-f]{32}|command|courier", 32), nullable=False),
    Column("verb", Slug(), nullable=False),
    Column("object_id", Patterned(r"[0-9a-f]{32}|[a-z0-9][a-z0-9_.:-]{0,63}", 64)),
    Column("outcome", Slug(), nullable=False),
    **NO_ROW_ID,
)

TABLES_LEFT_OUT_OF_BACKUPS = frozenset(
    {"live_call", "passed_offer", "live_order", "provider_purge", "desk_session", "presence"}
)
