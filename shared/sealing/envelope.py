"""The envelope: an immutable header, a ciphertext, and one wrap of its key for each reader.

It knows no report, form or person, only bytes and keys; docs/envelope.md is its format.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.canonical import framed
from shared.sealing.errors import (
    EnvelopeAltered,
    EnvelopeMalformed,
    NotForThisReader,
    SignatureWrong,
)
from shared.sealing.header import EnvelopeKind, Header, parse_header
from shared.sealing.keys import (
    HPKE_OVERHEAD_BYTES,
    KEY_ID,
    RandomBytes,
    ReaderKey,
    ReaderPublicKey,
    SigningKey,
    WrapNotOpened,
)
from shared.sealing.padding import STEP_BYTES, PaddingWrong, pad, padded_length, unpad
from shared.sealing.verify_key import Signers, named

MAX_CONTENT_BYTES: Final = 256 * 1024 - 4  # 64 whole steps, less the length in front
MAX_READERS: Final = 8
CONTENT_KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
COMMITMENT_BYTES: Final = 32
TAG_BYTES: Final = 16
WRAP_BYTES: Final = HPKE_OVERHEAD_BYTES + CONTENT_KEY_BYTES
SIGNATURE_BYTES: Final = 64
MAX_CIPHERTEXT_BYTES: Final = NONCE_BYTES + COMMITMENT_BYTES + padded_length(MAX_CONTENT_BYTES) + TAG_BYTES

_DIGEST_LABEL: Final = b"candour/envelope-digest/v1"
_SIGNATURE_LABEL: Final = b"candour/envelope-signature/v1"
_COMMITMENT_LABEL: Final = b"candour/content-key-commitment/v1"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sealed content. ``wraps`` maps a reader's key id to the content key wrapped for it.

    ``ciphertext`` is the nonce (12 bytes), the commitment to the content key (32) and AES-256-GCM's output.
    ``signature`` and ``signer`` (a key id) come together or not at all; neither covers the wraps.
    Raises EnvelopeMalformed for parts of an impossible shape.
    """

    header: bytes
    ciphertext: bytes
    wraps: Mapping[str, bytes] = field(hash=False)
    signature: bytes | None = None
    signer: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "wraps", MappingProxyType(dict(self.wraps)))
        spare = len(self.ciphertext) - NONCE_BYTES - COMMITMENT_BYTES - TAG_BYTES
        well_formed = (
            spare > 0
            and spare % STEP_BYTES == 0
            and len(self.ciphertext) <= MAX_CIPHERTEXT_BYTES
            and len(self.wraps) <= MAX_READERS
            and all(KEY_ID.fullmatch(key_id) for key_id in self.wraps)
            and all(len(wrap) == WRAP_BYTES for wrap in self.wraps.values())
            and self._is_signed_or_not()
        )
        if not well_formed:
            raise EnvelopeMalformed

    def _is_signed_or_not(self) -> bool:
        if self.signature is None or self.signer is None:
            return self.signature is None and self.signer is None
        return len(self.signature) == SIGNATURE_BYTES and KEY_ID.fullmatch(self.signer) is not None

    @property
    def about(self) -> Header:
        """What the header says. Raises EnvelopeMalformed."""
        return parse_header(self.header)

    @property
    def digest(self) -> bytes:
        """SHA-256 (32 bytes) over header and ciphertext: the same whoever the readers are."""
        return hashlib.sha256(framed(_DIGEST_LABEL, self.header, self.ciphertext)).digest()

    def without_wrap(self, key_id: str) -> Envelope:
        """Taking a reader away is deleting its wrap. Raises NotForThisReader if it has none."""
        self._wrap_for(key_id)
        return replace(self, wraps={held: wrap for held, wrap in self.wraps.items() if held != key_id})

    def only_wrap(self, key_id: str) -> Envelope:
        """The envelope as one reader is sent it. Raises NotForThisReader."""
        return replace(self, wraps={key_id: self._wrap_for(key_id)})

    def __repr__(self) -> str:
        return f"Envelope(digest={self.digest.hex()}, readers={sorted(self.wraps)})"

    def _wrap_for(self, key_id: str) -> bytes:
        try:
            return self.wraps[key_id]
        except KeyError:
            raise NotForThisReader from None


def seal(
    content: bytes,
    header: Header,
    readers: Sequence[ReaderPublicKey],
    signing: SigningKey | None,
    random: RandomBytes = secrets.token_bytes,
) -> Envelope:
    """Seal at most MAX_CONTENT_BYTES for 1 to MAX_READERS different readers.

    A report is signed with the organisation's release key: sealing one without is SignatureWrong. Raises
    EnvelopeMalformed for content or readers out of range, KeyMalformed for a degenerate reader key.
    """
    if len(content) > MAX_CONTENT_BYTES or not 1 <= len(readers) <= MAX_READERS:
        raise EnvelopeMalformed
    if len({reader.key_id for reader in readers}) != len(readers):
        raise EnvelopeMalformed
    content_key, nonce = random(CONTENT_KEY_BYTES), random(NONCE_BYTES)
    written = header.to_bytes()
    sealed = AESGCM(content_key).encrypt(nonce, pad(content), written)
    ciphertext = nonce + _commitment(content_key, written) + sealed
    wraps = {reader.key_id: reader.wrap(content_key, written) for reader in readers}
    envelope = Envelope(written, ciphertext, wraps)
    if signing is not None:
        return sign_envelope(envelope, signing)
    if header.kind is EnvelopeKind.REPORT:
        raise SignatureWrong
    return envelope


def sign_envelope(envelope: Envelope, signing: SigningKey) -> Envelope:
    """The same envelope signed with ``signing``, in place of any signature it had."""
    signature = signing.sign(_signed_bytes(envelope))
    return replace(envelope, signature=signature, signer=signing.key_id)


def check_signature(envelope: Envelope, verify: Signers) -> None:
    """Raises SignatureWrong unless ``verify``, or one of several, signed this header and ciphertext."""
    key = named(verify, envelope.signer)
    if envelope.signature is None or key is None or not key.accepts(envelope.signature, _signed_bytes(envelope)):
        raise SignatureWrong


def open_envelope(envelope: Envelope, reader: ReaderKey, verify: Signers | None) -> bytes:
    """The content. With ``verify`` None no signature is asked for, except of a report, which must have one.

    Raises EnvelopeMalformed, SignatureWrong, NotForThisReader or EnvelopeAltered, and nothing else.
    """
    header = envelope.about
    if verify is not None:
        check_signature(envelope, verify)
    elif header.kind is EnvelopeKind.REPORT:
        raise SignatureWrong
    nonce, sealed = envelope.ciphertext[:NONCE_BYTES], envelope.ciphertext[NONCE_BYTES + COMMITMENT_BYTES :]
    try:
        return unpad(AESGCM(_content_key(envelope, reader)).decrypt(nonce, sealed, envelope.header))
    except (InvalidTag, PaddingWrong):
        raise EnvelopeAltered from None


def rewrap(envelope: Envelope, reader: ReaderKey, new_reader: ReaderPublicKey) -> Envelope:
    """Give ``new_reader`` a wrap too, by someone who can already open it; digest and signature stay.

    Raises NotForThisReader, EnvelopeAltered, EnvelopeMalformed (too many readers) or KeyMalformed.
    """
    wrap = new_reader.wrap(_content_key(envelope, reader), envelope.header)
    return replace(envelope, wraps={**envelope.wraps, new_reader.key_id: wrap})


def _content_key(envelope: Envelope, reader: ReaderKey) -> bytes:
    wrap = envelope._wrap_for(reader.key_id)
    try:
        content_key = reader.unwrap(wrap, envelope.header)
    except WrapNotOpened:
        raise EnvelopeAltered from None
    committed = envelope.ciphertext[NONCE_BYTES : NONCE_BYTES + COMMITMENT_BYTES]
    if not hmac.compare_digest(_commitment(content_key, envelope.header), committed):
        raise EnvelopeAltered
    return content_key


def _commitment(content_key: bytes, header: bytes) -> bytes:
    # AES-GCM alone lets a sealer make one ciphertext that two keys open differently; this names the one key,
    # so that everyone who answers for a digest has read the same words.
    return hmac.digest(content_key, framed(_COMMITMENT_LABEL, header), "sha256")


def _signed_bytes(envelope: Envelope) -> bytes:
    return framed(_SIGNATURE_LABEL, envelope.header, envelope.ciphertext)
