"""One report as text, JSON, POLE-shaped JSON and pages: the same words in each, and only where they were asked for."""

import io
import json
import re
import stat
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from shared.domain.vocabulary import Category, Mode
from shared.force_side.pages import as_pdf
from shared.force_side.pole import as_pole
from shared.forms import ReleaseFacts, disseminated, load_form, prefill
from shared.sealing.envelope_file import envelope_to_bytes
from tests.shared.force_side.conftest import ISSUED, WORDS

NAME = "a" * 32
BELIEVED = "A serving officer is believed to be paid"
FORMATS = {"text": "txt", "json": "json", "pole": "pole.json", "pdf": "pdf"}
SAID = [
    BELIEVED, "A second fact, on its own.", "OFFICIAL-SENSITIVE", "Kent Police", "Quillfeather", "PC4711", "AB12CDE",
    "Chirper - nightowl", "Llanelli town", "Urgent", "Gradings are proposed by the charity",
    "Not to be acted on in a way that would show that someone reported it.",
]  # fmt: skip


def a_full_document() -> dict[str, Any]:
    form = load_form("report.v1")
    content = prefill(form, Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent")
    content["entries"][0]["text"] = WORDS
    content["entries"].append({**content["entries"][0], "text": "A second fact, on its own."})
    content |= {"harm": "immediate", "danger": "yes", "urgent": "yes", "where": "Llanelli town"}
    content["subjects"] = [{"surname": "Quillfeather", "collar": "PC4711", "reach": "020 7946 0123", "build": "Tall"}]
    content["vehicles"] = [{"registration": "AB12 CDE", "colour": "Blue"}]
    content["accounts"] = [{"platform": "Chirper", "tag": "nightowl"}]
    return disseminated(
        form, content, ReleaseFacts(Mode.ANONYMOUS, Category.PERSONAL_ADVANTAGE, "kent", ISSUED, urgently=True)
    )


def read_back(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def letters(text: str) -> str:
    """Without spaces, line ends and dashes, and in small letters: layouts differ in nothing else."""
    return re.sub(r"[\s\-]", "", text).lower()


def received(desk: Any) -> Path:
    path: Path = desk.receives(NAME, desk.sealed(json.dumps(a_full_document()).encode()))
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(desk: Any, form: str, tmp_path: Path) -> None:
    path = received(desk)

    shown = desk.types("open", str(path), "--format", form, "--output", str(tmp_path / "case"))

    assert shown.exit_code == 0, shown.output
    written = (tmp_path / "case" / f"{NAME}.{FORMATS[form]}").read_bytes()
    text = letters(read_back(written) if form == "pdf" else written.decode())
    parts = {"AB12CDE": "AB12CDE", "Chirper - nightowl": "nightowl"}
    assert [words for words in SAID if letters(parts.get(words, words)) not in text] == []


def test_pages_carry_the_marking_on_each_and_the_entries_with_their_grades() -> None:
    document = a_full_document()
    document["entries"][1]["text"] = "A long sentence of no great meaning. " * 250

    pages = PdfReader(io.BytesIO(as_pdf(document, "Reference 1234 5678"))).pages

    assert len(pages) > 2
    assert all(page.extract_text().count("OFFICIAL-SENSITIVE") >= 2 for page in pages)
    for number, page in enumerate(pages, start=1):  # a page that is missing is missed
        assert f"Page {number} of {len(pages)}" in page.extract_text()
    assert re.search(r"1\s+A serving officer.*\s2\s+D\s+C", pages[0].extract_text(), re.DOTALL)


def test_pages_hold_text_of_many_lines_and_letters_their_font_lacks() -> None:
    document = a_full_document()
    document["entries"][1]["text"] = "line\n" * 400 + "x" * 3000 + " Tŷ Ŵyn \N{SNOWMAN} <b>not bold</b> \x1b[2J"

    text = read_back(as_pdf(document, "Reference 1234 5678"))

    assert "Ty Wyn ?" in text
    assert "<b>not bold</b>" in text
    assert "\x1b" not in text
    assert "Some letters cannot be shown" in text


def test_pole_fields_are_of_the_catalogue_and_nothing_that_does_not_fit_is_cut() -> None:
    document = a_full_document()
    rows = [row for section in document["sections"] for row in section["fields"]]
    next(row for row in rows if row["text"] == "Quillfeather")["text"] = "Q" * 36

    shaped = as_pole(document, "1234 5678", "00" * 32)

    (person,) = shaped["person"]
    held = {field["ref"]: field["value"] for field in person["fields"]}
    assert held["P_015/DS_070"] == "PC4711"
    assert held["DS_053"] == "+442079460123"
    assert {"label": "Surname", "text": "Q" * 36} in person["not_in_pole"]
    assert [one["kind"] for one in shaped["object"]] == ["vehicle", "account"]
    assert [entry["proposed_grade"] for entry in shaped["event"][0]["entries"]] == ["2 D C", "2 D C"]


def test_pages_are_written_only_where_they_were_told_to(desk: Any, tmp_path: Path, monkeypatch: Any) -> None:
    aside = tmp_path / "temporary"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    path, case = received(desk), tmp_path / "case"

    unsaid = desk.types("open", str(path), "--format", "pdf")
    said = [desk.types("open", str(path), "--format", form, "--output", str(case)) for form in FORMATS]

    assert "--output" in unsaid.stderr
    assert [one.exit_code for one in said] == [0] * len(FORMATS)
    assert {file.name for file in case.iterdir()} == {f"{NAME}.{ending}" for ending in FORMATS.values()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in case.iterdir()} == {0o600}
    assert list(aside.iterdir()) == []
    assert b"Quillfeather" not in desk.everything_written()


def _mail(*attached: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "A sealed report"
    message.set_content("A sealed report is attached.\n")
    for number, content in enumerate(attached):
        message.add_attachment(content, "application", "octet-stream", filename=f"{number}{NAME}.candour")
    return message.as_bytes()


def test_a_saved_mail_is_opened_checked_and_answered_as_the_file_in_it(desk: Any) -> None:
    envelope = desk.sealed()
    mail = desk.folder / "in" / "message.eml"
    mail.parent.mkdir()
    mail.write_bytes(_mail(envelope_to_bytes(envelope)))
    (mail.parent / "lunch.eml").write_bytes(_mail())

    opened = desk.types("open", str(mail.parent))
    answered = desk.types("answer", str(mail), "--ours")
    listed = desk.types("watch", str(mail.parent), "--once")

    assert (opened.exit_code, answered.exit_code) == (0, 0), opened.output + answered.output
    assert BELIEVED in opened.stdout
    assert {one.name.partition(".")[0] for one in (mail.parent / "answers").iterdir()} == {envelope.digest.hex()}
    assert listed.stdout.split()[2:] == ["ours", "message.eml"]
    assert b"believed to be paid" not in desk.everything_written()


def test_a_mail_with_none_or_two_is_refused_by_name(desk: Any, tmp_path: Path) -> None:
    sealed = envelope_to_bytes(desk.sealed())
    (tmp_path / "none.eml").write_bytes(_mail())
    (tmp_path / "two.eml").write_bytes(_mail(sealed, sealed))

    assert "none.eml: This message has no sealed report" in desk.types("open", str(tmp_path / "none.eml")).stderr
    assert "two.eml: This message has more than one" in desk.types("verify", str(tmp_path / "two.eml")).stderr


def test_refusals_name_the_file_they_are_about(desk: Any, tmp_path: Path) -> None:
    own = ["--unit-file", str(tmp_path / "unit.toml")]
    typed = ["keygen", "--unit", "essex-acu", "--name", "Essex", "--force"]
    unknown = desk.types(*own, *typed, "esex", "--unprotected")
    desk.types(*own, *typed, "essex", entered="fourteen signs at least\n" * 2)
    (desk.folder / "kent-acu.keys.json").write_bytes((tmp_path / "essex-acu.keys.json").read_bytes())
    path = desk.receives(NAME, desk.sealed())

    taken = desk.types("keygen", "--unit", "kent-acu", "--name", "Kent ACU", "--force", "kent", "--unprotected")
    wrong = desk.types("open", str(path), entered="another passphrase altogether\n")
    others = desk.types("open", str(path), entered="fourteen signs at least\n")

    assert "Did you mean essex" in unknown.stderr
    assert "unit.toml: There is a file of that name already" in taken.stderr
    assert "kent-acu.keys.json: " in wrong.stderr
    assert "belongs to another unit" in others.stderr
