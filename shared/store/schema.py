"""Every table there is. Two ledgers that cannot be joined: calls (`live_call`, `finished_call`, counts) and reports.

`live_call` and its orders exist only while a call does and are left out of backups. Tables whose rows must not tell
the order in which they were written have random keys and, in SQLite, no row id.
"""

from sqlalchemy import (
    BigInteger,
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
    Category,
    Circle,
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Lane,
    Language,
    Mode,
    PresenceBecause,
    PresenceState,
    ProposalKind,
    RejectReason,
    ReportState,
    Role,
    UnitOutcome,
    Verdict,
)
from shared.store import (
    call_ledger,
    calls_in_progress,
    given_references,
    key_tables,
    line_tables,
    newcomers,
    question_tables,
    review_tables,
    tables,
)
from shared.store.columns import Patterned, PlainText, RandomId, Slug, UtcTime, one_of, sign_in_name_of_row

metadata = tables.metadata
NO_ROW_ID = tables.NO_ROW_ID
ANSWER_SECONDS = 20

# Free text exists only where it names a person, a handset or a place reports are delivered to.
FREE_TEXT_COLUMNS = frozenset(
    {
        "person.name",
        "person.sign_in_name",
        "person.handset",
        "live_order.handset",
        "proposal.name",
        "proposal.handset",
        "newcomer.name",
        "newcomer.sign_in_name",
        "newcomer.handset",
    }
)


# --- people ---------------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("name", PlainText(80), nullable=False, unique=True),
    Column("sign_in_name", PlainText(160), nullable=False, unique=True, default=sign_in_name_of_row),
    Column("active", Boolean, nullable=False),
    Column("handset", PlainText(120)),  # E.164 or a SIP address; None: takes no calls
    Column("handset_trusted", Boolean, nullable=False),  # cannot have a voicemail: "press 1" is skipped
    Column("answer_seconds", Integer, nullable=False, default=ANSWER_SECONDS),  # how long an offer to them stands
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
    Column("second_factor", LargeBinary),  # sealed under the service's key file; None: not set up
    Column("second_factor_confirmed", Boolean, nullable=False, default=False),  # a code of it was given once
    Column("second_factor_step", Integer),  # of the last code used: none is taken twice
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

# What one administrator proposes about a person and another confirms. Deleted once confirmed or withdrawn.
proposal = Table(
    "proposal",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("kind", one_of(ProposalKind), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, unique=True),  # one at a time about anyone
    Column("proposed_by", ForeignKey("person.id"), nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("name", PlainText(80)),
    Column("roles", Patterned(r"[a-z]+(,[a-z]+)*", 120)),
    Column("languages", Patterned(r"[a-z]{2}-[A-Z]{2}(,[a-z]{2}-[A-Z]{2})*", 80)),
    Column("handset", PlainText(120)),
    Column("handset_trusted", Boolean, nullable=False, default=False),
    **NO_ROW_ID,
)

newcomer = newcomers.newcomer
newcomer_vouch = newcomers.newcomer_vouch

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

directory = key_tables.directory
waiting_unit = key_tables.waiting_unit
waiting_role_key = key_tables.waiting_role_key
suspended_key = key_tables.suspended_key

instance = Table(
    "instance",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("sign_in_secret", LargeBinary(32), nullable=False),  # makes the parameters of unknown names look real
)

desk_session = Table(
    "desk_session",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("token_until", UtcTime, nullable=False),  # by then the console has asked for another
    Column("earlier_hash", LargeBinary(32), unique=True),  # the token before, for requests already on their way
    Column("earlier_until", UtcTime),
    Column("seen_at", UtcTime, nullable=False),
    Column("followed_at", UtcTime),  # when its console was last known to follow events; None: it never has
    Column("expires_at", UtcTime, nullable=False),
    **NO_ROW_ID,
)

presence = Table(
    "presence",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("state", one_of(PresenceState), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("because", one_of(PresenceBecause), nullable=False, default=PresenceBecause.SAID),
    Column("reason", Slug()),  # of a break: one of the configured list
    Column("counted_to", UtcTime),  # until when the time they stood ready is in the day's count
    Column("ready_on", Date),  # the last day of which they are one of the people who stood ready
    **NO_ROW_ID,
)

# --- calls in progress (in calls_in_progress.py) ----------------------------------------------------------------------

live_call = calls_in_progress.live_call
passed_offer = calls_in_progress.passed_offer
live_party = calls_in_progress.live_party
live_order = calls_in_progress.live_order
call_starts = calls_in_progress.call_starts
provider_purge = calls_in_progress.provider_purge
line_by_hand = line_tables.line_by_hand

# --- the ledger of finished calls (in call_ledger.py) ----------------------------------------------------------------

finished_call = call_ledger.finished_call
hour_count = call_ledger.hour_count
day_histogram = call_ledger.day_histogram
day_count = call_ledger.day_count
year_count = call_ledger.year_count
closed_day = call_ledger.closed_day
late_count = call_ledger.late_count
folded_month = call_ledger.folded_month
launch_day = call_ledger.launch_day
online_report = call_ledger.online_report

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
    Column("contact_address", LargeBinary(64)),  # the release key's word on the unit that those details are for
    Column("started_on", Date, nullable=False, index=True),  # London dates only
    Column("submitted_on", Date, index=True),
    Column("released_on", Date, index=True),
    Column("answered_on", Date, index=True),
    Column("held_on", Date),  # first held; the days of a hold are counted from it
    Column("held_until", Date),
    Column("rejected_because", one_of(RejectReason)),
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
    Column("may_be_there", Boolean, nullable=False, default=False),  # from before the first byte could leave
    Column("not_before", UtcTime, nullable=False),
    Column("lease_holder", RandomId()),
    Column("lease_until", UtcTime),
    Column("place", Integer),  # in its unit's lane, once its batch leaves and until it is sent: lots are drawn for it
    Column("reason", Slug()),  # why it failed or is parked: a code with words in shared/outbox
    Index("ix_delivery_due", "state", "not_before"),
    Index("ix_delivery_digest", "digest"),
    Index("ix_delivery_lane", "unit_id", "lane", "place"),
    UniqueConstraint("report_id", "kind", "unit_id"),
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

# A supervisor who asks that a report a unit disowned go to another; two have to. Deleted when it has left.
reroute_ask = Table(
    "reroute_ask",
    metadata,
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("unit_id", Slug(), nullable=False),
    Column("asked_on", Date, nullable=False),
    **NO_ROW_ID,
)

# What a unit says of all the reports it had in a period, as it signed it; never of one.
unit_total = Table(
    "unit_total",
    metadata,
    Column("unit_id", Slug(), primary_key=True),
    Column("period", Patterned(r"[0-9]{4}-q[1-4]", 7), primary_key=True),
    Column("outcome", one_of(UnitOutcome), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("serial", BigInteger, nullable=False),  # the unit's own: what it said before is not taken again
    Column("revision", Integer, nullable=False),  # 1 as first said; one more each time that it was put right
    **NO_ROW_ID,
)

# --- references for ringing again (in given_references.py) ------------------------------------------------------------

reference = given_references.reference
reference_tries = given_references.reference_tries
question = question_tables.question

review_ask = review_tables.review_ask
reading = review_tables.reading
draft_recovery = review_tables.draft_recovery
recovered_draft = review_tables.recovered_draft

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

# What somebody signed the log to be at the end of a day. The signature is by a person's own key.
audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("day", Date, primary_key=True),
    Column("signer", RandomId(), primary_key=True),  # a key id
    Column("entries", Integer, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
    **NO_ROW_ID,
)

TABLES_LEFT_OUT_OF_BACKUPS = frozenset(
    {"live_call", "passed_offer", "live_party", "live_order", "provider_purge", "desk_session", "presence", "reading"}
    | {"reference_tries", "line_by_hand"}
)
