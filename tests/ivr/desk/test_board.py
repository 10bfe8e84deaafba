"""What each person sees on the board, and what differs between two looks."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ivr.desk.board import difference, read_board
from shared.domain import calls, people, reports
from shared.domain.presence import set_presence
from shared.domain.vocabulary import (
    CallState,
    Circle,
    EndedBy,
    Lane,
    Language,
    Mode,
    PresenceState,
    ReportState,
)
from shared.messages import Board, CallInHand, Change, Colleague, Me, ReportCard, WaitingCall
from shared.store.database import Store
from shared.store.schema import live_call, person
from tests.support import sealed_reports as sealing
from tests.support.organisation import ADMINISTRATOR, BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation

AT = datetime(2026, 3, 10, 14, tzinfo=UTC)


@pytest.fixture
def board(store: Store, organisation: Organisation, clock: Any) -> Callable[[str], Board]:
    def seen_by(name: str) -> Board:
        with store.read() as tx:
            rows = tx.execute(select(person).where(person.c.name == name)).all()
            return read_board(tx, people.colleagues(tx, rows)[0], clock())

    return seen_by


def _available(store: Store, organisation: Organisation, clock: Any, *names: str) -> None:
    for name in names:
        with store.begin() as tx:
            set_presence(tx, organisation.members[name].id, PresenceState.AVAILABLE, clock())
        clock.advance(1)


def _start(store: Store, organisation: Organisation, clock: Any, name: str, **different: object) -> str:
    author = organisation.members[name]
    with store.begin() as tx:
        facts, envelope = sealing.facts(**different), sealing.draft(organisation, author)
        return reports.start_draft(tx, author.id, facts, envelope, clock()).id


def test_an_offer_shows_the_wait_and_the_language_and_only_to_whom_it_is_made(
    board: Any, store: Store, organisation: Organisation, clock: Any, caller_waits: Callable[[], str]
) -> None:
    _available(store, organisation, clock, HANDLER, SECOND_HANDLER)
    caller_waits()

    (mine,), (theirs,) = board(HANDLER).waiting, board(SECOND_HANDLER).waiting

    assert (mine.offered_to_me, theirs.offered_to_me) == (True, False)
    assert mine.offered_until is not None
    assert theirs.offered_until is None
    assert set(WaitingCall.model_fields) == {
        "id", "waiting_since", "language", "unable_to_speak", "offered_to_me", "offered_until", "handed",
    }  # fmt: skip


def test_what_the_caller_chose_appears_once_the_conversation_has_begun(
    board: Any, store: Store, organisation: Organisation, clock: Any, caller_waits: Callable[[], str]
) -> None:
    _available(store, organisation, clock, HANDLER)
    caller_waits()
    (waiting,) = board(HANDLER).waiting
    with store.begin() as tx:
        calls.take_call(tx, waiting.id, organisation.members[HANDLER].id, clock())

    ringing = board(HANDLER).my_call
    with store.begin() as tx:
        tx.execute(live_call.update().values(state=CallState.TALKING, answered_at=clock()))
    talking = board(HANDLER).my_call

    assert (ringing.state, ringing.mode, ringing.category, ringing.force_id) == (CallState.RINGING, None, None, None)
    assert (talking.mode, talking.force_id) == (Mode.ANONYMOUS, "kent")
    assert board(SECOND_HANDLER).my_call is None
    assert board(SECOND_HANDLER).waiting == ()


def test_supervisors_see_who_is_signed_in_and_handlers_do_not(board: Any, sign_in: Callable[[str], Any]) -> None:
    for name in (HANDLER, SUPERVISOR):
        sign_in(name)

    assert [colleague.name for colleague in board(SUPERVISOR).colleagues] == [HANDLER]
    assert board(HANDLER).colleagues == ()


def test_a_draft_is_on_its_authors_board_alone(
    board: Any, store: Store, organisation: Organisation, clock: Any
) -> None:
    draft = _start(store, organisation, clock, HANDLER)

    (card,) = board(HANDLER).reports

    assert (card.id, card.mine, card.state) == (draft, True, ReportState.DRAFT)
    for name in (SECOND_HANDLER, SUPERVISOR, BOTH, ADMINISTRATOR):
        assert board(name).reports == ()


def test_a_report_in_review_is_on_the_supervisors_boards_without_its_author(
    board: Any, store: Store, organisation: Organisation, clock: Any
) -> None:
    author, envelope = organisation.members[HANDLER], sealing.review(organisation)
    draft = _start(store, organisation, clock, HANDLER)
    (card,) = board(HANDLER).reports
    facts = sealing.signed(sealing.facts(), envelope, author)
    with store.begin() as tx:
        reports.submit_report(tx, author.id, draft, card.revision, facts, envelope, clock())

    (seen,) = board(SUPERVISOR).reports

    assert (seen.state, seen.mine) == (ReportState.IN_REVIEW, False)
    assert author.id not in seen.model_dump_json()
    assert board(SECOND_HANDLER).reports == ()


def test_reports_are_listed_by_state_and_date_and_never_by_the_time_of_writing(
    board: Any, store: Store, organisation: Organisation, clock: Any
) -> None:
    written = [_start(store, organisation, clock, HANDLER) for _ in range(6)]
    clock.advance(24 * 3600)
    written += [_start(store, organisation, clock, HANDLER) for _ in range(6)]

    listed = [card.id for card in board(HANDLER).reports]

    assert listed == sorted(written[:6]) + sorted(written[6:])


def test_an_administrator_sees_themselves_and_nothing_else(
    board: Any, store: Store, organisation: Organisation, clock: Any, caller_waits: Callable[[], str]
) -> None:
    caller_waits()
    _start(store, organisation, clock, HANDLER)

    seen = board(ADMINISTRATOR)

    assert (seen.my_call, seen.waiting, seen.colleagues, seen.reports) == (None, (), (), ())


# --- the difference between two boards --------------------------------------------------------------------------------

IDS = [f"{number:032x}" for number in range(4)]


def _waiting(id: str, flag: bool) -> WaitingCall:
    return WaitingCall(
        id=id, waiting_since=AT, language=Language.EN, unable_to_speak=flag, offered_to_me=False, offered_until=None
    )


def _colleague(id: str, flag: bool) -> Colleague:
    state = PresenceState.BREAK if flag else PresenceState.AVAILABLE
    return Colleague(id=id, name="Asha", presence=state, since=AT)


def _card(id: str, flag: bool) -> ReportCard:
    facts = sealing.facts().model_dump(exclude={"flags_signature", "agreed", "urgent"})
    return ReportCard(
        id=id, state=ReportState.DRAFT, revision=IDS[0], mine=flag, unit_id=None, lane=Lane.ORDINARY,
        started_on=AT.date(), submitted_on=None, released_on=None, delivery=None, **facts,
    )  # fmt: skip


def _call(state: CallState) -> CallInHand:
    return CallInHand(
        id=IDS[0], state=state, waiting_since=AT, answered_at=None, ended_at=None, ended_by=EndedBy.NOBODY,
        language=Language.EN, unable_to_speak=False, mode=None, category=None, force_id=None, draft_id=None,
    )  # fmt: skip


def _some_of(make: Callable[[str, bool], Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    chosen = st.dictionaries(st.sampled_from(IDS), st.booleans())
    return chosen.map(lambda flags: tuple(make(id, flag) for id, flag in flags.items()))


BOARDS = st.builds(
    Board,
    me=st.sampled_from(PresenceState).map(lambda state: Me(presence=state, since=AT)),
    my_call=st.none() | st.sampled_from(CallState).map(_call),
    waiting=_some_of(_waiting),
    colleagues=_some_of(_colleague),
    reports=_some_of(_card),
)


def _applied(board: Board, change: Change | None) -> tuple[Any, ...]:
    """The board as a console has it after a change: sections by id."""
    sections = {name: {item.id: item for item in getattr(board, name)} for name in ("waiting", "colleagues", "reports")}
    me, my_call = board.me, board.my_call
    if change is not None:
        me = change.me or me
        my_call = None if change.my_call_gone else change.my_call or my_call
        for name, items in sections.items():
            for gone in change.removed.get(name, ()):  # type: ignore[call-overload]
                del items[gone]
            items.update({item.id: item for item in getattr(change, name)})
    return me, my_call, sections


@given(old=BOARDS, new=BOARDS)
def test_a_console_that_applies_the_difference_has_the_new_board(old: Board, new: Board) -> None:
    change = difference(old, new, 2)

    assert _applied(old, change) == _applied(new, None)
    assert change is None or Change.model_validate_json(change.model_dump_json()) == change


@given(board=BOARDS)
def test_between_equal_boards_there_is_no_difference(board: Board) -> None:
    assert difference(board, board.model_copy(deep=True), 2) is None


def test_a_report_that_moved_on_is_changed_and_not_removed() -> None:
    old = Board(
        me=Me(presence="break", since=AT), my_call=None, waiting=(), colleagues=(), reports=(_card(IDS[0], True),)
    )
    moved = old.reports[0].model_copy(update={"state": ReportState.IN_REVIEW, "circle": Circle.MORE})

    change = difference(old, old.model_copy(update={"reports": (moved,)}), 7)

    assert change is not None
    assert (change.revision, change.reports, change.removed, change.me) == (7, (moved,), {}, None)
