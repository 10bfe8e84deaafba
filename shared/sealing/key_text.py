"""How keys are named and written: an id, the id as it is read aloud, and a line of text with the kind before it."""

from __future__ import annotations

import hashlib
from typing import Final

from shared.sealing.canonical import NotCanonical, framed, from_base64url, to_base64url
from shared.sealing.errors import KeyMalformed

_KEY_ID_LABEL: Final = b"candour/key-id/v1"
_KEY_ID_DIGITS: Final = 32


def key_id_of(form: str, public: bytes) -> str:
    """32 hexadecimal digits of SHA-256 over a public key and its kind."""
    return hashlib.sha256(framed(_KEY_ID_LABEL, form.encode(), public)).hexdigest()[:_KEY_ID_DIGITS]


def read_aloud(key_id: str) -> str:
    """A key's id in groups of four."""
    return " ".join(key_id[start : start + 4] for start in range(0, len(key_id), 4))


def written(form: str, raw: bytes) -> str:
    """A key as text, its kind before it."""
    return f"{form}.{to_base64url(raw)}"


def read_back(form: str, text: str) -> bytes:
    """The bytes of a key of this kind. Raises KeyMalformed."""
    prefix, dot, encoded = text.partition(".")
    if prefix != form or not dot:
        raise KeyMalformed
    try:
        return from_base64url(encoded)
    except NotCanonical:
        raise KeyMalformed from None
