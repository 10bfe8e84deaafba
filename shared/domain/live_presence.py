"""The row that says what a signed-in person is doing; knows no call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, insert, or_, select, update

from shared.domain.london import london_day, start_of
from shared.domain.on_duty import Counted, count_available, forget_days_of_few
from shared.domain.vocabulary import Language, PresenceBecause, PresenceState
from shared.store.schema import passed_offer, person, person_language, presence


@dataclass(frozen=True, slots=True)
class Presence:
    """What a person is doing, and since when (UTC; None for someone never seen)."""

    state: PresenceState
    since: datetime | None
    because: PresenceBecause = PresenceBecause.SAID
    reason: str | None = None  # of a break


def presence_of(tx: Connection, person_id: str) -> Presence:
    """What this person is doing; OFFLINE for someone never seen."""
    c = presence.c
    row = tx.execute(select(c.state, c.since, c.because, c.reason).where(c.person_id == person_id)).first()
    return Presence(PresenceState.OFFLINE, None) if row is None else Presence(*row)


def become(
    tx: Connection,
    person_id: str,
    state: PresenceState,
    now: datetime,
    because: PresenceBecause | None = None,
    reason: str | None = None,
) -> None:
    """Write what a person is doing from now on, and why. Someone doing it already keeps their place in the order."""
    seen = presence_of(tx, person_id)
    usual = PresenceBecause.MISSED_CALL if state is PresenceState.MISSED else PresenceBecause.SAID
    values = {"state": state, "because": because or usual, "reason": reason}
    if seen.since is None:
        tx.execute(insert(presence).values(person_id=person_id, since=now, **values))
    elif (seen.state, seen.because, seen.reason) != tuple(values.values()):
        since = seen.since if seen.state is state else now
        if seen.state is PresenceState.AVAILABLE and state is not PresenceState.AVAILABLE:
            _count_ready(tx, person_id, seen.since, now)
        tx.execute(update(presence).where(presence.c.person_id == person_id).values(since=since, **values))


def settle_the_day(tx: Connection, now: datetime) -> None:
    """Count the time of those who stood ready over midnight to the day that is over, so that its figure is whole.

    What is then few people's own is forgotten. The caller sees to it that nobody's presence changes meanwhile.
    """
    midnight = start_of(london_day(now))
    c = presence.c
    over = c.state == PresenceState.AVAILABLE, c.since < midnight, or_(c.counted_to.is_(None), c.counted_to < midnight)
    for person_id, since in tx.execute(select(c.person_id, c.since).where(*over)).all():
        _count_ready(tx, person_id, since, midnight)
    forget_days_of_few(tx, london_day(now))


def _count_ready(tx: Connection, person_id: str, since: datetime, until: datetime) -> None:
    mine = presence.c.person_id == person_id
    before = tx.execute(select(presence.c.counted_to, presence.c.ready_on).where(mine)).one()
    counted = count_available(tx, since, Counted(*before), until)
    tx.execute(update(presence).where(mine).values(counted_to=counted.to, ready_on=counted.on))


def handset_of(tx: Connection, person_id: str) -> str | None:
    """The telephone or SIP address that rings for this person; None when they take no calls."""
    query = select(person.c.handset).where(person.c.id == person_id, person.c.active)
    return tx.execute(query).scalar_one_or_none() or None


def handset_is_trusted(tx: Connection, person_id: str) -> bool:
    """Whether this person's handset cannot have a voicemail, so that picking up is enough."""
    return bool(tx.execute(select(person.c.handset_trusted).where(person.c.id == person_id)).scalar_one_or_none())


def speaks(tx: Connection, person_id: str, language: Language) -> bool:
    spoken = person_language.c.person_id == person_id, person_language.c.language == language
    return bool(tx.execute(select(exists().where(*spoken))).scalar_one())


def available(tx: Connection, language: Language) -> list[str]:
    """Ids of those who could be offered a call in this language, the one available longest first."""
    query = (
        select(presence.c.person_id)
        .join(person, person.c.id == presence.c.person_id)
        .join(person_language, person_language.c.person_id == person.c.id)
        .where(presence.c.state == PresenceState.AVAILABLE, person.c.active, person.c.handset != "")
        .where(person_language.c.language == language)
        .order_by(presence.c.since, presence.c.person_id)
    )
    return list(tx.execute(query).scalars())


def those_who_passed(tx: Connection, call_id: str) -> set[str]:
    """Ids of those who were offered this call and did not take it."""
    return set(tx.execute(select(passed_offer.c.person_id).where(passed_offer.c.call_id == call_id)).scalars())


def answer_time(tx: Connection, person_id: str) -> timedelta:
    """How long an offer to this person stands."""
    seconds = tx.execute(select(person.c.answer_seconds).where(person.c.id == person_id)).scalar_one()
    return timedelta(seconds=seconds)


def take_time_to_answer(tx: Connection, person_id: str, seconds: int) -> None:
    """A person says how long offers to them should stand: so many seconds."""
    tx.execute(update(person).where(person.c.id == person_id).values(answer_seconds=seconds))
