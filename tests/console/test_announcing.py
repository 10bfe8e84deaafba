"""Four things are said aloud, once each, and nothing else; and none of them says anything of a report."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.announcing import Announcement, Announcing
from console.app import FORM
from console.models.call import CallModel
from console.models.line import LineModel
from console.models.report import ReportModel, SaveState
from shared.domain.vocabulary import CallState, Category, EndedBy, Language, Mode
from shared.forms import load_form
from shared.messages import CallInHand, WaitingCall

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


class Room:
    """Models that something is said of, and what was said."""

    def __init__(self) -> None:
        self.line, self.call, self.report = LineModel(), CallModel(), ReportModel(load_form(FORM))
        self.said: list[str] = []
        self.announcing = Announcing(self.line, self.call, self.report, self.said.append)

    def waits(self, call_id: str, offered: bool, unable: bool = False) -> None:
        until = NOW + timedelta(seconds=20) if offered else None
        call = WaitingCall(
            id=call_id,
            waiting_since=NOW,
            language=Language.EN,
            unable_to_speak=unable,
            offered_to_me=offered,
            offered_until=until,
        )
        self.line.show(None, (call,))
        self.line.tick(NOW)

    def talks(self, state: CallState, ended_by: EndedBy = EndedBy.NOBODY) -> None:
        self.call.show(in_hand("a" * 32, state, ended_by))

    def writes(self, **answers: Any) -> None:
        self.report.begin("p" * 32, None, Language.EN, Mode.UNSET, Category.UNSET, None)
        for field, value in answers.items():
            self.report.answer(field, value)


def in_hand(call_id: str, state: CallState, ended_by: EndedBy) -> CallInHand:
    return CallInHand(
        id=call_id,
        state=state,
        waiting_since=NOW,
        answered_at=NOW,
        ended_at=None,
        ended_by=ended_by,
        language=Language.EN,
        unable_to_speak=False,
        mode=None,
        category=None,
        force_id=None,
        draft_id=None,
    )


@pytest.fixture
def room(qapp: Any) -> Room:
    return Room()


def test_an_offer_is_announced_once_and_not_with_every_tick(room: Room) -> None:
    room.waits("a" * 32, offered=True)
    room.waits("a" * 32, offered=True)

    assert room.said == ["A call is waiting for you."]


def test_each_offer_is_announced_anew(room: Room) -> None:
    for call_id in ("a" * 32, "b" * 32):
        room.waits(call_id, offered=True)

    assert room.said == ["A call is waiting for you."] * 2


def test_an_offer_says_that_the_caller_may_be_unable_to_speak(room: Room) -> None:
    room.waits("a" * 32, offered=True, unable=True)

    assert room.said == ["A call is waiting for you. May be unable to speak."]


def test_calls_that_wait_for_others_are_not_announced(room: Room) -> None:
    room.waits("a" * 32, offered=False)

    assert room.said == []


@pytest.mark.parametrize("ended_by", [EndedBy.CALLER, EndedBy.NOBODY])
def test_a_caller_who_left_is_announced(room: Room, ended_by: EndedBy) -> None:
    room.talks(CallState.TALKING)
    room.talks(CallState.WRAP_UP, ended_by)
    room.talks(CallState.WRAP_UP, ended_by)

    assert room.said == [Announcement.CALLER_LEFT]


def test_ending_a_call_oneself_is_not_announced(room: Room) -> None:
    room.talks(CallState.TALKING)
    room.talks(CallState.WRAP_UP, EndedBy.HANDLER)

    assert room.said == []


@pytest.mark.parametrize("state", [SaveState.AWAY, SaveState.REFUSED])
def test_a_save_that_failed_is_announced_once_until_it_is_mended(room: Room, state: SaveState) -> None:
    room.writes(what="words")
    for step in (SaveState.SAVING, state, state, SaveState.SAVED, state):
        room.report.set_state(step)

    assert room.said == [Announcement.SAVE_FAILED] * 2


def test_danger_is_announced_once_and_not_with_every_letter(room: Room) -> None:
    room.writes(danger="yes", what="a", where="b")

    assert room.said == [Announcement.DANGER]


def test_typing_and_saving_are_not_announced(room: Room) -> None:
    room.writes(danger="no", what="words")
    for step in (SaveState.WAITING, SaveState.SAVING, SaveState.SAVED):
        room.report.set_state(step)

    assert room.said == []


def test_what_is_announced_names_nobody_and_nothing_of_a_report() -> None:
    every = {announcement.name for announcement in Announcement}

    assert every == {"OFFER", "CALLER_LEFT", "SAVE_FAILED", "DANGER"}


def test_only_this_module_announces() -> None:
    speaking = [path.name for path in Path("console").rglob("*.py") if "AnnouncementEvent" in path.read_text("utf-8")]

    assert speaking == ["announcing.py"]
