"""What the desk and the console say to each other of summaries: which is wanted, its rows, and the file of one."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Base64Bytes, Field, StringConstraints, model_validator

from shared.messages import Message
from shared.summary.periods import Period, Span, between, of
from shared.summary.sheet import Edition

Form = Literal["csv", "json", "text", "xlsx", "pdf"]

_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)


class AskSummary(Message):
    """The period of this span that has this London day in it; of any period, from that day to ``last``."""

    span: Span
    day: Annotated[date, Field(ge=_EARLIEST, le=_LATEST)]
    last: Annotated[date, Field(ge=_EARLIEST, le=_LATEST)] | None = None
    edition: Edition = Edition.INTERNAL

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last is not None and (self.span is not Span.PERIOD or self.last < self.day):
            raise ValueError("last belongs to any period, and is not before its first day")
        return self

    @property
    def period(self) -> Period:
        return of(self.span, self.day) if self.last is None else between(self.day, self.last)


class AskSummaryFile(AskSummary):
    """The same as a file."""

    form: Form


class AskSinceLaunch(Message):
    """Everything since the launch: inside the charity to this London day, or to yesterday where none is given; for
    outside to the end of the last quarter.
    """

    edition: Edition = Edition.INTERNAL
    last: Annotated[date, Field(ge=_EARLIEST, le=_LATEST)] | None = None


class AskSinceLaunchFile(AskSinceLaunch):
    """The same as a file."""

    form: Form


class SummaryRow(Message):
    """One cell of a sheet and where it belongs. Numbers between whole ones are text, as they are shown."""

    section: str
    of: str
    figure: str
    value: int | str


class SummarySheet(Message):
    edition: Edition
    title: str
    marking: str
    rows: tuple[SummaryRow, ...]


class SummaryFile(Message):
    """A summary as a file, and what to call it."""

    name: Annotated[str, StringConstraints(pattern=r"^candour-[a-z]+-[a-z]+-[0-9-]+\.[a-z]+$")]
    content: Base64Bytes
