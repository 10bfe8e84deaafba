"""A report as it arrives by mail: one sealed file attached to a saved message. Nothing else of the message is used."""

from __future__ import annotations

from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Final

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
    attached = _attached(written)
    if not attached:
        raise MailWithoutReport
    if len(attached) > 1:
        raise MailWithSeveral
    return attached[0]


def holds_a_report(path: Path) -> bool:
    """Whether a saved message has a sealed file attached; an ordinary message in the same folder is passed over.

    One that cannot be read may have: it is refused by its name, and keeps nothing else closed.
    """
    try:
        return bool(_attached(read_bytes(path)))
    except FileUnreadable:
        return True


def _attached(written: bytes) -> list[bytes]:
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(written)
        parts = [part for part in message.walk() if (part.get_filename() or "").lower().endswith(SUFFIX)]
        contents = [part.get_payload(decode=True) for part in parts]
    except (MessageError, ValueError, LookupError):
        return []
    return [content for content in contents if isinstance(content, bytes)]
