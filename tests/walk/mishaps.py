"""What goes wrong on a walk: Twilio's faults, processes that die or are replaced, requests replayed long afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ivr.line import twiml
from ivr.line.prompts import DEFAULT_ONLINE, load_prompts
from ivr.simulator.faults import Fault
from ivr.simulator.in_process import AUTH_TOKEN, LINE_NUMBER
from ivr.simulator.refusals import TwimlRefused
from ivr.simulator.twiml_engine import ANY_VERB
from ivr.simulator.twiml_grammar import read_twiml
from ivr.simulator.webhook import Reply, Transport, Webhook, send
from tests.support.line import Exchange, Killed

FALLBACK_URL = "https://elsewhere.example/fallback.xml"
BACKUP_NUMBER = "+442920180999"
EACH = 6.0  # seconds between two mishaps, on average

CALLBACKS = ("/voice/status", "/voice/handset/status", "/voice/conference", "participant-join", "participant-leave")
QUESTIONS = ("/voice/incoming", "/voice/step", "/voice/wait", "/voice/join", "/voice/after", "/voice/queued",
             "/voice/handset", "/voice/hold")  # fmt: skip
# Where Twilio, finding nobody, asks the fallback. Of pages for those who wait it does not say what it does.
WITH_FALLBACK = ("/voice/incoming", "/voice/step", "/voice/join", "/voice/after", "/voice/queued")

# Which faults, where, and how late.
AT_CALLBACKS = (Fault.DROP, Fault.DROP, Fault.DELAY, Fault.REORDER, Fault.DUPLICATE, Fault.UNREACHABLE)
AT_QUESTIONS = (Fault.REPEAT_WEBHOOK, Fault.REPEAT_WEBHOOK, Fault.DELAY, Fault.LOSE_DIGITS)
SECONDS_LATE = (0.3, 2.0, 8.0, 14.0)


@dataclass
class Judge:
    """Carries every request, and holds every answer to the letter: 204, or 200 and documented TwiML."""

    carry: Transport
    sent: list[Webhook] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)  # calls whose first request the line has answered

    replayed: int = 0  # requests sent again after their call was forgotten

    def __post_init__(self) -> None:
        self.fallback = twiml.fallback(load_prompts(DEFAULT_ONLINE), BACKUP_NUMBER, LINE_NUMBER).encode()

    def __call__(self, method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        if url == FALLBACK_URL:
            return Reply(200, "text/xml", self.fallback)
        reply = self.carry(method, url, params, headers)
        self.sent.append(Webhook(url, params, method, headers["I-Twilio-Idempotency-Token"]))
        if "/voice/incoming" in url:
            self.arrived.add(params["CallSid"])
        self._hold_to_the_letter(url, reply)
        return reply

    def _hold_to_the_letter(self, url: str, reply: Reply) -> None:
        if reply.status == 204 and not reply.body:
            return
        if reply.status != 200 or not reply.content_type.startswith("text/xml"):
            self.refused.append(f"{url}: {reply.status} {reply.content_type}")
            return
        try:
            read_twiml(reply.body, ANY_VERB)
        except TwimlRefused as refused:
            self.refused.append(f"{url}: {refused}")


class Mishaps:
    """One after the other, while they are let."""

    def __init__(self, line: Exchange, judge: Judge, chance: random.Random) -> None:
        self.line, self.judge, self.chance, self.over = line, judge, chance, False
        self.kinds: list[Callable[[], None]] = [
            *[self.callbacks_go_wrong] * 4, *[self.questions_go_wrong] * 4, *[self.replay] * 4,
            *[self.worker_dies] * 2, self.worker_rests, self.late_answer, self.line_is_out_of_reach,
            self.too_many_calls, self.another_line, self.cannot_delete,
        ]  # fmt: skip
        self._next()

    def end(self) -> None:
        self.over = True
        self.line.twilio.faults.switch_off()
        self.line.working, self.line.rest.after = True, None

    def _next(self) -> None:
        self.line.time.after(self.chance.expovariate(1 / EACH), self._happen)

    def _happen(self) -> None:
        if self.over:
            return
        if self.chance.random() < 0.1:
            self.line.twilio.faults.switch_off()
        self.chance.choice(self.kinds)()
        self._next()

    def callbacks_go_wrong(self) -> None:
        self._switch_on(self.chance.choice(AT_CALLBACKS), self.chance.choice(CALLBACKS), (*SECONDS_LATE, 45.0))

    def questions_go_wrong(self) -> None:
        self._switch_on(self.chance.choice(AT_QUESTIONS), self.chance.choice(QUESTIONS), SECONDS_LATE)

    def line_is_out_of_reach(self) -> None:
        self._switch_on(Fault.UNREACHABLE, self.chance.choice(WITH_FALLBACK), SECONDS_LATE)

    def _switch_on(self, fault: Fault, where: str, late: tuple[float, ...]) -> None:
        times, seconds = self.chance.randrange(1, 4), self.chance.choice(late)
        self.line.twilio.faults.switch_on(fault, where, times=times, seconds=seconds)

    def too_many_calls(self) -> None:
        self.line.twilio.faults.switch_on(Fault.TOO_MANY_CALLS, times=3)

    def cannot_delete(self) -> None:
        self.line.twilio.faults.switch_on(Fault.DELETE_TOO_SOON, times=3)

    def worker_dies(self) -> None:
        """The next time that Twilio has done what it was asked and the worker does not know it yet."""

        def killed() -> None:
            raise Killed

        self.line.rest.after = killed

    def worker_rests(self) -> None:
        self.line.working = False
        self.line.time.after(self.chance.uniform(1, 20), self._worker_is_back)

    def _worker_is_back(self) -> None:
        self.line.working = True

    def late_answer(self) -> None:
        """Twilio's answer to a request comes after the callbacks that the request brought about."""
        seconds = self.chance.choice([0.6, 3.0, 7.0])
        self.line.rest.after = lambda: self.line.time.advance(seconds)

    def another_line(self) -> None:
        self.line.redeploy()

    def replay(self) -> None:
        """Somebody sends again, signature and all, what Twilio sent about a call that is over."""
        if not self.judge.sent:
            return
        webhook = self.chance.choice(self.judge.sent)
        call = self.line.twilio.calls.get(webhook.params.get("CallSid", ""))
        if call is None:
            self.judge.replayed += 1
            send(webhook, AUTH_TOKEN, self.judge)
