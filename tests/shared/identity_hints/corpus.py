"""The labelled sentences that identity hints are measured on, in two parts; it knows nothing of patterns."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shared.domain.vocabulary import Language

FOLDER = Path(__file__).parent


class Part(StrEnum):
    """Patterns may be fitted to the tuned part; the held-out part says how well they do on what nobody fitted."""

    TUNED = "tuned"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and the kinds of hint that a careful reader would want at it."""

    text: str
    kinds: frozenset[str]


def sentences(part: Part, language: Language) -> tuple[Sentence, ...]:
    """Every sentence of one part, in the file's order."""
    lines = (FOLDER / f"{part}.{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_sentence(line) for line in lines if line and not line.startswith("#"))


def part_of(text: str) -> Part:
    """Where a sentence belongs, by its own digest: nobody chooses which are held out."""
    return Part.HELD_OUT if hashlib.sha256(text.encode()).digest()[0] % 3 == 0 else Part.TUNED


def _sentence(line: str) -> Sentence:
    kinds, text = line.split(" | ", 1)
    return Sentence(text, frozenset() if kinds == "-" else frozenset(kind.strip() for kind in kinds.split(",")))
