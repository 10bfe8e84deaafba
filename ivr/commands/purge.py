"""``candour purge``: what the provider is still to delete of ended calls, and what it never lets us delete."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import click
from sqlalchemy import Connection, func, select

from ivr.commands.setting import Setting
from ivr.kept import kept_by_day
from ivr.provider_keeps import PROVIDER_KEEPS
from ivr.purger import Asked, Purger
from shared.domain.purges import PROOF_AFTER, StillKept, bring_forward, still_kept
from shared.domain.vocabulary import Dimension, ProviderRecord
from shared.store.database import Store
from shared.store.schema import day_count
from shared.summary.removed import Removed, what_is_removed

COUNTED: Final = timedelta(days=30)
PROGRESS_EVERY: Final = 25  # records
_WORDS: Final = {
    ProviderRecord.DELETED: "deleted, with proof",
    ProviderRecord.NOT_FOUND: "never found there: if these are many, see [telephony] region",
}


@click.command
@click.option("--run", is_flag=True, help="Ask about every one now, and again a minute later for proof.")
@click.pass_obj
def purge(setting: Setting, run: bool) -> None:
    """Show what Twilio is still to delete of ended calls, what it does not let us delete, and what we remove ourselves.

    'candour serve' does all of it by itself, Twilio's with retries for 14 days. Exit status 1: some are overdue.
    """
    with setting.store() as store:
        if run:
            from ivr.app import switchboard_for

            purger = Purger(store, switchboard_for(setting.config()), _now)
            drive(store, purger, _now, threading.Event().wait, click.echo)
        with store.read() as tx:
            kept, counted = still_kept(tx, _now()), _counted(tx, setting.today())
            ours = list(what_is_removed(tx, kept_by_day(setting.config())))
    _say(kept, counted)
    _say_ours(ours)
    if kept.overdue:
        raise click.exceptions.Exit(1)


def drive(
    store: Store,
    purger: Purger,
    clock: Callable[[], datetime],
    wait: Callable[[float], object],
    say: Callable[[str], object],
) -> None:
    """Ask the provider about every record, and once more after a minute for proof of what it then deleted."""
    with store.begin() as tx:
        bring_forward(tx, clock())
    asked = _ask_all(purger, say)
    if asked[Asked.ACCEPTED]:
        say(f"Waiting {PROOF_AFTER.seconds} seconds, then asking for proof.")
        wait(PROOF_AFTER.total_seconds())
        asked += _ask_all(purger, say)
    for outcome in Asked:
        if asked[outcome]:
            say(f"{asked[outcome]:6} {outcome}")


def _ask_all(purger: Purger, say: Callable[[str], object]) -> Counter[Asked]:
    asked: Counter[Asked] = Counter()
    while (outcome := purger.step()) is not None:
        asked[outcome] += 1
        if asked.total() % PROGRESS_EVERY == 0:
            say(f"{asked.total()} asked about so far")
    return asked


def _say(kept: StillKept, counted: dict[ProviderRecord, int]) -> None:
    click.echo("Records that Twilio is still to delete, by time since the end of the leg:")
    for age, n in kept.by_age.items():
        click.echo(f"{n:6} {age}")
    click.echo(f"Of these, {kept.accepted} are said to be deleted, and proof is awaited.")
    click.echo(f"\nIn the last {COUNTED.days} days:")
    for record, words in _WORDS.items():
        click.echo(f"{counted.get(record, 0):6} {words}")
    click.echo("\nWhat we cannot delete:")
    for one in PROVIDER_KEEPS:
        click.echo(f"  {one.what}: {one.how_long}.\n      {one.basis}.")


def _say_ours(removed: list[Removed]) -> None:
    click.echo("\nWhat this service removes by itself:")
    for one in removed:
        click.echo(f"  {one.what}: {one.when}.\n      {one.stands}.")


def _counted(tx: Connection, today: date) -> dict[ProviderRecord, int]:
    of_records = day_count.c.dimension == Dimension.PROVIDER_RECORD, day_count.c.day > today - COUNTED
    found = select(day_count.c.value, func.sum(day_count.c.n)).where(*of_records).group_by(day_count.c.value)
    return {ProviderRecord(value): int(n) for value, n in tx.execute(found)}


def _now() -> datetime:
    return datetime.now(UTC)
