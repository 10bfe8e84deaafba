"""What the console seals: a report's answers, who wrote them and a reviewer's remarks, as canonical JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from console.review_notes import ReviewNotes
from shared.domain.vocabulary import Language
from shared.forms import circle_of, conflict_of, is_agreed, is_urgent
from shared.forms.content import category_of, mode_of
from shared.messages import ReportFacts
from shared.sealing.canonical import NotCanonical, canonical_json, parse_canonical
from shared.sealing.envelope import MAX_CONTENT_BYTES
from shared.sealing.errors import EnvelopeAltered
from shared.sealing.flags import AuthorFlags

_NAMES: Final = {"author", "content", "remarks", "notes"}
_WITH_CONTACT: Final = _NAMES | {"contact"}


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report in clear, in memory only. ``author`` is a person's id; ``remarks`` is "" unless it was returned.

    ``contact`` is the digest, in hexadecimal, of the caller's details that were handed in beside it; "" for none.
    """

    author: str
    content: Mapping[str, Any] = field(repr=False)
    remarks: str = field(default="", repr=False)
    notes: ReviewNotes = field(default_factory=ReviewNotes, repr=False)
    contact: str = ""

    def to_bytes(self) -> bytes:
        """Canonical JSON. Raises NotCanonical for an answer that JSON has no word for."""
        return canonical_json(self.document())

    def document(self) -> dict[str, Any]:
        """The same before it is spelt out."""
        document = {
            "author": self.author,
            "content": dict(self.content),
            "remarks": self.remarks,
            "notes": self.notes.document(),
        }
        return document | ({"contact": self.contact} if self.contact else {})

    @classmethod
    def from_bytes(cls, written: bytes) -> WrittenReport:
        """Raises EnvelopeAltered for anything `to_bytes` did not write."""
        try:
            document = parse_canonical(written, MAX_CONTENT_BYTES)
        except NotCanonical:
            raise EnvelopeAltered from None
        if not isinstance(document, dict) or document.keys() not in (_NAMES, _WITH_CONTACT):
            raise EnvelopeAltered
        texts = document["author"], document["remarks"], document.get("contact", "")
        if not isinstance(document["content"], dict) or not all(isinstance(text, str) for text in texts):
            raise EnvelopeAltered
        notes = ReviewNotes.from_document(document["notes"])
        return cls(texts[0], document["content"], texts[1], notes, texts[2])


def facts_of(
    content: Mapping[str, Any], form: str, language: Language, flags_signature: str | None = None
) -> ReportFacts:
    """What the service may know of a report with these answers; ``form`` is a form's name."""
    return ReportFacts(
        force_id=content.get("force") or None,
        mode=mode_of(content),
        category=category_of(content),
        language=language,
        form=form,
        circle=circle_of(content),
        conflict=conflict_of(content),
        agreed=is_agreed(content),
        urgent=is_urgent(content),
        flags_signature=flags_signature,
    )


def flags_of(facts: ReportFacts) -> AuthorFlags:
    """What the author signs beside a submitted report."""
    return AuthorFlags(facts.circle, facts.conflict, facts.agreed, facts.urgent)


def flags_in(content: Mapping[str, Any]) -> AuthorFlags:
    """The same, as the answers themselves have it."""
    return AuthorFlags(circle_of(content), conflict_of(content), is_agreed(content), is_urgent(content))
