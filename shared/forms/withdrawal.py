"""What a unit is told when a report it was sent is withdrawn; it repeats nothing of the report, and has no date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WITHDRAWAL_FORM: Final = "withdrawal.v1"
WITHDRAWAL_FORM_ID: Final = "withdrawal"
_SECTION: Final = "What this means"
_WITHDRAWN: Final = "The charity has withdrawn this report, as the person who made it wished."
_READ: Final = (
    "What was read cannot be unread. Please go no further on the strength of this report alone, and do not try to find "
    "out who made it. What your force has to keep or do all the same is for its own rules."
)
_ANSWER: Final = "No answer is needed."


def withdrawal_notice(digest: bytes, marking: str) -> dict[str, Any]:
    """The notice for the report whose envelope has this digest, as a JSON object; ``marking`` is the report's own."""
    rows = (("withdrawn", "Withdrawn", _WITHDRAWN), ("read", "If it was read", _READ), ("answer", "Answer", _ANSWER))
    fields = [{"id": row, "label": label, "text": text} for row, label, text in rows]
    return {
        "document": WITHDRAWAL_FORM_ID,
        "form": WITHDRAWAL_FORM,
        "title": "Notice of withdrawal",
        "marking": marking,
        "withdraws": {"digest": digest.hex()},
        "sections": [{"id": "withdrawal", "title": _SECTION, "fields": fields}],
    }


def digest_withdrawn(document: Mapping[str, Any]) -> bytes | None:
    """The digest of the report a notice withdraws; None for what is no notice."""
    named = document.get("withdraws")
    digest = named.get("digest") if isinstance(named, Mapping) else None
    try:
        return bytes.fromhex(digest) if isinstance(digest, str) else None
    except ValueError:
        return None
