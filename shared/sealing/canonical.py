"""The one spelling of all that is sealed or signed: canonical JSON, unpadded base64url; it knows no field.

What reads the same but is spelt otherwise (spaces, another order, a repeated name, padding) is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Final

_LENGTH_BYTES: Final = 8


class NotCanonical(ValueError):
    """The bytes are not the one canonical spelling of what they say."""


def canonical_json(document: object) -> bytes:
    """UTF-8 JSON with sorted names, no spaces and no NaN. Raises NotCanonical where that cannot be."""
    try:
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise NotCanonical from None


def parse_canonical(written: bytes, limit: int) -> object:
    """Read canonical JSON of at most ``limit`` bytes. Raises NotCanonical."""
    if len(written) > limit:
        raise NotCanonical
    try:
        document: object = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotCanonical from None
    if canonical_json(document) != written:
        raise NotCanonical
    return document


def to_base64url(raw: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Strict inverse of to_base64url: each value has one spelling. Raises NotCanonical."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise NotCanonical from None
    if to_base64url(raw) != text:
        raise NotCanonical
    return raw


def framed(label: bytes, *parts: bytes) -> bytes:
    """A label and parts, each behind its length (8 bytes, big-endian): no two lists of parts read alike."""
    framing = [len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in (label, *parts)]
    return b"".join(framing)
