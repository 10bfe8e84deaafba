"""What is to be read aloud: every piece of every prompt, by whom and how. Knows no sound and no menu but its keys."""

import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from ivr.line.audio import template_parts
from ivr.line.prompts import DEFAULT_ONLINE, NAMES, Prompts, load_prompts
from shared.domain.vocabulary import Language

ELSEWHERE: Final = frozenset({"name", "about", "day", "online"})  # filled in with what is a piece of its own
CONFIGURED: Final = frozenset({"hour"})  # from the configuration: what holds it is said by Twilio


class PieceUnknown(Exception):
    """A prompt has a {value} of which [values] in prompts.toml does not say what it may be: it could not be read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words read in one breath: `id` names their file; `reader` says who reads them and `note` how.

    `prompt` is what they are a part of. `ends` says that something else is spoken after them, as after a sentence.
    """

    id: str
    prompt: str
    words: str
    reader: str
    note: str
    ends: bool

    @property
    def listed(self) -> bool:
        """Whether it is a name or a key, as in a list."""
        return self.id.partition(".")[0] in {*NAMES, "key"}

    @property
    def is_key(self) -> bool:
        """Whether it is the key of an item of a list."""
        return self.id.startswith("key.")


def reading_list(language: Language, online: str = DEFAULT_ONLINE) -> Mapping[str, Piece]:
    """Every piece of a language by its id, in the order of prompts.toml. Raises PieceUnknown or PromptsIncomplete."""
    prompts = load_prompts(online)
    tables = tomllib.loads(files("voice_prompts").joinpath("prompts.toml").read_text(encoding="utf-8"))
    return MappingProxyType({piece.id: piece for piece in _pieces(language, prompts, tables)})


def _pieces(language: Language, prompts: Prompts, tables: Mapping[str, Any]) -> Iterator[Piece]:
    reader, notes = tables["languages"][language]["reader"], tables["reading"]
    for prompt, template in prompts.words[language].items():
        kind = prompt.partition(".")[0] if prompt.partition(".")[0] in NAMES else "words"
        note = tables["words"].get(prompt, {}).get("note") or notes[kind]
        said = _recorded(prompt, template, ELSEWHERE | CONFIGURED | tables["values"].keys())
        for number, words in enumerate(said, start=1):
            name = prompt if len(said) == 1 else f"{prompt}-{number}"
            yield Piece(name, prompt, words, reader, note, ends=words.endswith((".", "?")))
    for value, possible in tables["values"].items():
        for words in possible:
            yield Piece(f"{value}.{words}", value, words, reader, notes[value], ends=value == "key")
    yield Piece("online", "online", prompts.online, reader, notes["online"], ends=True)


def _recorded(prompt: str, template: str, known: Set[str]) -> list[str]:
    """The pieces of one prompt that are its own."""
    parts = template_parts(template)
    unknown = {name for _, name in parts if name} - known
    if unknown:
        raise PieceUnknown(f"{prompt}: {', '.join(sorted(unknown))}")
    return [words for words, name in parts if not name]
