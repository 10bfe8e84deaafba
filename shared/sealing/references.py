"""A caller's reference for ringing again, stretched in the console: what finds it, what proves it, and a report's mark.

Argon2id (RFC 9106) over the words, salted for the whole organisation, then HKDF-SHA256 (RFC 5869) into three values
that tell nothing of one another or of the words. The service gets the first two and keeps the second's hash.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.sealing.canonical import framed
from shared.sealing.sign_in import Cost
from shared.sealing.verify_key import VerifyKey

REFERENCE_COST: Final = Cost(memory_kib=131_072, iterations=3, lanes=1)  # another cost would find no older reference
LOCATOR_BYTES: Final = 16
PROOF_BYTES: Final = 32
MARK_LETTERS: Final = 8  # 40 bits: enough to tell reports apart

_KEY_BYTES: Final = 32
_SALT: Final = b"candour/reference/salt/v1"
_LOCATOR: Final = b"candour/reference/locator/v1"
_PROOF: Final = b"candour/reference/proof/v1"
_MARK: Final = b"candour/reference/mark/v1"
_STORED: Final = b"candour/reference/stored/v1"


@dataclass(frozen=True, slots=True)
class Reference:
    """What the words come to. ``mark`` goes into the report and never to the service in clear: "7KQ2-M9XF"."""

    locator: bytes = field(repr=False)
    proof: bytes = field(repr=False)
    mark: str = field(repr=False)


def derive_reference(words: Sequence[str], root: VerifyKey, cost: Cost = REFERENCE_COST) -> Reference:
    """From the words in their order; takes a good part of a second."""
    salt = hashlib.sha256(framed(_SALT, root.raw)).digest()[:16]
    stretched = Argon2id(
        salt=salt, length=_KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(" ".join(words).encode("utf-8"))
    letters = base64.b32encode(_expanded(stretched, _MARK, MARK_LETTERS * 5 // 8)).decode("ascii")
    half = MARK_LETTERS // 2
    return Reference(
        locator=_expanded(stretched, _LOCATOR, LOCATOR_BYTES),
        proof=_expanded(stretched, _PROOF, PROOF_BYTES),
        mark=f"{letters[:half]}-{letters[half:]}",
    )


def _expanded(stretched: bytes, label: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=label).derive(stretched)


def hash_proof(proof: bytes) -> bytes:
    """What the service stores of a proof: 32 bytes that prove nothing."""
    return hashlib.sha256(framed(_STORED, proof)).digest()


def proof_matches(proof: bytes, stored: bytes) -> bool:
    """Whether this proof is the stored one's, in the same time for any."""
    return hmac.compare_digest(hash_proof(proof), stored)
