"""Performs TwiML on one call, verb by verb, as Twilio documents it. It knows no REST and no telephone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ivr.simulator.calls import WORDS_PER_MINUTE, Call, Direction
from ivr.simulator.carrier import Answer
from ivr.simulator.refusals import TwimlRefused, WebhookUnreachable
from ivr.simulator.script import Ask, Ending, Key, Performance, Wait
from ivr.simulator.twiml_grammar import IN_A_CALL, VERBS, Verb, read_twiml, spoken_by
from ivr.simulator.webhook import Webhook
from ivr.wav import NotTelephoneAudio, read_wav, seconds

if TYPE_CHECKING:
    from ivr.simulator.twiml_engine import Twilio

PLAY_SECONDS = 3.0  # of audio whose length the local Twilio cannot tell
APOLOGY = "We are sorry. An application error has occurred. Goodbye."
SHORTEST_ROUND_SECONDS = 1.0  # a wait page that says nothing is asked for once a second, not without end


@dataclass(frozen=True, slots=True)
class Document:
    """TwiML as read, with the address that relative addresses in it are taken from (empty: it came by REST)."""

    url: str
    verbs: tuple[Verb, ...]


Next = Document | Ending | None  # None: on to the following verb


def say(words: str, language: str = "en-US", voice: str = "man") -> Verb:
    """A <Say> of the local Twilio's own."""
    return Verb("Say", {"language": language, "voice": voice, "loop": "1"}, words)


HANG_UP = Verb("Hangup", {})
RECORDED_ERROR = Document("", (say(APOLOGY), HANG_UP))


def nothing_more() -> Mapping[str, str]:
    """No parameters beyond the call's own."""
    return {}


class Performer:
    """One call and the verbs allowed on it just now. `extras` are sent with each request (a queue's position, say)."""

    def __init__(
        self,
        twilio: "Twilio",
        call: Call,
        allowed: frozenset[str] = IN_A_CALL,
        extras: Callable[[], Mapping[str, str]] = nothing_more,
    ) -> None:
        self._twilio = twilio
        self._call = call
        self._allowed = allowed
        self._extras = extras
        self._document = Document("", ())

    def fetched(self, url: str, method: str = "POST") -> Performance[Ending]:
        """Ask for the TwiML at an address and perform it to its end."""
        document = yield from self.fetch(url, method)
        return (yield from self.perform(document))

    def looped(self, url: str, method: str = "POST") -> Performance[Ending]:
        """Ask for and perform a wait page again and again, until something in it ends the waiting."""
        while True:
            began = self._twilio.clock.now()
            ending = yield from self.fetched(url, method)
            if ending is not Ending.RAN_OUT:
                return ending
            passed = (self._twilio.clock.now() - began).total_seconds()
            if passed < SHORTEST_ROUND_SECONDS:
                yield Wait(SHORTEST_ROUND_SECONDS - passed)

    def perform(self, document: Document) -> Performance[Ending]:
        """Perform a document and whatever its actions lead to."""
        following: Next = document
        while isinstance(following, Document):
            self._document = following
            following = yield from self._verbs(following.verbs)
        return following or Ending.RAN_OUT

    def _verbs(self, verbs: tuple[Verb, ...]) -> Performance[Next]:
        for position, verb in enumerate(verbs):
            if not (verb.name == "Reject" or (position == 0 and verb.name in {"Pause", "Redirect"})):
                self._twilio.pick_up(self._call)
            following = yield from PERFORMED[verb.name](self, verb)
            if following is not None:
                return following
        return None

    def fetch(self, url: str, method: str, params: Mapping[str, str] | None = None) -> Performance[Document]:
        """The document at an address, or the fallback's, or the error the caller then hears."""
        target = urljoin(self._document.url, url)
        if not urlsplit(target).scheme:
            self._twilio.refuse(self._call, target, TwimlRefused(f"{url!r} is not a whole address"))
            return RECORDED_ERROR
        asked = Webhook(target, {**self._call.parameters(), **self._extras(), **(params or {})}, method)
        answer: Answer = yield Ask(asked)
        try:
            return Document(target, read_answer(answer, self._allowed))
        except (TwimlRefused, WebhookUnreachable) as failure:
            self._twilio.refuse(self._call, target, failure)
            return (yield from self._fallback(target, failure))

    def _fallback(self, failed: str, failure: Exception) -> Performance[Document]:
        called_us = self._call.direction is Direction.INBOUND  # it is the number's; calls made by REST have none
        url = self._twilio.line.fallback_url if called_us else None
        if not url or failed == url:
            return RECORDED_ERROR
        code = "11200" if isinstance(failure, WebhookUnreachable) else "12100"
        return (yield from self.fetch(url, "POST", {"ErrorCode": code, "ErrorUrl": failed}))

    # The verbs.

    def _sound(self, verb: Verb) -> Performance[Next]:
        yield from self._make_heard(verb, keys=False)
        return None

    def _make_heard(self, verb: Verb, keys: bool) -> Performance[Key | None]:
        if verb.name == "Pause":
            pressed = yield Wait(verb.number("length"), keys)
            return pressed if isinstance(pressed, Key) else None
        for _ in _rounds(verb.number("loop")):
            key = yield from self._once(verb, keys)
            if key is not None:
                return key
        return None

    def _once(self, verb: Verb, keys: bool) -> Performance[Key | None]:
        words, audio = verb.text, ""
        if verb.name == "Say":
            language, voice = spoken_by(verb)
            seconds = len(verb.text.split()) * 60.0 / WORDS_PER_MINUTE
        else:
            audio = urljoin(self._document.url, verb.text)
            seconds = yield from self._fetch_audio(audio)
            played = self._twilio.words_played(audio)
            words, language, voice = played.words, played.language, ""
        self._twilio.speak(self._call, words, language, voice, seconds, audio)
        try:
            key = yield Wait(seconds, keys)
        finally:
            self._twilio.fall_silent(self._call)
        return key if isinstance(key, Key) else None

    def _fetch_audio(self, url: str) -> Performance[float]:
        """How long the audio at an address sounds. It is fetched once and kept; where that fails there is silence."""
        if urlsplit(url)[:2] != urlsplit(self._twilio.line.voice_url)[:2]:
            return PLAY_SECONDS  # not the application's own: it is not fetched from anywhere
        if url not in self._twilio.audio_seconds:
            answer: Answer = yield Ask(Webhook(url, {}, "GET", audio=True))
            try:
                self._twilio.audio_seconds[url] = read_audio(answer)
            except (TwimlRefused, WebhookUnreachable) as failure:
                self._twilio.refuse(self._call, url, failure)
                return 0.0
        return self._twilio.audio_seconds[url]

    def _gather(self, verb: Verb) -> Performance[Next]:
        key: Key | None = None
        for child in verb.children:
            key = yield from self._make_heard(child, keys=True)
            if key is not None:
                break
        digits, finished_on = yield from self._collect(verb, key)
        if not digits and not verb.flag("actionOnEmptyResult"):
            return None
        params = {"Digits": digits, "FinishedOnKey": finished_on, "msg": "Gather End"}
        return (yield from self.fetch(verb.get("action") or self._document.url, verb["method"], params))

    def _collect(self, verb: Verb, key: Key | None) -> Performance[tuple[str, str]]:
        digits = ""
        limit = verb.get("numDigits")
        while True:
            if key is None:
                key = yield Wait(verb.number("timeout"), keys=True)
            if key is None:
                return digits, ""
            if key.digit == verb["finishOnKey"]:
                return digits, key.digit
            digits, key = digits + key.digit, None
            if limit and len(digits) == int(limit):
                return digits, ""

    def _redirect(self, verb: Verb) -> Performance[Next]:
        return (yield from self.fetch(verb.text, verb["method"]))

    def _hang_up(self, verb: Verb) -> Performance[Next]:
        yield from ()
        return Ending.HUNG_UP

    def _reject(self, verb: Verb) -> Performance[Next]:
        yield from ()
        return Ending.BUSY if verb["reason"] == "busy" else Ending.REJECTED

    def _leave(self, verb: Verb) -> Performance[Next]:
        yield from ()
        return Ending.LEFT_QUEUE

    def _enqueue(self, verb: Verb) -> Performance[Next]:
        return (yield from self._waited_in(verb, self._twilio.queues.hold(self._call, verb, self._document.url)))

    def _dial(self, verb: Verb) -> Performance[Next]:
        inside = verb.children[0] if verb.children else Verb("Number", {}, verb.text)
        place = self._twilio.conferences if inside.name == "Conference" else self._twilio.dials
        return (yield from self._waited_in(verb, place.hold(self._call, verb, self._document.url)))

    def _waited_in(self, verb: Verb, stay: Performance[Mapping[str, str]]) -> Performance[Next]:
        result = yield from stay
        action = verb.get("action")
        if action is None:
            return None
        return (yield from self.fetch(action, verb["method"], result))


PERFORMED: Mapping[str, Callable[[Performer, Verb], Performance[Next]]] = {
    "Say": Performer._sound,
    "Play": Performer._sound,
    "Pause": Performer._sound,
    "Gather": Performer._gather,
    "Redirect": Performer._redirect,
    "Enqueue": Performer._enqueue,
    "Leave": Performer._leave,
    "Dial": Performer._dial,
    "Hangup": Performer._hang_up,
    "Reject": Performer._reject,
}
if PERFORMED.keys() != VERBS["Response"].children:
    raise AssertionError("every verb of the grammar is performed")


def read_answer(answer: Answer, allowed: frozenset[str]) -> tuple[Verb, ...]:
    """What an answer means: TwiML, text to read aloud, or audio. Raises TwimlRefused or WebhookUnreachable."""
    if isinstance(answer, WebhookUnreachable):
        raise answer
    if not 200 <= answer.status < 300:
        raise TwimlRefused(f"the application answered with status {answer.status}")
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return (say(answer.body.decode("utf-8", "replace")), HANG_UP)
    if kind.startswith("audio/"):
        return (Verb("Play", {"loop": "1"}, kind), HANG_UP)
    if kind not in {"text/xml", "application/xml", "text/html"}:
        raise TwimlRefused(f"the application answered with {kind or 'no content type'}, not XML")
    return read_twiml(answer.body, allowed)


def read_audio(answer: Answer) -> float:
    """How many seconds the audio that was answered sounds. Raises TwimlRefused or WebhookUnreachable."""
    if isinstance(answer, WebhookUnreachable):
        raise answer
    kind = answer.content_type.partition(";")[0].strip().lower()
    if answer.status != 200 or not kind.startswith("audio/"):
        raise TwimlRefused(f"the application answered a <Play> with status {answer.status}, {kind or 'no type'}")
    try:
        return seconds(read_wav(answer.body))
    except NotTelephoneAudio:
        return PLAY_SECONDS


def _rounds(loop: int) -> Iterator[int]:
    return iter(range(loop)) if loop else count()
