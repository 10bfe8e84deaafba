"""Contact details on the force's side: opened beside their own report, and beside no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, ReaderPublicKey, SigningKey
from tests.shared.force_side.conftest import a_document

DETAILS = "given@mail.example"
NAME, OTHER = "a" * 32, "b" * 32


def _contact(
    desk: Any, signing: SigningKey | None = None, reader: ReaderPublicKey | None = None, content: bytes | None = None
) -> Envelope:
    field = {"id": "contact_details", "label": "Safe phone or e-mail", "text": DETAILS}
    section = {"id": "contact", "title": "How to reach the person", "fields": [field]}
    sheet = {"document": "contact", "marking": "OFFICIAL-SENSITIVE", "title": "Contact details", "sections": [section]}
    header = new_header(EnvelopeKind.CONTACT, "report", 1)
    words = json.dumps(sheet).encode() if content is None else content
    return seal(words, header, [reader or desk.unit.reader], signing or desk.charity.release)


def _report(desk: Any, contact: Envelope) -> Envelope:
    document = a_document() | {"contact": {"digest": contact.digest.hex()}}
    sealed: Envelope = desk.sealed(json.dumps(document).encode())
    return sealed


def _received(desk: Any) -> tuple[Path, Path, Envelope]:
    """A confidential report and its contact details, in one folder."""
    contact = _contact(desk)
    report = _report(desk, contact)
    return desk.receives(NAME, report), desk.receives(f"{NAME}.contact", contact), report


def _reference(envelope: Envelope) -> str:
    return f"{envelope.digest.hex()[:4]} {envelope.digest.hex()[4:8]}"


def test_contact_details_are_shown_under_the_reference_of_their_report(desk: Any) -> None:
    _, path, report = _received(desk)

    shown = desk.types("open", str(path))

    assert shown.exit_code == 0
    assert f"Contact details for the report with reference {_reference(report)}" in shown.stdout
    assert DETAILS in shown.stdout


def test_opening_details_answers_nothing_and_writes_nothing_readable(desk: Any) -> None:
    _, path, _ = _received(desk)

    desk.types("open", str(path))

    assert not (path.parent / "answers").exists()
    assert DETAILS.encode() not in desk.everything_written()


def test_a_folder_is_opened_whole_as_json(desk: Any) -> None:
    report_path, contact_path, report = _received(desk)

    shown = desk.types("open", str(report_path.parent), "--json")

    first, second = (json.loads(line) for line in shown.stdout.splitlines())
    assert (first["file"], second["file"]) == (report_path.name, contact_path.name)
    assert second["contact"]["sections"][0]["fields"][0]["text"] == DETAILS
    assert second["report_digest"] == first["digest"] == report.digest.hex()


def test_files_that_were_given_other_names_still_find_each_other(desk: Any) -> None:
    contact = _contact(desk)
    desk.receives("case 17", _report(desk, contact))
    desk.receives(OTHER, desk.sealed())

    shown = desk.types("open", str(desk.receives("the caller", contact)))

    assert shown.exit_code == 0
    assert DETAILS in shown.stdout


def test_details_of_another_report_are_refused_even_under_this_ones_name(desk: Any) -> None:
    desk.receives(NAME, _report(desk, _contact(desk)))
    exchanged = desk.receives(f"{NAME}.contact", _contact(desk))

    shown = desk.types("open", str(exchanged))

    assert shown.exit_code == 1
    assert "belong to a report that is not in this folder" in shown.stderr
    assert DETAILS not in shown.output


@pytest.mark.parametrize("verb", ["open", "verify"])
def test_details_that_the_charity_did_not_sign_are_refused(desk: Any, verb: str) -> None:
    forged = _contact(desk, signing=SigningKey.generate())
    desk.receives(NAME, _report(desk, forged))

    shown = desk.types(verb, str(desk.receives(f"{NAME}.contact", forged)))

    assert shown.exit_code == 1
    assert "not signed with the charity's key" in shown.stderr


def test_only_the_units_own_key_opens_them(desk: Any) -> None:
    contact = _contact(desk, reader=ReaderKey.generate().public)
    desk.receives(NAME, _report(desk, contact))

    shown = desk.types("open", str(desk.receives(f"{NAME}.contact", contact)))

    assert shown.exit_code == 1
    assert "not sealed for this key" in shown.stderr


@pytest.mark.parametrize("content", [b"no json", b"[]", b"{}"])
def test_details_of_an_unknown_form_are_refused_in_words(desk: Any, content: bytes) -> None:
    contact = _contact(desk, content=content)
    desk.receives(NAME, _report(desk, contact))

    shown = desk.types("open", str(desk.receives(f"{NAME}.contact", contact)))

    assert "not in a form this program knows" in shown.stderr


def test_details_cannot_be_answered(desk: Any) -> None:
    _, path, _ = _received(desk)

    shown = desk.types("answer", str(path), "--ours")

    assert shown.exit_code == 1
    assert "not a report for a unit" in shown.stderr


def test_watching_lists_details_beside_their_report_and_opens_none(desk: Any) -> None:
    path, _, report = _received(desk)
    desk.receives(f"{OTHER}.contact", _contact(desk))

    lines = desk.types("watch", str(path.parent), "--once").stdout.splitlines()

    assert lines == [
        f"{_reference(report):<10} new       {NAME}.candour",
        f"{_reference(report):<10} contact   {NAME}.contact.candour",
        f"{'':<10} contact   {OTHER}.contact.candour",
    ]


def test_verifying_details_needs_no_private_key(desk: Any) -> None:
    _, path, _ = _received(desk)
    (desk.folder / "kent-acu.keys.json").unlink()

    shown = desk.types("verify", str(path))

    assert shown.exit_code == 0
    assert "contact details from the charity, unchanged" in shown.stdout
