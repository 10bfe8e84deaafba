"""A telephone in the terminal: it rings the line, shows what is said as it is said, takes keys as pressed."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, ClassVar, Protocol, assert_never

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static
from textual.worker import get_current_worker

from ivr.simulator.calls import CallState
from ivr.simulator.conversation import STATE_WORDS, Conversation, LineKind
from ivr.simulator.exchange_link import CallGone, ExchangeLink, NoSimulator
from ivr.simulator.played import Follower, silently

KEYS = "123456789*0#"
WORD_STEP_SECONDS = 0.1
KEY_SHOWN_SECONDS = 0.25
MARKS = {
    CallState.RINGING: "◌",
    CallState.LISTENING: "◐",
    CallState.WAITING: "◔",
    CallState.TALKING: "●",
    CallState.ENDED: "○",
}


class Link(Protocol):
    """What the telephone needs of its line to the simulator."""

    def dial(self, number: str) -> str: ...

    def press(self, sid: str, keys: str) -> None: ...

    def hang_up(self, sid: str) -> None: ...

    def events(self, sid: str) -> Iterator[dict[str, Any]]: ...

    def close(self) -> None: ...


class TerminalPhone(App[None]):
    """The telephone on the screen. It rings as soon as it is shown."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "Telephone"
    CSS = """
    Screen { layout: vertical; background: $background; }
    #top { height: 3; padding: 1 2 0 2; }
    #state { width: 1fr; text-style: bold; }
    #clock { width: 10; text-align: right; text-style: bold; }
    #middle { height: 1fr; padding: 0 2; }
    #said { width: 1fr; height: 1fr; border: round $foreground 40%; padding: 0 1; scrollbar-size-vertical: 1; }
    #side { width: 19; padding: 0 0 0 2; }
    #keypad { height: auto; border: round $foreground 40%; padding: 0 3; }
    #number { height: auto; padding: 1 0 0 0; text-align: center; color: $foreground 70%; }
    #foot { height: 2; padding: 0 2 1 2; color: $foreground 70%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,escape", "hang_up", "Hang up"),
        Binding("r", "ring", "Ring again"),
        Binding("q,ctrl+c", "leave", "Leave", priority=True),
    ]

    def __init__(
        self, link: Link, number: str, now: Callable[[], float] = time.monotonic, aloud: Follower = silently
    ) -> None:
        super().__init__()
        self._aloud = aloud
        self._link = link
        self._number = number
        self._now = now
        self._sid: str | None = None
        self._shown = ""
        self.conversation = Conversation(now())

    def compose(self) -> ComposeResult:
        with Horizontal(id="top"):
            yield Static(id="state")
            yield Static(id="clock")
        with Horizontal(id="middle"):
            with VerticalScroll(id="said", can_focus=False):
                yield Static(id="words")
            with Vertical(id="side"):
                yield Static(keypad(), id="keypad")
                yield Static(f"your number\n{self._number}", id="number", markup=False)
        yield Static("0-9 * #  press keys     h  hang up     r  ring again     q  leave", id="foot", markup=False)

    def on_mount(self) -> None:
        self.action_ring()
        self.set_interval(WORD_STEP_SECONDS, self._draw)

    def on_unmount(self) -> None:
        self._link.close()

    def on_key(self, event: events.Key) -> None:
        key = event.character or ""
        if len(key) == 1 and key in KEYS:
            event.stop()
            self._press(key)

    # What the person does.

    def action_ring(self) -> None:
        """Ring the line, unless a call is on already."""
        if self._sid is not None and self.conversation.state is not CallState.ENDED:
            return
        self.conversation = Conversation(self._now())
        self._sid = None
        self._draw()
        self.run_worker(self._call, thread=True, group="call", exit_on_error=True)

    def action_hang_up(self) -> None:
        sid = self._sid
        if sid is not None and self.conversation.state is not CallState.ENDED:
            self._in_background(lambda: self._link.hang_up(sid))

    async def action_leave(self) -> None:
        """Hang up and close the telephone."""
        sid = self._sid
        if sid is not None and self.conversation.state is not CallState.ENDED:
            with suppress(NoSimulator, CallGone):  # then there is nothing left to hang up
                self._link.hang_up(sid)
        self.exit()

    def _press(self, key: str) -> None:
        sid = self._sid
        if sid is None or self.conversation.state is CallState.ENDED:
            return
        pad = self.query_one("#keypad", Static)
        pad.update(keypad(key))
        self.set_timer(KEY_SHOWN_SECONDS, lambda: pad.update(keypad()))
        self._in_background(lambda: self._link.press(sid, key))

    def _in_background(self, act: Callable[[], None]) -> None:
        def work() -> None:
            try:
                act()
            except CallGone:
                return  # the call ended in the same moment; its end is on its way
            except NoSimulator as lost:
                self.call_from_thread(self._lost, str(lost))

        self.run_worker(work, thread=True, group="keys")

    # What the line does.

    def _call(self) -> None:
        worker = get_current_worker()
        try:
            self._sid = sid = self._link.dial(self._number)
            for event in self._link.events(sid):
                if worker.is_cancelled:
                    return
                self.call_from_thread(self._heard, event)
        except NoSimulator as lost:
            if not worker.is_cancelled:
                self.call_from_thread(self._lost, str(lost))

    def _heard(self, event: dict[str, Any]) -> None:
        self.conversation.follow(event, self._now())
        self._aloud(event)
        self._draw()

    def _lost(self, words: str) -> None:
        now = self._now()
        self.conversation.follow({"kind": "state", "state": CallState.ENDED}, now)
        self.conversation.note(words)
        self._draw()

    def _draw(self) -> None:
        """Draw what has changed since the last time, and nothing else."""
        now, state = self._now(), self.conversation.state
        words = drawn(self.conversation, now)
        head = f"{MARKS[state]} {STATE_WORDS[state]}"
        shown = f"{head}|{self.conversation.clock(now)}|{words.plain}"
        if shown == self._shown:
            return
        self._shown = shown
        self.query_one("#state", Static).update(head)
        self.query_one("#clock", Static).update(self.conversation.clock(now))
        self.query_one("#words", Static).update(words)
        self.query_one("#said", VerticalScroll).scroll_end(animate=False)


def drawn(conversation: Conversation, now: float) -> Text:
    """The conversation as text; emphasis is by weight and slant alone, so that it reads without colour."""
    text = Text()
    for position, line in enumerate(conversation.lines):
        latest = position == len(conversation.lines) - 1
        match line.kind:
            case LineKind.SAID | LineKind.PLAYED:
                text.append(line.text(now), style="bold" if latest else "")
            case LineKind.KEY:
                text.append(f"▸ {line.words}", style="bold" if latest else "dim")
            case LineKind.NOTE:
                text.append(line.words, style="italic")
            case _ as never:
                assert_never(never)
        text.append("\n" if latest else "\n\n")
    return text


def keypad(pressed: str = "") -> Text:
    """The keys of a telephone; the one being pressed is reversed."""
    rows = [
        Text.assemble(*((f" {key} ", "reverse bold" if key == pressed else "bold") for key in KEYS[start : start + 3]))
        for start in range(0, len(KEYS), 3)
    ]
    return Text("\n\n", no_wrap=True).join(rows)


def ring(base_url: str, number: str, aloud: Follower = silently) -> None:
    """Ring the line through the local Twilio at `base_url`: on the screen, or line by line where there is none."""
    link = ExchangeLink(base_url, holds=True)  # however this telephone ends, its caller does not stay on the line
    if sys.stdin.isatty() and sys.stdout.isatty():
        TerminalPhone(link, number, aloud=aloud).run()
        return
    ring_plainly(link, number, sys.stdin, _print, aloud)


def ring_plainly(
    link: Link, number: str, typed: Iterable[str], write: Callable[[str], object], aloud: Follower = silently
) -> None:
    """The telephone without a screen: each typed line is keys to press (or `h`); each thing said is a line written.

    When nothing more is typed, it listens on until the call ends. Raises NoSimulator.
    """
    sid = link.dial(number)
    write(f"-- ringing from {number}")
    presser = threading.Thread(target=_press_typed, args=(link, sid, typed), daemon=True)
    presser.start()
    try:
        for event in link.events(sid):
            aloud(event)
            line = plain_line(event)
            if line:
                write(line)
    except KeyboardInterrupt:
        link.hang_up(sid)
    finally:
        link.close()


def plain_line(event: dict[str, Any]) -> str | None:
    """One event as one line; None for what a caller does not notice."""
    match event["kind"]:
        case "say" | "play":
            return f"line: {event['words']}"
        case "key":
            return f"you: {event['key']}"
        case "state":
            return f"-- {STATE_WORDS[CallState(event['state'])].lower()}"
        case _:  # the simulator's own kinds, open to growth: not one of our unions
            return None


def _press_typed(link: Link, sid: str, typed: Iterable[str]) -> None:
    for line in typed:
        try:
            if line.strip().lower() == "h":
                link.hang_up(sid)
                return
            keys = "".join(key for key in line if key in KEYS)
            if keys:
                link.press(sid, keys)
        except (CallGone, NoSimulator):
            return  # the call is over, which the other side of this telephone says


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
