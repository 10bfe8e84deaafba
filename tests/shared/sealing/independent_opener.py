"""A second reader of the envelope format, written from its documents and from primitives alone.

X-Wing after draft-connolly-cfrg-xwing-kem, HPKE's base mode after RFC 9180, and docs/envelope.md. It imports nothing
of the product, so that the two agree only where both follow the same page.
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

XWING_LABEL = rb"\.//^" + b"\\"
HPKE_SUITE_ID = b"HPKE" + bytes.fromhex("647a00010002")
MLKEM_CIPHERTEXT = 1088


def b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def xwing_decapsulate(seed: bytes, encapsulated: bytes) -> bytes:
    kem, curve = MLKEM768PrivateKey.from_seed_bytes(seed[:64]), X25519PrivateKey.from_private_bytes(seed[64:])
    kem_ciphertext, curve_share = encapsulated[:MLKEM_CIPHERTEXT], encapsulated[MLKEM_CIPHERTEXT:]
    kem_secret = kem.decapsulate(kem_ciphertext)
    curve_secret = curve.exchange(X25519PublicKey.from_public_bytes(curve_share))
    curve_public = curve.public_key().public_bytes_raw()
    return hashlib.sha3_256(kem_secret + curve_secret + curve_share + curve_public + XWING_LABEL).digest()


def labeled_extract(salt: bytes, label: bytes, keying: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + HPKE_SUITE_ID + label + keying, "sha256")


def labeled_expand(key: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """One block of HKDF-Expand is enough: no length here exceeds 32."""
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + HPKE_SUITE_ID + label + context
    return hmac.digest(key, labelled + b"\x01", "sha256")[:length]


def hpke_open(seed: bytes, wrapped: bytes, info: bytes) -> bytes:
    encapsulated, sealed = wrapped[: MLKEM_CIPHERTEXT + 32], wrapped[MLKEM_CIPHERTEXT + 32 :]
    shared = xwing_decapsulate(seed, encapsulated)
    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    secret = labeled_extract(shared, b"secret", b"")
    key, nonce = labeled_expand(secret, b"key", context, 32), labeled_expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, b"")


def open_document(written: bytes, reader_seed: bytes, reader_key_id: str, release_public: bytes | None) -> bytes:
    """The content of a .candour file, its signature checked where a key is given. Raises whatever goes wrong."""
    document: dict[str, Any] = json.loads(written)
    header, ciphertext = b64(document["header"]), b64(document["ciphertext"])
    if release_public is not None:
        signed = framed(b"candour/envelope-signature/v1", header, ciphertext)
        Ed25519PublicKey.from_public_bytes(release_public).verify(b64(document["signature"]), signed)
    content_key = hpke_open(reader_seed, b64(document["wraps"][reader_key_id]), header)
    nonce, commitment, sealed = ciphertext[:12], ciphertext[12:44], ciphertext[44:]
    expected = hmac.digest(content_key, framed(b"candour/content-key-commitment/v1", header), "sha256")
    assert commitment == expected
    padded = AESGCM(content_key).decrypt(nonce, sealed, header)
    length = int.from_bytes(padded[:4], "big")
    assert len(padded) % 4096 == 0
    assert not any(padded[4 + length :])
    return padded[4 : 4 + length]


def digest_of(written: bytes) -> bytes:
    document = json.loads(written)
    return hashlib.sha256(
        framed(b"candour/envelope-digest/v1", b64(document["header"]), b64(document["ciphertext"]))
    ).digest()


def reader_key_id(public: bytes) -> str:
    return hashlib.sha256(framed(b"candour/key-id/v1", b"candour-reader", public)).hexdigest()[:32]
