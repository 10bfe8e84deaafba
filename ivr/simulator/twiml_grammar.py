"""The TwiML the local Twilio knows, as one table, and the strict reading of a document against it.

What Twilio would only warn about is refused here, so that a misspelt attribute fails a test and not a call.
Verbs, attributes, defaults and nesting: Twilio's TwiML for Voice reference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree

from ivr.simulator.refusals import TwimlRefused


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: the default Twilio documents (None: absent) and the pattern that its values must match."""

    default: str | None
    allowed: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """One verb: its attributes, the verbs that may stand inside it, and whether it holds text."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    text: str = ""  # a pattern; empty: this verb holds no text


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as read: every known attribute is present, with the documented default where the document is silent."""

    name: str
    attributes: Mapping[str, str | None]
    text: str = ""
    children: tuple["Verb", ...] = ()

    def get(self, name: str) -> str | None:
        """The attribute's value, or None where it was not given and has no default."""
        return self.attributes[name]

    def __getitem__(self, name: str) -> str:
        value = self.attributes[name]
        if value is None:
            raise KeyError(name)
        return value

    def number(self, name: str) -> int:
        return int(self[name])

    def flag(self, name: str) -> bool:
        return self[name].lower() == "true"


FLAG = "(?i:true|false)"
METHOD = Attribute("POST", "POST|GET")
URL = r"\S+"
OPTIONAL_URL = Attribute(None, URL)
SECONDS = r"[1-9]\d{0,3}"
SPEECH = r"(?s).*\S.*"
EVENTS = "(start|end|join|leave|mute|hold|modify|speaker|announcement)"

# Twilio's voices for the languages of the line; any other pair fails on a call.
VOICES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en-GB": frozenset(
            f"Polly.{name}{kind}"
            for name in ("Amy", "Brian", "Emma", "Arthur")
            for kind in ("", "-Neural", "-Generative")
        )
        - {"Polly.Arthur", "Polly.Arthur-Generative", "Polly.Brian-Generative", "Polly.Emma-Generative"}
        | {"man", "woman", "alice"},
        "cy-GB": frozenset({"Polly.Gwyneth"}),
        "en-US": frozenset({"man", "woman", "alice", "Polly.Joanna", "Polly.Joanna-Neural"}),
    }
)

VERBS: Mapping[str, Grammar] = MappingProxyType(
    {
        "Response": Grammar(
            children=frozenset(
                {"Say", "Play", "Pause", "Gather", "Redirect", "Enqueue", "Leave", "Dial", "Hangup", "Reject"}
            )
        ),
        "Say": Grammar(
            {
                "language": Attribute(None, "|".join(VOICES)),
                "voice": Attribute(None, r"[\w.-]+"),
                "loop": Attribute("1", r"\d{1,4}"),
            },
            text=SPEECH,
        ),
        "Play": Grammar({"loop": Attribute("1", r"\d{1,4}")}, text=URL),
        "Pause": Grammar({"length": Attribute("1", r"\d{1,4}")}),
        "Gather": Grammar(
            {
                "input": Attribute("dtmf", "dtmf"),
                "action": OPTIONAL_URL,
                "method": METHOD,
                "numDigits": Attribute(None, r"[1-9]\d{0,2}"),
                "timeout": Attribute("5", SECONDS),
                "finishOnKey": Attribute("#", "[0-9*#]?"),
                "actionOnEmptyResult": Attribute("false", FLAG),
            },
            children=frozenset({"Say", "Play", "Pause"}),
        ),
        "Redirect": Grammar({"method": METHOD}, text=URL),
        "Enqueue": Grammar(
            {
                "action": OPTIONAL_URL,
                "method": METHOD,
                "waitUrl": OPTIONAL_URL,
                "waitUrlMethod": METHOD,
            },
            text=r"\S.{0,63}",
        ),
        "Leave": Grammar(),
        "Dial": Grammar(
            {
                "action": OPTIONAL_URL,
                "method": METHOD,
                "callerId": Attribute(None, r"\+[1-9]\d{5,14}"),
                "timeout": Attribute("30", SECONDS),
                "timeLimit": Attribute("14400", SECONDS + r"\d?"),
                "hangupOnStar": Attribute("false", "false"),
                "answerOnBridge": Attribute("false", FLAG),
                "record": Attribute("do-not-record", "do-not-record|false"),  # nothing is ever recorded
            },
            children=frozenset({"Conference", "Number"}),
            text=r"(\+[1-9]\d{5,14})?",
        ),
        "Number": Grammar(text=r"\+[1-9]\d{5,14}"),
        "Conference": Grammar(
            {
                "muted": Attribute("false", FLAG),
                "beep": Attribute("true", "true|false|onEnter|onExit"),
                "startConferenceOnEnter": Attribute("true", FLAG),
                "endConferenceOnExit": Attribute("false", FLAG),
                "participantLabel": Attribute(None, r"\S.{0,127}"),
                "maxParticipants": Attribute("250", r"\d{1,3}"),
                "record": Attribute("do-not-record", "do-not-record|false"),
                "trim": Attribute("do-not-trim", "do-not-trim|trim-silence"),
                "region": Attribute(None, "us1|us2|ie1|de1|au1|sg1|br1|jp1|in1"),
                "waitUrl": Attribute(None, r"\S*"),
                "waitMethod": METHOD,
                "statusCallback": OPTIONAL_URL,
                "statusCallbackEvent": Attribute(None, f"{EVENTS}( {EVENTS})*"),
                "statusCallbackMethod": Attribute("POST", "POST"),
            },
            text=r"\S.{0,127}",
        ),
        "Hangup": Grammar(),
        "Reject": Grammar({"reason": Attribute("rejected", "rejected|busy")}),
    }
)

# Which verbs Twilio performs where; the rest fails the call.
IN_A_CALL = VERBS["Response"].children - {"Leave"}
IN_A_QUEUE = frozenset({"Play", "Say", "Pause", "Redirect", "Hangup", "Leave", "Gather"})
IN_A_CONFERENCE_WAIT = frozenset({"Play", "Say", "Pause", "Redirect"})


def read_twiml(document: str | bytes, allowed: frozenset[str] = IN_A_CALL) -> tuple[Verb, ...]:
    """Read a whole document. Raises TwimlRefused naming the first verb, attribute, value or nesting not known here."""
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 -- written by the application under test, on this machine
    except (ElementTree.ParseError, ValueError) as error:
        raise TwimlRefused(f"the document is not well-formed XML: {error}") from error
    if root.tag != "Response":
        raise TwimlRefused(f"the document starts with <{root.tag}>, not <Response>")
    response = _read(root)
    for verb in response.children:
        if verb.name not in allowed:
            raise TwimlRefused(f"<{verb.name}> cannot stand here; allowed: {', '.join(sorted(allowed))}")
    return response.children


def _read(element: ElementTree.Element) -> Verb:
    grammar = VERBS.get(element.tag)
    if grammar is None:
        raise TwimlRefused(f"unknown verb <{element.tag}>")
    for child in element:
        if child.tag not in grammar.children:
            raise TwimlRefused(f"<{child.tag}> cannot stand inside <{element.tag}>")
    verb = Verb(
        element.tag,
        _attributes(element, grammar),
        _text(element, grammar),
        tuple(_read(child) for child in element),
    )
    _check_together(verb)
    return verb


def _attributes(element: ElementTree.Element, grammar: Grammar) -> Mapping[str, str | None]:
    for name, value in element.attrib.items():
        attribute = grammar.attributes.get(name)
        if attribute is None:
            raise TwimlRefused(f"<{element.tag}> has no attribute {name!r}")
        if not re.fullmatch(attribute.allowed, value):
            raise TwimlRefused(f"<{element.tag} {name}={value!r}> is not an allowed value")
    return {name: element.attrib.get(name, attribute.default) for name, attribute in grammar.attributes.items()}


def _text(element: ElementTree.Element, grammar: Grammar) -> str:
    text = " ".join("".join([element.text or "", *(child.tail or "" for child in element)]).split())
    if not re.fullmatch(grammar.text, text):
        what = f"cannot hold the text {text!r}" if text else "is empty"
        raise TwimlRefused(f"<{element.tag}> {what}")
    return text


def _check_together(verb: Verb) -> None:
    if verb.name == "Say":
        language, voice = spoken_by(verb)
        if voice not in VOICES[language]:
            raise TwimlRefused(f"<Say> has no voice {voice!r} in {language}")
    if verb.name == "Dial" and len(verb.children) + bool(verb.text) != 1:
        raise TwimlRefused("<Dial> takes exactly one <Conference>, <Number> or number")


def spoken_by(say: Verb) -> tuple[str, str]:
    """The language and voice of a <Say>: a voice alone brings its own language; nothing at all is Twilio's default."""
    language, voice = say.get("language"), say.get("voice")
    if language is None:
        owners = [known for known, voices in VOICES.items() if voice in voices]
        language = owners[0] if owners and voice and voice.startswith("Polly.") else "en-US"
    return language, voice or "man"
