"""The configuration's table of opening hours, by weekday, and dates on which the line is closed; it reads no file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.domain.hours import Hours, Span, SpanMalformed

WRITTEN: Final = 'hours are written "09:00-17:30", "22:00-06:00" over midnight, "00:00-24:00" for all day'


def _spans(written: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for span in written:
            Span.from_text(span)
    except SpanMalformed:
        raise PydanticCustomError("impossible", "{fact}", {"fact": WRITTEN}) from None
    return written


Spans = Annotated[tuple[str, ...], AfterValidator(_spans)]
ALL_DAY: Final = ("00:00-24:00",)


class LineHours(BaseModel):
    """When the line is open, on London's clocks. Who came before it closes is still answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    monday: Spans = Field(default=ALL_DAY, description="Hours on Mondays.")
    tuesday: Spans = Field(default=ALL_DAY, description="Hours on Tuesdays.")
    wednesday: Spans = Field(default=ALL_DAY, description="Hours on Wednesdays.")
    thursday: Spans = Field(default=ALL_DAY, description="Hours on Thursdays.")
    friday: Spans = Field(default=ALL_DAY, description="Hours on Fridays.")
    saturday: Spans = Field(default=ALL_DAY, description="Hours on Saturdays.")
    sunday: Spans = Field(default=ALL_DAY, description="Hours on Sundays.")
    closed: tuple[date, ...] = Field(default=(), description="Dates on which the line is closed, as [2026-12-25].")

    @model_validator(mode="after")
    def _opens_at_all(self) -> Self:
        if not any(self._week):
            raise PydanticCustomError("impossible", "{fact}", {"fact": "the line would never open"})
        return self

    @property
    def _week(self) -> tuple[tuple[str, ...], ...]:
        return (
            self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday
        )  # fmt: skip

    @property
    def hours(self) -> Hours:
        """The same as the rules know it."""
        return Hours(tuple(tuple(map(Span.from_text, spans)) for spans in self._week), frozenset(self.closed))
