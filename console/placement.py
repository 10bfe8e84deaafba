"""Where the windows stood: kept on this computer in whole numbers, and brought back whole and in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

FILE_NAME: Final = "windows.ini"
WINDOWS: Final = ("desk", "report")
SIDES: Final = ("left", "top", "width", "height")
MAXIMISED: Final = "maximised"
APART: Final = "report_apart"
# All that is ever written.
KEYS: Final = (*(f"{window}_{side}" for window in WINDOWS for side in (*SIDES, MAXIMISED)), APART)
YES, NO = "1", "0"
MOST_DIGITS: Final = 6
_ALL: Final = (*SIDES, MAXIMISED)


@dataclass(frozen=True, slots=True)
class Frame:
    """A window's or a screen's place, in logical pixels; left and top may be below nought."""

    left: int
    top: int
    width: int
    height: int
    maximised: bool = False  # it fills its screen; the rest says where it stands when it does not

    def shared_with(self, other: Frame) -> int:
        """How many square pixels both cover."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(0, across) * max(0, down)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the desk and the report's own window stood, None where nobody knows; and whether it stood apart."""

    desk: Frame | None = None
    report: Frame | None = None
    apart: bool = False


NOWHERE: Final = Placement()


def brought_back(frame: Frame, screens: Sequence[Frame]) -> Frame:
    """The frame whole on one screen: the one that it was mostly on, or the first where that screen is gone."""
    if not screens:
        return frame
    screen = max(screens, key=frame.shared_with)  # of none shared, the first
    width, height = min(frame.width, screen.width), min(frame.height, screen.height)
    left = min(max(frame.left, screen.left), screen.left + screen.width - width)
    top = min(max(frame.top, screen.top), screen.top + screen.height - height)
    return replace(frame, left=left, top=top, width=width, height=height)


def at_first(width: int, height: int, screens: Sequence[Frame]) -> Frame:
    """In the middle of the first screen; maximised on one that has no more room than that."""
    if not screens:
        return Frame(0, 0, width, height)
    room = screens[0]
    left, top = room.left + (room.width - width) // 2, room.top + (room.height - height) // 2
    return Frame(left, top, width, height, maximised=room.width <= width or room.height <= height)


def kept_placement(folder: Path) -> Placement:
    """What was kept in this folder; nothing where nothing, or nothing that makes sense, was."""
    kept = _settings(folder)
    desk, report = (_frame({side: str(kept.value(f"{window}_{side}", "")) for side in _ALL}) for window in WINDOWS)
    return Placement(desk, report, str(kept.value(APART, NO)) == YES)


def keep_placement(folder: Path, placement: Placement) -> None:
    """Write it down. A folder that cannot be written keeps nothing, and nobody needs to know."""
    kept = _settings(folder)
    for window, frame in zip(WINDOWS, (placement.desk, placement.report), strict=True):
        for side in _ALL if frame is not None else ():
            kept.setValue(f"{window}_{side}", int(getattr(frame, side)))
    kept.setValue(APART, int(placement.apart))
    kept.sync()


def _frame(kept: Mapping[str, str]) -> Frame | None:
    if not all(kept[side].removeprefix("-").isdecimal() and len(kept[side]) <= MOST_DIGITS for side in SIDES):
        return None
    left, top, width, height = (int(kept[side]) for side in SIDES)
    return Frame(left, top, width, height, kept[MAXIMISED] == YES) if width > 0 and height > 0 else None


def _settings(folder: Path) -> QSettings:
    return QSettings(str(folder / FILE_NAME), QSettings.Format.IniFormat)
