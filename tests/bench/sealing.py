"""What an envelope costs beyond the two primitives it is made of."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Final

from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.envelope import open_envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from tests.bench.figures import Compared, Effort, Measure, Row, Unit, compared, in_turn

REPORT_BYTES: Final = 5 * 1024
_INFO: Final = b"candour/bench"
_SUITE: Final = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _sealing(effort: Effort) -> tuple[Compared, ...]:
    seal_ours, open_ours = _envelope()
    seal_raw, open_raw = _primitives()
    sides = {
        "seal": seal_ours,
        "seal raw": seal_raw,
        "open": open_ours,
        "open raw": open_raw,
    }
    timed = {name: _milliseconds(work, effort.repeats) for name, work in sides.items()}
    found = in_turn(timed, effort.rounds)
    return compared(found["seal"], found["seal raw"]), compared(found["open"], found["open raw"])


def _envelope() -> tuple[Callable[[], object], Callable[[], object]]:
    """Sealing a released report for the unit and the supervisors, signed; and the unit's opening of it."""
    unit, supervisors, release = ReaderKey.generate(), ReaderKey.generate(), SigningKey.generate()
    readers = [unit.public, supervisors.public]
    content = secrets.token_bytes(REPORT_BYTES)

    def sealed() -> object:
        return seal(content, new_header(EnvelopeKind.REPORT, "report", 1, unit="kent"), readers, release)

    envelope = seal(content, new_header(EnvelopeKind.REPORT, "report", 1, unit="kent"), readers, release)
    delivered = envelope.only_wrap(unit.key_id)
    return sealed, lambda: open_envelope(delivered, unit, release.public)


def _primitives() -> tuple[Callable[[], object], Callable[[], object]]:
    """AES-256-GCM over the same content under a fresh key, and that key in one HPKE wrap; and back."""
    kem, curve = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    private = hpke.MLKEM768X25519PrivateKey(kem, curve)
    public = hpke.MLKEM768X25519PublicKey(kem.public_key(), curve.public_key())
    content = secrets.token_bytes(REPORT_BYTES)

    def encrypted() -> tuple[bytes, bytes, bytes]:
        key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
        return nonce, AESGCM(key).encrypt(nonce, content, _INFO), _SUITE.encrypt(key, public, _INFO)

    nonce, ciphertext, wrap = encrypted()
    return encrypted, lambda: AESGCM(_SUITE.decrypt(wrap, private, _INFO)).decrypt(nonce, ciphertext, _INFO)


def _milliseconds(work: Callable[[], object], repeats: int) -> Callable[[], float]:
    """Something that does the work so many times and tells what one time took."""

    def timed() -> float:
        begun = perf_counter()
        for _ in range(repeats):
            work()
        return (perf_counter() - begun) * 1000 / repeats

    return timed


SEALING: Final = Measure(
    "sealing",
    (
        Row("seal", "sealing 5 KB for two readers", "AES-GCM and one HPKE wrap", Unit.MILLISECONDS),
        Row("open", "opening it, signature checked", "one HPKE unwrap and AES-GCM", Unit.MILLISECONDS),
    ),
    _sealing,
)
