"""Where the places stand in the window: side by side, one above the other, or one at a time where there is no room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from console.style.tokens import Tokens

LEAST_REPORT_EM: Final = 36  # the report needs this many times its text's height, or lines break after every word
LEAST_BESIDE_EM: Final = 30  # with fewer beside a stack, its fields would be cut
WIDEST_STACK: Final = 0.4  # of the window
SCROLL_BAR: Final = 12  # pixels of the bar that scrolls a column
NEARLY: Final = 0.9  # of the width they want, line and call can do with
WIDEST_CALL: Final = 0.54  # of the window, where line and call have it to themselves


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths in logical pixels. Stacked, the line stands above the call, and both are as wide as the column.

    One at a time, line and call share the window; the report has it after them.
    """

    stacked: bool
    line_width: int
    call_width: int
    one_at_a_time: bool = False


def arrange(width: int, tokens: Tokens) -> Arrangement:
    """How to stand in a window so wide."""
    if tokens.left_width + tokens.call_width + LEAST_REPORT_EM * tokens.body <= width:
        return Arrangement(False, tokens.left_width, tokens.call_width)
    column = min(tokens.call_width, int(width * WIDEST_STACK))
    if column + LEAST_BESIDE_EM * tokens.body <= width:
        return Arrangement(True, column, column)
    call = min(tokens.call_width, int(width * WIDEST_CALL))
    return Arrangement(False, min(tokens.left_width, width - SCROLL_BAR - call), call, one_at_a_time=True)


def arrange_without_report(width: int, tokens: Tokens) -> Arrangement:
    """The same where the report stands in a window of its own."""
    if tokens.left_width + tokens.call_width <= width:
        return Arrangement(False, tokens.left_width, tokens.call_width)
    if (tokens.left_width + tokens.call_width) * NEARLY <= width:
        return Arrangement(False, width - int(width * WIDEST_CALL), int(width * WIDEST_CALL))
    column = min(tokens.call_width, width - SCROLL_BAR)
    return Arrangement(True, column, column)
