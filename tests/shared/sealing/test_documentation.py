import re
from pathlib import Path

from shared.sealing.envelope import MAX_CONTENT_BYTES, MAX_READERS, WRAP_BYTES
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES
from shared.sealing.header import SUITE_NAME

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
