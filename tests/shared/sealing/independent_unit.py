"""A unit's own system, written from docs/unit-files.md and docs/envelope.md alone; it imports nothing of the product.

What it reads it refuses by raising Refused, or what its primitives raise.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.shared.sealing.independent_opener import (
    XWING_LABEL,
    b64,
    digest_of,
    framed,
    labeled_expand,
    labeled_extract,
    open_document,
    reader_key_id,
)

SUITE = "MLKEM768X25519-HKDFSHA256-AES256GCM"
STEP = 4096


class Refused(Exception):
    """The page says to refuse it."""


def canonical(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True)
class Unit:
    """Its identifier and both of its keys, as raw private bytes."""

    id: str
    reader: bytes
    answers: bytes

    @property
    def reader_public(self) -> bytes:
        kem, curve = MLKEM768PrivateKey.from_seed_bytes(self.reader[:64]), self.reader[64:]
        curve_public = X25519PrivateKey.from_private_bytes(curve).public_key().public_bytes_raw()
        return kem.public_key().public_bytes_raw() + curve_public

    @property
    def answers_public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.answers).public_key().public_bytes_raw()

    @property
    def answers_id(self) -> str:
        return verify_key_id(self.answers_public)

    def sign(self, *parts: bytes) -> str:
        return unpadded(Ed25519PrivateKey.from_private_bytes(self.answers).sign(framed(*parts)))


def verify_key_id(public: bytes) -> str:
    return hashlib.sha256(framed(b"candour/key-id/v1", b"candour-verify", public)).hexdigest()[:32]


def from_paper(unit: str, written: Sequence[str], words: Sequence[str]) -> Unit:
    raw = bytes(words.index(word) for word in written)
    secret, check = raw[:32], raw[32:]
    if hashlib.sha256(b"candour/paper-check/v1" + secret).digest()[:2] != check:
        raise Refused
    info, extracted = framed(b"candour/unit-root/v1", unit.encode()), hmac.digest(bytes(32), secret, "sha256")
    made, block = b"", b""
    for number in range(1, 5):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        made += block
    return Unit(unit, made[:96], made[96:128])


def words_aloud(unit: Unit, words: Sequence[str]) -> list[str]:
    both = framed(b"candour/unit-words/v1", reader_key_id(unit.reader_public).encode(), unit.answers_id.encode())
    return [words[byte] for byte in hashlib.sha256(both).digest()[:12]]


# --- what a unit reads ----------------------------------------------------------------------------------------------


def strictly(written: bytes, names: set[str]) -> dict[str, Any]:
    document = json.loads(written)
    if not isinstance(document, dict) or document.keys() != names or canonical(document) != written:
        raise Refused
    return document


def directory(written: bytes, root: bytes, highest: int) -> dict[str, Any]:
    document = strictly(written, {"candour", "directory", "signature"})
    signed = framed(b"candour/directory/v1", canonical(document["directory"]))
    Ed25519PublicKey.from_public_bytes(root).verify(b64(document["signature"]), signed)
    if document["candour"] != "directory/1" or document["directory"]["version"] < highest:
        raise Refused
    entries: dict[str, Any] = document["directory"]
    return entries


def release_keys(entries: dict[str, Any]) -> dict[str, bytes]:
    """Each by its key id."""
    keys = [b64(one["verify"].removeprefix("candour-verify.")) for one in signers(entries)]
    return {verify_key_id(key): key for key in keys}


def signers(entries: dict[str, Any]) -> list[dict[str, str]]:
    return [entries["release"], *entries["earlier_releases"]]


def supervisors(entries: dict[str, Any]) -> bytes:
    [reader] = [one["reader"] for one in entries["roles"] if one["role"] == "supervisors"]
    return b64(reader.removeprefix("candour-reader."))


def header_of(written: bytes) -> dict[str, Any]:
    names = {"candour", "header", "ciphertext", "wraps", "signature", "signer"}
    header: dict[str, Any] = json.loads(b64(strictly(written, names)["header"]))
    return header


def opened(written: bytes, unit: Unit, release: dict[str, bytes], form: str) -> dict[str, Any]:
    """The content of a report, or of what is sealed as one."""
    header = header_of(written)
    if (header["kind"], header["unit"], header["form"]) != ("report", unit.id, form):
        raise Refused
    return content_of(written, unit, release)


def opened_contact(written: bytes, report: dict[str, Any], unit: Unit, release: dict[str, bytes]) -> dict[str, Any]:
    if header_of(written)["kind"] != "contact" or report.get("contact") != {"digest": digest_of(written).hex()}:
        raise Refused
    return content_of(written, unit, release)


def content_of(written: bytes, unit: Unit, release: dict[str, bytes]) -> dict[str, Any]:
    signer = release[json.loads(written)["signer"]]
    content: dict[str, Any] = json.loads(open_document(written, unit.reader, reader_key_id(unit.reader_public), signer))
    return content


# --- what a unit writes ---------------------------------------------------------------------------------------------


def request(unit: Unit, name: str, forces: list[str]) -> bytes:
    asked = {
        "candour": "enrolment/1",
        "unit": unit.id,
        "name": name,
        "forces": forces,
        "reader": f"candour-reader.{unpadded(unit.reader_public)}",
        "answers": f"candour-verify.{unpadded(unit.answers_public)}",
    }
    return canonical(asked | {"signature": unit.sign(b"candour/enrolment/v1", canonical(asked))})


def answer(unit: Unit, verdict: str, digest: bytes) -> bytes:
    signature = unit.sign(b"candour/answer/v1", verdict.encode(), digest, unit.id.encode())
    said = {"candour": "answer/1", "verdict": verdict, "digest": unpadded(digest), "unit": unit.id}
    return canonical(said | {"key_id": unit.answers_id, "signature": signature})


def totals(unit: Unit, period: str, serial: int, n: dict[str, int]) -> bytes:
    parts = unit.id.encode(), period.encode(), str(serial).encode(), canonical(n)
    said = {"candour": "outcomes/1", "unit": unit.id, "period": period, "serial": serial, "totals": n}
    signature = unit.sign(b"candour/outcomes/v1", *parts)
    return canonical(said | {"key_id": unit.answers_id, "signature": signature})


def question(unit: Unit, mark: str, text: str, reader: bytes, random: Callable[[int], bytes]) -> bytes:
    """Sealed for one reader. ``random`` gives as many bytes as it is asked for."""
    header = canonical(
        {"version": 1, "suite": SUITE, "kind": "question", "id": random(16).hex(), "form": "question",
         "form_version": 1, "unit": unit.id}
    )  # fmt: skip
    content = canonical({"candour": "question/1", "mark": mark, "text": text})
    key, nonce = random(32), random(12)
    plain = len(content).to_bytes(4, "big") + content
    padded = plain + bytes(-len(plain) % STEP)
    commitment = hmac.digest(key, framed(b"candour/content-key-commitment/v1", header), "sha256")
    ciphertext = nonce + commitment + AESGCM(key).encrypt(nonce, padded, header)
    return canonical(
        {
            "candour": "envelope/1",
            "header": unpadded(header),
            "ciphertext": unpadded(ciphertext),
            "wraps": {reader_key_id(reader): unpadded(hpke_seal(reader, key, header, random))},
            "signature": unit.sign(b"candour/envelope-signature/v1", header, ciphertext),
            "signer": unit.answers_id,
        }
    )


def hpke_seal(reader: bytes, secret: bytes, info: bytes, random: Callable[[int], bytes]) -> bytes:
    kem_secret, kem_ciphertext = MLKEM768PublicKey.from_public_bytes(reader[:1184]).encapsulate()
    once = X25519PrivateKey.from_private_bytes(random(32))
    share = once.public_key().public_bytes_raw()
    curve_secret = once.exchange(X25519PublicKey.from_public_bytes(reader[1184:]))
    shared = hashlib.sha3_256(kem_secret + curve_secret + share + reader[1184:] + XWING_LABEL).digest()
    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    extracted = labeled_extract(shared, b"secret", b"")
    key, nonce = labeled_expand(extracted, b"key", context, 32), labeled_expand(extracted, b"base_nonce", context, 12)
    return kem_ciphertext + share + AESGCM(key).encrypt(nonce, secret, b"")
