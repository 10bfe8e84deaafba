import json

import pytest

from shared.sealing.canonical import canonical_json
from shared.sealing.errors import EnvelopeMalformed
from shared.sealing.header import FIELDS, EnvelopeKind, Header, new_header, parse_header

WORDS_THAT_POINT_BACK = ("time", "date", "week", "day", "handler", "author", "call", "force", "category", "language")


def header_of(kind: EnvelopeKind) -> Header:
    return new_header(kind, "report", 1, unit="kent-psd" if "unit" in FIELDS[kind] else None)


@pytest.mark.parametrize("kind", EnvelopeKind)
def test_a_header_reads_back(kind: EnvelopeKind) -> None:
    header = header_of(kind)

    assert parse_header(header.to_bytes()) == header


@pytest.mark.parametrize("kind", EnvelopeKind)
def test_a_header_has_exactly_its_kinds_fields_and_none_that_points_back(kind: EnvelopeKind) -> None:
    fields = json.loads(header_of(kind).to_bytes())

    assert fields.keys() == FIELDS[kind]
    assert not [word for word in WORDS_THAT_POINT_BACK for name in fields if word in name]


@pytest.mark.parametrize("kind", EnvelopeKind)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", 2),
        ("version", True),
        ("version", "1"),
        ("version", None),
        ("suite", "none"),
        ("kind", "letter"),
        ("kind", []),
        ("id", "abc"),
        ("id", 7),
        ("id", "A" * 32),
        ("id", "0" * 32 + "\n"),
        ("form", ""),
        ("form", "Report"),
        ("form", "r" * 65),
        ("form_version", 0),
        ("form_version", 10_000),
        ("form_version", 1.0),
        ("form_version", True),
        ("unit", 5),
        ("unit", None),
        ("sent_at", "2026-03-01"),
    ],
)
def test_a_header_with_anything_else_is_refused(kind: EnvelopeKind, name: str, value: object) -> None:
    fields = json.loads(header_of(kind).to_bytes())

    with pytest.raises(EnvelopeMalformed):
        parse_header(canonical_json(fields | {name: value}))


@pytest.mark.parametrize("kind", EnvelopeKind)
def test_a_header_with_a_field_missing_is_refused(kind: EnvelopeKind) -> None:
    fields = json.loads(header_of(kind).to_bytes())

    for missing in fields:
        with pytest.raises(EnvelopeMalformed):
            parse_header(canonical_json({name: fields[name] for name in fields if name != missing}))


@pytest.mark.parametrize("written", [b"", b"[]", b"null", b"{}", b"not json", b"{" + b" " * 2000 + b"}"])
def test_what_is_no_header_is_refused(written: bytes) -> None:
    with pytest.raises(EnvelopeMalformed):
        parse_header(written)


def test_a_report_names_its_unit_and_nothing_else_does() -> None:
    with pytest.raises(EnvelopeMalformed):
        new_header(EnvelopeKind.REPORT, "report", 1)
    with pytest.raises(EnvelopeMalformed):
        new_header(EnvelopeKind.DRAFT, "report", 1, unit="kent-psd")


def test_two_headers_never_share_an_id() -> None:
    assert len({header_of(EnvelopeKind.DRAFT).envelope_id for _ in range(100)}) == 100
