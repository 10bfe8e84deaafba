"""The first printed page of a period: what is seen at a glance, the large figures, the bars, and lists of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from shared.domain.forces import FORCES
from shared.domain.vocabulary import Stood
from shared.summary.charts import Bar, lying, standing
from shared.summary.sheet import HAPPENINGS, Value, happened, plain, short_names
from shared.summary.sheet import Table as Figures
from shared.summary.typeset import BIG, HEAD, SMALL, UNDER, WIDTH

_SHOWN_LARGE: Final = (
    "arrived",
    "answered",
    "abandoned_in_queue",
    "service_level",
    "average_speed_of_answer",
    "released",
)
_LISTS: Final = {
    "category": "What calls were about",
    "mode": "How callers chose to be",
    "disposition": "What calls came to",
}
_NAMED: Final = {
    "force": "Calls by the force they were about",
    "taken": "Reports taken, by force",
    "signpost": "Callers sent on to",
    "channel": "Reports that came another way",
    "welsh": "Callers who chose Welsh",
    "provider_record": "Twilio's records of calls",
}
_STOOD_THEN: Final = "Where reports stood when the last day was closed"
_STOOD: Final[Mapping[str, str]] = {
    Stood.IN_REVIEW: "in review",
    Stood.HELD: "held",
    Stood.UNSENT: "not sent yet",
    Stood.PARKED: "of those, put aside",
}


def at_a_glance(figures: Mapping[str, Figures]) -> list[Flowable]:
    """All of the page but its heading."""
    return [*_large(figures), *_charts(figures), _side_by_side(figures), *_listed(figures)]


def _large(figures: Mapping[str, Figures]) -> list[Flowable]:
    measures = {of: figures["measure"][of] for of in _SHOWN_LARGE if of in figures.get("measure", {})}
    if not measures:
        return []
    cells = [
        [
            Paragraph(escape(str(row["label"])), UNDER),
            Paragraph(_with_unit(row["value"], str(row["unit"])), BIG),
            Paragraph(f"before: {row.get('before', '')}<br/>a year ago: {row.get('a_year_ago', '')}", UNDER),
        ]
        for row in measures.values()
    ]
    table = Table([cells], colWidths=[WIDTH / len(cells)] * len(cells), hAlign="LEFT")
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, black), ("INNERGRID", (0, 0), (-1, -1), 0.25, black)]))
    return [Spacer(0, 3 * mm), table]


def _with_unit(value: Value, unit: str) -> str:
    return f"{value}{'' if isinstance(value, str) or unit in ('calls', 'reports') else ' ' + unit}"


def _charts(figures: Mapping[str, Figures]) -> list[Flowable]:
    shown: list[Flowable] = []
    for section, words in (("trend", "How calls came"), ("hour", "By the hour of London's clock")):
        if rows := figures.get(section):
            named = short_names(rows)
            bars = [Bar(named[of], number_of(row, "arrived"), number_of(row, "answered")) for of, row in rows.items()]
            shown += [Paragraph(words, HEAD), standing(bars, ("arrived", "answered"), WIDTH, 150)]
    return shown


def _side_by_side(figures: Mapping[str, Figures]) -> Table:
    half = WIDTH / 2 - 4 * mm
    happenings = [(happened(of), number_of(row, "n")) for of, row in figures.get("reports", {}).items()]
    left = [Paragraph(HAPPENINGS, HEAD), lying(happenings or [("none", 0)], half)]
    for section in ("category",) if "category" in figures else ():
        left += [Paragraph(_LISTS[section], HEAD), lying(_counted(figures, section), half)]
    right: list[Flowable] = []
    for section in (each for each in ("disposition", "mode") if each in figures):
        right += [Paragraph(_LISTS[section], HEAD), lying(_counted(figures, section), half)]
    if "standing" in figures:  # where nobody looked it is not known
        stood = [(words, number_of(figures["standing"].get(of, {}), "n")) for of, words in _STOOD.items()]
        right += [Paragraph(_STOOD_THEN, HEAD), lying(stood, half)]
    table = Table([[left, right]], colWidths=[WIDTH / 2] * 2, hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return table


def _counted(figures: Mapping[str, Figures], section: str) -> list[tuple[str, int]]:
    rows = {of: number_of(row, "n") for of, row in figures.get(section, {}).items()}
    return [(plain(of), n) for of, n in rows.items() if n] or [("none", 0)]


def number_of(row: Mapping[str, Value], figure: str) -> int:
    """Nought where there is none."""
    value = row.get(figure, 0)
    return value if isinstance(value, int) else 0


def _listed(figures: Mapping[str, Figures]) -> list[Flowable]:
    """What has too many values to draw, or too few: those that are not nought, one after the other."""
    lines: list[Flowable] = [Spacer(0, 2 * mm)]
    for section, words in _NAMED.items():
        if section in figures:
            counted = {of: number_of(row, "n") for of, row in figures[section].items()}
            named = ", ".join(f"{name_of(of)} {n}" for of, n in counted.items() if n) or "none"
            lines.append(Paragraph(f"<b>{escape(words)}:</b> {escape(named)}", SMALL))
    return lines


def name_of(value: str) -> str:
    """A force by its name; anything else as people write it."""
    return FORCES[value].name if value in FORCES else plain(value)
