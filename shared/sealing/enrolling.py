"""Taking a newcomer in: words that are good once, and the words of a person's keys; it does not know whose they are.

The first prove at a first sign-in that the account was made for whoever types them. The second are compared aloud by
those who confirm the keys: each side works them out from the keys it has, so nobody between can lie about them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from shared.sealing.canonical import framed
from shared.sealing.keys import RandomBytes, ReaderPublicKey
from shared.sealing.verify_key import VerifyKey
from shared.sealing.words import from_paper, in_words, on_paper

ENROLMENT_BYTES: Final = 10
STORED_BYTES: Final = 32
_FINGERPRINT_BYTES: Final = 12
_PROOF: Final = b"candour/enrolment/proof/v1"
_STORED: Final = b"candour/enrolment/stored/v1"
_PERSON_WORDS: Final = b"candour/person-words/v1"


def new_enrolment_words(random: RandomBytes = secrets.token_bytes) -> tuple[str, ...]:
    """Twelve words: 80 random bits, and two that tell when one was copied wrongly."""
    return on_paper(random(ENROLMENT_BYTES))


def enrolment_proof(written: str) -> bytes:
    """The 32 bytes that are sent in the words' place. Raises WordsWrong where they are not such words."""
    return hashlib.sha256(framed(_PROOF, from_paper(written, ENROLMENT_BYTES))).digest()


def stored_proof(proof: bytes) -> bytes:
    """What the service keeps of a proof: 32 bytes that enrol nobody."""
    return hashlib.sha256(framed(_STORED, proof)).digest()


def proof_matches(proof: bytes, stored: bytes) -> bool:
    """Whether this proof is the stored one's, in the same time for any proof."""
    return hmac.compare_digest(stored_proof(proof), stored)


def person_words(person_id: str, reader: ReaderPublicKey, verify: VerifyKey) -> tuple[str, ...]:
    """Twelve words for a person's two keys: 96 bits of SHA-256 over their id and both key ids."""
    both = framed(_PERSON_WORDS, person_id.encode(), reader.key_id.encode(), verify.key_id.encode())
    return in_words(hashlib.sha256(both).digest()[:_FINGERPRINT_BYTES])
