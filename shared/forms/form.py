"""A form as it is written in its file: sections and fields, by name and version. It knows no answers.

Standard library only. The files are ours: a mistake in one is a fault of the program, and stops it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from shared.domain.vocabulary import Category, Language, Mode

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}\.v[1-9][0-9]{0,3}")
_DEFAULT_MAX_LENGTH: Final = 500


class FieldKind(StrEnum):
    """What an answer is. Those of REPEATED are lists: each row has the answers of the field's own ``entry`` fields."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO_NOT_ASKED = "yes_no_not_asked"
    DATE = "date"
    NUMBER = "number"
    FORCE = "force"
    PHONE_OR_EMAIL = "phone_or_email"
    PERSON = "person"
    VEHICLE = "vehicle"
    ACCOUNT = "account"
    ENTRIES = "entries"


REPEATED: Final = frozenset({FieldKind.PERSON, FieldKind.VEHICLE, FieldKind.ACCOUNT, FieldKind.ENTRIES})


class Beside(StrEnum):
    """What is shown to whoever writes, beside an answer."""

    NOTHING = ""
    SUMMARY = "summary"  # what would leave, to be read back
    CARD = "card"  # what 999 or a control room is told
    SUPPORT = "support"  # lines that support callers, by nation


class FormUnknown(LookupError):
    """There is no form of this name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen: the value kept, and the words shown."""

    value: str
    label: str


LARGEST_NUMBER: Final = 999_999_999
YES: Final = "yes"
NO: Final = "no"
NOT_ASKED: Final = "not_asked"
_YES_NO: Final = (Choice(YES, "Yes"), Choice(NO, "No"), Choice(NOT_ASKED, "Not asked"))


@dataclass(frozen=True, slots=True)
class Condition:
    """That the answer to another field is one of these values."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``question`` is as asked aloud, ``script`` longer words to read out; ``_cy`` the same in Welsh.

    ``internal`` fields stay with the charity; ``contact`` fields say who a confidential caller is and stay out of the
    report; ``identifies`` warns that an answer may point to the caller. Empty ``modes`` or ``categories``: all.
    ``asked_when`` and ``required_when``: any one of them is enough; none: always asked, never needed for that.

    ``max_length`` in characters, of text; ``least`` and ``most`` of a number, ``most`` also of rows; ``pattern`` is
    matched by the whole text, and ``pattern_words`` tell whoever wrote something else; ``past``: a date that has come.
    """

    id: str
    kind: FieldKind
    label: str
    question: str
    help: str
    required: bool
    internal: bool
    contact: bool
    identifies: bool
    max_length: int
    choices: tuple[Choice, ...]
    modes: frozenset[Mode]
    categories: frozenset[Category]
    default: str
    entry: tuple[Field, ...]
    question_cy: str = ""
    script: str = ""
    script_cy: str = ""
    asked_when: tuple[Condition, ...] = ()
    required_when: tuple[Condition, ...] = ()
    shows: Beside = Beside.NOTHING
    least: int = 0
    most: int = LARGEST_NUMBER
    pattern: str = ""
    pattern_words: str = ""
    past: bool = False

    def question_in(self, language: Language) -> str:
        """The question as it is asked in this language; in English where there are no other words."""
        return self.question_cy if language is Language.CY and self.question_cy else self.question

    def script_in(self, language: Language) -> str:
        """The words to read out in this language; in English where there are no other words."""
        return self.script_cy if language is Language.CY and self.script_cy else self.script

    def is_asked(self, mode: Mode, category: Category) -> bool:
        """Whether this question belongs to a call of this kind; an unset category leaves out none."""
        fits_mode = not self.modes or mode in self.modes
        fits_category = not self.categories or category is Category.UNSET or category in self.categories
        return fits_mode and fits_category

    def words_for(self, value: str) -> str:
        """How a chosen value is shown; the value itself where the form does not know it."""
        return next((choice.label for choice in self.choices if choice.value == value), value)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that are asked together."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. ``name`` is what the store and the header keep: ``report.v1``.

    ``reviewed`` are the languages whose words a fluent speaker has passed; ``card`` names the fields of which the
    words for 999 are made.
    """

    id: str
    version: int
    title: str
    marking: str
    sections: tuple[Section, ...]
    reviewed: frozenset[Language] = frozenset()
    card: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.id}.v{self.version}"

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the sections."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, field_id: str) -> Field:
        """Raises KeyError for a field the form does not have."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise KeyError(field_id)


def load_form(name: str) -> Form:
    """The form of this name, for example ``report.v1``; old versions stay. Raises FormUnknown."""
    if not _NAME.fullmatch(name):
        raise FormUnknown
    written = files("shared").joinpath("forms", f"{name}.toml")
    if not written.is_file():
        raise FormUnknown
    form = read_form(written.read_text(encoding="utf-8"))
    if form.name != name:
        raise ValueError(f"the file of {name} holds another form")
    return form


def asked(form: Form, mode: Mode, category: Category) -> tuple[Field, ...]:
    """The fields that belong to a call of this mode and category."""
    return tuple(field for field in form.fields if field.is_asked(mode, category))


def read_form(text: str) -> Form:
    """A form from the text of its file. Raises ValueError or KeyError for one that does not hang together."""
    table = tomllib.loads(text)
    sections = tuple(
        Section(row["id"], row["title"], tuple(_field(field) for field in row["field"])) for row in table["section"]
    )
    reviewed = frozenset(Language(language) for language in table.get("reviewed", []))
    card = tuple(table.get("card", ()))
    form = Form(table["id"], table["version"], table["title"], table["marking"], sections, reviewed, card)
    _check(form)
    return form


def _check(form: Form) -> None:
    ids = [field.id for field in form.fields]
    if len(set(ids)) != len(ids):
        raise ValueError("two fields of a form have one id")
    named = {condition.field for field in form.fields for condition in (*field.asked_when, *field.required_when)}
    if unknown := (named | set(form.card)) - set(ids):
        raise ValueError(f"a form names fields that it does not have: {sorted(unknown)}")
    if bare := [field.id for field in form.fields if (field.kind in REPEATED) != bool(field.entry)]:
        raise ValueError(f"repeated fields have fields of their own, and no others have: {bare}")


_AS_WRITTEN: Final = ("question", "question_cy", "script", "script_cy", "help", "default", "pattern", "pattern_words")
_FLAGS: Final = ("required", "internal", "contact", "identifies", "past")
_LIMITS: Final = {"max_length": _DEFAULT_MAX_LENGTH, "least": 0, "most": LARGEST_NUMBER}
_KEYS: Final = frozenset({"id", "kind", "label", "choices", "modes", "categories", "entry", "shows"}) | {
    *_AS_WRITTEN,
    *_FLAGS,
    *_LIMITS,
    "asked_when",
    "required_when",
}


def _field(row: Mapping[str, Any]) -> Field:
    if unknown := row.keys() - _KEYS:
        raise ValueError(f"a form's field has unknown keys: {sorted(unknown)}")
    kind = FieldKind(row["kind"])
    written: dict[str, Any] = {name: row.get(name, "") for name in _AS_WRITTEN}
    written |= {name: row.get(name, False) for name in _FLAGS}
    written |= {name: row.get(name, limit) for name, limit in _LIMITS.items()}
    return Field(
        id=row["id"],
        kind=kind,
        label=row["label"],
        choices=_YES_NO if kind is FieldKind.YES_NO_NOT_ASKED else _choices(row.get("choices", [])),
        modes=frozenset(Mode(mode) for mode in row.get("modes", [])),
        categories=frozenset(Category(category) for category in row.get("categories", [])),
        entry=tuple(_field(part) for part in row.get("entry", [])),
        asked_when=_conditions(row.get("asked_when", {})),
        required_when=_conditions(row.get("required_when", {})),
        shows=Beside(row.get("shows", "")),
        **written,
    )


def _conditions(row: Mapping[str, Sequence[str]]) -> tuple[Condition, ...]:
    return tuple(Condition(field, frozenset(values)) for field, values in row.items())


def _choices(rows: list[list[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in rows)
