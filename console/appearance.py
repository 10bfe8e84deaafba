"""How a person wants the desktop to look: a theme and a text size, kept on this computer. It keeps nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from console.style.tokens import DARK_TOKENS, HIGH_CONTRAST, LIGHT_TOKENS, Tokens, grown

FILE_NAME: Final = "appearance.ini"
PERCENTS: Final = (100, 125, 150, 175, 200)
KEYS: Final = ("theme", "text_percent")  # all that is ever written to the settings of Qt


class Theme(StrEnum):
    """A set of colours. Stored by value."""

    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


_TOKENS: Final[Mapping[Theme, Tokens]] = {
    Theme.LIGHT: LIGHT_TOKENS,
    Theme.DARK: DARK_TOKENS,
    Theme.HIGH_CONTRAST: Tokens(HIGH_CONTRAST),
}


@dataclass(frozen=True, slots=True)
class Appearance:
    """`percent` is one of PERCENTS: the size of all text against the usual."""

    theme: Theme = Theme.LIGHT
    percent: int = 100

    @property
    def tokens(self) -> Tokens:
        return grown(_TOKENS[self.theme], self.percent)

    def next_theme(self) -> Appearance:
        """Light, dark, high contrast, and round again."""
        themes = list(Theme)
        return replace(self, theme=themes[(themes.index(self.theme) + 1) % len(themes)])

    def larger(self) -> Appearance:
        """The next larger text, up to twice the usual."""
        return replace(self, percent=next((size for size in PERCENTS if size > self.percent), PERCENTS[-1]))

    def smaller(self) -> Appearance:
        """The next smaller text, down to the usual."""
        return replace(self, percent=next((size for size in PERCENTS[::-1] if size < self.percent), PERCENTS[0]))


def kept_appearance(folder: Path) -> Appearance:
    """What was kept in this folder; the usual where nothing, or nothing that makes sense, was."""
    kept = _settings(folder)
    theme, percent = (str(kept.value(key, "")) for key in KEYS)
    return Appearance(
        Theme(theme) if theme in set(Theme) else Theme.LIGHT,
        int(percent) if percent in map(str, PERCENTS) else PERCENTS[0],
    )


def keep_appearance(folder: Path, appearance: Appearance) -> None:
    """Write it down. A folder that cannot be written keeps nothing, and nobody needs to know."""
    kept = _settings(folder)
    for key, value in zip(KEYS, (appearance.theme.value, appearance.percent), strict=True):
        kept.setValue(key, value)
    kept.sync()


def _settings(folder: Path) -> QSettings:
    return QSettings(str(folder / FILE_NAME), QSettings.Format.IniFormat)
