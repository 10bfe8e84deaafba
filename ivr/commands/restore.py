"""``candour restore``: a backup, opened with the key kept elsewhere, put into a new database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.kept import kept_by_day
from ivr.key_file import read_seed
from shared.backup import read_backup
from shared.sealing.keys import ReaderKey
from shared.summary.brought_back import BroughtBack, bring_back


@click.command
@click.argument("file", type=options.FILE)
@click.option("--key", type=options.FILE, required=True, help="The file 'candour keys backup-key' made.")
@options.key_passphrase_file
@click.pass_obj
def restore(setting: Setting, file: Path, key: Path, key_passphrase_file: Path | None) -> None:
    """Put the backup in FILE into the new, empty database that the configuration names.

    Everyone signs in anew. Answers that units gave since the backup are read again from where they left them. Figures
    are those of the backup; days that are too old to be kept by the day are put together again before anything else.
    """
    reader = ReaderKey(read_seed(key, "backup-key", passphrase("the backup key", key_passphrase_file)))
    with setting.store(new=True) as store, file.open("rb") as opened:
        rows = read_backup(store, opened, reader)
        with store.begin() as tx:
            figures = bring_back(tx, datetime.now(UTC), kept_by_day(setting.config()))
    click.echo(f"{rows} rows restored. 'candour audit verify' and 'candour check' say whether all is well.")
    _say(figures)


def _say(figures: BroughtBack) -> None:
    if figures.last is not None:
        click.echo(
            f"Figures are those of the backup: the last day with a call in it is {figures.last.isoformat()}. What came "
            "later is not among them. Keep what was published since; it cannot be made again from here."
        )
    if figures.put_together:
        months = ", ".join(f"{month:%Y-%m}" for month in figures.put_together)
        click.echo(f"Too old to be kept by the day, and put together by the month again: {months}.")
