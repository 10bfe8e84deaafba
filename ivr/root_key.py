"""The offline root key in a file of its own, under a passphrase; it does not know what is signed with it."""

from __future__ import annotations

from pathlib import Path

from ivr.key_file import KeyFileMalformed, KeyFileMissing, read_seed, write_seed
from shared.sealing.errors import SealingError
from shared.sealing.keys import SigningKey
from shared.sealing.sign_in import CONSOLE_FLOOR, STANDARD_COST, Cost


class RootKeyMalformed(SealingError):
    words = "This is not a root key file, or it is incomplete."


class RootKeyMissing(SealingError):
    words = "The root key file is not there. Bring it from where it is kept, or name it with --root."


def write_root(path: Path, root: SigningKey, passphrase: str, cost: Cost = STANDARD_COST) -> None:
    """Write the key to a new file that only its owner can read. Raises FileExists or PassphraseUnsuitable."""
    write_seed(path, "root-key", root.seed, passphrase, cost)


def read_root(path: Path, passphrase: str, floor: Cost = CONSOLE_FLOOR) -> SigningKey:
    """The key. Raises RootKeyMissing, RootKeyMalformed, PassphraseWrong or PassphraseUnsuitable."""
    try:
        return SigningKey(read_seed(path, "root-key", passphrase, floor))
    except KeyFileMissing:
        raise RootKeyMissing from None
    except KeyFileMalformed:
        raise RootKeyMalformed from None
