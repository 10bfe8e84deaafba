"""The board: all that one person may see right now, and what differs between two looks at it.

It reads and compares; it decides nothing about calls or reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from sqlalchemy import Connection, Row, and_, or_, select

from ivr.desk.board_calls import Free, Party, asked_into, filed, party_cards, read_free, read_parties, to_ask
from ivr.desk.reviews import NONE, Reviews, read_reviews
from shared.domain.live_calls import IN_CONVERSATION
from shared.domain.london import london_day
from shared.domain.people import Colleague, spoken_languages
from shared.domain.sessions import in_force
from shared.domain.vocabulary import CallState, DeliveryKind, Language, PresenceState, ReportState
from shared.messages import Board, CallInHand, Change, Me, ReportCard, WaitingCall
from shared.messages import Colleague as ColleagueCard
from shared.permissions import Verb, may
from shared.store.schema import delivery, desk_session, live_call, person, presence, report, review_ask

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STATES: Final = tuple(ReportState)
_IN_REVIEW_OR_LATER: Final = frozenset(ReportState) - {ReportState.DRAFT, ReportState.REJECTED}
Section = Literal["waiting", "colleagues", "reports"]
Item = TypeVar("Item", WaitingCall, ColleagueCard, ReportCard)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the store holds that anyone may see, read once for all who look."""

    calls: Sequence[Any]
    people: Mapping[str, Any]
    reports: Sequence[Any]
    parties: Sequence[Party] = ()
    free: Sequence[Free] = ()  # whoever can come to the telephone now
    reviews: Reviews = NONE
    speak: Mapping[str, tuple[Language, ...]] = field(default_factory=dict)  # by person


def read_picture(tx: Connection, now: datetime) -> Picture:
    """One consistent look, a handful of queries whatever the number of consoles."""
    c = live_call.c
    calls = select(live_call).where(c.state != CallState.MENU, c.state != CallState.QUEUED)
    signed_in = select(desk_session.c.person_id).join(person).where(in_force(now))
    p = presence.c
    people = (
        select(person.c.id, person.c.name, person.c.answer_seconds, p.state, p.since, p.because, p.reason)
        .join_from(person, presence, isouter=True)
        .where(person.c.id.in_(signed_in))
    )
    of_the_report = and_(delivery.c.report_id == report.c.id, delivery.c.kind == DeliveryKind.REPORT)
    open_reports = (
        select(report, delivery.c.state.label("delivery"))
        .join_from(report, delivery, of_the_report, isouter=True)
        .where(
            or_(
                report.c.state.not_in((ReportState.OURS, ReportState.WITHDRAWN)),
                report.c.answered_on == london_day(now),
                report.c.contact_waits,
                report.c.id.in_(select(review_ask.c.report_id)),
            ),
            or_(report.c.state != ReportState.REJECTED, report.c.author_id.is_not(None)),
        )
    )
    looked_in = {row.id: row for row in tx.execute(people.order_by(person.c.name)).all()}
    return Picture(
        calls=tx.execute(calls.order_by(c.priority.desc(), c.queued_at, c.id)).all(),
        people=looked_in,
        reports=sorted(tx.execute(open_reports).all(), key=_place_of),
        parties=read_parties(tx),
        free=read_free(tx, now),
        reviews=read_reviews(tx, looked_in),
        speak=spoken_languages(tx),
    )


def _place_of(row: Row[Any]) -> tuple[Any, ...]:
    # Within a state and a date by random id: an order of writing would lie beside the day's calls.
    return _STATES.index(row.state), row.started_on, row.id


def read_board(tx: Connection, who: Colleague, now: datetime) -> Board:
    """The board of one person."""
    return board_of(read_picture(tx, now), who)


def board_of(picture: Picture, who: Colleague) -> Board:
    """What of the picture one person may see."""
    own = [row for row in picture.calls if row.handler_id == who.id]
    mine = [row for row in own if row.state is not CallState.FILED]
    queue = may(who.roles, Verb.SEE_QUEUE)
    colleagues = may(who.roles, Verb.SEE_COLLEAGUES)
    others = [row for row in picture.people.values() if colleagues and row.id != who.id]
    return Board(
        me=_me(picture, who),
        my_call=_call_in_hand(mine[0], picture) if mine else None,
        waiting=tuple(_waiting(row, who) for row in picture.calls if queue and row.state is CallState.WAITING),
        colleagues=tuple(_colleague(row, picture) for row in others),
        reports=tuple(
            report_card(row, row.delivery, who.id, picture.reviews) for row in picture.reports if _sees(who, row)
        ),
        asked=asked_into(picture.parties, picture.calls, picture.people, who.id),
        filed=tuple(filed(row) for row in own if row.state is CallState.FILED),
        to_ask=to_ask(picture.free, who.id) if mine and mine[0].state in IN_CONVERSATION else (),
    )


def _sees(who: Colleague, row: Row[Any]) -> bool:
    if row.author_id == who.id:  # one that was withdrawn is over for its author, whoever is still to look at it
        return may(who.roles, Verb.WRITE_REPORTS) and row.state is not ReportState.WITHDRAWN
    return may(who.roles, Verb.REVIEW_REPORTS) and row.state in _IN_REVIEW_OR_LATER


def _card(row: Row[Any], picture: Picture, who: Colleague) -> ReportCard:
    return report_card(row, row.delivery, who.id, picture.reviews)


def _me(picture: Picture, who: Colleague) -> Me:
    row = picture.people.get(who.id)
    if row is None or row.state is None:
        return Me(presence=PresenceState.OFFLINE, since=_NEVER)
    return Me(
        presence=row.state,
        since=row.since,
        because=row.because,
        reason=row.reason,
        answer_seconds=row.answer_seconds,
    )


def _waiting(row: Row[Any], who: Colleague) -> WaitingCall:
    offered = row.offered_to == who.id
    return WaitingCall(
        id=row.id,
        waiting_since=row.queued_at or row.arrived_at,
        language=row.language,
        unable_to_speak=row.unable_to_speak,
        offered_to_me=offered,
        offered_until=row.offered_until if offered else None,
        handed=offered and row.handed,
    )


def _call_in_hand(row: Row[Any], picture: Picture) -> CallInHand:
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
        handset_muted=row.muted,
        help_asked=row.help_asked,
        training=row.training,
        wrap_up_until=row.wrap_up_until,
        parties=party_cards(picture.parties, row.id),
    )


def _colleague(row: Row[Any], picture: Picture) -> ColleagueCard:
    state = PresenceState.OFFLINE if row.state is None else row.state
    asks = next((call.id for call in picture.calls if call.handler_id == row.id and call.help_asked), None)
    return ColleagueCard(
        id=row.id,
        name=row.name,
        presence=state,
        since=row.since or _NEVER,
        languages=picture.speak.get(row.id, ()),
        asks_help=asks,
    )


def report_card(row: Row[Any], delivered: Any, person_id: str, reviews: Reviews = NONE) -> ReportCard:
    """What the service knows of a report, for one person. An author does not see what supervisors ask of each other."""
    shared = set(ReportCard.model_fields) - {"mine", "delivery", "ask", "readers"}
    facts = {name: getattr(row, name) for name in shared}
    mine = row.author_id == person_id
    return ReportCard(
        mine=mine,
        delivery=delivered,
        ask=None if mine else reviews.ask_of(row.id, person_id),
        readers=() if mine else reviews.readers_of(row.id, person_id),
        **facts,
    )


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
        asked=None if old.asked == new.asked else new.asked,
        asked_gone=old.asked is not None and new.asked is None,
        filed=None if old.filed == new.filed else new.filed,
        to_ask=None if old.to_ask == new.to_ask else new.to_ask,
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
