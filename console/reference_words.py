"""The words references are made of, new references from them, and what a handler writes read as words again.

2,048 common words of four to eight letters in alphabetical order, one a line in `reference_words.txt`: five of them
have 55 bits. No two differ by one letter, and no two begin with the same four, so that the first four are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from console.translation import ntr, tr

WORDS_IN_ONE: Final = 5
ENOUGH_LETTERS: Final = 4
_APART: Final = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class NotAReference:
    """What was written cannot be a reference; a sentence says why."""

    sentence: str


@cache
def reference_words() -> tuple[str, ...]:
    """All of them, in order."""
    return tuple(files("console").joinpath("reference_words.txt").read_text(encoding="ascii").split())


@cache
def _by_first_letters() -> dict[str, str]:
    return {word[:ENOUGH_LETTERS]: word for word in reference_words()}


def new_words(below: Callable[[int], int]) -> tuple[str, ...]:
    """A new reference; `below(n)` gives a random number from 0 to n - 1, like `secrets.randbelow`."""
    words = reference_words()
    return tuple(words[below(len(words))] for _ in range(WORDS_IN_ONE))


def read_words(text: str) -> tuple[str, ...] | NotAReference:
    """The words in what was written: any case, spaces or commas between, each by its first four letters at least."""
    written = [part for part in _APART.split(text.lower()) if part]
    words = [_word(part) for part in written]
    for part, word in zip(written, words, strict=True):
        if word is None:
            return NotAReference(tr("“{word}” is not one of the words references are made of.").format(word=part))
    if len(words) != WORDS_IN_ONE:
        count = ntr(
            "A reference has five words; here is {count}.", "A reference has five words; here are {count}.", len(words)
        )
        return NotAReference(count.format(count=len(words)))
    return tuple(word for word in words if word is not None)


def _word(part: str) -> str | None:
    word = _by_first_letters().get(part[:ENOUGH_LETTERS])
    return word if word is not None and word.startswith(part) else None
