"""How long callers listen, measured on the audio where there is some. Knows menu and words, and no telephone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ivr.line.audio import Shelf, Source, audio_name, load_shelf
from ivr.line.menu import CATEGORY, COMPLAINT, REGION, WELCOME, Menu, Nodes, force_node
from ivr.line.place import Place
from ivr.line.prompts import Prompts, Spoken
from ivr.line.twiml import menu_words
from ivr.wav import seconds
from shared.domain.forces import REGIONS
from shared.domain.vocabulary import Language

WORDS_PER_SECOND: Final = 150 / 60
SILENT_CALLER_SECONDS: Final = 60  # from the first word until someone who does nothing is in the queue
EVERYTHING_SECONDS: Final = 120  # until someone is who hears every word on the way


@dataclass(frozen=True, slots=True)
class Listening:
    """How long one way to the queue takes, in seconds, and how long it may."""

    way: str
    takes: float
    limit: float

    @property
    def too_long(self) -> bool:
        return self.takes > self.limit


def with_every_voice(prompts: Prompts) -> Prompts:
    """The words as they sound once every language is reviewed and every file is played, machine's voices included."""
    heard = prompts.with_audio(load_shelf(Source), "")
    return replace(heard, reviewed=frozenset(Language))


def ways_to_the_queue(nodes: Nodes, prompts: Prompts, language: Language) -> Iterator[Listening]:
    """The ways with a limit: silence from the start, and every word of the longest path, then silence."""

    def takes(*path: str) -> float:
        return sum(menu_seconds(nodes, node, prompts, language) for node in path) + _menu(nodes, path[-1]).wait

    yield Listening("saying and pressing nothing", takes(WELCOME), SILENT_CALLER_SECONDS)
    longest = max(takes(WELCOME, CATEGORY, REGION, force_node(region)) for region in REGIONS)
    yield Listening("listening to everything", longest, EVERYTHING_SECONDS)
    yield Listening("listening to everything about complaints", takes(WELCOME, CATEGORY, COMPLAINT), EVERYTHING_SECONDS)


def menu_seconds(nodes: Nodes, name: str, prompts: Prompts, language: Language) -> float:
    """How long a menu speaks, in this language."""
    words = menu_words(Place(node=name, language=language), _menu(nodes, name), prompts)
    return sum(spoken_seconds(spoken, prompts.shelf) for spoken in words)


def spoken_seconds(spoken: Spoken, shelf: Shelf) -> float:
    """How long an utterance takes: its audio, or without any its words at 150 a minute."""
    samples = shelf.take(audio_name(spoken.audio)) if spoken.audio else None
    if samples is not None:
        return seconds(samples)
    return sum(any(map(str.isalnum, word)) for word in spoken.text.split()) / WORDS_PER_SECOND


def _menu(nodes: Nodes, name: str) -> Menu:
    node = nodes[name]
    assert isinstance(node, Menu)
    return node
