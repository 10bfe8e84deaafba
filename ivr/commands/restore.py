"""``candour restore``: a backup, opened with the key kept elsewhere, put into a new database."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.key_file import read_seed
from shared.backup import read_backup
from shared.sealing.keys import ReaderKey


@click.command
@click.argument("file", type=options.FILE)
@click.option("--key", type=options.FILE, required=True, help="The file 'candour keys backup-key' made.")
@options.key_passphrase_file
@click.pass_obj
def restore(setting: Setting, file: Path, key: Path, key_passphrase_file: Path | None) -> None:
    """Put the backup in FILE into the new, empty database that the configuration names.

    Everyone signs in anew. Answers that units gave since the backup are read again from where they left them.
    """
    reader = ReaderKey(read_seed(key, "backup-key", passphrase("the backup key", key_passphrase_file)))
    with setting.store(new=True) as store, file.open("rb") as opened:
        rows = read_backup(store, opened, reader)
    click.echo(f"{rows} rows restored. 'candour audit verify' and 'candour check' say whether all is well.")
