"""The board: all that one person may see right now, and what differs between two looks at it.

It reads and compares; it decides nothing about calls or reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from sqlalchemy import Connection, Row, and_, or_, select

from shared.domain.london import london_day
from shared.domain.people import Colleague
from shared.domain.sessions import in_force
from shared.domain.vocabulary import CallState, DeliveryKind, PresenceState, ReportState
from shared.messages import Board, CallInHand, Change, Me, ReportCard, WaitingCall
from shared.messages import Colleague as ColleagueCard
from shared.permissions import Verb, may
from shared.store.schema import delivery, desk_session, live_call, person, presence, report

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATES: Final = tuple(ReportState)
_IN_REVIEW_OR_LATER: Final = frozenset(ReportState) - {ReportState.DRAFT}
Section = Literal["waiting", "colleagues", "reports"]
Item = TypeVar("Item", WaitingCall, ColleagueCard, ReportCard)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the store holds that anyone may see, read once for all who look."""

    calls: Sequence[Any]
    people: Mapping[str, Any]
    reports: Sequence[Any]


def read_picture(tx: Connection, now: datetime) -> Picture:
    """One consistent look, a handful of queries whatever the number of consoles."""
    c = live_call.c
    calls = select(live_call).where(c.state != CallState.MENU, c.state != CallState.QUEUED)
    signed_in = select(desk_session.c.person_id).join(person).where(in_force(now))
    people = (
        select(person.c.id, person.c.name, presence.c.state, presence.c.since)
        .join_from(person, presence, isouter=True)
        .where(person.c.id.in_(signed_in))
    )
    of_the_report = and_(delivery.c.report_id == report.c.id, delivery.c.kind == DeliveryKind.REPORT)
    open_reports = (
        select(report, delivery.c.state.label("delivery"))
        .join_from(report, delivery, of_the_report, isouter=True)
        .where(
            or_(
                report.c.state != ReportState.OURS,
                report.c.answered_on == london_day(now),
                report.c.contact_waits,
            )
        )
    )
    return Picture(
        calls=tx.execute(calls.order_by(c.priority.desc(), c.queued_at, c.id)).all(),
        people={row.id: row for row in tx.execute(people.order_by(person.c.name)).all()},
        reports=sorted(tx.execute(open_reports).all(), key=_place_of),
    )


def _place_of(row: Row[Any]) -> tuple[Any, ...]:
    # Within a state and a date by random id: an order of writing would lie beside the day's calls.
    return _STATES.index(row.state), row.started_on, row.id


def read_board(tx: Connection, who: Colleague, now: datetime) -> Board:
    """The board of one person."""
    return board_of(read_picture(tx, now), who)


def board_of(picture: Picture, who: Colleague) -> Board:
    """What of the picture one person may see."""
    mine = [row for row in picture.calls if row.handler_id == who.id]
    queue = may(who.roles, Verb.SEE_QUEUE)
    colleagues = may(who.roles, Verb.SEE_COLLEAGUES)
    return Board(
        me=_me(picture, who),
        my_call=_call_in_hand(mine[0]) if mine else None,
        waiting=tuple(_waiting(row, who) for row in picture.calls if queue and row.state is CallState.WAITING),
        colleagues=tuple(_colleague(row) for row in picture.people.values() if colleagues and row.id != who.id),
        reports=tuple(report_card(row, row.delivery, who.id) for row in picture.reports if _sees(who, row)),
    )


def _sees(who: Colleague, row: Row[Any]) -> bool:
    if row.author_id == who.id:
        return may(who.roles, Verb.WRITE_REPORTS)
    return may(who.roles, Verb.REVIEW_REPORTS) and row.state in _IN_REVIEW_OR_LATER


def _me(picture: Picture, who: Colleague) -> Me:
    row = picture.people.get(who.id)
    if row is None or row.state is None:
        return Me(presence=PresenceState.OFFLINE, since=_NEVER)
    return Me(presence=row.state, since=row.since)


def _waiting(row: Row[Any], who: Colleague) -> WaitingCall:
    offered = row.offered_to == who.id
    return WaitingCall(
        id=row.id,
        waiting_since=row.queued_at or row.arrived_at,
        language=row.language,
        unable_to_speak=row.unable_to_speak,
        offered_to_me=offered,
        offered_until=row.offered_until if offered else None,
    )


def _call_in_hand(row: Row[Any]) -> CallInHand:
    begun = row.answered_at is not None
    return CallInHand(
        id=row.id,
        state=row.state,
        waiting_since=row.queued_at or row.arrived_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        language=row.language,
        unable_to_speak=row.unable_to_speak,
        mode=row.mode if begun else None,
        category=row.category if begun else None,
        force_id=row.force_id if begun else None,
        draft_id=row.draft_id,
    )


def _colleague(row: Row[Any]) -> ColleagueCard:
    state = PresenceState.OFFLINE if row.state is None else row.state
    return ColleagueCard(id=row.id, name=row.name, presence=state, since=row.since or _NEVER)


def report_card(row: Row[Any], delivered: Any, person_id: str) -> ReportCard:
    """What the service knows of a report, for one person."""
    shared = set(ReportCard.model_fields) - {"mine", "delivery"}
    facts = {name: getattr(row, name) for name in shared}
    return ReportCard(mine=row.author_id == person_id, delivery=delivered, **facts)


def difference(old: Board, new: Board, revision: int) -> Change | None:
    """What turns `old` into `new`, as the stream's `revision`; None where nothing does."""
    if old == new:
        return None
    removed: dict[Section, tuple[str, ...]] = {
        "waiting": _gone(old.waiting, new.waiting),
        "colleagues": _gone(old.colleagues, new.colleagues),
        "reports": _gone(old.reports, new.reports),
    }
    return Change(
        revision=revision,
        me=None if old.me == new.me else new.me,
        my_call=None if old.my_call == new.my_call else new.my_call,
        my_call_gone=old.my_call is not None and new.my_call is None,
        waiting=_changed(old.waiting, new.waiting),
        colleagues=_changed(old.colleagues, new.colleagues),
        reports=_changed(old.reports, new.reports),
        removed={section: ids for section, ids in removed.items() if ids},
    )


def _changed(old: tuple[Item, ...], new: tuple[Item, ...]) -> tuple[Item, ...]:
    before = {item.id: item for item in old}
    return tuple(item for item in new if before.get(item.id) != item)


def _gone(old: tuple[Item, ...], new: tuple[Item, ...]) -> tuple[str, ...]:
    left = {item.id for item in new}
    return tuple(item.id for item in old if item.id not in left)
