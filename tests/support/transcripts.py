"""Calls written down as they are heard, made by the local Twilio in virtual time. `--write` puts them into docs/."""

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ivr.line.menu import REGION, Menu, force_node, nodes
from ivr.simulator.calls import Spoken
from ivr.simulator.phone import Handset, Phone
from shared.domain import calls
from shared.domain.forces import FORCES
from shared.domain.vocabulary import Language
from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.support.dialogue import everyone_goes, with_settings
from tests.support.line import Exchange, exchange_on
from tests.support.on_duty import put_on_duty

FOLDER: Final = Path(__file__).parents[2] / "docs" / "transcripts"
CLOCK: Final = "Minutes and seconds since the first word; what happens is in italics. “…”: a key or a person cut in."
HANDSET: Final = "+442079460111"


@dataclass
class Call:
    """A caller, and what happens besides the words they hear."""

    line: Exchange
    phone: Phone = field(init=False)
    happened: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.phone = Phone(self.line.twilio).dial()

    def press(self, key: str, meaning: str) -> None:
        self.note(f"*The caller presses {key}: {meaning}.*")
        self.phone.press(key).listen(0.5)

    def note(self, what: str) -> None:
        self.happened.append((self.line.time.now(), what))

    def answered_by(self, person_id: str) -> None:
        """The handler takes the call; the caller is put through."""
        [waiting] = self.line.waiting()
        self.line.take(waiting, person_id)
        self.note("*A handler takes the call; their handset rings and they press 1.*")
        self.phone.listen_until(lambda: bool(self.phone.in_conference_with), 60)
        self.note("*They can speak with each other. Nothing is recorded.*")
        self.phone.listen(180)

    def ended_by(self, person_id: str) -> None:
        self.note("*The handler ends the call.*")
        call = self.line.in_hand(person_id)
        self.line.do(calls.end_call, call.id, person_id, self.line.time.now())
        self.phone.listen(20)

    def _heard(self, spoken: Spoken) -> str:
        words = spoken.heard_by(self.line.time.now())
        return f"{words} …" if words and words != spoken.words else words

    def written(self) -> str:
        """Everything in order, each with the minutes and seconds since the first word."""
        said = [(spoken.at, self._heard(spoken)) for spoken in self.phone.transcript]
        everything = sorted([*self.happened, *said], key=lambda one: one[0])
        first = everything[0][0]
        return "\n".join(f"- `{_clock(at, first)}` {words}" for at, words in everything if words)


def _clock(at: datetime, first: datetime) -> str:
    minutes, seconds = divmod(int((at - first).total_seconds()), 60)
    return f"{minutes:02}:{seconds:02}"


def _silent_caller(line: Exchange) -> str:
    person_id, _ = line.handler()
    call = Call(line)
    call.phone.listen_until(lambda: bool(line.waiting()), 90).listen(45)
    call.answered_by(person_id)
    call.ended_by(person_id)
    return call.written()


def _unable_to_speak(line: Exchange) -> str:
    person_id, _ = line.handler()
    call = Call(line)
    call.phone.listen(20)
    call.press("5", "perhaps meaning 55")
    call.phone.listen(20)
    call.answered_by(person_id)
    call.ended_by(person_id)
    return call.written()


def _welsh_confidential(line: Exchange) -> str:
    with_settings(line, welsh=True)
    everyone_goes(line)
    put_on_duty(line.store, line.time.now())
    person_id = line.enrol("Cerys", HANDSET, Language.CY)
    Handset(line.twilio, HANDSET, answers_after=3.0, presses="1")
    gwent, table = FORCES["gwent"], nodes(welsh_reviewed=True)
    regions = table[REGION]
    assert isinstance(regions, Menu)
    region = next(key for key, choice in regions.keys.items() if choice.then == force_node(gwent.region))
    call = Call(line)
    call.phone.listen(2)
    call.press("2", "Cymraeg")
    call.phone.listen_for("pwyswch 3.")
    call.press("3", "confidential, with a name for the force's investigators")
    call.phone.listen(6)
    call.press("4", "abusing a partner")
    call.phone.listen(4)
    call.press(region, "the region")
    call.phone.listen(3)
    call.press(gwent.key, "Gwent")
    call.phone.listen(40)
    call.answered_by(person_id)
    call.ended_by(person_id)
    return call.written()


@dataclass(frozen=True, slots=True)
class Transcript:
    """One call: its title, what to know of it, and how it goes."""

    title: str
    about: str
    call: Callable[[Exchange], str]


TRANSCRIPTS: Final[Mapping[str, Transcript]] = MappingProxyType(
    {
        "silent-caller.md": Transcript(
            "A caller who says and presses nothing",
            "Silence is not a wrong answer: it leads to a person within a minute.",
            _silent_caller,
        ),
        "unable-to-speak.md": Transcript(
            "A caller who may be unable to speak",
            "Somebody presses 5, perhaps because they have heard of 55. They hear again what 55 is and where it works, "
            "and come before everyone who can speak. The handler is told before answering, and asks what one key can "
            "answer.",
            _unable_to_speak,
        ),
        "welsh-confidential.md": Transcript(
            "A confidential call in Welsh",
            "As it will be once the Welsh words are reviewed; until then key 2 leads straight to a Welsh speaker. The "
            "words are a draft.",
            _welsh_confidential,
        ),
    }
)


def transcript(name: str) -> str:
    """A transcript as Markdown, from a call made now."""
    one = TRANSCRIPTS[name]
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/candour.db")
        try:
            bring_up_to_date(store)
            called = one.call(exchange_on(store))
        finally:
            store.close()
    return f"# {one.title}\n\n{one.about}\n\n{CLOCK}\n\n{called}\n"


def main() -> None:
    """Say what is written down differently; with `--write`, write it down."""
    for name in TRANSCRIPTS:
        if "--write" in sys.argv:
            (FOLDER / name).write_text(transcript(name), encoding="utf-8")
        elif (FOLDER / name).read_text(encoding="utf-8") != transcript(name):
            sys.stdout.write(f"{name} is not what the line says.\n")


if __name__ == "__main__":
    main()
