"""Where callers are sent whose matter is not for this line; knows no keys and no words spoken.

Standard library only, so that the telephone dialogue may use it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any


class SignpostUnsound(Exception):
    """An entry of signposting.toml lacks something, or has what nobody knows. Our fault, found at start-up."""


class Nation(StrEnum):
    """Whose police a signpost is about, or where a support line is for."""

    ENGLAND = "England"
    WALES = "Wales"
    ENGLAND_AND_WALES = "England and Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"
    UNITED_KINGDOM = "United Kingdom"


class Basis(StrEnum):
    """How well an entry is known."""

    READ = "read"
    UNVERIFIED = "unverified"


class Support(StrEnum):
    """What a support line is for."""

    DOMESTIC_ABUSE = "domestic abuse"
    SEXUAL_VIOLENCE = "sexual violence"
    EMOTIONAL_SUPPORT = "emotional support"
    YOUNG_PEOPLE = "young people"


@dataclass(frozen=True, slots=True)
class Signpost:
    """One way on. `spoken` are the names that its English words must say."""

    id: str
    nation: Nation
    when: str
    to: str
    spoken: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class SupportLine:
    """A telephone that supports callers: as it was `published` where it was read, or as it was on the date somebody
    `checked` it by ringing. One of the two is there.
    """

    name: str
    nation: Nation
    kind: Support
    telephone: str
    checked: date | None = None
    published: str = ""


def support_words(line: SupportLine) -> tuple[str, str]:
    """A line as a handler reads it: for whom, and what to say."""
    unsure = "" if line.checked else " (as published; nobody here has rung it yet)"
    kind = f"{line.kind[0].upper()}{line.kind[1:]}"
    return f"{kind}, {line.nation}", f"{line.name}: {line.telephone}{unsure}"


def read_signposts(text: str) -> tuple[Signpost, ...]:
    """The signposts in their order, from the text of a signposting file. Raises SignpostUnsound."""
    return tuple(_signpost(row) for row in tomllib.loads(text)["signpost"])


def read_support_lines(text: str) -> tuple[SupportLine, ...]:
    """The support lines, from the text of a signposting file. Raises SignpostUnsound."""
    return tuple(_support_line(row) for row in tomllib.loads(text).get("support", ()))


def _signpost(row: dict[str, Any]) -> Signpost:
    try:
        known = {"nation": Nation(row["nation"]), "basis": Basis(row["basis"]), "spoken": tuple(row["spoken"])}
        return Signpost(**row | known)
    except (KeyError, TypeError, ValueError) as wrong:
        raise SignpostUnsound(f"signpost {row.get('id', '?')}: {wrong}") from None


def _support_line(row: dict[str, Any]) -> SupportLine:
    try:
        line = SupportLine(**row | {"nation": Nation(row["nation"]), "kind": Support(row["kind"])})
    except (KeyError, TypeError, ValueError) as wrong:
        raise SignpostUnsound(f"support {row.get('name', '?')}: {wrong}") from None
    if not isinstance(line.checked, date | None) or not line.telephone or not (line.checked or line.published):
        raise SignpostUnsound(f"support {line.name}: a number, and the date on which it was rung or where it was read")
    return line


_TEXT = files("shared").joinpath("vocabulary", "signposting.toml").read_text(encoding="utf-8")
SIGNPOSTS: tuple[Signpost, ...] = read_signposts(_TEXT)
SUPPORT_LINES: tuple[SupportLine, ...] = read_support_lines(_TEXT)
