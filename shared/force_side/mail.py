"""A report as it arrives by mail: one sealed file attached to a saved message. Nothing else of the message is used."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shared.attachments import attached
from shared.force_side.refusals import FileUnreadable, MailWithoutReport, MailWithSeveral
from shared.force_side.unit_file import read_bytes
from shared.sealing.envelope_file import SUFFIX

MAIL_SUFFIX: Final = ".eml"


def sealed_bytes(path: Path) -> bytes:
    """The sealed file itself, or the one attached to a saved message; it is taken out in memory only.

    Raises FileUnreadable, MailWithoutReport or MailWithSeveral.
    """
    written = read_bytes(path)
    if path.suffix.lower() != MAIL_SUFFIX:
        return written
    found = _attached(written)
    if not found:
        raise MailWithoutReport
    if len(found) > 1:
        raise MailWithSeveral
    return found[0]


def holds_a_report(path: Path) -> bool:
    """Whether a saved message has a sealed file attached; an ordinary message in the same folder is passed over.

    One that cannot be read may have: it is refused by its name, and keeps nothing else closed.
    """
    try:
        return bool(_attached(read_bytes(path)))
    except FileUnreadable:
        return True


def _attached(written: bytes) -> list[bytes]:
    return [content for _, content in attached(written, SUFFIX)]
