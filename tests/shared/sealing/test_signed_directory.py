import json
from datetime import date, timedelta

import pytest

from shared.sealing.canonical import canonical_json, framed, to_base64url
from shared.sealing.directory import Directory, Unit
from shared.sealing.errors import (
    DirectoryExpired,
    DirectoryMalformed,
    DirectoryRolledBack,
    DirectorySignatureWrong,
)
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory, verify_directory, with_unit
from tests.shared.sealing.conftest import EXPIRES, ISSUED, Parties

TODAY = date(2026, 3, 10)


def test_a_console_that_pins_the_root_reads_what_was_signed(directory: Directory, parties: Parties) -> None:
    written = sign_directory(directory, parties.root)

    assert verify_directory(written, parties.root.public, 0, TODAY) == directory
    assert verify_directory(written, parties.root.public, directory.version, TODAY) == directory


def test_a_directory_signed_by_another_root_is_refused(directory: Directory, parties: Parties) -> None:
    written = sign_directory(directory, SigningKey.generate())

    with pytest.raises(DirectorySignatureWrong):
        verify_directory(written, parties.root.public, 0, TODAY)


def test_a_directory_older_than_one_already_seen_is_refused(directory: Directory, parties: Parties) -> None:
    written = sign_directory(directory, parties.root)

    with pytest.raises(DirectoryRolledBack):
        verify_directory(written, parties.root.public, directory.version + 1, TODAY)


def test_expiry_stops_what_asks_about_it_and_lets_drafting_go_on(directory: Directory, parties: Parties) -> None:
    written = sign_directory(directory, parties.root)

    assert verify_directory(written, parties.root.public, 0, EXPIRES) == directory
    with pytest.raises(DirectoryExpired):
        verify_directory(written, parties.root.public, 0, EXPIRES + timedelta(days=1))
    assert verify_directory(written, parties.root.public, 0, None) == directory


def signed_by_root(entries: object, root: SigningKey) -> bytes:
    """Any entries, properly signed: what a careless root might sign."""
    signature = root.sign(framed(b"candour/directory/v1", canonical_json(entries)))
    return canonical_json({"candour": "directory/1", "directory": entries, "signature": to_base64url(signature)})


@pytest.mark.parametrize(
    "change",
    [
        {"motto": "candour"},
        {"version": "2"},
        {"version": True},
        {"issued": "2026-3-1"},
        {"issued": "2026-03-01T00:00:00"},
        {"issued": 1772323200},
        {"people": [{"id": "x"}]},
        {"units": None},
        {"release": {"version": 1, "verify": "candour-verify.AAAA"}},
        {"release": {"version": 1, "verify": 5}},
    ],
)
def test_even_the_root_cannot_sign_what_is_no_directory(
    directory: Directory, parties: Parties, change: dict[str, object]
) -> None:
    entries = directory.model_dump(mode="json") | change

    with pytest.raises(DirectoryMalformed):
        verify_directory(signed_by_root(entries, parties.root), parties.root.public, 0, TODAY)


@pytest.mark.parametrize("missing", list(Directory.model_fields))
def test_a_directory_with_a_field_missing_is_refused(directory: Directory, parties: Parties, missing: str) -> None:
    entries = directory.model_dump(mode="json")
    del entries[missing]

    with pytest.raises(DirectoryMalformed):
        verify_directory(signed_by_root(entries, parties.root), parties.root.public, 0, TODAY)


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b'{"candour":"directory/1","directory":{},"signature":5}'])
def test_what_is_no_directory_is_refused(parties: Parties, written: bytes) -> None:
    with pytest.raises(DirectoryMalformed):
        verify_directory(written, parties.root.public, 0, TODAY)


def test_a_document_of_another_format_is_refused(directory: Directory, parties: Parties) -> None:
    document = json.loads(sign_directory(directory, parties.root))

    for change in ({"candour": "directory/2"}, {"candour": "answer/1"}, {"note": "hello"}):
        with pytest.raises(DirectoryMalformed):
            verify_directory(canonical_json(document | change), parties.root.public, 0, TODAY)


def test_a_next_version_that_contradicts_itself_is_not_made(directory: Directory, kent: Unit) -> None:
    twin = kent.model_copy(update={"id": "kent-acu"})

    with pytest.raises(DirectoryMalformed):
        with_unit(directory, twin, ISSUED, EXPIRES)
