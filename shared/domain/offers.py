"""Who is asked next to take a waiting call; knows nothing of telephones."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, update

from shared.domain.live_calls import LiveCall, change, one_at_a_time, waiting_calls
from shared.domain.live_presence import answer_time, available, become, presence_of, those_who_passed
from shared.domain.vocabulary import PresenceState
from shared.store.schema import passed_offer

ASK_AGAIN_AFTER = timedelta(seconds=15)  # when everyone available has passed a call: nobody is lost, nothing circles
LONGEST_OFFER = timedelta(minutes=2)  # what ends later than that was written before a clock was set back


def distribute(tx: Connection, now: datetime) -> None:
    """Offer each waiting call, the head of the queue first, to whoever has been available longest.

    Only to people who speak the caller's language, have a handset and have not passed this call. An offer not taken
    in that person's time moves on, and they count as away until they say otherwise.
    """
    one_at_a_time(tx)
    for call in waiting_calls(tx):
        if call.offered_to is not None and not _stands(tx, call, now):
            _take_offer_back(tx, call, now)
    waiting = waiting_calls(tx)
    asked = {call.offered_to for call in waiting}
    speakers = {language: available(tx, language) for language in {call.language for call in waiting}}
    for call in waiting:
        if call.offered_to is None and not asked.issuperset(speakers[call.language]):
            _offer(tx, call, speakers[call.language], asked, now)


def pass_over(tx: Connection, call_id: str, person_id: str, for_good: bool = False) -> None:
    """Remember that this person did not take this call, so that the others are asked first.

    `for_good`: they are not asked again, even if nobody else is left.
    """
    if person_id not in those_who_passed(tx, call_id):
        tx.execute(insert(passed_offer).values(call_id=call_id, person_id=person_id, for_good=for_good))
    elif for_good:
        theirs = passed_offer.c.call_id == call_id, passed_offer.c.person_id == person_id
        tx.execute(update(passed_offer).where(*theirs).values(for_good=True))


def offer_to(tx: Connection, call: LiveCall, person_id: str, now: datetime, handed: bool = False) -> None:
    """Ask this person, for as long as they take to answer. `handed`: a supervisor chose them."""
    until = now + answer_time(tx, person_id)
    change(tx, call, offered_to=person_id, offered_until=until, handed=handed)


def _stands(tx: Connection, call: LiveCall, now: datetime) -> bool:
    """Whether someone is being asked right now: in time, and still available."""
    if call.offered_to is None or call.offered_until is None or not now < call.offered_until <= now + LONGEST_OFFER:
        return False
    return presence_of(tx, call.offered_to).state is PresenceState.AVAILABLE


def _take_offer_back(tx: Connection, call: LiveCall, now: datetime) -> None:
    assert call.offered_to is not None
    asked = presence_of(tx, call.offered_to)
    if asked.state is PresenceState.AVAILABLE:  # they were there and did not take it
        become(tx, call.offered_to, PresenceState.MISSED, now)
        pass_over(tx, call.id, call.offered_to)
    change(tx, call, offered_to=None, offered_until=now)


def _offer(tx: Connection, call: LiveCall, speakers: list[str], asked: set[str | None], now: datetime) -> None:
    """Ask the next of the speakers, if there is one who is not being asked about another call."""
    passed = those_who_passed(tx, call.id)
    if passed.issuperset(speakers) and _rested(call, now):
        tx.execute(delete(passed_offer).where(passed_offer.c.call_id == call.id, ~passed_offer.c.for_good))
        passed = those_who_passed(tx, call.id)
    free = [person_id for person_id in speakers if person_id not in asked and person_id not in passed]
    if free:
        offer_to(tx, call, free[0], now)
        asked.add(free[0])


def _rested(call: LiveCall, now: datetime) -> bool:
    since = None if call.offered_until is None else now - call.offered_until
    return since is None or since >= ASK_AGAIN_AFTER or since < -ASK_AGAIN_AFTER  # the last: a clock was set back
