"""The public half of a signing key (Ed25519); it does not know whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from shared.sealing.errors import KeyMalformed
from shared.sealing.key_text import key_id_of, read_aloud, read_back, written

ED25519_BYTES: Final = 32
VERIFY_PUBLIC: Final = "candour-verify"


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """The public half of a signing key: 32 raw Ed25519 bytes. Raises KeyMalformed."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != ED25519_BYTES:
            raise KeyMalformed

    @property
    def key_id(self) -> str:
        """32 hexadecimal digits of SHA-256 over the raw key."""
        return key_id_of(VERIFY_PUBLIC, self.raw)

    @property
    def fingerprint(self) -> str:
        """The key id in groups of four, to read aloud."""
        return read_aloud(self.key_id)

    def accepts(self, signature: bytes, message: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message``."""
        # Consoles show their sign-in, with the root's key read, before cryptography is there.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def to_text(self) -> str:
        return written(VERIFY_PUBLIC, self.raw)

    @classmethod
    def from_text(cls, text: str) -> VerifyKey:
        return cls(read_back(VERIFY_PUBLIC, text))

    def __repr__(self) -> str:
        return f"VerifyKey({self.key_id})"


Signers: TypeAlias = VerifyKey | tuple[VerifyKey, ...]  # any of several, where keys have followed one another


def named(signers: Signers, key_id: str | None) -> VerifyKey | None:
    """The one of these keys that has this id."""
    keys = (signers,) if isinstance(signers, VerifyKey) else signers
    return next((key for key in keys if key.key_id == key_id), None)
