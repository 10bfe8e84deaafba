"""The patterns that hints are found by, read from the TOML files beside this module and compiled once per language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from shared.domain.vocabulary import Language


class HintKind(StrEnum):
    """What about some words could point to a person."""

    FIRST_PERSON = "first_person"
    REPORTER = "reporter"
    RELATIONSHIP = "relationship"
    VANTAGE_POINT = "vantage_point"
    EXACT_MINUTE = "exact_minute"
    QUOTATION = "quotation"
    RARE_COMBINATION = "rare_combination"
    TELEPHONE = "telephone"
    ADDRESS = "address"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class KindWords:
    """What is said to a person about a kind of hint; ``suggest`` is "" where there is no wording to put instead."""

    title: str
    explanation: str
    suggest: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words to find, and where not to mind them. With ``near``, only a text with one of those in it is searched."""

    kind: HintKind
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    suggest: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Lists of words that together in one sentence fit few people: one of each in ``all``, and of some in ``any``."""

    kind: HintKind
    all: tuple[re.Pattern[str], ...]
    any: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Everything looked for in one language."""

    kinds: Mapping[HintKind, KindWords]
    patterns: tuple[Pattern, ...]
    combinations: tuple[Combination, ...]


# Reports are in English whatever the call's language, so a Welsh speaker's notes are read for both.
_FILES: Final[Mapping[Language, tuple[str, ...]]] = {
    Language.EN: ("any", Language.EN),
    Language.CY: ("any", Language.EN, Language.CY),
}


@cache
def patterns_of(language: Language) -> Patterns:
    """The patterns of one language. Raises KeyError or re.error where a file is not as it must be."""
    kinds: dict[HintKind, KindWords] = {}
    patterns: list[Pattern] = []
    combinations: list[Combination] = []
    for name in _FILES[language]:
        written = tomllib.loads((resources.files(__package__) / f"patterns.{name}.toml").read_text(encoding="utf-8"))
        words: dict[str, str] = written.get("words", {})
        for one in written.get("kind", ()):
            kinds[HintKind(one["id"])] = KindWords(one["title"], one["explanation"], one.get("suggest", ""))
        patterns += [_pattern(one, words) for one in written.get("pattern", ())]
        combinations += _combinations(written, words)
    return Patterns(kinds, tuple(patterns), tuple(combinations))


def _pattern(one: Mapping[str, Any], words: Mapping[str, str]) -> Pattern:
    flags = re.NOFLAG if one.get("exact") else re.IGNORECASE
    unless = re.compile(_filled(one["unless"], words), re.IGNORECASE) if "unless" in one else None
    find = re.compile(_filled(one["find"], words), flags)
    return Pattern(HintKind(one["kind"]), find, unless, one.get("suggest", ""), tuple(one.get("near", ())))


def _combinations(written: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Combination]:
    for one in written.get("combination", ()):
        lists = {name: re.compile(rf"\b(?:{words[name]})\b", re.IGNORECASE) for name in (*one["all"], *one["any"])}
        yield Combination(
            HintKind(one["kind"]),
            tuple(lists[name] for name in one["all"]),
            tuple(lists[name] for name in one["any"]),
        )


def _filled(expression: str, words: Mapping[str, str]) -> str:
    for name, alternatives in words.items():
        expression = expression.replace(f"%{name}%", alternatives)
    return expression
