"""Colours, spacing and type sizes, for each theme. Nothing else in the console names a colour or a size in pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

# The system's own interface face where there is one; any sans-serif will do.
FONT_FAMILIES: Final = (
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    ".AppleSystemUIFont",
    "Inter",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Source Sans 3",
    "DejaVu Sans",
)


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. Text on its ground reaches 4.5 to 1 (WCAG 2.2, 1.4.3); lines of controls 3 to 1 (1.4.11)."""

    ground: str  # behind everything
    surface: str  # cards and columns
    sunken: str  # fields that only show
    line: str  # quiet rules
    edge: str  # outlines of controls
    text: str
    muted: str
    accent: str  # the one colour that asks for attention
    accent_strong: str  # pressed or hovered
    accent_soft: str  # behind what is chosen
    on_accent: str
    danger: str
    danger_soft: str
    caution: str
    caution_soft: str
    good: str
    focus: str  # the ring around what has the focus; never used for anything else
    focus_filled: str  # the same inside a control that is filled with colour


LIGHT: Final = Colours(
    ground="#F4F3EF",
    surface="#FFFFFF",
    sunken="#F8F7F4",
    line="#E6E3DC",
    edge="#84878C",
    text="#1D2630",
    muted="#59636E",
    accent="#0B5F66",
    accent_strong="#084A50",
    accent_soft="#E3F0F0",
    on_accent="#FFFFFF",
    danger="#A3261B",
    danger_soft="#FBECEA",
    caution="#7A4B00",
    caution_soft="#FBF1DD",
    good="#2B6A3C",
    focus="#3B3FB6",
    focus_filled="#FFE08A",
)

DARK: Final = Colours(
    ground="#14191E",
    surface="#1C2329",
    sunken="#181E23",
    line="#2C353D",
    edge="#74808B",
    text="#E8EBEE",
    muted="#A3AEB8",
    accent="#6CC5CA",
    accent_strong="#8FD8DC",
    accent_soft="#1F3A3D",
    on_accent="#0C2224",
    danger="#F2988F",
    danger_soft="#3D2321",
    caution="#E9BE72",
    caution_soft="#3A2F1B",
    good="#8CCB9B",
    focus="#B9BCFF",
    focus_filled="#27104E",
)

# Seven to one for every text (WCAG 2.2, 1.4.6), and no soft greys.
HIGH_CONTRAST: Final = Colours(
    ground="#000000",
    surface="#000000",
    sunken="#000000",
    line="#8F8F8F",
    edge="#FFFFFF",
    text="#FFFFFF",
    muted="#FFFFFF",
    accent="#5CE1E6",
    accent_strong="#A5F1F4",
    accent_soft="#003A3D",
    on_accent="#000000",
    danger="#FFB3AB",
    danger_soft="#4A0000",
    caution="#FFD479",
    caution_soft="#332200",
    good="#9DF0AE",
    focus="#FFFF00",
    focus_filled="#000000",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """All sizes in logical pixels. Those from `small` on grow with the text; the spaces before them do not."""

    colours: Colours
    hair: int = 4
    tight: int = 8
    gap: int = 12
    room: int = 16
    wide: int = 24
    vast: int = 40
    head: int = 64  # the least height of the head of a report
    radius: int = 6
    card_radius: int = 10
    small: int = 12
    body: int = 14
    lead: int = 16
    title: int = 20
    clock: int = 36
    control: int = 36  # height of a button or a line of text
    row: int = 30  # height of a row in a list
    tick: int = 16  # side of a box to tick
    key_width: int = 92  # the longest key beside a button
    text_width: int = 440  # a comfortable line for a few words
    door_width: int = 420  # the card one signs in on
    outline_least: int = 168
    left_width: int = 312
    call_width: int = 344
    palette_width: int = 820
    side_width: int = 380  # what stands beside a review


GROWING: Final = tuple(Tokens.__dataclass_fields__)[list(Tokens.__dataclass_fields__).index("small") :]


def grown(tokens: Tokens, percent: int) -> Tokens:
    """The same with text, and what holds it, at so many per cent."""
    return replace(tokens, **{name: round(getattr(tokens, name) * percent / 100) for name in GROWING})


LIGHT_TOKENS: Final = Tokens(LIGHT)
DARK_TOKENS: Final = Tokens(DARK)
