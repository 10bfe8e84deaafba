"""A private key in a file of its own, under a passphrase: the root's, or the one that opens backups.

It does not know what is signed or opened with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.force_side.unit_keys import write_private
from shared.sealing.canonical import NotCanonical, canonical_json, from_base64url, parse_canonical, to_base64url
from shared.sealing.errors import SealingError
from shared.sealing.sign_in import (
    CONSOLE_FLOOR,
    STANDARD_COST,
    Cost,
    SignInParameters,
    derive,
    new_parameters,
    unwrap_private,
    wrap_private,
)

Purpose = Literal["root-key", "backup-key"]
_MAX_BYTES: Final = 4096


class KeyFileMalformed(SealingError):
    words = "This is not a file of the expected key, or it is incomplete."


class KeyFileMissing(SealingError):
    words = "The key's file is not there."


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    candour: str
    salt: str
    memory_kib: int
    iterations: int
    lanes: int
    private: str


def write_seed(path: Path, purpose: Purpose, seed: bytes, passphrase: str, cost: Cost = STANDARD_COST) -> None:
    """Write the key to a new file that only its owner can read. Raises FileExists or PassphraseUnsuitable."""
    parameters = new_parameters(cost)
    wrapped = wrap_private(derive(passphrase, parameters, cost).wrapping, seed, _label(purpose))
    document = _Document(
        candour=f"{purpose}/1",
        salt=to_base64url(parameters.salt),
        memory_kib=parameters.memory_kib,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        private=to_base64url(wrapped),
    )
    write_private(path, canonical_json(document.model_dump()))


def read_seed(path: Path, purpose: Purpose, passphrase: str, floor: Cost = CONSOLE_FLOOR) -> bytes:
    """The key's seed. Raises KeyFileMissing, KeyFileMalformed, PassphraseWrong or PassphraseUnsuitable."""
    try:
        document = _Document.model_validate(parse_canonical(path.read_bytes(), _MAX_BYTES))
        salt, wrapped = from_base64url(document.salt), from_base64url(document.private)
    except OSError:
        raise KeyFileMissing from None
    except (NotCanonical, ValidationError):
        raise KeyFileMalformed from None
    if document.candour != f"{purpose}/1":
        raise KeyFileMalformed
    parameters = SignInParameters(salt, document.memory_kib, document.iterations, document.lanes)
    return unwrap_private(derive(passphrase, parameters, floor).wrapping, wrapped, _label(purpose))


def _label(purpose: Purpose) -> bytes:
    return f"candour/{purpose}/v1".encode()
