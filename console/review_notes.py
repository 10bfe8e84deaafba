"""What goes with a report between its author and its reviewers, sealed like it and never sent to a unit.

Which hints were accepted and why, what a reviewer asked for and at which question, and how the report read then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.identity_hints.patterns import HintKind
from shared.identity_hints.placed import Acceptance, AcceptReason
from shared.sealing.errors import EnvelopeAltered

_NAMES: Final = {"accepted", "before", "asked", "at_fields"}


@dataclass(frozen=True, slots=True)
class ReviewNotes:
    """``before`` holds the answers as they were when the report was last returned, None if it never was.

    ``asked`` are the remarks it was returned with; ``at_fields`` those at one answer, by its path with dots.
    """

    accepted: tuple[Acceptance, ...] = field(default=(), repr=False)
    before: Mapping[str, Any] | None = field(default=None, repr=False)
    asked: str = field(default="", repr=False)
    at_fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "accepted": [_written(one) for one in self.accepted],
            "before": None if self.before is None else dict(self.before),
            "asked": self.asked,
            "at_fields": dict(self.at_fields),
        }

    @classmethod
    def from_document(cls, document: object) -> ReviewNotes:
        """Raises EnvelopeAltered for anything `document` did not write."""
        if not isinstance(document, dict) or document.keys() != _NAMES:
            raise EnvelopeAltered
        before, at_fields = document["before"], document["at_fields"]
        if not (before is None or isinstance(before, dict)) or not isinstance(at_fields, dict):
            raise EnvelopeAltered
        if not all(isinstance(words, str) for words in (document["asked"], *at_fields.values())):
            raise EnvelopeAltered
        return cls(_read_all(document["accepted"]), before, document["asked"], at_fields)


def _written(one: Acceptance) -> dict[str, str]:
    return {
        "field": one.field,
        "kind": one.kind.value,
        "words": one.words,
        "sentence": one.sentence,
        "reason": one.reason.value,
    }


def _read_all(accepted: object) -> tuple[Acceptance, ...]:
    if not isinstance(accepted, list):
        raise EnvelopeAltered
    try:
        return tuple(
            Acceptance(
                str(one["field"]),
                HintKind(one["kind"]),
                str(one["words"]),
                str(one["sentence"]),
                AcceptReason(one["reason"]),
            )
            for one in accepted
        )
    except (KeyError, TypeError, ValueError):
        raise EnvelopeAltered from None
