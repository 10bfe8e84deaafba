"""The telephone in the terminal, driven as a person drives it."""

import queue
from collections.abc import Iterator
from typing import Any

import pytest
from textual.widgets import Static

from ivr.simulator.calls import CallState
from ivr.simulator.conversation import Conversation
from ivr.simulator.exchange_link import NoSimulator
from ivr.simulator.terminal_phone import TerminalPhone, drawn

CALLER = "020 7946 0123"


class FakeLink:
    """A line whose events a test hands out one by one."""

    def __init__(self) -> None:
        self.happens: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.dialled: list[str] = []
        self.pressed: list[str] = []
        self.reachable = True

    def dial(self, number: str) -> str:
        if not self.reachable:
            raise NoSimulator("http://127.0.0.1:9")
        self.dialled.append(number)
        return f"CA{len(self.dialled)}"

    def press(self, sid: str, keys: str) -> None:
        self.pressed.append(keys)

    def hang_up(self, sid: str) -> None:
        self.happens.put({"kind": "state", "state": "ended"})
        self.happens.put(None)

    def events(self, sid: str) -> Iterator[dict[str, Any]]:
        while (event := self.happens.get(timeout=10)) is not None:
            yield event

    def close(self) -> None:
        self.happens.put(None)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def until(pilot, happened) -> None:
    for _ in range(200):
        if happened():
            return
        await pilot.pause(0.01)
    raise AssertionError("it did not happen")


def words_of(phone: TerminalPhone) -> str:
    return str(phone.query_one("#words", Static).render())


@pytest.mark.anyio
async def test_it_rings_at_once_shows_what_is_said_and_sends_keys():
    link = FakeLink()
    phone = TerminalPhone(link, CALLER)

    async with phone.run_test(size=(80, 24)) as pilot:
        link.happens.put({"kind": "state", "state": "listening"})
        link.happens.put({"kind": "say", "words": "I barhau yn Gymraeg, pwyswch 2.", "seconds": 0.0})
        await until(pilot, lambda: "pwyswch 2." in words_of(phone))
        await pilot.press("2", "#", "x", "*")
        await until(pilot, lambda: sorted(link.pressed) == ["#", "*", "2"])
        state = str(phone.query_one("#state", Static).render())
        await pilot.press("h")
        await until(pilot, lambda: phone.conversation.state is CallState.ENDED)

    assert link.dialled == [CALLER]
    assert "Listening" in state


@pytest.mark.anyio
async def test_it_rings_again_after_the_end():
    link = FakeLink()
    phone = TerminalPhone(link, CALLER)

    async with phone.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: link.dialled)
        await pilot.press("r")
        during = list(link.dialled)
        await pilot.press("escape")
        await until(pilot, lambda: phone.conversation.state is CallState.ENDED)
        await pilot.press("r")
        await until(pilot, lambda: len(link.dialled) == 2)

    assert during == [CALLER]


@pytest.mark.anyio
async def test_without_a_simulator_it_says_what_to_do():
    link = FakeLink()
    link.reachable = False
    phone = TerminalPhone(link, CALLER)

    async with phone.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "candour simulate" in words_of(phone))


def test_words_appear_at_speaking_speed_and_stop_when_cut_short():
    conversation = Conversation(began=0)
    conversation.follow({"kind": "say", "words": "one two three four five", "seconds": 2.0}, now=10)

    first, later = drawn(conversation, 10).plain, drawn(conversation, 11).plain
    conversation.follow({"kind": "key", "key": "1"}, now=11)
    conversation.follow({"kind": "said", "words": "one two"}, now=11)

    assert first.strip() == "one"
    assert later.strip() == "one two three"
    assert drawn(conversation, 20).plain.split("\n\n")[0] == "one two three …"


def test_the_clock_stops_with_the_call():
    conversation = Conversation(began=100)

    conversation.follow({"kind": "state", "state": "ended"}, now=165)

    assert conversation.clock(now=500) == "1:05"
