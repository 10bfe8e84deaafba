"""Reader keys (X-Wing: ML-KEM-768 with X25519) and signing keys (Ed25519); it does not know whose they are.

Hybrid key objects do not serialise, so a key is its seed; a public key is both raw parts in a row.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from shared.sealing.errors import KeyMalformed
from shared.sealing.key_text import key_id_of, read_aloud, read_back, written
from shared.sealing.verify_key import ED25519_BYTES, VerifyKey

RandomBytes = Callable[[int], bytes]

MLKEM_SEED_BYTES: Final = 64
X25519_BYTES: Final = 32
READER_SEED_BYTES: Final = MLKEM_SEED_BYTES + X25519_BYTES
MLKEM_PUBLIC_BYTES: Final = 1184
READER_PUBLIC_BYTES: Final = MLKEM_PUBLIC_BYTES + X25519_BYTES
HPKE_OVERHEAD_BYTES: Final = 1088 + 32 + 16  # ML-KEM-768 ciphertext, X25519 share, GCM tag
KEY_ID: Final = re.compile(r"[0-9a-f]{32}")

_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

READER_SECRET: Final = "candour-reader-secret"  # noqa: S105  # the name of a text form, not a secret
READER_PUBLIC: Final = "candour-reader"
SIGNING_SECRET: Final = "candour-signing-secret"  # noqa: S105  # the name of a text form, not a secret


@dataclass(frozen=True, slots=True)
class ReaderPublicKey:
    """Whom one seals for: ``raw`` is ML-KEM-768 (1184 bytes), then X25519 (32 bytes). Raises KeyMalformed."""

    raw: bytes

    def __post_init__(self) -> None:
        try:
            self._hybrid()
        except ValueError:
            raise KeyMalformed from None

    def _hybrid(self) -> hpke.MLKEM768X25519PublicKey:
        if len(self.raw) != READER_PUBLIC_BYTES:
            raise KeyMalformed
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.raw[:MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(self.raw[MLKEM_PUBLIC_BYTES:]),
        )

    @property
    def key_id(self) -> str:
        """32 hexadecimal digits of SHA-256 over both raw parts."""
        return key_id_of(READER_PUBLIC, self.raw)

    @property
    def fingerprint(self) -> str:
        """The key id in groups of four, to read aloud."""
        return read_aloud(self.key_id)

    def wrap(self, secret: bytes, info: bytes) -> bytes:
        """HPKE base mode (RFC 9180): encapsulation, ciphertext. Raises KeyMalformed for a degenerate key."""
        try:
            return _SUITE.encrypt(secret, self._hybrid(), info)
        except ValueError:
            raise KeyMalformed from None

    def to_text(self) -> str:
        return written(READER_PUBLIC, self.raw)

    @classmethod
    def from_text(cls, text: str) -> ReaderPublicKey:
        return cls(read_back(READER_PUBLIC, text))

    def __repr__(self) -> str:
        return f"ReaderPublicKey({self.key_id})"


class WrapNotOpened(Exception):
    """An HPKE wrap does not open with this key and this ``info``; callers say what that means."""


class ReaderKey:
    """A private reader key: a 64-byte ML-KEM-768 seed and 32 X25519 private bytes. Raises KeyMalformed."""

    __slots__ = ("_private", "_seed", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != READER_SEED_BYTES:
            raise KeyMalformed
        kem = MLKEM768PrivateKey.from_seed_bytes(seed[:MLKEM_SEED_BYTES])
        curve = X25519PrivateKey.from_private_bytes(seed[MLKEM_SEED_BYTES:])
        self._seed = bytes(seed)
        self._private = hpke.MLKEM768X25519PrivateKey(kem, curve)
        self.public = ReaderPublicKey(kem.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, random: RandomBytes = secrets.token_bytes) -> ReaderKey:
        return cls(random(READER_SEED_BYTES))

    @property
    def seed(self) -> bytes:
        """The 96 secret bytes this key is made from; wrap them before they go anywhere."""
        return self._seed

    @property
    def key_id(self) -> str:
        return self.public.key_id

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """The secret an HPKE wrap holds. Raises WrapNotOpened."""
        try:
            return _SUITE.decrypt(wrapped, self._private, info)
        except (InvalidTag, ValueError):
            raise WrapNotOpened from None

    def to_text(self) -> str:
        return written(READER_SECRET, self._seed)

    @classmethod
    def from_text(cls, text: str) -> ReaderKey:
        return cls(read_back(READER_SECRET, text))

    def __repr__(self) -> str:
        return f"ReaderKey({self.key_id})"


class SigningKey:
    """A private Ed25519 key, kept as its 32-byte seed. Raises KeyMalformed."""

    __slots__ = ("_private", "_seed", "public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != ED25519_BYTES:
            raise KeyMalformed
        self._seed = bytes(seed)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = VerifyKey(self._private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, random: RandomBytes = secrets.token_bytes) -> SigningKey:
        return cls(random(ED25519_BYTES))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes this key is made from; wrap them before they go anywhere."""
        return self._seed

    @property
    def key_id(self) -> str:
        return self.public.key_id

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over ``message``; callers frame it behind a label of their own."""
        return self._private.sign(message)

    def to_text(self) -> str:
        return written(SIGNING_SECRET, self._seed)

    @classmethod
    def from_text(cls, text: str) -> SigningKey:
        return cls(read_back(SIGNING_SECRET, text))

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"
