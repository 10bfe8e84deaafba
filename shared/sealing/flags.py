"""The author's signed word on what the service cannot read: the circle of knowledge, and a conflict of interest."""

from __future__ import annotations

from typing import Final

from shared.domain.vocabulary import Circle
from shared.sealing.canonical import framed
from shared.sealing.errors import SignatureWrong
from shared.sealing.keys import SigningKey, VerifyKey

_LABEL: Final = b"candour/report-flags/v1"


def sign_flags(digest: bytes, circle: Circle, conflict: bool, signing: SigningKey) -> bytes:
    """64 bytes of Ed25519: these flags, for the envelope with this digest and no other."""
    return signing.sign(_signed_bytes(digest, circle, conflict))


def check_flags(signature: bytes, digest: bytes, circle: Circle, conflict: bool, verify: VerifyKey) -> None:
    """Raises SignatureWrong unless ``verify`` signed just these flags for just this envelope."""
    if not verify.accepts(signature, _signed_bytes(digest, circle, conflict)):
        raise SignatureWrong


def _signed_bytes(digest: bytes, circle: Circle, conflict: bool) -> bytes:
    return framed(_LABEL, digest, circle.value.encode(), b"conflict" if conflict else b"none")
