"""The eight digits by which charity and unit speak of one report: each works them out of what was sent."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 8


def spoken(digest: bytes) -> str:
    """The first eight hexadecimal digits in two groups: "3781 4981". They tell nothing of the report."""
    shown = digest.hex()[:_DIGITS]
    return f"{shown[:4]} {shown[4:]}"
