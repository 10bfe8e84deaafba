"""The second factor: a code of the moment (RFC 6238, six digits, SHA-1, 30 seconds) from a secret both sides keep.

The service keeps each secret sealed under a key of its own, which is in a file and never in the database: a copy of
the database makes no code. This knows no session, no lock and no request.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.canonical import framed
from shared.sealing.keys import RandomBytes

STEP_SECONDS: Final = 30
STEPS_EITHER_SIDE: Final = 1  # for clocks that are not quite together
SECRET_BYTES: Final = 20  # as RFC 4226 asks
KEY_BYTES: Final = 32
ISSUER: Final = "Candour"
_NONCE_BYTES: Final = 12
_LABEL: Final = b"candour/second-factor/v1"
_NOBODYS: Final = "A" * 32


class SecondFactorKeyWrong(Exception):
    """A stored secret does not open with this key: the file is another installation's."""

    def __init__(self) -> None:
        super().__init__("The key file for second factors ([desk] second_factor_key) is not this installation's.")


@dataclass(frozen=True, slots=True)
class SecondFactorKey:
    """32 secret bytes under which the secrets of all people are kept."""

    raw: bytes = field(repr=False)

    def seal(self, person_id: str, secret: str, random: RandomBytes = secrets.token_bytes) -> bytes:
        """A person's secret as the store may hold it, bound to that person."""
        nonce = random(_NONCE_BYTES)
        return nonce + AESGCM(self.raw).encrypt(nonce, secret.encode("ascii"), framed(_LABEL, person_id.encode()))

    def open(self, person_id: str, sealed: bytes) -> str:
        """The secret in base32. Raises SecondFactorKeyWrong."""
        try:
            whose = framed(_LABEL, person_id.encode())
            return AESGCM(self.raw).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], whose).decode("ascii")
        except (InvalidTag, ValueError):
            raise SecondFactorKeyWrong from None


def new_secret(random: RandomBytes = secrets.token_bytes) -> str:
    """160 random bits in base32, as authenticators take it."""
    return base64.b32encode(random(SECRET_BYTES)).decode("ascii")


def address_of(secret: str, name: str) -> str:
    """The otpauth address that authenticators read from a square code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def code_at(secret: str, now: datetime) -> str:
    """The code of this moment."""
    return pyotp.TOTP(secret).generate_otp(step_of(now))


def step_of(now: datetime) -> int:
    """Which half minute this is, since 1970."""
    return int(now.timestamp()) // STEP_SECONDS


def step_of_code(secret: str | None, code: str, now: datetime, used: int | None) -> int | None:
    """The step this code belongs to: this one, the one before or the one after, and later than the one last `used`.

    None for any other code. Without a secret it takes the same time and says None.
    """
    codes = pyotp.TOTP(secret or _NOBODYS)
    here, found = step_of(now), None
    for step in range(here - STEPS_EITHER_SIDE, here + STEPS_EITHER_SIDE + 1):
        same = hmac.compare_digest(codes.generate_otp(step).encode(), code.encode("utf-8", "surrogatepass"))
        if same and step > (used or 0):
            found = step
    return None if secret is None else found
