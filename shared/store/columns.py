"""Column types that refuse what does not belong: text is an enum, pattern-checked or a listed exception."""

import re
import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.types import TypeDecorator

from shared.sealing.sign_in import sign_in_name


class ValueDoesNotBelong(ValueError):
    """A value was written into a column whose pattern it does not match. The value itself is not repeated."""

    def __init__(self, pattern: str) -> None:
        super().__init__(f"a value does not match the column's pattern {pattern}")


class UtcTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueDoesNotBelong("aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        read: datetime = value
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


class Patterned(TypeDecorator[str]):
    """Text that must match `pattern` whole."""

    impl = String
    cache_ok = True

    def __init__(self, pattern: str, length: int) -> None:
        super().__init__(length)
        self.pattern = pattern
        self.length = length
        self._regex = re.compile(pattern, re.ASCII)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and not self._regex.fullmatch(value):
            raise ValueDoesNotBelong(self.pattern)
        return value


class PlainText(TypeDecorator[str]):
    """Free text. Only the columns listed in `schema.FREE_TEXT_COLUMNS` may use it."""

    impl = String
    cache_ok = True


def RandomId() -> Patterned:  # noqa: N802 - reads as a type where columns are declared
    return Patterned(r"[0-9a-f]{32}", 32)


def Slug() -> Patterned:  # noqa: N802
    return Patterned(r"[a-z0-9][a-z0-9_.:-]{0,63}", 64)


def CallSid() -> Patterned:  # noqa: N802
    return Patterned(r"CA[0-9a-f]{32}", 34)


def ConferenceSid() -> Patterned:  # noqa: N802
    return Patterned(r"CF[0-9a-f]{32}", 34)


def one_of(words: type[StrEnum], name: str = "") -> Enum:
    """A column holding one value of a vocabulary, checked by the database too. `name`: of a table's second such."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=name or words.__name__.lower(),
        values_callable=lambda enum: [member.value for member in enum],
    )


def sign_in_name_of_row(row: DefaultExecutionContext) -> str:
    """What a row's name is looked up by when somebody signs in: the column's default."""
    name: str = row.get_current_parameters()["name"]  # type: ignore[no-untyped-call]
    return sign_in_name(name)


def random_id() -> str:
    """128 random bits in hex: the id of a call, report, envelope or order. Tells nothing of when it was made."""
    return secrets.token_hex(16)
