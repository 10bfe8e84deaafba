"""Padding that shows only how many 4 KiB steps a content fills; it does not know what the content is."""

from __future__ import annotations

from typing import Final

STEP_BYTES: Final = 4096
_LENGTH_BYTES: Final = 4


class PaddingWrong(ValueError):
    """Not a length, that many bytes, and zeros to the end of the last step needed."""


def padded_length(content_length: int) -> int:
    """Bytes that a content of this length takes once padded: the least multiple of 4096 that holds it."""
    return -(-(_LENGTH_BYTES + content_length) // STEP_BYTES) * STEP_BYTES


def pad(content: bytes) -> bytes:
    """The content behind its length (4 bytes, big-endian), filled with zeros to a whole step."""
    framed = len(content).to_bytes(_LENGTH_BYTES, "big") + content
    return framed.ljust(padded_length(len(content)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The inverse of pad; any other filling or a spare step is refused. Raises PaddingWrong."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    content = padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
    if pad(content) != padded:
        raise PaddingWrong
    return content
