"""What may be a passphrase, and its one spelling; it knows nothing of what is made from it."""

from __future__ import annotations

import unicodedata
from typing import Final

from shared.sealing.errors import PassphraseUnsuitable

MIN_PASSPHRASE: Final = 14
MAX_PASSPHRASE: Final = 128


def passphrase_bytes(passphrase: str) -> bytes:
    """The passphrase in NFC as UTF-8, so that each keyboard's spelling is one. Raises PassphraseUnsuitable."""
    if len(passphrase) > 4 * MAX_PASSPHRASE:
        raise PassphraseUnsuitable
    normal = unicodedata.normalize("NFC", passphrase)
    if not MIN_PASSPHRASE <= len(normal) <= MAX_PASSPHRASE:
        raise PassphraseUnsuitable
    try:
        return normal.encode("utf-8")
    except UnicodeEncodeError:
        raise PassphraseUnsuitable from None
