"""``candour-force outcomes``: what came of a quarter's reports, in signed totals; no report is named in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import click

from shared.domain.london import london_day
from shared.domain.vocabulary import UnitOutcome
from shared.force_side.at_desk import EXISTING_FOLDER, At, about, plain_words
from shared.force_side.refusals import QuarterNotBegun
from shared.force_side.reports import ANSWER_SUFFIX, ANSWERS_FOLDER
from shared.sealing.outcomes import MAX_TOTAL, PERIOD, Totals, sign_totals
from shared.whole_file import write_whole

_MONTHS: Final = 3
_ASKED: Final[Mapping[UnitOutcome, str]] = {
    UnitOutcome.ASSESSED: "Reports assessed",
    UnitOutcome.INVESTIGATIONS: "Investigations begun, or under way, that they were part of",
    UnitOutcome.SAFEGUARDING: "Reports that led to safeguarding",
    UnitOutcome.RECORDED: "Reports recorded, as intelligence or otherwise",
    UnitOutcome.PASSED_ON: "Reports passed on to another force",
}


def _counted(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each outcome; what is not given is asked for."""
    for outcome, words in reversed(list(_ASKED.items())):
        number, name = click.IntRange(0, MAX_TOTAL), f"--{outcome.value.replace('_', '-')}"
        command = click.option(name, outcome.value, type=number, prompt=words, help=f"{words}.")(command)
    return command


@click.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.argument("quarter")
@_counted
@click.pass_obj
def outcomes(at: At, /, folder: Path, quarter: str, **said: Any) -> None:
    """Tell the charity what came of a QUARTER's reports (as 2026-q1), in totals for the whole unit.

    They are signed and written into FOLDER's answers, like the answers to reports. The same quarter again replaces
    what was said before.
    """
    with plain_words():
        if not _has_begun(quarter, london_day(datetime.now(UTC))):
            raise QuarterNotBegun
        unit = at.unit()
        keys = at.keys(unit)
        totals = Totals(unit.unit, quarter, {outcome: said[outcome.value] for outcome in UnitOutcome})
        answers = folder / ANSWERS_FOLDER
        answers.mkdir(exist_ok=True)
        written = answers / f"outcomes-{quarter}{ANSWER_SUFFIX}"
        with about(written):
            write_whole(written, sign_totals(totals, keys.answers))
    told = ", ".join(f"{outcome.value.replace('_', ' ')} {n}" for outcome, n in totals.n.items())
    click.echo(f"Signed for {unit.unit} and {quarter}: {told} ({written.name})")


def _has_begun(quarter: str, today: date) -> bool:
    if not PERIOD.fullmatch(quarter):
        return False
    year, _, number = quarter.partition("-q")
    return (int(year), int(number)) <= (today.year, (today.month + _MONTHS - 1) // _MONTHS)
