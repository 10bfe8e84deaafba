"""What consoles and the desk say to each other about drafts that were left behind. Written as shared/messages.py is."""

from datetime import date

from pydantic import StrictBool

from shared.messages import EnvelopeText, Id, Message


class LeftDraftCard(Message):
    """A draft whose author is not signed in; what is sealed of it is not in here."""

    id: Id
    author: str
    author_active: StrictBool
    started_on: date
    returned: StrictBool
    confidential: StrictBool
    asked: StrictBool
    asked_by_me: StrictBool
    confirmed: StrictBool


class TakerCard(Message):
    """A handler whom a recovered draft can be given to."""

    id: Id
    name: str


class LeftDrafts(Message):
    drafts: tuple[LeftDraftCard, ...]
    takers: tuple[TakerCard, ...]


class GiveRecovered(Message):
    """The same envelope, with a wrap for `person_id` too."""

    person_id: Id
    revision: Id
    envelope: EnvelopeText


class Recovered(Message):
    """London days on which a draft of one's own was given to a colleague, until one has seen it."""

    days: tuple[date, ...]
