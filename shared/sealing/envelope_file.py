"""The ``.candour`` file: one envelope as one canonical JSON document; it opens and checks nothing."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.sealing.canonical import (
    NotCanonical,
    canonical_json,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from shared.sealing.envelope import MAX_CIPHERTEXT_BYTES, MAX_READERS, WRAP_BYTES, Envelope
from shared.sealing.errors import EnvelopeMalformed
from shared.sealing.header import MAX_HEADER_BYTES, parse_header

SUFFIX: Final = ".candour"
CONTACT_MARK: Final = ".contact"  # before the suffix: contact details, otherwise named as their report
WITHDRAWAL_MARK: Final = ".withdrawal"  # before the suffix: a notice, otherwise named as the report it withdraws
_FRAME_BYTES: Final = 1024
# Base64 takes four characters for three bytes.
MAX_ENVELOPE_BYTES: Final = (
    4 * (MAX_CIPHERTEXT_BYTES + MAX_HEADER_BYTES + MAX_READERS * (WRAP_BYTES + 64)) // 3 + _FRAME_BYTES
)


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    candour: Literal["envelope/1"]
    header: str
    ciphertext: str
    wraps: dict[str, str]
    signature: str | None
    signer: str | None


def envelope_to_bytes(envelope: Envelope) -> bytes:
    """At most MAX_ENVELOPE_BYTES of canonical JSON, the same bytes for the same envelope."""
    signature = None if envelope.signature is None else to_base64url(envelope.signature)
    return canonical_json(
        {
            "candour": "envelope/1",
            "header": to_base64url(envelope.header),
            "ciphertext": to_base64url(envelope.ciphertext),
            "wraps": {key_id: to_base64url(wrap) for key_id, wrap in envelope.wraps.items()},
            "signature": signature,
            "signer": envelope.signer,
        }
    )


def envelope_from_bytes(written: bytes) -> Envelope:
    """Read strictly: one spelling, no unknown field, a header of a known kind. Raises EnvelopeMalformed."""
    try:
        document = _Document.model_validate(parse_canonical(written, MAX_ENVELOPE_BYTES))
        envelope = Envelope(
            header=from_base64url(document.header),
            ciphertext=from_base64url(document.ciphertext),
            wraps={key_id: from_base64url(wrap) for key_id, wrap in document.wraps.items()},
            signature=None if document.signature is None else from_base64url(document.signature),
            signer=document.signer,
        )
    except (NotCanonical, ValidationError):
        raise EnvelopeMalformed from None
    parse_header(envelope.header)
    return envelope
