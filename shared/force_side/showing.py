"""Opened reports as text, JSON, POLE-shaped JSON or pages; readable words are written only where this was told to.

It asks nobody and answers nothing.
"""

from __future__ import annotations

import json
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, assert_never

from shared.force_side.beside import Beside, OpenedBeside
from shared.force_side.pages import as_pdf
from shared.force_side.pole import as_pole
from shared.force_side.refusals import ReportUnreadable
from shared.force_side.reports import OpenedReport
from shared.force_side.unit_keys import write_private
from shared.sealing.spoken_digest import spoken

WITHDRAWN: Final = ": withdrawn by the charity, see the notice"
LEFT_CLOSED: Final = "It is not shown, and the charity is not told that it was opened. Add --withdrawn to read it."


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    POLE = "pole"
    PDF = "pdf"

    @property
    def suffix(self) -> str:
        """How the name of a file of this format ends."""
        match self:
            case Format.TEXT:
                return ".txt"
            case Format.JSON:
                return ".json"
            case Format.POLE:
                return ".pole.json"
            case Format.PDF:
                return ".pdf"
            case _ as never:
                assert_never(never)


Opened = OpenedReport | OpenedBeside


def shown(opened: Opened, form: Format) -> bytes:
    """The whole report in one format. Raises ReportUnreadable."""
    try:
        match form:
            case Format.TEXT:
                return f"{heading(opened)}\n\n{opened.text()}".encode()
            case Format.JSON:
                return _json(_described(opened))
            case Format.POLE if isinstance(opened, OpenedBeside) and opened.kind is Beside.NOTICE:
                return _json(_described(opened))  # nobody's record
            case Format.POLE:
                return _json(as_pole(opened.document, opened.reference, opened.digest.hex()))
            case Format.PDF:
                return as_pdf(opened.document, heading(opened))
            case _ as never:
                assert_never(never)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ReportUnreadable from None


_HEADINGS: Final = {
    Beside.CONTACT: "Contact details for the report with reference",
    Beside.NOTICE: "Withdrawn: the report with reference",
}


def heading(opened: Opened) -> str:
    match opened:
        case OpenedReport():
            return f"Reference {opened.reference}{WITHDRAWN if opened.withdrawn else ''}"
        case OpenedBeside():
            return f"{_HEADINGS[opened.kind]} {opened.reference}"
        case _ as never:
            assert_never(never)


def closed_words(path: Path, digest: bytes, form: Format) -> str:
    """What is said of a withdrawn report in place of it: a sentence, or an object for a program."""
    match form:
        case Format.JSON | Format.POLE:
            return json.dumps({"file": path.name, "digest": digest.hex(), "withdrawn": True}, sort_keys=True)
        case Format.TEXT | Format.PDF:
            return f"{path.name}\nReference {spoken(digest)}{WITHDRAWN}.\n{LEFT_CLOSED}"
        case _ as never:
            assert_never(never)


def write_shown(opened: Opened, form: Format, folder: Path) -> Path:
    """The file in ``folder``, whole or not at all, for its owner's eyes only; in place of an earlier one.

    Raises OSError or ReportUnreadable.
    """
    content = shown(opened, form)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"{opened.path.stem}{form.suffix}"
    aside = folder / f".{target.name}.{secrets.token_hex(4)}.part"
    try:
        write_private(aside, content)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return target


def _described(opened: Opened) -> dict[str, Any]:
    described: dict[str, Any] = {"file": opened.path.name, "digest": opened.digest.hex()}
    match opened:
        case OpenedReport():
            noted = {"withdrawn": True} if opened.withdrawn else {}
            return described | noted | {"report": opened.document}
        case OpenedBeside():
            return described | {opened.kind.value: opened.document, "report_digest": opened.report_digest.hex()}
        case _ as never:
            assert_never(never)


def _json(written: dict[str, Any]) -> bytes:
    return (json.dumps(written, ensure_ascii=False, sort_keys=True) + "\n").encode()
