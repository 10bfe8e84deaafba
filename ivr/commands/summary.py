"""``candour summary``: the figures of a day, as CSV."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from ivr.commands.setting import Setting
from shared.summary.close import close_day
from shared.summary.export import day_csv


@click.command
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="A London day, like 2026-03-10. Yesterday if not given."
)
@click.option(
    "--close", is_flag=True, help="Turn the day's finished calls into counts now, not at three in the morning."
)
@click.pass_obj
def summary(setting: Setting, day: datetime | None, close: bool) -> None:
    """Calls, waits, choices, outcomes and reports of one day, written to standard output."""
    wanted = setting.today() - timedelta(days=1) if day is None else day.date()
    with setting.store() as store:
        if close:
            with store.begin() as tx:
                close_day(tx, wanted)
        click.echo(day_csv(store, wanted), nl=False)
