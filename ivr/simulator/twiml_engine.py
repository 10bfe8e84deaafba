"""The local Twilio itself: calls begin, are performed and end here. It knows the application only by its addresses."""

import random
import threading
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from types import TracebackType
from typing import Self

from ivr.simulator.account import Account, Answerer, Event, Line
from ivr.simulator.calls import Call, CallState, CallStatus, Direction
from ivr.simulator.carrier import Alert, Answer, Carrier
from ivr.simulator.clock import Clock
from ivr.simulator.conferences import Conferences
from ivr.simulator.dials import Dials
from ivr.simulator.faults import Faults
from ivr.simulator.performer import Document, Performer, read_answer
from ivr.simulator.played import Played, words_played
from ivr.simulator.queues import Queues
from ivr.simulator.refusals import TwimlRefused, WebhookUnreachable
from ivr.simulator.script import Backstage, Ending, Performance, Script
from ivr.simulator.twiml_grammar import IN_A_CALL, IN_A_CONFERENCE_WAIT, IN_A_QUEUE
from ivr.simulator.webhook import Transport, Webhook

RINGING_AFTER_SECONDS = 0.5
TIMEOUT_BUFFER_SECONDS = 5.0  # Twilio adds it to every outgoing call's Timeout
ANY_VERB = IN_A_CALL | IN_A_QUEUE | IN_A_CONFERENCE_WAIT


class Twilio:
    """One account with one line. Use as a context manager in tests: leaving it raises what was refused."""

    def __init__(
        self, line: Line, account: Account, transport: Transport, clock: Clock, randomness: random.Random
    ) -> None:
        self.line = line
        self.account = account
        self.clock = clock
        self.faults = Faults()
        self.lock = threading.RLock()
        self.carrier = Carrier(clock, transport, account.auth_token, self.faults, randomness)
        self.queues = Queues(self)
        self.conferences = Conferences(self)
        self.dials = Dials(self)
        self.calls: dict[str, Call] = {}
        self.handsets: dict[str, Answerer] = {}
        self.anyone_else: Callable[[str], Answerer] | None = None
        self.refusals: list[TwimlRefused] = []
        self.listeners: list[Callable[[Event], None]] = []
        self.words_played: Callable[[str], Played] = words_played
        self.audio_seconds: dict[str, float] = {}
        self._backstage = Backstage(self.lock, clock, self.carrier)
        self._randomness = randomness

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.check()

    def check(self) -> None:
        """Raise the first TwimlRefused of the application's, if there was any."""
        if self.refusals:
            raise self.refusals[0]

    @property
    def alerts(self) -> list[Alert]:
        """What Twilio would keep for good: requests with every parameter that met an error or nobody."""
        return self.carrier.alerts

    def new_sid(self, kind: str) -> str:
        return f"{kind}{self._randomness.getrandbits(128):032x}"

    # Calls begin.

    def dial_in(self, number: str, also_sent: Mapping[str, str] | None = None) -> Call:
        """Somebody rings the line from `number` (or from a withheld caller's stand-in for one)."""
        with self.lock:
            call = self.new_call(number, self.line.number, Direction.INBOUND)
            call.also_sent = also_sent or {}
            call.status = CallStatus.RINGING
            call.status_url = self.line.status_url
            self._emit(call, "ringing")
            self.begin(call, Performer(self, call).fetched(self.line.voice_url, self.line.voice_method))
            return call

    def new_call(self, caller: str, called: str, direction: Direction, parent: Call | None = None) -> Call:
        now = self.clock.now()
        call = Call(
            self.new_sid("CA"), self.account.sid, caller, called, direction, now, CallStatus.QUEUED,
            parent_sid=parent.sid if parent else None,
        )  # fmt: skip
        self.calls[call.sid] = call
        return call

    def call_out(self, call: Call, url: str | None, document: Document | None, timeout: float) -> None:
        """Ring the called number; when it answers, perform the document, or the one at `url`."""
        performer = Performer(self, call)

        def answered() -> None:
            if document is not None:
                self.begin(call, performer.perform(document))
            elif url is not None:
                self.begin(call, performer.fetched(url))

        call.on_answer = answered
        self.ring(call, timeout)

    def ring(self, call: Call, timeout: float) -> None:
        """Ring the called number's handset for `timeout` seconds and Twilio's five more."""
        self.clock.after(0, lambda: self._initiated(call))
        self.clock.after(RINGING_AFTER_SECONDS, lambda: self._ring_now(call))
        limit = RINGING_AFTER_SECONDS + timeout + TIMEOUT_BUFFER_SECONDS
        self.clock.after(limit, lambda: self._give_up(call))

    def _initiated(self, call: Call) -> None:
        with self.lock:
            if call.live:
                self._tell_progress(call, "initiated")

    def _ring_now(self, call: Call) -> None:
        with self.lock:
            if call.status is not CallStatus.QUEUED:
                return
            call.status = CallStatus.RINGING
            self._emit(call, "ringing")
            self._tell_progress(call, "ringing")
            answerer = self.handsets.get(call.called)
            if answerer is None and self.anyone_else is not None:
                answerer = self.anyone_else(call.called)
            if answerer is not None:
                answerer.ring(call)

    def _give_up(self, call: Call) -> None:
        with self.lock:
            if call.status in {CallStatus.QUEUED, CallStatus.RINGING}:
                self.hang_up(call, CallStatus.NO_ANSWER)

    def answer(self, call: Call) -> None:
        """The called person picks up."""
        with self.lock:
            if call.status is CallStatus.RINGING and call.on_answer is not None:
                self.pick_up(call)
                self._tell_progress(call, "answered")
                call.on_answer()

    def pick_up(self, call: Call) -> None:
        """The call is answered, if it was not already."""
        if call.status in {CallStatus.QUEUED, CallStatus.RINGING}:
            call.status = CallStatus.IN_PROGRESS
            call.answered_at = self.clock.now()
            self.notice(call)

    # Calls are performed.

    def begin(self, call: Call, performance: Performance[Ending]) -> None:
        """Start performing on a call; when it is over, so is the call."""
        call.performing = Script(self._backstage, performance, lambda ending: self._over(call, ending))
        call.performing.start()

    def _over(self, call: Call, ending: Ending) -> None:
        rejected = {Ending.BUSY: CallStatus.BUSY, Ending.REJECTED: CallStatus.NO_ANSWER}
        status = CallStatus.COMPLETED if call.answered_at else rejected.get(ending, CallStatus.COMPLETED)
        call.performing = None
        self.hang_up(call, status)

    def let_hear(self, call: Call, performance: Performance[Ending], over: Callable[[Ending], None]) -> None:
        """Let the call hear something while it waits."""

        def ended(ending: Ending) -> None:
            call.hearing = None
            over(ending)

        call.hearing = Script(self._backstage, performance, ended)
        call.hearing.start()

    def release(self, call: Call, how: str) -> None:
        """Let the call go on with what follows the verb that it waits in."""
        if call.performing is not None:
            call.performing.release(how)
        self.notice(call)

    def move(self, call: Call, url: str | None, document: Document | None = None) -> None:
        """Take a live call away from whatever it is doing, to other TwiML, as REST does."""
        with self.lock:
            self._stop(call, "redirected")
            performer = Performer(self, call)
            self.begin(call, performer.perform(document) if document else performer.fetched(url or ""))
            self.notice(call)

    def hang_up(self, call: Call, status: CallStatus = CallStatus.COMPLETED) -> None:
        """End the call, whoever ended it. Ending an ended call changes nothing."""
        with self.lock:
            if not call.live:
                return
            call.status, call.ended_at = status, self.clock.now()
            self._stop(call, "hangup")
            call.talking_with = None
            self._tell_progress(call, "completed")
            self.notice(call)

    def _stop(self, call: Call, how: str) -> None:
        performing, call.performing = call.performing, None
        if performing is not None:
            performing.stop()
        parting, call.parting = call.parting, None
        if parting is not None:
            parting(how)
        call.stop_hearing()

    # What is said, asked and told.

    def speak(self, call: Call, words: str, language: str, voice: str, seconds: float, audio: str = "") -> None:
        """A voice says words, or without one the `audio` at an address is played."""
        call.speak(self.clock.now(), words, language, voice, seconds)
        told: dict[str, str | float] = {"words": words, "language": language, "seconds": seconds}
        self._emit(call, "say" if voice else "play", told if voice else told | {"audio": audio})

    def fall_silent(self, call: Call) -> None:
        spoken = call.fall_silent(self.clock.now())
        self._emit(call, "said", {"words": spoken.heard_by(self.clock.now())})

    def press(self, call: Call, digit: str) -> None:
        """One key, on any live call."""
        with self.lock:
            if call.live:
                self._emit(call, "key", {"key": digit})
                call.press(digit)

    def ask_in_passing(self, call: Call, url: str, params: Mapping[str, str]) -> None:
        """A request whose answer is read but performed by nobody, since the call is over or elsewhere."""

        def read(answer: Answer) -> None:
            try:
                read_answer(answer, ANY_VERB)
            except (TwimlRefused, WebhookUnreachable) as failure:
                self.refuse(call, url, failure)

        self.carrier.ask(Webhook(url, {**call.parameters(), **params}), read)

    def refuse(self, call: Call, url: str, failure: Exception) -> None:
        """Keep what was refused. Being out of reach is an alert already, and no fault of the TwiML."""
        if isinstance(failure, TwimlRefused):
            self.refusals.append(TwimlRefused(f"{url or 'TwiML by REST'}: {failure}"))
        self._emit(call, "refused", {"reason": str(failure)})

    def _tell_progress(self, call: Call, event: str) -> None:
        sequence, call.sequence = call.sequence, call.sequence + 1
        call.updated = self.clock.now()
        if not call.status_url or event not in call.status_events:
            return
        told = {
            **call.parameters(),
            "Timestamp": format_datetime(self.clock.now()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(sequence),
        }
        if event == "completed":
            told |= {"CallDuration": str(call.duration), "Duration": str(-(-call.duration // 60))}
        self.carrier.tell(call.status_url, told)

    # What people notice.

    def talking_with(self, call: Call) -> list[Call]:
        """The calls that this one can talk with at this moment."""
        with self.lock:
            if call.talking_with is not None:
                return [call.talking_with]
            conference = self.conferences.of(call)
            return conference.heard_by(call) if conference else []

    def state(self, call: Call) -> CallState:
        if not call.live:
            return CallState.ENDED
        if call.answered_at is None:
            return CallState.RINGING
        if self.talking_with(call):
            return CallState.TALKING
        return CallState.WAITING if call.parting is not None else CallState.LISTENING

    def notice(self, call: Call) -> None:
        """Tell the listeners if what this call's person notices has changed, and those it talked with."""
        state = self.state(call)
        if state is not call.shown:
            call.shown = state
            self._emit(call, "state", {"state": state.value})

    def _emit(self, call: Call, kind: str, details: Mapping[str, str | float] | None = None) -> None:
        event = Event(self.clock.now(), call.sid, kind, details or {})
        for listener in self.listeners:
            listener(event)
