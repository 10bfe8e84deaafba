"""The line as it stands, for supervisors: one consistent look. It counts what waits, never what anybody has done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from ivr.desk.routing import Ask, Desk
from shared.domain.hours import Hours
from shared.domain.key_changes import published_directory
from shared.domain.line_by_hand import close_line, hours_today, keep_usual_hours, open_line, word_by_hand
from shared.domain.london import london_day
from shared.domain.people import suspended_keys
from shared.domain.purges import overdue_purges
from shared.domain.questions import questions_in
from shared.domain.sessions import in_force
from shared.domain.vocabulary import CallState, ClosedWords, PresenceState, QuestionState, ReportState, Role
from shared.line_messages import (
    CallNow,
    DraftsNow,
    HoursNow,
    KeyNow,
    LineNow,
    PersonNow,
    SayHours,
    TroubleNow,
    WaitingNow,
)
from shared.outbox.alarms import AlarmKind, alarms
from shared.sealing.directory import Standing, key_standing, standing, without_suspended
from shared.store.schema import desk_session, live_call, person, person_role, presence, report

THE_DIRECTORY: Final = "The directory"
_BEFORE_THE_QUEUE: Final = frozenset({CallState.MENU, CallState.QUEUED})
_WITH_SOMEBODY: Final = frozenset(CallState) - _BEFORE_THE_QUEUE - {CallState.WAITING, CallState.FILED}


def see(desk: Desk, ask: Ask) -> LineNow:
    with desk.store.read() as tx:
        return read_line(tx, desk.clock(), desk.settings.hours, desk.settings.unanswered_days)


def say_hours(desk: Desk, ask: Ask) -> None:
    said: SayHours = ask.body
    with desk.store.begin() as tx:
        if said.open:
            open_line(tx, ask.person_id, said.until, desk.clock())
        else:
            close_line(tx, ask.person_id, said.until, said.words, desk.clock())


def usual_hours(desk: Desk, ask: Ask) -> None:
    with desk.store.begin() as tx:
        keep_usual_hours(tx, ask.person_id, desk.clock())


def read_line(tx: Connection, now: datetime, usual: Hours, unanswered_days: int) -> LineNow:
    """All of it, a handful of queries whatever the number of callers."""
    c = live_call.c
    query = select(live_call, person.c.name).join(person, person.c.id == c.handler_id, isouter=True)
    rows = tx.execute(query.order_by(c.priority.desc(), c.queued_at, c.id)).all()
    calls = sorted((_call(row) for row in rows if row.state in _WITH_SOMEBODY), key=lambda call: call.by)
    return LineNow(
        at=now,
        hours=_hours(tx, usual, now),
        in_menu=sum(1 for row in rows if row.state in _BEFORE_THE_QUEUE),
        waiting=tuple(_waiting(row) for row in rows if row.state is CallState.WAITING),
        calls=tuple(calls),
        people=_people(tx, now),
        trouble=_trouble(tx, now, unanswered_days),
    )


def _hours(tx: Connection, usual: Hours, now: datetime) -> HoursNow:
    hours, word = hours_today(tx, usual, now), word_by_hand(tx, now)
    is_open = hours.is_open(now)
    if word is not None and is_open:
        until: datetime | None = word.by_hand.until  # the usual hours follow, which may be open
    else:
        until = hours.closes(now) if is_open else hours.opens(now)
    words = ClosedWords.CLOSED if word is None else word.words
    return HoursNow(open=is_open, until=until, by_hand=word is not None, words=words)


def _waiting(row: Row[Any]) -> WaitingNow:
    since = row.queued_at or row.arrived_at
    return WaitingNow(language=row.language, since=since, unable_to_speak=row.unable_to_speak)


def _call(row: Row[Any]) -> CallNow:
    since = row.ended_at if row.state is CallState.WRAP_UP else row.answered_at
    return CallNow(state=row.state, by=row.name or "", since=since, asks_help=row.help_asked)


def _people(tx: Connection, now: datetime) -> tuple[PersonNow, ...]:
    """By name: no order here says anything of anybody."""
    p, signed_in = presence.c, select(desk_session.c.person_id).join(person).where(in_force(now))
    query = select(person.c.id, person.c.name, p.state, p.since).join_from(person, presence, isouter=True)
    rows = tx.execute(query.where(person.c.id.in_(signed_in)).order_by(person.c.name, person.c.id)).all()
    handlers = set(tx.execute(select(person_role.c.person_id).where(person_role.c.role == Role.HANDLER)).scalars())
    return tuple(
        PersonNow(id=row.id, name=row.name, presence=row.state or PresenceState.OFFLINE, since=row.since)
        if row.id in handlers
        else PersonNow(id=row.id, name=row.name, presence=None, since=None)
        for row in rows
    )


def _trouble(tx: Connection, now: datetime, unanswered_days: int) -> TroubleNow:
    kinds = [alarm.kind for alarm in alarms(tx, now, unanswered_days)]
    return TroubleNow(
        parked=kinds.count(AlarmKind.PARKED),
        unanswered=kinds.count(AlarmKind.UNANSWERED),
        purges_overdue=overdue_purges(tx, now),
        questions=len(questions_in(tx, QuestionState.WAITING, now)),
        keys=tuple(_keys(tx, now)),
        drafts=_drafts(tx, now),
    )


def _keys(tx: Connection, now: datetime) -> Iterator[KeyNow]:
    """The suspended, then the first to run out first."""
    directory, today, suspended = published_directory(tx), london_day(now), suspended_keys(tx)
    for unit in directory.units:
        if unit.reader.key_id in suspended:
            expired = key_standing(unit, today) is Standing.EXPIRED
            yield KeyNow(whose=unit.name, expires=unit.expires, expired=expired, suspended=True)
    directory = without_suspended(directory, suspended)
    lasting = [(directory.expires, THE_DIRECTORY), *((unit.expires, unit.name) for unit in directory.units)]
    for expires, whose in sorted(lasting):
        how = standing(expires, today)
        if how is not Standing.USABLE:
            yield KeyNow(whose=whose, expires=expires, expired=how is Standing.EXPIRED)


def _drafts(tx: Connection, now: datetime) -> tuple[DraftsNow, ...]:
    """By name. What was begun today is being written."""
    c, count, oldest = report.c, func.count().label("n"), func.min(report.c.started_on).label("oldest")
    unsent = c.state == ReportState.DRAFT, c.started_on < london_day(now)
    query = select(person.c.name, count, oldest).join_from(report, person, c.author_id == person.c.id).where(*unsent)
    rows = tx.execute(query.group_by(person.c.id, person.c.name).order_by(person.c.name, person.c.id))
    return tuple(DraftsNow(author=row.name, drafts=row.n, oldest=row.oldest) for row in rows)
