"""The night itself: what each call is, what goes wrong in it, and what must be there at the end of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Flag, auto
from typing import Final

from shared.domain.vocabulary import Disposition
from tests.demo.headless import ANSWERS, WORDS
from tests.demo.person import GaveUp
from tests.demo.telephone import Telephone
from tests.shift.handler import Handler
from tests.shift.service import MortalStage

TO_THE_QUEUE: Final = "0"
SENT_TO: Final = "scotland"
TYPED_AGO_SECONDS: Final = 3.0  # what is older than this may not be lost


class Kill(Flag):
    """What dies in the middle of a call."""

    NOTHING = 0
    CONSOLE = auto()
    SERVICE = auto()


@dataclass(frozen=True, slots=True)
class NightCall:
    """One call: the keys the caller presses, how it ends, whether a report comes of it, and what is killed in it."""

    outcome: Disposition
    keys: tuple[str, ...] = (TO_THE_QUEUE,)
    writes: bool = False
    kill: Kill = Kill.NOTHING


BOTH: Final = Kill.CONSOLE | Kill.SERVICE
NIGHT: Final = (
    NightCall(Disposition.REPORT, keys=("1", "1", "2", "2"), writes=True, kill=Kill.CONSOLE),
    NightCall(Disposition.WRONG_NUMBER),
    NightCall(Disposition.ENQUIRY, kill=Kill.SERVICE),
    NightCall(Disposition.REPEAT, writes=True, kill=BOTH),
    NightCall(Disposition.SILENT, keys=()),
    NightCall(Disposition.HOAX, kill=Kill.CONSOLE),
    NightCall(Disposition.EMERGENCY, writes=True, kill=Kill.SERVICE),
    NightCall(Disposition.ABUSIVE),
    NightCall(Disposition.SIGNPOSTED, kill=BOTH),
    NightCall(Disposition.TEST),
)


@dataclass(slots=True)
class Outcome:
    """What the night came to; its text is the last line."""

    calls: int = 0
    outcomes: int = 0
    drafts: int = 0
    recovered: int = 0
    lost: int = 0

    @property
    def is_as_promised(self) -> bool:
        return self.calls == self.outcomes and self.drafts == self.recovered and self.lost == 0

    def __str__(self) -> str:
        return (
            f"shift: calls {self.calls}, outcomes {self.outcomes}, "
            f"drafts recovered {self.recovered} of {self.drafts}, lost {self.lost}"
        )


class Night:
    """Takes one call after another. `say` is given a line a step."""

    def __init__(self, stage: MortalStage, handler: Handler, say: Callable[[str], None]) -> None:
        self._stage, self._handler, self._say = stage, handler, say
        self._written: dict[str, str] = {}
        self._submitted = 0
        self.outcome = Outcome()

    def run(self, calls: Iterable[NightCall]) -> Outcome:
        """Raises GaveUp, StageFailed or httpx.HTTPError where something does not happen."""
        self._handler.open_console()
        self._handler.ask("press", action="available")
        expected: list[Disposition] = []
        for call in calls:
            self._take(call)
            expected.append(call.outcome)
            self._count(expected)
        return self.outcome

    # --- one call -----------------------------------------------------------------------------------------------------

    def _take(self, call: NightCall) -> None:
        self.outcome.calls += 1
        telephone = Telephone(self._stage.simulator)
        telephone.dial()
        for key in call.keys:
            _until(lambda: telephone.state == "listening", "the menu to listen")
            telephone.press(key)
        self._handler.ask("wait_for", name="action.answer", seconds=75)
        self._handler.ask("press", action="answer")
        self._handler.until(lambda state: state == "talking", "call", "the conversation to begin", seconds=40)
        self._written = {}
        if call.writes:
            self._write("field.what", f"Words for a {call.outcome.value}.")
        self._misfortune(call)
        if call.writes:
            self._finish_writing()
        telephone.hang_up()
        self._wrap_up(call)

    def _write(self, name: str, text: str) -> None:
        self._handler.ask("type", name=name, text=text)
        self._written[name.removeprefix("field.")] = text

    def _misfortune(self, call: NightCall) -> None:
        if Kill.SERVICE in call.kill:
            self._stage.kill_service()
            self._say("The service is killed.")
            if call.writes:
                self._write("field.door", "Written while the service was away.")
        if call.writes:
            self._wait_three_seconds()
        if Kill.CONSOLE in call.kill:
            self._handler.kill()
            self._say("The console is killed.")
        if Kill.SERVICE in call.kill:
            self._stage.start_service()
        if Kill.CONSOLE in call.kill:
            self._handler.open_console()
            self._say("Alex signs in again.")
        if call.kill is not Kill.NOTHING:
            self._look_at_what_is_left(call)

    def _wait_three_seconds(self) -> None:
        """At most: what was typed has to be safe by then, with the service or on this computer."""
        until = time.monotonic() + TYPED_AGO_SECONDS
        while time.monotonic() < until and self._handler.ask("report")["at_risk"]:
            time.sleep(0.02)

    def _look_at_what_is_left(self, call: NightCall) -> None:
        self._handler.until(lambda state: state in ("talking", "wrap_up"), "call", "the call to be there again")
        if not call.writes:
            return
        self.outcome.drafts += 1
        try:
            self._handler.until(lambda seen: self._is_all_there(seen["content"]), "report", "the draft to be there")
            self._handler.until(lambda seen: not seen["unsaved"], "report", "the draft to be saved")
        except GaveUp as gave_up:
            self._say(f"Lost: {gave_up}")
            return
        self.outcome.recovered += 1
        self._say("Every word is there.")

    def _is_all_there(self, content: dict[str, object]) -> bool:
        return all(content.get(name) == text for name, text in self._written.items())

    def _finish_writing(self) -> None:
        self._handler.ask("choose", name="field.force", value="kent")
        self._handler.ask("choose", name="field.category", value="personal_advantage")
        for name, words in WORDS.items():
            if name.removeprefix("field.") not in self._written:
                self._handler.ask("type", name=name, text=words)
        for name, value in ANSWERS.items():  # last: it is read back as it is now
            self._handler.ask("choose", name=name, value=value)

    def _wrap_up(self, call: NightCall) -> None:
        self._handler.until(lambda state: state == "wrap_up", "call", "wrap-up")
        if call.writes:
            self._handler.ask("press", action="submit")
            self._handler.until(lambda seen: not seen["open"], "report", "the report to be submitted")
            self._submitted += 1
        elif self._handler.ask("report")["open"]:
            self._handler.ask("press", action="close_report")
        self._handler.ask("press", action=f"outcome_{call.outcome.value}")
        if call.outcome is Disposition.REPORT:  # the others are filed by choosing
            self._handler.ask("press", action="finish")
        elif call.outcome is Disposition.SIGNPOSTED:
            self._handler.ask("choose", name="signpost", value=SENT_TO)
        self._handler.until(lambda state: state == "", "call", "the call to be finished")
        self._say(f"Call {self.outcome.calls}: {call.outcome.value.replace('_', ' ')}.")

    # --- what must be there -------------------------------------------------------------------------------------------

    def _count(self, expected: list[Disposition]) -> None:
        counted = self._stage.rows("SELECT value, n FROM day_count WHERE dimension = 'disposition'")
        kept = {str(value): int(str(n)) for value, n in counted}
        self.outcome.outcomes = sum(kept.values())
        missing = sum(1 for outcome in expected if kept.get(outcome.value, 0) < expected.count(outcome))
        in_review = len(self._stage.rows("SELECT id FROM report WHERE state = 'in_review'"))
        live = len(self._stage.rows("SELECT id FROM live_call"))
        self.outcome.lost = missing + live + abs(self._submitted - in_review)


def _until(happened: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up_at:
            raise GaveUp(f"waited {seconds:g} seconds for {what}")
        time.sleep(0.05)
