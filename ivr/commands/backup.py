"""``candour backup``: everything but what is live, sealed to a key whose private half is kept elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import click

from ivr.commands import options
from ivr.commands.setting import Setting
from shared.backup import write_backup
from shared.force_side.refusals import FileExists
from shared.sealing.keys import ReaderPublicKey


@click.command
@click.argument("file", type=options.FILE)
@click.option("--to", metavar="KEY", help="Public key that 'candour keys backup-key' printed. Otherwise [backup] to.")
@click.pass_obj
def backup(setting: Setting, file: Path, to: str | None) -> None:
    """Write a sealed copy of the database to FILE, while the service runs or not.

    Calls in progress, sessions and the provider's ids are not in it. Nothing on this machine can open it.
    """
    to = to or setting.config().backup.to
    if not to:
        raise click.ClickException("No key to seal to: --to, or [backup] to. 'candour keys backup-key' makes one.")
    recipient = ReaderPublicKey.from_text(to)
    part = file.with_name(f"{file.name}.part")
    if file.exists():
        raise FileExists
    with setting.store() as store, _private(part) as out:
        write_backup(store, out, recipient)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    click.echo(f"The backup is in {file}, for the key {recipient.fingerprint}.")


def _private(path: Path) -> BinaryIO:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
