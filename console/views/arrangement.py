"""Where the places stand in the window: side by side, or one above the other where text is large or room is short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from console.style.tokens import Tokens

LEAST_REPORT_EM: Final = 36  # the report needs this many times its text's height, or lines break after every word
WIDEST_STACK: Final = 0.4  # of the window


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths in logical pixels. Stacked, the line stands above the call, and both are as wide as the column."""

    stacked: bool
    line_width: int
    call_width: int


def arrange(width: int, tokens: Tokens) -> Arrangement:
    """How to stand in a window so wide."""
    least_report = LEAST_REPORT_EM * tokens.body
    if tokens.left_width + tokens.call_width + least_report <= width:
        return Arrangement(False, tokens.left_width, tokens.call_width)
    column = min(tokens.call_width, int(width * WIDEST_STACK))
    return Arrangement(True, column, column)
