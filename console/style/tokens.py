"""Colours, spacing and type sizes, for each theme. Nothing else in the console names a colour or a size in pixels."""

from __future__ import annotations

from dataclasses import dataclass
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


LIGHT: Final = Colours(
    ground="#F4F3EF",
    surface="#FFFFFF",
    sunken="#F8F7F4",
    line="#E6E3DC",
    edge="#8C8F94",
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
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """All sizes in logical pixels."""

    colours: Colours
    hair: int = 4
    tight: int = 8
    gap: int = 12
    room: int = 16
    wide: int = 24
    vast: int = 40
    radius: int = 6
    card_radius: int = 10
    small: int = 12
    body: int = 14
    lead: int = 16
    title: int = 20
    clock: int = 36
    control: int = 36  # height of a button or a line of text
    key_width: int = 92  # the longest key beside a button
    head: int = 64  # the head of a sheet
    text_width: int = 440  # a comfortable line for a few words
    outline_least: int = 200
    left_width: int = 312
    call_width: int = 344


LIGHT_TOKENS: Final = Tokens(LIGHT)
DARK_TOKENS: Final = Tokens(DARK)
