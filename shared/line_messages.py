"""What the desk and a supervisor's console say to each other of the line as it stands, and of opening or closing it.

Strict as `messages` is. Nothing here says what a caller has chosen but their language, and nothing counts what anybody
has done: there is no place for it.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints

from shared.domain.vocabulary import CallState, ClosedWords, Language, PresenceState
from shared.messages import Id, Message

Named = Annotated[str, StringConstraints(max_length=120)]
HowMany = Annotated[int, Field(ge=0)]


class WaitingNow(Message):
    """Somebody who waits, the first to be answered first."""

    language: Language
    since: AwareDatetime
    unable_to_speak: StrictBool


class CallNow(Message):
    """A call in progress. `since`: when it was answered, or is being written up; None while a telephone rings."""

    state: CallState
    by: Named
    since: AwareDatetime | None
    asks_help: StrictBool


class PersonNow(Message):
    """Somebody who is signed in. `presence` is None where they take no calls, `since` where they have not said
    anything yet.
    """

    id: Id
    name: Named
    presence: PresenceState | None
    since: AwareDatetime | None


class DraftsNow(Message):
    """What an author has begun before today and never submitted."""

    author: Named
    drafts: HowMany
    oldest: date


class KeyNow(Message):
    """A key, or the directory, that runs out within 30 days or has done so, or is suspended; the last good day."""

    whose: Named
    expires: date
    expired: StrictBool
    suspended: StrictBool = False


class HoursNow(Message):
    """Whether new calls are let in, and until when; None: for longer than can be foretold. `by_hand`: as someone said.

    `words`: what callers hear of a line that is closed by hand.
    """

    open: StrictBool
    until: AwareDatetime | None
    by_hand: StrictBool
    words: ClosedWords


class TroubleNow(Message):
    """How many deliveries were put aside, or not answered for too long; how many deletions the provider owes us; how
    many questions of units nobody has read.
    """

    parked: HowMany
    unanswered: HowMany
    purges_overdue: HowMany
    questions: HowMany = 0
    keys: tuple[KeyNow, ...]
    drafts: tuple[DraftsNow, ...]


class LineNow(Message):
    """The line as it stands."""

    at: AwareDatetime
    hours: HoursNow
    in_menu: HowMany
    waiting: tuple[WaitingNow, ...]
    calls: tuple[CallNow, ...]
    people: tuple[PersonNow, ...]
    trouble: TroubleNow


class SayHours(Message):
    """Open or close the line until a time, at most 24 hours ahead; `words` are for callers while it is closed."""

    open: StrictBool
    until: AwareDatetime
    words: ClosedWords = ClosedWords.CLOSED
