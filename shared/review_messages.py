"""What a supervisor's console says to the desk about a colleague's report. Written as shared/messages.py is."""

from datetime import date
from typing import Literal

from pydantic import StrictBool

from shared.domain.vocabulary import RejectReason, ReviewAskKind
from shared.messages import Base64Url, EnvelopeText, Id, Message, SlugText


class ReturnReport(Message):
    """The envelope holds the report with the supervisor's remarks: kind `draft`, for the author and the supervisors."""

    revision: Id
    envelope: EnvelopeText


class ReleaseReport(Message):
    """The envelope is new, of kind `report`, sealed to the unit and the supervisors, signed with the release key.

    `reworded` says that the releasing supervisor has put the report in other words; a circle of one or two needs it.
    `hints_settled` says that no words are left that could point to a person unless somebody kept them for a reason.
    `flags_signature` is the supervisor's own over these and the envelope (shared.sealing.flags); it is not kept.
    `contact_signature` is the release key's over the contact details, which the supervisor cannot open, and
    `contact_address` over their digest and this unit (shared.sealing.contact_address).
    """

    revision: Id
    unit_id: SlugText
    envelope: EnvelopeText
    reworded: StrictBool = False
    hints_settled: StrictBool = False
    urgent: StrictBool = False
    flags_signature: Base64Url
    contact_signature: Base64Url | None = None
    contact_address: Base64Url | None = None


class SeenRevision(Message):
    """A decision about a report as it was last seen."""

    revision: Id


class HoldReport(Message):
    """Wait with a report until a London day."""

    revision: Id
    until: date


class AskSecond(Message):
    """What a second supervisor is to confirm: a rejection needs its reason, a longer hold its day."""

    revision: Id
    kind: Literal[ReviewAskKind.REJECT, ReviewAskKind.HOLD_LONGER]
    until: date | None = None
    reason: RejectReason | None = None
