"""A form as it is written in its file: sections and fields, by name and version. It knows no answers.

Standard library only. The files are ours: a mistake in one is a fault of the program, and stops it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from shared.domain.vocabulary import Category, Mode

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}\.v[1-9][0-9]{0,3}")
_DEFAULT_MAX_LENGTH: Final = 500


class FieldKind(StrEnum):
    """What an answer is. ``entries`` are repeated: each has the answers of the field's own ``entry`` fields."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO_NOT_ASKED = "yes_no_not_asked"
    DATE = "date"
    NUMBER = "number"
    FORCE = "force"
    ENTRIES = "entries"


class FormUnknown(LookupError):
    """There is no form of this name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen: the value kept, and the words shown."""

    value: str
    label: str


YES: Final = "yes"
NO: Final = "no"
NOT_ASKED: Final = "not_asked"
_YES_NO: Final = (Choice(YES, "Yes"), Choice(NO, "No"), Choice(NOT_ASKED, "Not asked"))


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``question`` is as asked aloud; ``max_length`` in characters, of text answers.

    ``internal`` fields stay with the charity; ``contact`` fields say who a confidential caller is and stay out of the
    report; ``identifies`` warns that an answer may point to the caller. Empty ``modes`` or ``categories``: all.
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
    """One version of a form. ``name`` is what the store and the header keep: ``report.v1``."""

    id: str
    version: int
    title: str
    marking: str
    sections: tuple[Section, ...]

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
    form = _form(tomllib.loads(written.read_text(encoding="utf-8")))
    if form.name != name:
        raise ValueError(f"the file of {name} holds another form")
    return form


def asked(form: Form, mode: Mode, category: Category) -> tuple[Field, ...]:
    """The fields that belong to a call of this mode and category."""
    return tuple(field for field in form.fields if field.is_asked(mode, category))


def _form(table: Mapping[str, Any]) -> Form:
    sections = tuple(
        Section(row["id"], row["title"], tuple(_field(field) for field in row["field"])) for row in table["section"]
    )
    form = Form(table["id"], table["version"], table["title"], table["marking"], sections)
    ids = [field.id for field in form.fields]
    if len(set(ids)) != len(ids):
        raise ValueError("two fields of a form have one id")
    return form


_KEYS: Final = frozenset(
    {"id", "kind", "label", "question", "help", "required", "internal", "contact", "identifies"}
) | {"max_length", "choices", "modes", "categories", "default", "entry"}


def _field(row: Mapping[str, Any]) -> Field:
    if unknown := row.keys() - _KEYS:
        raise ValueError(f"a form's field has unknown keys: {sorted(unknown)}")
    kind = FieldKind(row["kind"])
    return Field(
        id=row["id"],
        kind=kind,
        label=row["label"],
        question=row.get("question", ""),
        help=row.get("help", ""),
        required=row.get("required", False),
        internal=row.get("internal", False),
        contact=row.get("contact", False),
        identifies=row.get("identifies", False),
        max_length=row.get("max_length", _DEFAULT_MAX_LENGTH),
        choices=_YES_NO if kind is FieldKind.YES_NO_NOT_ASKED else _choices(row.get("choices", [])),
        modes=frozenset(Mode(mode) for mode in row.get("modes", [])),
        categories=frozenset(Category(category) for category in row.get("categories", [])),
        default=row.get("default", ""),
        entry=tuple(_field(part) for part in row.get("entry", [])),
    )


def _choices(rows: list[list[str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in rows)
