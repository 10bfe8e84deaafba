import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.sealing.canonical import canonical_json, to_base64url
from shared.sealing.envelope import MAX_CONTENT_BYTES, MAX_READERS, Envelope, seal
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES, envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import EnvelopeMalformed
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from tests.shared.sealing.conftest import Parties

Seal = Callable[[bytes], Envelope]


def test_an_envelope_is_written_in_one_way_and_reads_back(report: Seal) -> None:
    envelope = report(b"words")

    written = envelope_to_bytes(envelope)

    assert envelope_from_bytes(written) == envelope
    assert envelope_to_bytes(envelope_from_bytes(written)) == written


def test_an_unsigned_envelope_reads_back_too(parties: Parties) -> None:
    envelope = seal(b"words", new_header(EnvelopeKind.DRAFT, "report", 1), [parties.author.public], None)

    assert envelope_from_bytes(envelope_to_bytes(envelope)) == envelope


def test_the_fullest_envelope_fits_in_a_file() -> None:
    readers = [ReaderKey.generate().public for _ in range(MAX_READERS)]
    header = new_header(EnvelopeKind.REPORT, "r" * 64, 9999, unit="u" * 64)
    envelope = seal(bytes(MAX_CONTENT_BYTES), header, readers, SigningKey.generate())

    written = envelope_to_bytes(envelope)

    assert envelope_from_bytes(written) == envelope
    assert len(written) <= MAX_ENVELOPE_BYTES


@pytest.mark.parametrize(
    "change",
    [
        {"sent_at": "2026-03-01"},
        {"candour": "envelope/2"},
        {"candour": None},
        {"header": ""},
        {"header": "e30"},
        {"header": 7},
        {"ciphertext": ""},
        {"ciphertext": None},
        {"ciphertext": "not base64!"},
        {"wraps": []},
        {"wraps": {"a": "b"}},
        {"wraps": {"0" * 32: ""}},
        {"wraps": {"0" * 32: 5}},
        {"signature": None},
        {"signature": "AAAA"},
        {"signer": None},
        {"signer": 5},
        {"signer": "0" * 31 + "g"},
    ],
)
def test_a_file_with_anything_else_in_it_is_refused(report: Seal, change: dict[str, Any]) -> None:
    document = json.loads(envelope_to_bytes(report(b"words")))

    with pytest.raises(EnvelopeMalformed):
        envelope_from_bytes(canonical_json(document | change))


def test_a_file_with_a_field_missing_is_refused(report: Seal) -> None:
    document = json.loads(envelope_to_bytes(report(b"words")))

    for missing in document:
        with pytest.raises(EnvelopeMalformed):
            envelope_from_bytes(canonical_json({name: document[name] for name in document if name != missing}))


def test_a_file_spelt_otherwise_is_refused(report: Seal) -> None:
    written = envelope_to_bytes(report(b"words"))

    spaced = json.dumps(json.loads(written)).encode()
    for other in (spaced, written + b"\n", b"\xef\xbb\xbf" + written, written[:-1], b"", b"[]", b"null"):
        with pytest.raises(EnvelopeMalformed):
            envelope_from_bytes(other)


def test_a_file_beyond_the_cap_is_refused(report: Seal) -> None:
    document = json.loads(envelope_to_bytes(report(b"words")))
    document["ciphertext"] = to_base64url(bytes(MAX_ENVELOPE_BYTES))

    with pytest.raises(EnvelopeMalformed):
        envelope_from_bytes(canonical_json(document))
