"""Sign-in: from a passphrase to a key the service checks and a key it never sees; it knows no person and no session.

Argon2id (RFC 9106) in the console, then HKDF-SHA256 (RFC 5869) into two keys of 32 bytes. A stolen database still
permits guessing, at Argon2id's cost for each guess.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.sealing.canonical import framed
from shared.sealing.errors import ParametersMalformed, ParametersTooWeak, PassphraseWrong
from shared.sealing.keys import RandomBytes
from shared.sealing.passphrase import passphrase_bytes

SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12

_AUTHENTICATION: Final = b"candour/sign-in/authentication/v1"
_WRAPPING: Final = b"candour/sign-in/wrapping/v1"
_STORED: Final = b"candour/sign-in/stored/v1"
_FAKE_SALT: Final = b"candour/sign-in/unknown-name/v1"
_WRAPPED_PRIVATE: Final = b"candour/wrapped-private/v1"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    iterations: int
    lanes: int

    def reaches(self, floor: Cost) -> bool:
        """Whether this is at least ``floor`` in every part."""
        parts = ((self.memory_kib, floor.memory_kib), (self.iterations, floor.iterations), (self.lanes, floor.lanes))
        return all(ours >= least for ours, least in parts)


CONSOLE_FLOOR: Final = Cost(memory_kib=65_536, iterations=3, lanes=1)
STANDARD_COST: Final = Cost(memory_kib=131_072, iterations=3, lanes=1)
# A service gone bad must not be able to hang a console either.
CEILING: Final = Cost(memory_kib=1_048_576, iterations=16, lanes=8)
_KIB_PER_LANE: Final = 8  # Argon2's own minimum


@dataclass(frozen=True, slots=True)
class SignInParameters:
    """What the service gives out for a name: a salt of 16 bytes and the cost. Raises ParametersMalformed."""

    salt: bytes
    memory_kib: int
    iterations: int
    lanes: int

    def __post_init__(self) -> None:
        possible = self.lanes >= 1 and self.iterations >= 1 and self.memory_kib >= _KIB_PER_LANE * self.lanes
        if len(self.salt) != SALT_BYTES or not possible or not CEILING.reaches(self.cost):
            raise ParametersMalformed

    @property
    def cost(self) -> Cost:
        return Cost(self.memory_kib, self.iterations, self.lanes)


@dataclass(frozen=True, slots=True)
class DerivedKeys:
    """Two keys of 32 bytes: ``authentication`` goes to the service, ``wrapping`` never leaves the console."""

    authentication: bytes = field(repr=False)
    wrapping: bytes = field(repr=False)


def new_parameters(cost: Cost = STANDARD_COST, random: RandomBytes = secrets.token_bytes) -> SignInParameters:
    """Parameters with a fresh salt, for a new person or a new passphrase. Raises ParametersMalformed."""
    return SignInParameters(random(SALT_BYTES), cost.memory_kib, cost.iterations, cost.lanes)


def fake_parameters(name: str, server_secret: bytes, cost: Cost = STANDARD_COST) -> SignInParameters:
    """What the service says of a name nobody has: the same each time, and like any other."""
    message = framed(_FAKE_SALT, sign_in_name(name).encode("utf-8", "surrogatepass"))
    salt = hmac.digest(server_secret, message, "sha256")[:SALT_BYTES]
    return SignInParameters(salt, cost.memory_kib, cost.iterations, cost.lanes)


def sign_in_name(name: str) -> str:
    """How names are told apart: in NFKC, without regard to capitals or to how many spaces there are."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def derive(passphrase: str, parameters: SignInParameters, floor: Cost = CONSOLE_FLOOR) -> DerivedKeys:
    """Both keys; takes a good part of a second. Raises PassphraseUnsuitable, or ParametersTooWeak below ``floor``."""
    if not parameters.cost.reaches(floor):
        raise ParametersTooWeak
    stretched = Argon2id(
        salt=parameters.salt,
        length=KEY_BYTES,
        iterations=parameters.iterations,
        lanes=parameters.lanes,
        memory_cost=parameters.memory_kib,
    ).derive(passphrase_bytes(passphrase))
    return DerivedKeys(_expanded(stretched, _AUTHENTICATION), _expanded(stretched, _WRAPPING))


def _expanded(stretched: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label).derive(stretched)


def hash_authentication(key: bytes) -> bytes:
    """What the service stores of an authentication key: 32 bytes that do not sign anyone in."""
    return hashlib.sha256(framed(_STORED, key)).digest()


def authentication_matches(key: bytes, stored: bytes) -> bool:
    """Whether this key is the stored one's, in the same time for any key."""
    return hmac.compare_digest(hash_authentication(key), stored)


def wrap_private(wrapping_key: bytes, private: bytes, label: bytes, random: RandomBytes = secrets.token_bytes) -> bytes:
    """Private bytes under a wrapping key (32 bytes): nonce, then AES-256-GCM with ``label`` authenticated."""
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(wrapping_key).encrypt(nonce, private, framed(_WRAPPED_PRIVATE, label))


def unwrap_private(wrapping_key: bytes, wrapped: bytes, label: bytes) -> bytes:
    """The private bytes. Raises PassphraseWrong: another passphrase, another label, or altered bytes."""
    try:
        return AESGCM(wrapping_key).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], framed(_WRAPPED_PRIVATE, label)
        )
    except (InvalidTag, ValueError):
        raise PassphraseWrong from None
