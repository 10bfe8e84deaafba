"""Whether the prompts' audio is fit to be heard: there, of these words, audible, not clipped, of a likely length.

Knows nothing of who listens to it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Final

from ivr.line.audio import Entry, Source, read_manifest, samples_of, words_hash
from ivr.line.listening import WORDS_PER_SECOND
from ivr.line.prompts import DEFAULT_ONLINE
from ivr.line.reading import Piece, reading_list
from ivr.wav import longest_clip, loudness, seconds
from shared.domain.vocabulary import Language

AUDIBLE: Final = 0.2  # of the loudest there is
CLIPPED: Final = 3  # samples in a row at the very end of the scale
SHORTEST: Final = 0.4  # a file may take so much of what its words take at 150 a minute,
LONGEST: Final = 1.6  # and so much,
QUIET: Final = 1.0  # with so many seconds of quiet
MAKE: Final = "make prompts"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One piece, what there is of it, and what is wrong with that. `entry` is None where there is no audio."""

    piece: Piece
    entry: Entry | None
    wrong: str = ""
    to_do: str = ""


def prompts_of(language: Language, online: str = DEFAULT_ONLINE, folder: Traversable | None = None) -> Iterator[Prompt]:
    """Every piece of a language with its audio, looked at and listened to."""
    there = {entry.piece: entry for entry in read_manifest(language, folder)}
    for piece in reading_list(language, online).values():
        entry = there.get(piece.id)
        if entry is None:
            yield Prompt(piece, None, "there is no audio", MAKE)
        else:
            yield _looked_at(language, piece, entry, folder)


def _looked_at(language: Language, piece: Piece, entry: Entry, folder: Traversable | None) -> Prompt:
    made = entry.source is Source.SYNTHETIC
    again = MAKE if made else f"Read it again, then: candour prompts replace {piece.id} FILE --language {language}"
    if entry.words != words_hash(language, piece.words):
        return Prompt(piece, entry, "it says other words than prompts.toml", again)
    samples = samples_of(language, entry, folder)
    if samples is None:
        return Prompt(piece, entry, "the file is missing or not the one in the manifest", again)
    wrong = unfit(samples, piece.words)
    return Prompt(piece, entry, wrong, again if wrong else "")


def unfit(samples: bytes, words: str) -> str:
    """Why these µ-law samples cannot be these words as a caller should hear them; "" if they can."""
    if loudness(samples) < AUDIBLE:
        return "it is silent, or nearly"
    if longest_clip(samples) >= CLIPPED:
        return "it is clipped"
    nominal = len(re.findall(r"[\w'’]+", words)) / WORDS_PER_SECOND
    if not SHORTEST * nominal <= seconds(samples) <= LONGEST * nominal + QUIET:
        return f"{seconds(samples):.1f} s are not likely for these words"
    return ""
