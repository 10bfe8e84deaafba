"""Hints in the answers of a report that leave the building, and which of them a person has accepted, and why.

It reads answers by the form and stores nothing. A hint is settled when its words are gone or when it was accepted for
the very sentence that it stands in: a changed sentence is read anew.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from shared.domain.vocabulary import Language
from shared.forms import Field, FieldKind, Form, asked
from shared.forms.content import category_of, mode_of
from shared.identity_hints.finding import Hint, hints
from shared.identity_hints.patterns import HintKind

Path = tuple[str | int, ...]

TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PHONE_OR_EMAIL})
_END: Final = re.compile(r"[.!?](?=\s|$)|\n")
# What a question asks for is no hint in its answer.
EXPECTED: Final[Mapping[str, frozenset[HintKind]]] = {
    "reach": frozenset({HintKind.TELEPHONE, HintKind.ADDRESS}),
    "address": frozenset({HintKind.ADDRESS}),
    "associates": frozenset({HintKind.RELATIONSHIP}),
    "station": frozenset({HintKind.RARE_COMBINATION}),
    "rank": frozenset({HintKind.RARE_COMBINATION}),
    "online_place": frozenset({HintKind.ADDRESS}),
    "tag": frozenset({HintKind.ADDRESS}),
    "condition": frozenset({HintKind.REPORTER}),
    "rationale": frozenset({HintKind.REPORTER}),
}


class AcceptReason(StrEnum):
    """Why words that look as if they pointed to somebody may stay. Values are never changed once released."""

    ABOUT_THE_SUBJECT = "about_the_subject"
    WIDELY_KNOWN = "widely_known"
    NEEDED_TO_ACT = "needed_to_act"
    NOT_SO = "not_so"


@dataclass(frozen=True, slots=True)
class PlacedHint:
    """A hint in one answer. ``path`` is the field's id, and for a repeated group the place from 0 and the part's id."""

    path: Path
    label: str
    hint: Hint
    sentence: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody's word that these words may stay in this sentence of this answer."""

    field: str
    kind: HintKind
    words: str = dataclasses.field(repr=False)
    sentence: str = dataclasses.field(repr=False)
    reason: AcceptReason

    def covers(self, placed: PlacedHint) -> bool:
        """Whether this is about just that hint, wherever in its answer the sentence now stands."""
        said = (self.field, self.kind, self.words, self.sentence)
        return said == (placed.path[0], placed.hint.kind, placed.hint.words, placed.sentence)


def accept(placed: PlacedHint, reason: AcceptReason) -> Acceptance:
    """The words may stay."""
    return Acceptance(str(placed.path[0]), placed.hint.kind, placed.hint.words, placed.sentence, reason)


def placed_hints(form: Form, content: Mapping[str, Any], language: Language) -> tuple[PlacedHint, ...]:
    """Every hint in what would leave the building, in the form's order."""
    return tuple(one for path, field, text in leaving(form, content) for one in hints_at(path, field, text, language))


def hints_at(path: Path, field: Field, text: str, language: Language) -> tuple[PlacedHint, ...]:
    """The hints of one answer."""
    expected = EXPECTED.get(field.id, frozenset())
    return tuple(
        PlacedHint(path, _label(path, field), hint, _sentence(text, hint))
        for hint in hints(text, language)
        if hint.kind not in expected
    )


def leaving(form: Form, content: Mapping[str, Any]) -> Iterator[tuple[Path, Field, str]]:
    """Every text that the unit would read, with its path and its field."""
    for one in asked(form, mode_of(content), category_of(content)):
        if not one.internal and not one.contact:
            yield from _texts(one, content.get(one.id), (one.id,))


def unsettled(placed: Iterable[PlacedHint], accepted: Sequence[Acceptance]) -> tuple[PlacedHint, ...]:
    """The hints that nobody has accepted."""
    return tuple(one for one in placed if not any(acceptance.covers(one) for acceptance in accepted))


def _texts(one: Field, value: object, path: Path) -> Iterator[tuple[Path, Field, str]]:
    if one.kind in TEXTS and isinstance(value, str) and value.strip():
        yield path, one, value
    elif one.entry and isinstance(value, list):
        for place, entry in enumerate(value):
            for part in one.entry:
                if isinstance(entry, Mapping):
                    yield from _texts(part, entry.get(part.id), (*path, place, part.id))


def label_of(form: Form, path: Path) -> str:
    """What an answer is called, with its place among several from 1."""
    whole = form.field(str(path[0]))
    return _label(path, next((part for part in whole.entry if part.id == path[-1]), whole))


def _label(path: Path, one: Field) -> str:
    places = [step + 1 for step in path if isinstance(step, int)]
    return f"{one.label} {places[-1]}" if places else one.label


def _sentence(text: str, hint: Hint) -> str:
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    start = max(end for end in ends if end <= hint.start)
    return text[start : min(end for end in ends if end >= hint.end)].strip()
