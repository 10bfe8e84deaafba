"""Where a caller is in the dialogue and what they pressed; knows no words, no TwiML and no telephone number.

The place travels in the URL that Twilio signs and sends back, so nothing about a call in the menu is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from ivr.line.menu import NODE_IDS, WELCOME
from shared.domain.forces import FORCES, REGIONS
from shared.domain.vocabulary import Category, Language, Mode

KEYS = "0123456789*#"
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Place:
    """A caller's node and choices so far. `region` and `force` are ids, "" when not chosen.

    `tries` counts how often this node was asked again; `mistaken` says that the last key meant nothing there.
    """

    node: str = WELCOME
    language: Language = Language.EN
    mode: Mode = Mode.UNSET
    category: Category = Category.UNSET
    region: str = ""
    force: str = ""
    tries: int = 0
    unable_to_speak: bool = False
    mistaken: bool = False

    def to_query(self) -> str:
        """A URL query holding only what differs from a new caller's place; the same place, the same query."""
        written = {
            "n": self.node,
            "l": self.language.value,
            "m": self.mode.value,
            "c": self.category.value,
            "r": self.region,
            "f": self.force,
            "t": str(self.tries),
            "u": str(int(self.unable_to_speak)),
            "x": str(int(self.mistaken)),
        }
        return urlencode({name: value for name, value in written.items() if value != _UNWRITTEN[name]})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Place":
        """The place a query names. Total: whatever is missing or unknown becomes a new caller's."""
        return cls(
            node=_known(query.get("n", ""), NODE_IDS, WELCOME),
            language=_member(Language, query.get("l", ""), Language.EN),
            mode=_member(Mode, query.get("m", ""), Mode.UNSET),
            category=_member(Category, query.get("c", ""), Category.UNSET),
            region=_known(query.get("r", ""), REGIONS, ""),
            force=_known(query.get("f", ""), FORCES, ""),
            tries=_small_number(query.get("t", "")),
            unable_to_speak=query.get("u", "") == "1",
            mistaken=query.get("x", "") == "1",
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller pressed: one key of KEYS, or "" for nothing.

    Made from any text; only its first character is kept, and only if it is a key, so that nothing longer
    (a telephone number, say) can travel as keys pressed.
    """

    digits: str = ""

    def __post_init__(self) -> None:
        first = self.digits[:1]
        object.__setattr__(self, "digits", first if first and first in KEYS else "")


def rounds_waited(query: Mapping[str, str]) -> int:
    """Which time the wait page is asked for, from 0. Total: 0 when missing or unknown."""
    return _small_number(query.get("w", ""))


def _known(value: str, known: Mapping[str, object] | frozenset[str], otherwise: str) -> str:
    return value if value in known else otherwise


def _member(kind: type[_E], value: str, otherwise: _E) -> _E:
    return kind(value) if value in kind.__members__.values() else otherwise


def _small_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


_UNWRITTEN = {
    "n": WELCOME,
    "l": Language.EN.value,
    "m": Mode.UNSET.value,
    "c": Category.UNSET.value,
    "r": "",
    "f": "",
    "t": "0",
    "u": "0",
    "x": "0",
}
