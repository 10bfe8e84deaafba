"""What the desk and the console say to each other of the outbox: where each delivery stands, and what a person does.

Strict as `messages` is. Nothing here is content.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, StrictBool, StringConstraints

from shared.domain.vocabulary import Category, DeliveryKind, DeliveryState, Lane, Mode
from shared.messages import Base64Url, EnvelopeText, Id, Message, SlugText


class SentTo(Message):
    """A unit that was sent a report, and the digest of what it was sent."""

    unit_id: SlugText
    digest: Base64Url


class DeliveryCard(Message):
    """One delivery. `until` is when its batch leaves or it is tried again; `reason` is a sentence, or "".

    `digest` is of the sealed file that the unit is sent, `revision` the report's: a notice of withdrawal names both.
    `report_digest` is of the report as this unit was sent it: its reference comes from it, and what follows a report
    has the report's. `week` is the London Monday of the week in which it was begun, and no closer.
    `since` is the London date on which it came to rest; None while it is under way. `unanswered`: for too long.
    `taken_back`: its caller has withdrawn the report since.
    """

    id: Id
    report_id: Id
    revision: Id
    digest: Base64Url
    report_digest: Base64Url
    kind: DeliveryKind
    unit_id: SlugText
    force_id: SlugText | None
    category: Category
    mode: Mode
    week: date
    lane: Lane
    state: DeliveryState
    attempts: int
    until: AwareDatetime | None
    since: date | None
    reason: Annotated[str, StringConstraints(max_length=200)]
    unanswered: StrictBool
    asked_for: SlugText | None  # the unit it is to go to next, once two supervisors ask
    asking: int  # how many do
    before: tuple[SentTo, ...] = ()  # units that disowned the report before it went to this one
    taken_back: StrictBool = False
    withdraws: Base64Url | None = None  # what a notice that was put aside names: it has to be sealed first


class Outbox(Message):
    """Every delivery that is not over, those that need a person first."""

    deliveries: tuple[DeliveryCard, ...]


class AskToReroute(Message):
    """A supervisor asks that a report its unit disowned go to this unit."""

    unit_id: SlugText


class RerouteReport(Message):
    """The envelope is new, sealed to that unit and the supervisors, signed with the release key, as for a release."""

    revision: Id
    unit_id: SlugText
    envelope: EnvelopeText
    contact_signature: Base64Url | None = None
    contact_address: Base64Url | None = None


class WithdrawReport(Message):
    """One notice for each unit that may have the report; sealed for it alone and signed with the release key."""

    revision: Id
    notices: tuple[EnvelopeText, ...] = ()


class WithdrawnReport(Message):
    """`put_aside`: the units for which nothing may be sealed now; their notices wait in the outbox."""

    id: Id
    revision: Id
    put_aside: tuple[SlugText, ...]


class SealNotice(Message):
    """A notice that was put aside, as WithdrawReport has them; None where its unit is in no directory any more."""

    notice: EnvelopeText | None = None
