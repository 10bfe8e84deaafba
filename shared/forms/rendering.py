"""A released document as calm plain text, laid out like a 3x5x2 report; it knows nothing else."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

WIDTH: Final = 78
_LABEL_WIDTH: Final = 26
UNDATED: Final = "the day your unit had it"
_RULE: Final = "-" * WIDTH


def as_text(document: Mapping[str, Any]) -> str:
    """Lines of at most 78 characters, but for a single longer word, ending in a newline.

    Control characters are shown as spaces, so that a document cannot steer a terminal. Raises KeyError or TypeError
    for what ``disseminated`` or ``contact_sheet`` did not make.
    """
    marking = _plain(document["marking"])
    lines = [
        marking.center(WIDTH).rstrip(),
        "",
        _plain(document["title"]).upper(),
        *_head(document),
        *_entries(document),
        *_sections(document),
        *_notes(document),
        marking.center(WIDTH).rstrip(),
    ]
    return "\n".join(lines) + "\n"


def dated(document: Mapping[str, Any]) -> tuple[str, str]:
    """The only date of ours in a report, with its label: an urgent one's day. Any other is dated by whoever has it."""
    return "Dated", str(document.get("dated", UNDATED))


def _head(document: Mapping[str, Any]) -> Iterator[str]:
    yield _RULE
    if "force" in document:
        yield from _row("Force", document["force"]["name"])
        yield from _row("About", document["category"]["label"])
        yield from _row("Reported by", document["reported_by"])
        yield from _row(*dated(document))
    if "urgent" in document:
        words = str(document["urgent"]).removeprefix("Urgent: ")
        yield from _row("Urgent", words[:1].upper() + words[1:])
    yield ""


def _entries(document: Mapping[str, Any]) -> Iterator[str]:
    if not document.get("entries"):
        return
    yield "ENTRIES".ljust(WIDTH - len("proposed grade")) + "proposed grade"
    yield _RULE
    for entry in document["entries"]:
        yield from _entry(entry)


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    grade = entry["proposed_grade"]
    shown = " ".join(_plain(grade[part]) for part in ("source", "assessment", "handling"))
    first, *rest = _wrapped(entry["text"], WIDTH - 12) or [""]
    yield f"{entry['number']:>2}  {first}".ljust(WIDTH - len(shown)) + shown
    yield from (f"    {line}".rstrip() for line in rest)
    if "rationale" in entry:
        yield from _indented("Reason for E: ", entry["rationale"])
    if "condition" in entry:
        yield from _indented("Condition: ", entry["condition"])
    yield ""


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    for section in document.get("sections", ()):
        yield _plain(section["title"]).upper()
        yield _RULE
        group = ""
        for row in section["fields"]:
            if row.get("group", "") != group:  # rows of a person, a vehicle, an account stand under its name
                group = row.get("group", "")
                yield from _wrapped(group, WIDTH) if group else ()
            yield from _row("  " + _plain(row["label"]) if group else row["label"], row["text"])
        yield ""


def _notes(document: Mapping[str, Any]) -> Iterator[str]:
    for note in document.get("notes", ()):
        yield from _wrapped(note, WIDTH)
    yield ""


def _row(label: str, text: str) -> Iterator[str]:
    inset = "  " if label.startswith("  ") else ""
    labels = textwrap.wrap(_plain(label), _LABEL_WIDTH - 2, initial_indent="", subsequent_indent=inset) or [""]
    texts = _wrapped(text, WIDTH - _LABEL_WIDTH) or [""]
    for place in range(max(len(labels), len(texts))):
        left = labels[place] if place < len(labels) else ""
        right = texts[place] if place < len(texts) else ""
        yield (left.ljust(_LABEL_WIDTH) + right).rstrip()


def _indented(label: str, text: str) -> Iterator[str]:
    yield from (f"    {line}" for line in _wrapped(label + text, WIDTH - 4))


def _wrapped(text: str, width: int) -> list[str]:
    paragraphs = str(text).splitlines() or [""]
    return [line for paragraph in paragraphs for line in textwrap.wrap(_plain(paragraph), width) or [""]]


def _plain(text: object) -> str:
    return "".join(" " if unicodedata.category(mark) in {"Cc", "Cf"} else mark for mark in str(text))
