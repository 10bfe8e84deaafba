"""The call in hand: what may be done when, what may be seen when, and a guard against ending it by accident."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.models.call import CallModel
from shared.domain.vocabulary import CallState, Category, Disposition, EndedBy, Language, Mode
from shared.messages import CallInHand

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


def call(state: CallState, **changed: Any) -> CallInHand:
    values: dict[str, Any] = {
        "id": "a" * 32,
        "state": state,
        "waiting_since": NOW - timedelta(seconds=30),
        "answered_at": None,
        "ended_at": None,
        "ended_by": EndedBy.NOBODY,
        "language": Language.EN,
        "unable_to_speak": False,
        "mode": Mode.ANONYMOUS,
        "category": Category.OTHER,
        "force_id": "kent",
        "draft_id": None,
    }
    return CallInHand(**(values | changed))


@pytest.fixture
def model() -> CallModel:
    made = CallModel()
    made.tick(NOW)
    return made


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (CallState.RINGING, set()),
        (CallState.CONNECTING, {"end"}),
        (CallState.TALKING, {"hold", "end"}),
        (CallState.HELD, {"resume", "end"}),
        (CallState.WRAP_UP, {"outcome"}),
    ],
)
def test_only_what_fits_the_state_may_be_done(model: CallModel, state: CallState, may: set[str]) -> None:
    model.show(call(state))

    assert {action for action in ("hold", "resume", "end", "outcome", "finish") if model.may(action)} == may


@pytest.mark.parametrize("state", [CallState.RINGING, CallState.CONNECTING])
def test_choices_are_not_shown_before_the_conversation(model: CallModel, state: CallState) -> None:
    model.show(call(state))

    assert model.choices == ()


def test_choices_are_shown_once_the_conversation_began(model: CallModel) -> None:
    model.show(call(CallState.TALKING))

    assert dict(model.choices)["Force"] == "Kent Police"


def test_the_first_press_on_end_only_asks(model: CallModel) -> None:
    model.show(call(CallState.TALKING))

    assert not model.press_end(NOW)
    assert model.is_armed


def test_a_double_press_does_not_end_the_call(model: CallModel) -> None:
    model.show(call(CallState.TALKING))
    model.press_end(NOW)

    assert not model.press_end(NOW + timedelta(milliseconds=150))
    assert model.is_armed


def test_a_second_deliberate_press_ends_the_call(model: CallModel) -> None:
    model.show(call(CallState.TALKING))
    model.press_end(NOW)

    assert model.press_end(NOW + timedelta(seconds=1))


def test_a_late_second_press_asks_again(model: CallModel) -> None:
    model.show(call(CallState.TALKING))
    model.press_end(NOW)
    model.tick(NOW + timedelta(seconds=6))

    assert not model.is_armed
    assert not model.press_end(NOW + timedelta(seconds=6))


def test_wrap_up_is_finished_only_with_an_outcome(model: CallModel) -> None:
    model.show(call(CallState.WRAP_UP, ended_at=NOW, ended_by=EndedBy.CALLER))
    assert not model.may("finish")

    model.choose(Disposition.SILENT)

    assert model.may("finish")


def test_the_next_call_begins_without_an_outcome(model: CallModel) -> None:
    model.show(call(CallState.WRAP_UP))
    model.choose(Disposition.SILENT)

    model.show(call(CallState.RINGING, id="b" * 32))

    assert model.outcome is None


def test_nothing_can_be_pressed_while_the_service_answers(model: CallModel) -> None:
    model.show(call(CallState.TALKING))

    model.wait()

    assert not model.may("hold") and not model.may("end")


def test_the_clock_tells_the_wait_then_the_conversation_then_the_wrap_up(model: CallModel) -> None:
    shown = []
    for answered, ended in ((None, None), (NOW - timedelta(seconds=5), None), (NOW, NOW - timedelta(seconds=1))):
        model.show(call(CallState.TALKING, answered_at=answered, ended_at=ended))
        shown.append((model.clock, model.clock_label))

    assert shown == [("0:30", "waiting"), ("0:05", "in conversation"), ("0:01", "since the call ended")]


@pytest.mark.parametrize(
    ("after", "leaves"),
    [(timedelta(milliseconds=50), False), (timedelta(seconds=2), True), (timedelta(minutes=1), False)],
)
def test_signing_out_of_a_call_takes_a_second_press_soon_after(
    model: CallModel, after: timedelta, leaves: bool
) -> None:
    model.show(call(CallState.TALKING))

    assert not model.press_leave(NOW)
    assert model.press_leave(NOW + after) is leaves


def test_without_a_call_one_press_signs_out(model: CallModel) -> None:
    assert model.press_leave(NOW)
