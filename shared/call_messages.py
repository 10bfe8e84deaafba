"""What a handler or a supervisor asks of a call beside answering it; the board itself is in `messages`."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from shared.domain.vocabulary import PresenceState
from shared.messages import EnvelopeText, Id, Message, SlugText


class AnswerTime(Message):
    """How long offers to oneself stand."""

    seconds: Annotated[int, Field(ge=10, le=120)]


class ToPerson(Message):
    """A waiting call is given to somebody, or somebody is asked into a call."""

    person_id: Id


class BringIn(Message):
    """One of the configured telephones outside."""

    listed: SlugText


class SendAway(Message):
    party_id: Id


class Training(Message):
    training: StrictBool


class GivenReport(Message):
    """The draft that goes along: its envelopes as they are kept, with a wrap for the colleague."""

    id: Id
    revision: Id
    envelope: EnvelopeText
    contact: EnvelopeText | None = None


class HandOver(Message):
    """`person_id` is the colleague on the line; `then` is what one does afterwards."""

    person_id: Id
    then: Literal[PresenceState.AVAILABLE, PresenceState.BREAK] = PresenceState.AVAILABLE
    report: GivenReport | None = None
