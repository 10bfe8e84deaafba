"""A summary as it is looked at: which period, what its figures are, and the bars drawn of them. It asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QObject, Signal

from console.translation import tr
from shared.domain.forces import FORCES
from shared.summary.periods import Period, Span, between, of
from shared.summary.sheet import NOT_THERE_YET, Edition, happened, plain
from shared.summary_messages import AskSinceLaunch, AskSummary, SummarySheet

SPANS: Final[Mapping[Span, str]] = {
    Span.DAY: tr("Day"),
    Span.WEEK: tr("Week"),
    Span.MONTH: tr("Month"),
    Span.QUARTER: tr("Quarter"),
    Span.YEAR: tr("Year"),
    Span.PERIOD: tr("Any period"),
}
SINCE_LAUNCH: Final = tr("Since the launch")
EDITIONS: Final[Mapping[Edition, str]] = {
    Edition.INTERNAL: tr("For inside the charity"),
    Edition.EXTERNAL: tr("For outside: months and years"),
}
LARGE: Final = ("arrived", "answered", "abandoned_in_queue", "service_level", "average_speed_of_answer", "released")
OF_WHAT: Final = tr("of what")
_ADDS_UP: Final = "adds_up"
_REPORTS: Final = "reports"
_LABEL: Final = "label"
_FORMULA: Final = "formula"
_WHOLE: Final = ("calls", "reports")


@dataclass(frozen=True, slots=True)
class Bar:
    """One name along a chart: all of it, and the part that is filled; None: it is a single number."""

    of: str
    whole: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class LargeFigure:
    """A figure shown large, beside what it was."""

    label: str
    value: str
    before: str


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A line of the table since the launch: what it is called, its figure, and what it counts, in words."""

    id: str
    label: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table behind it all: what it is of, and its cells."""

    of: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the sheet; `columns` has a name for what the lines are of and for each of their cells."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


class SummaryModel(QObject):
    """Emits `wanted` when another summary is asked for, `changed` when what is shown did.

    `span` None looks at everything since the launch, to `day`. `last` is of any period alone, which begins with `day`.
    """

    wanted = Signal()
    changed = Signal()

    def __init__(self, today: date) -> None:
        super().__init__()
        self.span: Span | None = Span.DAY
        self.edition = Edition.INTERNAL
        self.day = today - timedelta(days=1)
        self.last: date | None = None
        self.sheet: SummarySheet | None = None
        self.notice = ""

    @property
    def period(self) -> Period:
        """With the day that is looked at; of the time since the launch, that day."""
        return of(self.span or Span.DAY, self.day) if self.last is None else between(self.day, self.last)

    @property
    def ask(self) -> AskSummary | AskSinceLaunch:
        if self.span is None:
            return AskSinceLaunch(edition=self.edition, last=self.day)
        return AskSummary(span=self.span, day=self.day, last=self.last, edition=self.edition)

    def choose(self, span: Span | None, day: date, edition: Edition, last: date | None = None) -> None:
        """Look at another; the same again asks nothing. Any period starts as the one looked at until then, and ends
        on its first day where `last` is earlier."""
        if span is Span.PERIOD and self.span is not Span.PERIOD:
            day, last = self.period.first, self.period.last
        ends = max(day, last or day) if span is Span.PERIOD else None
        if (span, day, edition, ends) != (self.span, self.day, self.edition, self.last):
            self.span, self.day, self.edition, self.last = span, day, edition, ends
            self.wanted.emit()

    def step(self, forward: bool) -> None:
        """The period after this one, or before it."""
        now = self.period
        day = now.last + timedelta(days=1) if forward else now.before().first
        self.choose(self.span, day, self.edition, day + timedelta(days=now.days - 1))

    def show(self, sheet: SummarySheet | None, notice: str = "") -> None:
        """What came; or why nothing did."""
        self.sheet, self.notice = sheet, notice
        self.changed.emit()

    # --- as it is drawn ---

    def large(self) -> tuple[LargeFigure, ...]:
        """The few figures to see first; none in the external edition."""
        measures = self._rows("measure")
        return tuple(
            LargeFigure(str(row["label"]), _with_unit(row), self._before(row))
            for row in (measures[of] for of in LARGE if of in measures)
        )

    def began(self) -> str:
        """That the line was not there all the time of the period before, where it was not."""
        words = self._rows("began").get("before", {}).get("value", "")
        return tr("Before: {words}.").format(words=words) if words else ""

    def _before(self, row: Mapping[str, int | str]) -> str:
        if NOT_THERE_YET in self.began():
            return tr("no line before")
        return tr("before {figure}").format(figure=row.get("before", ""))

    def published(self) -> tuple[PublishedLine, ...]:
        """The table since the launch; none of any other sheet, or of the edition for outside."""
        if not self._rows(_ADDS_UP):
            return ()
        return tuple(
            PublishedLine(name, str(row["label"]), str(row["value"]), str(row["formula"]))
            for name, row in self._rows("measure").items()
        )

    def adds_up(self) -> str:
        """How its lines come out of each other, in figures and in words."""
        return "\n".join(str(row["value"]) for row in self._rows(_ADDS_UP).values())

    def bars(self, section: str) -> tuple[Bar, ...]:
        """Calls that arrived, and of them those answered, along a section of hours or days; of others, each number.

        None in the external edition, where a number may be withheld or "<5".
        """
        if self.sheet is None or self.sheet.edition is not Edition.INTERNAL:
            return ()
        rows = self._rows(section).items()
        if section == _REPORTS:
            return tuple(Bar(happened(of), _number(row.get("n"))) for of, row in rows)
        return tuple(Bar(plain(of), _number(row.get("arrived")), _number(row.get("answered"))) for of, row in rows)

    def sections(self) -> tuple[Section, ...]:
        """Every figure there is, as tables."""
        if self.sheet is None:
            return ()
        names = list(dict.fromkeys(row.section for row in self.sheet.rows))
        return tuple(self._section(name) for name in names)

    def _section(self, name: str) -> Section:
        rows = self._rows(name)
        figures = dict.fromkeys(figure for row in rows.values() for figure in row if figure != _LABEL)
        columns = tuple(sorted(figures, key=lambda figure: figure == _FORMULA))  # words after all numbers
        lines = tuple(
            Line(_called(name, of, row), tuple(str(row.get(column, "")) for column in columns))
            for of, row in rows.items()
        )
        return Section(plain(name), (OF_WHAT, *map(plain, columns)), lines)

    def _rows(self, section: str) -> dict[str, dict[str, int | str]]:
        found: dict[str, dict[str, int | str]] = {}
        for row in () if self.sheet is None else self.sheet.rows:
            if row.section == section:
                found.setdefault(row.of, {})[row.figure] = row.value
        return found


def _called(section: str, of: str, row: Mapping[str, int | str]) -> str:
    """What a line is of, as people call it."""
    if _LABEL in row:
        return str(row[_LABEL])
    if of in FORCES:
        return FORCES[of].name
    return happened(of) if section == _REPORTS else plain(of)


def _number(value: int | str | None) -> int:
    return value if isinstance(value, int) else 0


def _with_unit(row: Mapping[str, int | str]) -> str:
    unit = str(row["unit"])
    return str(row["value"]) if unit in _WHOLE or row["value"] == "n/a" else f"{row['value']} {unit}"
