"""The words everything else is written in: languages, choices, states and outcomes.

Standard library only. Stored and sent by value, so a value never changes once released.
"""

from enum import StrEnum


class Language(StrEnum):
    """A language the line speaks (BCP 47)."""

    EN = "en-GB"
    CY = "cy-GB"


class Mode(StrEnum):
    """Whether the caller gives a name to the force's investigators. Unset counts as anonymous until said."""

    UNSET = "unset"
    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"


class Category(StrEnum):
    """What the call is about: the service's five public categories, and the rest."""

    UNSET = "unset"
    INFORMATION_FOR_REWARD = "information_for_reward"
    PERSONAL_ADVANTAGE = "personal_advantage"
    SEXUAL_BOUNDARY = "sexual_boundary"
    PARTNER_ABUSE = "partner_abuse"
    DISCRIMINATORY_CONDUCT = "discriminatory_conduct"
    OTHER = "other"


class CallState(StrEnum):
    """Where a call in progress stands. The row is deleted once written, so there is no state for 'finished'."""

    MENU = "menu"  # listening to the menu
    QUEUED = "queued"  # told Twilio to enqueue; its wait page has not been asked for yet
    WAITING = "waiting"  # in the queue, can be offered
    RINGING = "ringing"  # a handler took it; their handset rings; the caller has not left the queue
    CONNECTING = "connecting"  # the handler is in the conference; the caller is being moved in
    TALKING = "talking"
    HELD = "held"
    WRAP_UP = "wrap_up"  # the caller has left after talking; the handler chooses an outcome
    FILED = "filed"  # the outcome is chosen, and can be taken back until it is written


class CallOutcome(StrEnum):
    """How a call ended for the caller; each arrived call has exactly one."""

    ANSWERED = "answered"
    ABANDONED_IN_MENU = "abandoned_in_menu"
    LEFT_QUIETLY = "left_quietly"
    ABANDONED_IN_QUEUE = "abandoned_in_queue"
    CLOSED = "closed"
    NOBODY_ON_DUTY = "nobody_on_duty"
    OVERFLOW = "overflow"  # waited too long, or Twilio's queue was full
    FLOOD = "flood"  # more calls at once than the line takes: turned away before the welcome
    FAULT = "fault"


class ClosedWords(StrEnum):
    """What callers hear first while the line is closed by hand: prepared words, never anybody's own."""

    CLOSED = "closed"
    TROUBLE = "closed_trouble"
    NOBODY = "closed_nobody"


class Disposition(StrEnum):
    """What an answered call came to; the handler chooses one in wrap-up."""

    REPORT = "report"
    ENQUIRY = "enquiry"
    SIGNPOSTED = "signposted"
    EMERGENCY = "emergency"
    REPEAT = "repeat"
    SILENT = "silent"
    WRONG_NUMBER = "wrong_number"
    HOAX = "hoax"
    ABUSIVE = "abusive"
    TEST = "test"


class PresenceState(StrEnum):
    """What a signed-in person is doing."""

    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    MISSED = "missed"  # a call was offered or rang and was not taken; offers pause until they say so
    OFFLINE = "offline"


class PresenceBecause(StrEnum):
    """Why a person is shown as they are, so that nothing changes behind their back."""

    SAID = "said"  # they said so, or it follows from what they did
    MISSED_CALL = "missed_call"  # offered or rung, and not taken
    LINE_LOST = "line_lost"  # their telephone dropped out of a conversation
    NOT_RUNG = "not_rung"  # the provider would not ring their telephone
    NOT_CONNECTED = "not_connected"  # nothing was heard of their console for a while


class PartyKind(StrEnum):
    """Who is brought into a call beside its handler; one of each at most."""

    COLLEAGUE = "colleague"
    OUTSIDE = "outside"  # a telephone of the configured list: an interpreter, for instance


class PartyState(StrEnum):
    """Where somebody brought into a call stands."""

    RINGING = "ringing"  # once the caller is on hold
    PRIVATE = "private"  # with the handler alone; the caller is on hold
    JOINED = "joined"  # heard by the caller, and the handler's screen says so


class Role(StrEnum):
    """What a person may do (see shared/permissions.py)."""

    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class OrderKind(StrEnum):
    """What the order worker asks of Twilio."""

    RING_HANDSET = "ring_handset"
    MOVE_CALLER = "move_caller"
    HOLD_CALLER = "hold_caller"
    RESUME_CALLER = "resume_caller"
    MUTE_HANDSET = "mute_handset"
    UNMUTE_HANDSET = "unmute_handset"
    RING_PARTY = "ring_party"
    HAND_OVER = "hand_over"  # a colleague in the conference keeps it up from now on, and the caller comes off hold
    LEAVE_HANDSET = "leave_handset"  # the one who handed over leaves a conference that goes on
    RECALL_CALLER = "recall_caller"  # out of a conference that lost its handler, back to the queue
    END_CALLER = "end_caller"
    END_HANDSET = "end_handset"


class OrderState(StrEnum):
    """Where an order stands. A leased order whose lease ran out may be leased again; a finished one is deleted."""

    PENDING = "pending"
    LEASED = "leased"


class ReportState(StrEnum):
    """Where a report stands, from the first key pressed to the force's answer."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    HELD = "held"  # a supervisor waits for something before deciding
    RETURNED = "returned"
    REJECTED = "rejected"  # two supervisors said that it does not go anywhere
    WITHDRAWN = "withdrawn"  # as the caller wished; any unit that had it has been told
    RELEASED = "released"  # sealed to the unit, in the outbox
    OPENED = "opened"
    OURS = "ours"
    NOT_OURS = "not_ours"


class DeliveryState(StrEnum):
    """Where a released report stands on its way to the unit."""

    WAITING = "waiting"  # for its batch
    SENDING = "sending"
    FAILED = "failed"  # the last attempt did; it is tried again by itself
    DELIVERED = "delivered"
    OPENED = "opened"
    OURS = "ours"
    NOT_OURS = "not_ours"
    PARKED = "parked"  # put aside until a person has looked
    WITHDRAWN = "withdrawn"  # before it left


class DeliveryKind(StrEnum):
    """What a delivery brings."""

    REPORT = "report"
    CONTACT = "contact"  # a confidential caller's details, once the unit said that the report is theirs
    WITHDRAWAL = "withdrawal"  # the notice that a report already sent is withdrawn


class Lane(StrEnum):
    """How a report travels to its unit."""

    ORDINARY = "ordinary"  # with the next batch
    URGENT = "urgent"  # at once
    ADDITIONS = "additions"  # what follows a report that the unit has


class Verdict(StrEnum):
    """What a force's unit says of a sealed report."""

    OPENED = "opened"
    OURS = "ours"
    NOT_OURS = "not_ours"


class Circle(StrEnum):
    """How many people could know what a report says; small circles point back."""

    NOT_ASKED = "not_asked"
    ONE_OR_TWO = "1-2"
    THREE_TO_FIVE = "3-5"
    SIX_TO_TWENTY = "6-20"
    MORE = "more"
    PUBLIC = "public"


class EnvelopeStage(StrEnum):
    """Whose eyes a stored envelope is for."""

    DRAFT = "draft"
    REVIEW = "review"
    RELEASED = "released"
    CONTACT = "contact"  # beside one of the others
    WITHDRAWAL = "withdrawal"  # beside the released one: the notice that it is withdrawn


class Dimension(StrEnum):
    """One dimension of a day's counters; dimensions are never crossed."""

    MODE = "mode"
    CATEGORY = "category"
    FORCE = "force"
    DISPOSITION = "disposition"
    SIGNPOST = "signpost"  # to whom callers were sent on
    REPORT_STATE = "report_state"
    PROVIDER_RECORD = "provider_record"
    CHANNEL = "channel"  # contacts that came by another way than the telephone
    TAKEN = "taken"  # reports that a unit said are for it, by the unit's force
    ON_THE_WAY = "on_the_way"
    DUTY = "duty"  # seconds, of everybody together and never of anybody
    STANDING = "standing"  # how things stood at the end of the day; the only one that is not added up over days


class Channel(StrEnum):
    """Another way than the telephone by which people come to the service."""

    ONLINE = "online"


class OnTheWay(StrEnum):
    """What happened to reports between their release and their unit's answer."""

    DELIVERED = "delivered"
    FAILED = "failed"  # at the first attempt; it is tried again by itself
    PARKED = "parked"
    REROUTED = "rerouted"  # disowned by one unit, and sent to another


class Duty(StrEnum):
    """What people on duty were doing, where it is counted."""

    AVAILABLE = "available_seconds"
    PEOPLE = "people"  # who stood ready at all that day
    SETTLED = "settled"  # 1 once a day with enough of them is over: from then on its seconds may be told


class Stood(StrEnum):
    """How reports stood when a day was closed."""

    IN_REVIEW = "in_review"
    HELD = "held"
    UNSENT = "unsent"
    PARKED = "parked"
    OLDEST_UNSENT = "oldest_unsent_days"


class WelshCall(StrEnum):
    """What became of calls whose callers chose Welsh and reached the queue. Counted by the year, beside nothing."""

    OFFERED = "welsh_offered"
    ANSWERED_IN_WELSH = "welsh_answered_in_welsh"
    ANSWERED_IN_ENGLISH = "welsh_answered_in_english"


class ProviderRecord(StrEnum):
    """What became of the provider's record of a leg, once there is no more to ask."""

    DELETED = "deleted"  # it said that it deleted the record, and later that there is none
    NOT_FOUND = "not_found"  # it never said that there was one; many of these mean that the wrong region is asked


class Measure(StrEnum):
    """What a one-second histogram measures."""

    WAIT_ANSWERED = "wait_answered"
    WAIT_ABANDONED = "wait_abandoned"
    TALK = "talk"  # holding is not in it
    HOLD = "hold"  # of each call that was talked on; most have none
    WRAP_UP = "wrap_up"


class EndedBy(StrEnum):
    """Who ended a conversation on purpose. Nobody: the leg dropped, so the caller goes back to the queue."""

    NOBODY = "nobody"
    CALLER = "caller"
    HANDLER = "handler"


class ProposalKind(StrEnum):
    """What one administrator may propose about a person, and another confirms."""

    CHANGE = "change"  # name, roles, languages, handset
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REMOVE = "remove"
    RESET_SECOND_FACTOR = "reset_second_factor"


class UnitOutcome(StrEnum):
    """What a unit's periodic totals count; never said of a single report."""

    ASSESSED = "assessed"
    INVESTIGATIONS = "investigations"
    SAFEGUARDING = "safeguarding"
    RECORDED = "recorded"
    PASSED_ON = "passed_on"  # to other forces


class QuestionState(StrEnum):
    """Where a unit's question for a caller who rings again stands; whether it was put, nothing says."""

    WAITING = "waiting"  # for a supervisor
    ACCEPTED = "accepted"
    OVER = "over"  # rejected, taken back or too old


class ReviewAskKind(StrEnum):
    """What one supervisor asks about a report and a second has to confirm."""

    REJECT = "reject"
    HOLD_LONGER = "hold_longer"  # than seven days in all
    URGENT_SENT = "urgent_sent"  # it has left on the word of author and one supervisor; a second looks afterwards


class RejectReason(StrEnum):
    """Why a report goes nowhere. Its author is told."""

    DUPLICATE = "duplicate"
    HOAX = "hoax"
    NOT_POLICE = "not_police"
    NOTHING_TO_ACT_ON = "nothing_to_act_on"
    TOO_DANGEROUS = "too_dangerous"  # whatever is left out, it would point to the caller
    WITHDRAWN = "withdrawn"  # the caller does not want it sent after all
