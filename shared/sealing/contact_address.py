"""The unit that a caller's details go to, under the release key: by it their author's console knows whom to seal for.

It knows no report: details are named by their digest, the unit by its id.
"""

from __future__ import annotations

from typing import Final

from shared.sealing.canonical import framed
from shared.sealing.errors import SignatureWrong
from shared.sealing.keys import SigningKey
from shared.sealing.verify_key import VerifyKey

_LABEL: Final = b"candour/contact-address/v1"


def sign_address(digest: bytes, unit_id: str, release: SigningKey) -> bytes:
    """64 bytes of Ed25519: the details with this digest go to this unit and no other."""
    return release.sign(framed(_LABEL, digest, unit_id.encode()))


def check_address(signature: bytes, digest: bytes, unit_id: str, signers: tuple[VerifyKey, ...]) -> None:
    """Raises SignatureWrong unless one of ``signers`` signed just this unit for just these details."""
    said = framed(_LABEL, digest, unit_id.encode())
    if not any(key.accepts(signature, said) for key in signers):
        raise SignatureWrong
