"""Changes applied to a board: rows replaced in place, removed, added; absent sections left alone."""

from datetime import UTC, datetime

from console.models.board import altered
from shared.domain.vocabulary import Language, PresenceState
from shared.messages import Board, Change, Me, WaitingCall

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


def waiting(number: int, unable: bool = False) -> WaitingCall:
    return WaitingCall(
        id=f"{number:032x}",
        waiting_since=NOW,
        language=Language.EN,
        unable_to_speak=unable,
        offered_to_me=False,
        offered_until=None,
    )


BOARD = Board(
    me=Me(presence=PresenceState.OFFLINE, since=NOW),
    my_call=None,
    waiting=(waiting(1), waiting(2)),
    colleagues=(),
    reports=(),
)


def test_a_changed_row_keeps_its_place_and_a_new_one_comes_last() -> None:
    board = altered(BOARD, Change(revision=2, waiting=(waiting(3), waiting(1, unable=True))))

    assert board.waiting == (waiting(1, unable=True), waiting(2), waiting(3))


def test_a_removed_row_is_gone() -> None:
    board = altered(BOARD, Change(revision=2, removed={"waiting": (waiting(1).id,)}))

    assert board.waiting == (waiting(2),)


def test_what_a_change_does_not_name_stays() -> None:
    me = Me(presence=PresenceState.AVAILABLE, since=NOW)

    board = altered(BOARD, Change(revision=2, me=me))

    assert board == BOARD.model_copy(update={"me": me})
