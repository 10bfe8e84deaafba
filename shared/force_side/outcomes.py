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
from shared.force_side.unit_file import read_bytes
from shared.force_side.unit_keys import UnitKeys
from shared.sealing.errors import SealingError
from shared.sealing.outcomes import MAX_TOTAL, PERIOD, Totals, sign_totals, verify_totals
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


def _begun(ctx: click.Context, param: click.Parameter, quarter: str) -> str:
    """Before anything is asked for."""
    with plain_words():
        if not _has_begun(quarter, london_day(datetime.now(UTC))):
            raise QuarterNotBegun
    return quarter


def _see_that_it_is_meant(said: Mapping[str, int]) -> None:
    """Where more is said to have come of the reports than were assessed; it may be so, and may be a slip."""
    assessed = said[UnitOutcome.ASSESSED.value]
    for outcome in UnitOutcome:
        if (n := said[outcome.value]) > assessed:
            click.confirm(f"{outcome.value.replace('_', ' ')} {n}, of {assessed} assessed: is that meant?", abort=True)


@click.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.argument("quarter", is_eager=True, callback=_begun)
@_counted
@click.option("--yes", is_flag=True, help="Do not ask again where a number is higher than that of reports assessed.")
@click.pass_obj
def outcomes(at: At, /, folder: Path, quarter: str, yes: bool, **said: Any) -> None:
    """Tell the charity what came of a QUARTER's reports (as 2026-q1), in totals for the whole unit.

    They are signed and written into FOLDER's answers, like the answers to reports. The same quarter again replaces
    what was said before.
    """
    if not yes:
        _see_that_it_is_meant(said)
    with plain_words():
        now = datetime.now(UTC)
        unit = at.unit()
        keys = at.keys(unit)
        answers = folder / ANSWERS_FOLDER
        answers.mkdir(exist_ok=True)
        written = answers / f"outcomes-{quarter}{ANSWER_SUFFIX}"
        serial = max(int(now.timestamp()), _serial_in(written, keys) + 1)
        totals = Totals(unit.unit, quarter, serial, {outcome: said[outcome.value] for outcome in UnitOutcome})
        with about(written):
            write_whole(written, sign_totals(totals, keys.answers))
    told = ", ".join(f"{outcome.value.replace('_', ' ')} {n}" for outcome, n in totals.n.items())
    click.echo(f"Signed for {unit.unit} and {quarter}: {told} ({written.name})")


def _serial_in(written: Path, keys: UnitKeys) -> int:
    """Of what was said before, if that is still there: a clock that was put back keeps nobody from replacing it."""
    try:
        return verify_totals(read_bytes(written), keys.unit, keys.answers.public).serial
    except SealingError:
        return 0


def _has_begun(quarter: str, today: date) -> bool:
    if not PERIOD.fullmatch(quarter):
        return False
    year, _, number = quarter.partition("-q")
    return (int(year), int(number)) <= (today.year, (today.month + _MONTHS - 1) // _MONTHS)
