"""The signed word of authors and reviewers on what the service cannot read of a report.

An author asserts the circle of knowledge and a conflict of interest; a reviewer that words were changed and settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.domain.vocabulary import Circle
from shared.sealing.canonical import framed
from shared.sealing.errors import SignatureWrong
from shared.sealing.keys import SigningKey
from shared.sealing.verify_key import VerifyKey

_LABEL: Final = b"candour/report-flags/v1"
_RELEASE_LABEL: Final = b"candour/release-flags/v1"


@dataclass(frozen=True, slots=True)
class ReleaseFlags:
    """What a reviewer asserts: it is in other words now; every identity hint is settled; it is urgent."""

    reworded: bool
    hints_settled: bool
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class AuthorFlags:
    """What an author asserts: how many could know it; a conflict of interest; the caller's own yes to sending what was
    read back; and that somebody is in danger, so that it goes at once.
    """

    circle: Circle
    conflict: bool
    agreed: bool
    urgent: bool = False


def sign_flags(digest: bytes, flags: AuthorFlags, signing: SigningKey) -> bytes:
    """64 bytes of Ed25519: these flags, for the envelope with this digest and no other."""
    return signing.sign(_signed_bytes(digest, flags))


def check_flags(signature: bytes, digest: bytes, flags: AuthorFlags, verify: VerifyKey) -> None:
    """Raises SignatureWrong unless ``verify`` signed just these flags for just this envelope."""
    if not verify.accepts(signature, _signed_bytes(digest, flags)):
        raise SignatureWrong


def _signed_bytes(digest: bytes, flags: AuthorFlags) -> bytes:
    said = (
        flags.circle.value.encode(),
        b"conflict" if flags.conflict else b"none",
        b"agreed" if flags.agreed else b"not agreed",
        b"urgent" if flags.urgent else b"ordinary",
    )
    return framed(_LABEL, digest, *said)


def sign_release_flags(digest: bytes, flags: ReleaseFlags, signing: SigningKey) -> bytes:
    """64 bytes of Ed25519, for the released envelope with this digest and no other."""
    return signing.sign(_release_bytes(digest, flags))


def check_release_flags(signature: bytes, digest: bytes, flags: ReleaseFlags, verify: VerifyKey) -> None:
    """Raises SignatureWrong unless ``verify`` signed just these flags for just this envelope."""
    if not verify.accepts(signature, _release_bytes(digest, flags)):
        raise SignatureWrong


def _release_bytes(digest: bytes, flags: ReleaseFlags) -> bytes:
    said = (
        b"reworded" if flags.reworded else b"as written",
        b"settled" if flags.hints_settled else b"unsettled",
        b"urgent" if flags.urgent else b"ordinary",
    )
    return framed(_RELEASE_LABEL, digest, *said)
