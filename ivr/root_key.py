"""The offline root key in a file of its own, under a passphrase; it does not know what is signed with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.force_side.unit_keys import write_private
from shared.sealing.canonical import NotCanonical, canonical_json, from_base64url, parse_canonical, to_base64url
from shared.sealing.errors import SealingError
from shared.sealing.keys import SigningKey
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

_LABEL: Final = b"candour/root-key/v1"
_MAX_BYTES: Final = 4096


class RootKeyMalformed(SealingError):
    words = "This is not a root key file, or it is incomplete."


class RootKeyMissing(SealingError):
    words = "The root key file is not there. Bring it from where it is kept, or name it with --root."


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    candour: Literal["root-key/1"]
    salt: str
    memory_kib: int
    iterations: int
    lanes: int
    private: str


def write_root(path: Path, root: SigningKey, passphrase: str, cost: Cost = STANDARD_COST) -> None:
    """Write the key to a new file that only its owner can read. Raises FileExists or PassphraseUnsuitable."""
    parameters = new_parameters(cost)
    wrapped = wrap_private(derive(passphrase, parameters, cost).wrapping, root.seed, _LABEL)
    document = _Document(
        candour="root-key/1",
        salt=to_base64url(parameters.salt),
        memory_kib=parameters.memory_kib,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        private=to_base64url(wrapped),
    )
    write_private(path, canonical_json(document.model_dump()))


def read_root(path: Path, passphrase: str, floor: Cost = CONSOLE_FLOOR) -> SigningKey:
    """The key. Raises RootKeyMissing, RootKeyMalformed, PassphraseWrong or PassphraseUnsuitable."""
    try:
        document = _Document.model_validate(parse_canonical(path.read_bytes(), _MAX_BYTES))
        salt, wrapped = from_base64url(document.salt), from_base64url(document.private)
    except OSError:
        raise RootKeyMissing from None
    except (NotCanonical, ValidationError):
        raise RootKeyMalformed from None
    parameters = SignInParameters(salt, document.memory_kib, document.iterations, document.lanes)
    return SigningKey(unwrap_private(derive(passphrase, parameters, floor).wrapping, wrapped, _LABEL))
