"""The product and an opener written from primitives read the same envelopes, fixed and fresh."""

import hashlib
import hmac
import json
import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shared.domain.vocabulary import Verdict
from shared.sealing.answers import sign_answer, verify_answer
from shared.sealing.envelope import open_envelope, rewrap, seal
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.header import FIELDS, EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.sign_in import SignInParameters, derive, hash_authentication, unwrap_private
from shared.sealing.verify_key import VerifyKey
from tests.shared.sealing import independent_opener
from tests.shared.sealing.conftest import Parties

VECTORS = Path(__file__).parent / "vectors"
ENVELOPES = ["report.json", "draft.json", "contact.json"]


def vector(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_product_opens_each_fixed_envelope(name: str) -> None:
    fixed = vector(name)
    envelope = envelope_from_bytes(fixed["file"].encode())
    verify = None if fixed["verify_key"] is None else VerifyKey(bytes.fromhex(fixed["verify_key"]))

    for reader in fixed["readers"]:
        key = ReaderKey(bytes.fromhex(reader["seed"]))

        assert open_envelope(envelope, key, verify).hex() == fixed["content"]
        assert key.key_id == reader["key_id"]
        assert hashlib.sha256(key.public.raw).hexdigest() == reader["public_sha256"]
    assert envelope.digest.hex() == fixed["digest"]


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_independent_opener_opens_each_fixed_envelope(name: str) -> None:
    fixed = vector(name)
    written = fixed["file"].encode()
    verify = None if fixed["verify_key"] is None else bytes.fromhex(fixed["verify_key"])

    for reader in fixed["readers"]:
        opened = independent_opener.open_document(written, bytes.fromhex(reader["seed"]), reader["key_id"], verify)

        assert opened.hex() == fixed["content"]
    assert independent_opener.digest_of(written).hex() == fixed["digest"]


@pytest.mark.parametrize("kind", EnvelopeKind)
def test_an_independent_opener_opens_whatever_the_product_seals(parties: Parties, kind: EnvelopeKind) -> None:
    chance = random.Random(kind.value)
    for _ in range(25):
        content = chance.randbytes(chance.randrange(10_000))
        header = new_header(kind, "report", 1, unit="kent-psd" if "unit" in FIELDS[kind] else None)
        envelope = seal(content, header, [parties.unit.public, parties.supervisors.public], parties.release)
        written = envelope_to_bytes(rewrap(envelope, parties.supervisors, parties.author.public))

        for reader in (parties.unit, parties.supervisors, parties.author):
            opened = independent_opener.open_document(written, reader.seed, reader.key_id, parties.release.public.raw)

            assert opened == content
        assert independent_opener.digest_of(written) == envelope.digest


def test_an_independent_opener_opens_nothing_for_a_stranger(parties: Parties) -> None:
    envelope = seal(b"words", new_header(EnvelopeKind.DRAFT, "report", 1), [parties.unit.public], None)

    with pytest.raises(InvalidTag):
        independent_opener.open_document(envelope_to_bytes(envelope), parties.stranger.seed, parties.unit.key_id, None)


def test_a_fixed_answer_is_what_the_product_writes_and_reads() -> None:
    fixed = vector("answer.json")
    signing, digest = SigningKey(bytes.fromhex(fixed["signing_seed"])), bytes.fromhex(fixed["digest"])

    written = sign_answer(Verdict(fixed["verdict"]), digest, fixed["unit"], signing)

    assert written.decode() == fixed["answer"]
    assert verify_answer(written, digest, fixed["unit"], signing.public).verdict is Verdict.OURS


def test_a_fixed_answer_verifies_from_primitives() -> None:
    fixed = vector("answer.json")
    answer = json.loads(fixed["answer"])

    signed = independent_opener.framed(
        b"candour/answer/v1", answer["verdict"].encode(), bytes.fromhex(fixed["digest"]), answer["unit"].encode()
    )

    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(fixed["verify_key"]))
    key.verify(independent_opener.b64(answer["signature"]), signed)
    assert independent_opener.b64(answer["digest"]).hex() == fixed["digest"]


def test_a_fixed_sign_in_derives_the_same_keys_however_the_accent_is_typed() -> None:
    fixed = vector("sign_in.json")
    salt = bytes.fromhex(fixed["salt"])
    parameters = SignInParameters(salt, fixed["memory_kib"], fixed["iterations"], fixed["lanes"])

    for passphrase in fixed["passphrases"]:
        keys = derive(passphrase, parameters)

        assert keys.authentication.hex() == fixed["authentication"]
        assert keys.wrapping.hex() == fixed["wrapping"]
        assert hash_authentication(keys.authentication).hex() == fixed["stored"]
    unwrapped = unwrap_private(keys.wrapping, bytes.fromhex(fixed["wrapped"]), fixed["label"].encode())
    assert unwrapped.hex() == fixed["private"]


def test_a_fixed_sign_in_agrees_with_its_derivation_from_primitives() -> None:
    fixed = vector("sign_in.json")
    stretched = Argon2id(
        salt=bytes.fromhex(fixed["salt"]), length=32, iterations=3, lanes=1, memory_cost=65_536
    ).derive(fixed["passphrases"][0].encode())

    extracted = hmac.digest(bytes(32), stretched, "sha256")
    authentication = hmac.digest(extracted, b"candour/sign-in/authentication/v1\x01", "sha256")
    wrapping = hmac.digest(extracted, b"candour/sign-in/wrapping/v1\x01", "sha256")

    assert authentication.hex() == fixed["authentication"]
    assert wrapping.hex() == fixed["wrapping"]
    wrapped = bytes.fromhex(fixed["wrapped"])
    bound = independent_opener.framed(b"candour/wrapped-private/v1", fixed["label"].encode())
    assert AESGCM(wrapping).decrypt(wrapped[:12], wrapped[12:], bound).hex() == fixed["private"]
