"""No repr, log line or error text of a sealing value holds secret bytes, in any spelling."""

import base64
from collections.abc import Callable

import pytest

from shared.domain.vocabulary import Role
from shared.sealing import errors
from shared.sealing.directory import RoleName
from shared.sealing.envelope import Envelope
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import PrivateBundle, new_person, new_role_key
from shared.sealing.sign_in import Cost, derive, new_parameters

PASSPHRASE = "correct horse battery"


def spellings(secret: bytes) -> list[str]:
    pieces = [secret[at : at + 16] for at in range(0, len(secret) - 15, 16)]
    return [
        spelling
        for piece in pieces
        for spelling in (
            piece.hex(),
            repr(piece)[2:-1],
            repr(bytearray(piece)),
            str(int.from_bytes(piece, "big")),
            base64.b64encode(piece).decode()[:20],
            base64.urlsafe_b64encode(piece).decode()[:20],
        )
    ]


def assert_hidden(value: object, *secrets: bytes) -> None:
    shown = f"{value!r} {value}"
    assert not [spelling for secret in secrets for spelling in spellings(secret) if spelling in shown]


def test_no_key_shows_its_seed() -> None:
    reader, signing = ReaderKey.generate(), SigningKey.generate()

    assert_hidden(reader, reader.seed)
    assert_hidden(signing, signing.seed)
    assert_hidden(PrivateBundle(reader, signing), reader.seed, signing.seed)
    for role in RoleName:
        secret = new_role_key(role, 1)
        assert_hidden(secret, secret.seed)


def test_no_sign_in_value_shows_a_key(cheap: Cost) -> None:
    keys = derive(PASSPHRASE, new_parameters(cheap), floor=cheap)
    person = new_person("ab" * 16, (Role.HANDLER,), PASSPHRASE, new_parameters(cheap), floor=cheap)

    assert_hidden(keys, keys.authentication, keys.wrapping)
    assert_hidden(person, person.private_bundle, person.authentication_hash, person.parameters.salt)


def test_an_envelope_shows_a_digest_and_key_ids_only(report: Callable[[bytes], Envelope]) -> None:
    envelope = report(b"words of a report")

    assert_hidden(envelope, envelope.ciphertext[:64], *(wrap[:64] for wrap in envelope.wraps.values()))
    assert envelope.digest.hex() in repr(envelope)


def test_every_error_is_a_fact_with_words_for_people() -> None:
    facts = [fact for fact in vars(errors).values() if isinstance(fact, type) and fact is not errors.SealingError]
    facts = [fact for fact in facts if issubclass(fact, errors.SealingError)]

    assert len({fact.words for fact in facts}) == len(facts) > 10
    for fact in facts:
        assert str(fact()) == fact.words
        assert fact.words.endswith(".")


def test_a_refused_key_is_not_repeated_in_the_refusal() -> None:
    text = ReaderKey.generate().to_text()

    with pytest.raises(errors.KeyMalformed) as refusal:
        SigningKey.from_text(text)

    assert text[-20:] not in repr(refusal.value)
    assert refusal.value.__cause__ is None
