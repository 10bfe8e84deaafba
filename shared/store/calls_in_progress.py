"""Calls in progress and what belongs to them: rows exist only while a call does, and are left out of backups."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from shared.domain.vocabulary import (
    CallState,
    Category,
    Disposition,
    EndedBy,
    Language,
    Mode,
    OrderKind,
    OrderState,
    PartyKind,
    PartyState,
    PresenceState,
)
from shared.store.columns import CallSid, ConferenceSid, PlainText, RandomId, Slug, UtcTime, one_of
from shared.store.tables import NO_ROW_ID, metadata

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
    Column("held_at", UtcTime),  # while the caller is on hold
    Column("held_seconds", Integer, nullable=False, default=0),  # of earlier holds in this conversation
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
    Column("handed", Boolean, nullable=False, default=False),  # the offer is a supervisor's own choice
    Column("handed_on", Boolean, nullable=False, default=False),  # out of a conversation, by its handler's own choice
    Column("muted", Boolean, nullable=False, default=False),
    Column("help_asked", Boolean, nullable=False, default=False),
    Column("training", Boolean, nullable=False, default=False),  # in no figure
    Column("wrap_up_until", UtcTime),  # meant to be over by then; nothing happens if it is not
    Column("filed_at", UtcTime),
    Column("disposition", one_of(Disposition)),
    Column("signposted_to", Slug()),
    Index("ix_live_call_queue", "state", "priority", "queued_at"),
    **NO_ROW_ID,
)

# Who has already been offered a call and did not take it, so that an offer never goes in a circle.
passed_offer = Table(
    "passed_offer",
    metadata,
    Column("call_id", ForeignKey("live_call.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("for_good", Boolean, nullable=False, default=False),  # never offered it again, even if nobody else is left
    **NO_ROW_ID,
)

# Who is brought into a call beside its handler.
live_party = Table(
    "live_party",
    metadata,
    Column("id", RandomId(), primary_key=True),
    Column("call_id", ForeignKey("live_call.id", ondelete="CASCADE"), nullable=False),
    Column("kind", one_of(PartyKind), nullable=False),
    Column("person_id", ForeignKey("person.id"), unique=True),  # of a colleague
    Column("listed", Slug()),  # of an outside party: which of the configured list
    Column("state", one_of(PartyState), nullable=False),
    Column("before", one_of(PresenceState, "before")),  # what the colleague was doing, and goes back to
    Column("leg_sid", CallSid()),
    Column("due_by", UtcTime),  # by then somebody asked must have come
    UniqueConstraint("call_id", "kind"),  # one of each at most
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
    Column("party_id", RandomId()),  # the party the order is about
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
