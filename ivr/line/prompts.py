"""The words the line speaks, read from voice_prompts/; knows neither the menu nor TwiML."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from types import MappingProxyType

from ivr.line.audio import Shelf, audio_url, pieces
from shared.domain.vocabulary import Language

DEFAULT_ONLINE = "crimestoppers-uk.org"
NAMES = ("category", "region", "force", "day")  # tables of names; the others are sentences


class PromptsIncomplete(Exception):
    """The prompts lack a language, or words that every language must have. Our fault, found at start-up."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words for one voice: `text` is said by `voice` in `language`, or played from the address `audio` if there is one.

    `pieces` are the same words as they are recorded.
    """

    text: str
    language: Language
    voice: str
    pieces: tuple[str, ...] = ()
    audio: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Prompts:
    """Every word of the line by language and prompt id, the voices, and which languages are reviewed.

    Equal only to itself, so that what was made of the words can be kept by them.

    `online` is the other route as it is spoken, filled in wherever the words say {online}. What is on the `shelf` is
    played from below `public_url`; the rest is said by a voice of Twilio's.
    """

    words: Mapping[Language, Mapping[str, str]]
    voices: Mapping[Language, str]
    reviewed: frozenset[Language]
    online: str = DEFAULT_ONLINE
    shelf: Shelf = field(default_factory=Shelf)
    public_url: str = ""

    def with_audio(self, shelf: Shelf, public_url: str) -> "Prompts":
        """The same words, played where the shelf has them."""
        return replace(self, shelf=shelf, public_url=public_url)

    def say(self, prompt: str, language: Language, **values: str) -> Spoken:
        """The words of a prompt, in English while the language's own words are not reviewed."""
        return self.say_in(prompt, language if language in self.reviewed else Language.EN, **values)

    def say_in(self, prompt: str, language: Language, **values: str) -> Spoken:
        """The words of a prompt in exactly this language, reviewed or not."""
        template, filled_in = self.words[language][prompt], {"online": self.online, **values}
        spoken = Spoken(template.format(**filled_in), language, self.voices[language], pieces(template, filled_in))
        return replace(spoken, audio=self._audio(language, spoken.pieces))

    def in_one(self, several: Sequence[Spoken]) -> Spoken:
        """Words of one language and voice as one utterance, so that they follow each other at an even pace."""
        said = tuple(piece for spoken in several for piece in spoken.pieces)
        text = " ".join(spoken.text for spoken in several)
        return replace(several[0], text=text, pieces=said, audio=self._audio(several[0].language, said))

    def name(self, prompt: str, language: Language) -> str:
        """The spoken name of a category, region or force, in the language `say` would use."""
        return self.say(prompt, language).text

    def _audio(self, language: Language, said: tuple[str, ...]) -> str:
        name = self.shelf.name(language, said)
        return audio_url(self.public_url, name) if name else ""


def load_prompts(online: str = DEFAULT_ONLINE) -> Prompts:
    """The line's words from voice_prompts/prompts.toml.

    Raises PromptsIncomplete when a prompt is not there in every language. A name without a Welsh form is
    spoken in English.
    """
    text = files("voice_prompts").joinpath("prompts.toml").read_text(encoding="utf-8")
    return parse_prompts(text, online)


def parse_prompts(text: str, online: str = DEFAULT_ONLINE) -> Prompts:
    """As load_prompts, from the text of a prompts file."""
    tables = tomllib.loads(text)
    languages = tables["languages"]
    entries = {**tables["words"], **_names(tables)}
    return Prompts(
        words=MappingProxyType({language: _words(entries, language) for language in Language}),
        voices=MappingProxyType({language: languages[language]["voice"] for language in Language}),
        reviewed=frozenset(language for language in Language if languages[language]["reviewed"] is True),
        online=online,
    )


def _names(tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, Mapping[str, str]]:
    return {
        f"{table}.{name}": {Language.CY: entry[Language.EN], **entry}
        for table in NAMES
        for name, entry in tables[table].items()
    }


def _words(entries: Mapping[str, Mapping[str, str]], language: Language) -> Mapping[str, str]:
    missing = sorted(prompt for prompt, entry in entries.items() if not entry.get(language, "").strip())
    if missing:
        raise PromptsIncomplete(f"no words in {language} for: {', '.join(missing)}")
    return MappingProxyType({prompt: entry[language] for prompt, entry in entries.items()})
