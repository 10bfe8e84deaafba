"""``candour summary``: the figures of a day or any longer period, for inside the charity or for outside."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from ivr.commands import options
from ivr.commands.setting import Setting
from ivr.kept import kept_by_day
from shared.store.database import Store
from shared.summary.close import close_day
from shared.summary.export import Format, written
from shared.summary.internal import internal_sheet, written_day
from shared.summary.launch_day import LaunchMoved, LaunchNotSet, forget_launch, launch_kept
from shared.summary.periods import Period, Span, between, of
from shared.summary.release import NotForOutside, take_edition
from shared.summary.retention import DaysRemoved
from shared.summary.sheet import Edition, Sheet
from shared.summary.since_launch import Launch, NothingCounted, since_launch_sheet
from shared.whole_file import write_whole

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_EARLIEST: Final = 2000
_LATEST: Final = 2999
NO_LAUNCH: Final = "No [summary] launch is set: the table begins with the first day on which anything was counted."
WRITTEN_DOWN: Final = (
    "Written down for good: all that leaves the charity begins on {day}. If that is wrong and nothing made for outside "
    "has left, candour summary --forget-launch."
)


class Quarter(click.ParamType[date]):
    """A quarter of a calendar year, like 2026-Q1; its first day."""

    name = "QUARTER"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        year, _, quarter = value.partition("-Q")
        if not (len(year) == 4 and year.isascii() and year.isdigit() and quarter in tuple("1234")):
            self.fail("a quarter like 2026-Q1", param, ctx)
        return date(int(year), 3 * int(quarter) - 2, 1)


def _forget_launch(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """Instead of a summary; asks first."""
    if not wanted:
        return
    click.confirm("Has nothing at all that was made for outside ever left the charity?", abort=True)
    setting: Setting = ctx.obj
    with setting.store() as store, store.begin() as tx:
        gone = forget_launch(tx)
    click.echo("The launch can be changed until figures leave again." if gone else "No launch had been written down.")
    ctx.exit()


@click.command
@click.option("--date", "day", type=_DAY, help="A London day, like 2026-03-10. Yesterday if nothing is given.")
@click.option("--week", type=_DAY, help="The week, Monday to Sunday, that has this day in it.")
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="A month, like 2026-03.")
@click.option("--quarter", type=Quarter(), help="A quarter, like 2026-Q1.")
@click.option("--year", type=click.DateTime(["%Y"]), help="A calendar year, like 2026.")
@click.option("--from", "first", type=_DAY, help="The first day of any period; --to is its last.")
@click.option("--to", "last", type=_DAY, help="The last day of any period.")
@click.option("--since-launch", is_flag=True, help="Everything since the launch; --to may be its last day.")
@click.option(
    "--edition",
    type=click.Choice([edition.value for edition in Edition]),
    default=Edition.INTERNAL.value,
    show_default=True,
    help="Internal has everything; only external, by the month or year, may leave the charity.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in Format]),
    default=Format.CSV.value,
    show_default=True,
    help="The same figures in each; text is for reading, pdf for printing.",
)
@click.option(
    "--close", is_flag=True, help="Turn the day's finished calls into counts now, not at three in the morning."
)
@click.option(
    "--forget-launch",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_forget_launch,
    help="Let [summary] launch be changed, where nothing made for outside has left the charity.",
)
@click.option("--output", type=options.FILE, help="Write it to this file, whole or not at all.")
@click.pass_obj
def summary(
    setting: Setting,
    /,
    edition: str,
    form: str,
    close: bool,
    since_launch: bool,
    output: Path | None,
    **when: date | None,
) -> None:
    """Calls, waits, choices, outcomes and reports of a period, written to standard output or a file.

    With --since-launch, the table the service publishes: in the internal edition exact, and to the day --to names or
    to yesterday; in the external one rounded, to the end of the last quarter.
    """
    if output is None and not Format(form).is_text and sys.stdout.isatty():
        raise click.UsageError(f"--output names the file for {form}.")
    period = _since_launch(edition, **when) if since_launch else _period(setting, **when)
    with setting.store() as store:
        if close:
            if isinstance(period, SinceLaunch) or period.span is not Span.DAY:
                raise click.UsageError("--close closes a single day: give --date.")
            if period.first >= setting.today():
                raise click.UsageError("--close closes a day that is over: calls of this one may still come.")
            with store.begin() as tx:
                close_day(tx, period.first)
        sheet = _sheet(store, Edition(edition), period, setting)
    content = written(sheet, Format(form))
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(output, content)
        click.echo(f"Written to {output}.")


@dataclass(frozen=True, slots=True)
class SinceLaunch:
    """Everything until this day; until yesterday where none is given."""

    last: date | None


def _since_launch(edition: str, last: date | None, **others: date | None) -> SinceLaunch:
    """Raises UsageError."""
    if any(others.values()):
        raise click.UsageError("--since-launch stands alone, or with --to.")
    if last is not None and edition == Edition.EXTERNAL:
        raise click.UsageError("--since-launch stands alone, with --edition external.")
    return SinceLaunch(None if last is None else _plain(last))


def _sheet(store: Store, edition: Edition, period: Period | SinceLaunch, setting: Setting) -> Sheet:
    today, figures = setting.today(), setting.config().summary
    try:
        if edition is Edition.EXTERNAL:
            return _for_outside(store, None if isinstance(period, SinceLaunch) else period, today, figures.launch)
        last = period.last or today - timedelta(days=1) if isinstance(period, SinceLaunch) else period.first
        if last > today:
            raise click.UsageError(f"Nothing can have been counted yet: {written_day(last)} has not come.")
        with store.read() as tx:
            if not isinstance(period, SinceLaunch):
                return internal_sheet(tx, period, today, kept_by_day(setting.config()))
            if figures.launch is None:
                click.echo(NO_LAUNCH, err=True)
            return since_launch_sheet(tx, Launch(figures.first_force, figures.launch), last)
    except (NotForOutside, DaysRemoved, LaunchMoved, LaunchNotSet) as error:
        raise click.ClickException(str(error)) from None
    except NothingCounted:
        raise click.ClickException("Nothing has been counted since the launch, up to that day.") from None


def _for_outside(store: Store, period: Period | None, today: date, launch: date | None) -> Sheet:
    """Says what the first of them settles: nobody may find out afterwards."""
    with store.read() as tx:
        kept = launch_kept(tx)
    sheet = take_edition(store, period, today, launch)
    if kept is None and launch is not None:
        click.echo(WRITTEN_DOWN.format(day=written_day(launch)), err=True)
    return sheet


def _period(setting: Setting, first: date | None, last: date | None, **spans: date | None) -> Period:
    """The one period that is asked for. Raises UsageError."""
    asked = [(name, _plain(day)) for name, day in spans.items() if day is not None]
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to belong together.")
    if len(asked) + (first is not None) > 1:
        raise click.UsageError("One period at a time, please.")
    if first is not None and last is not None:
        try:
            return between(_plain(first), _plain(last))
        except ValueError:
            raise click.UsageError("--to is a day before --from.") from None
    name, day = asked[0] if asked else (Span.DAY.value, setting.today() - timedelta(days=1))
    return of(Span(name), day)


def _plain(day: date) -> date:
    plain = day.date() if isinstance(day, datetime) else day
    if not _EARLIEST <= plain.year <= _LATEST:
        raise click.UsageError(f"A year from {_EARLIEST} to {_LATEST}, please.")
    return plain
