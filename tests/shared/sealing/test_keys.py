import hashlib
import secrets

import pytest

from shared.sealing.errors import KeyMalformed
from shared.sealing.keys import (
    READER_PUBLIC_BYTES,
    READER_SEED_BYTES,
    ReaderKey,
    ReaderPublicKey,
    SigningKey,
    WrapNotOpened,
)
from shared.sealing.verify_key import VerifyKey
from tests.shared.sealing import independent_opener


def test_a_reader_key_is_its_seed() -> None:
    key = ReaderKey.generate()

    again = ReaderKey(key.seed)

    assert len(key.seed) == READER_SEED_BYTES == 96
    assert again.public == key.public
    assert len(key.public.raw) == READER_PUBLIC_BYTES == 1184 + 32


def test_a_reader_key_agrees_with_the_first_test_vector_of_x_wing() -> None:
    # draft-connolly-cfrg-xwing-kem: the vectors' seed is SHAKE-128 of nothing, expanded with SHAKE-256.
    vector_seed = hashlib.shake_128(b"").digest(32)

    key = ReaderKey(hashlib.shake_256(vector_seed).digest(96))

    assert key.public.raw.hex().startswith("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b")


def test_a_key_is_known_by_the_hash_of_both_raw_parts() -> None:
    key = ReaderKey.generate()

    assert key.key_id == independent_opener.reader_key_id(key.public.raw)
    assert key.public.fingerprint.replace(" ", "") == key.key_id
    assert [len(group) for group in key.public.fingerprint.split()] == [4] * 8


def test_randomness_is_passed_in() -> None:
    assert ReaderKey.generate(bytes).seed == bytes(96)
    assert SigningKey.generate(bytes).seed == bytes(32)


def test_every_key_reads_back_from_its_text() -> None:
    reader, signing = ReaderKey.generate(), SigningKey.generate()

    assert ReaderKey.from_text(reader.to_text()).seed == reader.seed
    assert ReaderPublicKey.from_text(reader.public.to_text()) == reader.public
    assert SigningKey.from_text(signing.to_text()).seed == signing.seed
    assert VerifyKey.from_text(signing.public.to_text()) == signing.public


@pytest.mark.parametrize("read", [ReaderKey, ReaderPublicKey, SigningKey, VerifyKey])
def test_a_key_of_one_kind_is_never_read_as_another(
    read: type[ReaderKey | ReaderPublicKey | SigningKey | VerifyKey],
) -> None:
    reader, signing = ReaderKey.generate(), SigningKey.generate()
    texts = {
        ReaderKey: reader.to_text(),
        ReaderPublicKey: reader.public.to_text(),
        SigningKey: signing.to_text(),
        VerifyKey: signing.public.to_text(),
    }

    for kind, text in texts.items():
        if kind is not read:
            with pytest.raises(KeyMalformed):
                read.from_text(text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text + "=",
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: text.replace(".", ":"),
        lambda text: text.upper(),
        lambda text: "",
        lambda text: text[:40] + "é" + text[41:],
    ],
)
def test_a_misspelt_key_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    text = ReaderKey.generate().public.to_text()

    with pytest.raises(KeyMalformed):
        ReaderPublicKey.from_text(spoil(text))


@pytest.mark.parametrize("length", [0, 31, 33, 95, 97])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    for kind in (ReaderKey, ReaderPublicKey, SigningKey, VerifyKey):
        with pytest.raises(KeyMalformed):
            kind(bytes(length))


def test_a_lattice_key_out_of_range_is_refused() -> None:
    good = ReaderKey.generate().public.raw

    with pytest.raises(KeyMalformed):
        ReaderPublicKey(b"\xff" * 1184 + good[1184:])


def test_nothing_is_wrapped_to_a_degenerate_curve_point() -> None:
    degenerate = ReaderPublicKey(ReaderKey.generate().public.raw[:1184] + bytes(32))

    with pytest.raises(KeyMalformed):
        degenerate.wrap(b"secret", b"info")


def test_a_wrap_opens_only_with_its_own_key_and_purpose() -> None:
    key, other = ReaderKey.generate(), ReaderKey.generate()
    wrapped = key.public.wrap(b"a secret", b"purpose")

    assert key.unwrap(wrapped, b"purpose") == b"a secret"
    for opener, info in ((key, b"another"), (other, b"purpose")):
        with pytest.raises(WrapNotOpened):
            opener.unwrap(wrapped, info)


def test_an_independent_reading_of_hpke_opens_a_wrap() -> None:
    key, secret = ReaderKey.generate(), secrets.token_bytes(32)

    wrapped = key.public.wrap(secret, b"purpose")

    assert independent_opener.hpke_open(key.seed, wrapped, b"purpose") == secret


def test_a_signature_holds_for_its_key_and_message_alone() -> None:
    signing = SigningKey.generate()
    signature = signing.sign(b"words")

    assert signing.public.accepts(signature, b"words")
    assert not signing.public.accepts(signature, b"other words")
    assert not signing.public.accepts(signature[:-1], b"words")
    assert not SigningKey.generate().public.accepts(signature, b"words")
