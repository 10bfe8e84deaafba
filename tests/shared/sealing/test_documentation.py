import re
from pathlib import Path

from shared.domain.vocabulary import UnitOutcome
from shared.force_side.unit_keys import MAX_FILE_BYTES
from shared.outbox.transports.https import MAX_QUERY, MAX_REPLY_BYTES
from shared.outbox.transports.way import EXCHANGE_SECONDS, MAX_ANSWERS, MAX_BROUGHT_BYTES, NETWORK_SECONDS
from shared.sealing.answers import MAX_ANSWER_BYTES
from shared.sealing.envelope import MAX_CONTENT_BYTES, MAX_READERS, WRAP_BYTES
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES
from shared.sealing.header import SUITE_NAME
from shared.sealing.outcomes import MAX_SERIAL, MAX_TOTAL, MAX_TOTALS_BYTES
from shared.sealing.questions import MAX_QUESTION, MAX_QUESTION_BYTES
from shared.sealing.signed_directory import MAX_DIRECTORY_BYTES

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "envelope.md").read_text(encoding="utf-8")
UNIT_PAGE = (ROOT / "docs" / "unit-files.md").read_text(encoding="utf-8")
AUDIT_PAGE = (ROOT / "docs" / "audit-log.md").read_text(encoding="utf-8")  # what its verifier was written from


def test_every_label_of_the_code_is_on_the_page_and_used_once() -> None:
    folders = ("shared", "ivr", "console")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.name != "audit_verifier.py"]
    labels = re.findall(r'b"(candour/[a-z/-]+/v\d)"', "".join(path.read_text(encoding="utf-8") for path in paths))

    assert len(labels) == len(set(labels)) > 20
    assert not [label for label in labels if label not in PAGE + UNIT_PAGE + AUDIT_PAGE]


def test_every_size_on_the_page_is_the_codes() -> None:
    for size in (MAX_ENVELOPE_BYTES, MAX_CONTENT_BYTES):
        assert f"{size:,} bytes" in PAGE
    assert f"a wrap ({WRAP_BYTES} bytes); at most {MAX_READERS}" in PAGE
    assert SUITE_NAME in PAGE


def test_every_size_a_unit_has_to_keep_to_is_the_codes() -> None:
    rows = {
        "request to be enrolled": MAX_FILE_BYTES, "directory": MAX_DIRECTORY_BYTES, "report": MAX_ENVELOPE_BYTES,
        "answer": MAX_ANSWER_BYTES, "question": MAX_QUESTION_BYTES, "totals of a quarter": MAX_TOTALS_BYTES,
    }  # fmt: skip

    for name, size in rows.items():
        assert re.search(rf"^\| {name}, .*\| {size:,} bytes \|$", UNIT_PAGE, re.MULTILINE), name
    for words in (f"1 to {MAX_SERIAL:,}", f"0 to {MAX_TOTAL:,}", f"1 to {MAX_QUESTION:,} characters"):
        assert words in UNIT_PAGE
    assert max(MAX_ANSWER_BYTES, MAX_QUESTION_BYTES, MAX_TOTALS_BYTES) <= MAX_BROUGHT_BYTES
    assert all(f"`{outcome.value}`" in UNIT_PAGE for outcome in UnitOutcome)


def test_how_long_and_how_much_the_courier_takes_is_the_codes() -> None:
    page = (ROOT / "docs" / "outbox.md").read_text(encoding="utf-8")

    assert (NETWORK_SECONDS, EXCHANGE_SECONDS) == (30, 120)
    assert "Half a minute for each sign of life over a network, and two minutes for the whole" in page
    assert f"Some {MAX_ANSWERS:,} things are read in one look" in page
    assert f"more than {MAX_REPLY_BYTES // 2**20} MiB" in page
    assert f"at most {MAX_QUERY:,} characters" in page
