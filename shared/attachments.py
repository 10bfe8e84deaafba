"""What is attached to a message, whoever wrote it: nothing in it can keep what lies beside it from being read."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


def attached(message: bytes, suffix: str) -> list[tuple[str, bytes]]:
    """The names and bytes of a message's parts whose name ends so, in any case; none where nobody could read it."""
    found: list[tuple[str, bytes]] = []
    try:
        for part in BytesParser(EmailMessage, policy=policy.default).parsebytes(message).walk():
            name, content = part.get_filename() or "", part.get_payload(decode=True)
            if name.lower().endswith(suffix) and isinstance(content, bytes):
                found.append((name, content))
    except Exception:  # noqa: BLE001  # the parser stumbles in many ways: 1,500 brackets in a heading are too deep for it
        return found
    return found
