"""``candour keys``: the directory of public keys in use. No private key is shown, for none is here."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from ivr.commands import options, role_keys, signing
from ivr.commands.setting import Setting, passphrase
from ivr.key_file import write_seed
from shared.domain.key_changes import published_directory
from shared.domain.people import DirectoryMissing, signed_directory
from shared.sealing.directory import Directory
from shared.sealing.errors import KeyMalformed
from shared.sealing.keys import ReaderKey
from shared.sealing.verify_key import VerifyKey
from shared.store.database import Store


class NoDirectory(click.ClickException):
    """Nothing was founded in this database."""

    def __init__(self) -> None:
        super().__init__("There is no directory of keys yet. 'candour init' makes the first.")


@click.group
def keys() -> None:
    """The organisation's keys: shown, changed, carried to the root to be signed, and written out for a unit."""


@keys.command
@click.pass_obj
def show(setting: Setting) -> None:
    """Every public key in use, by fingerprint, to compare aloud."""
    with setting.store() as store:
        directory = _in_use(store)
        with store.read() as tx:
            signing.show_suspended(tx)
    click.echo(f"Directory {directory.version}, issued {directory.issued}, good until {directory.expires}")
    root = root_public_key(setting.console_path)
    if root is not None:
        click.echo(f"Root           {root.fingerprint}")
        click.echo(f"               {root.to_text()}")
    for role in directory.roles:
        click.echo(f"{role.role.capitalize():14} {role.reader.fingerprint}")
    click.echo(f"{'Release':14} {directory.release.verify.fingerprint}")
    for unit in directory.units:
        click.echo(f"\n{unit.name} ({unit.id}), until {unit.expires}; forces: {', '.join(unit.forces)}")
        click.echo(f"  opens with   {unit.reader.fingerprint}")
        click.echo(f"  answers with {unit.answers.fingerprint}")
        click.echo(f"  in words     {' '.join(unit.words)}")
        for earlier in unit.earlier:
            click.echo(f"  before       {earlier.reader.fingerprint}, until {earlier.until}")


@keys.command
@click.argument("file", type=options.FILE)
@click.pass_obj
def directory(setting: Setting, file: Path) -> None:
    """Write the signed directory to FILE, for a unit. It holds public keys only."""
    with setting.store() as store, store.read() as tx:
        try:
            document = signed_directory(tx)
        except DirectoryMissing:
            raise NoDirectory from None
    file.write_bytes(document)
    click.echo(f"The directory is in {file}.")


@keys.command("import")
@click.argument("file", type=options.FILE)
@click.pass_obj
def import_(setting: Setting, file: Path) -> None:
    """Put the directory in FILE, signed on the root's machine, into use."""
    taken = signing.import_with(root_public_key(setting.console_path), setting, file)
    click.echo(f"Directory {taken.version} is in use, good until {taken.expires}.")


@keys.command("backup-key")
@click.argument("file", type=options.FILE)
@options.key_passphrase_file
def backup_key(file: Path, key_passphrase_file: Path | None) -> None:
    """Make the key that opens backups, in FILE: best on another machine. Its public half is printed."""
    key = ReaderKey.generate()
    write_seed(file, "backup-key", key.seed, passphrase("the backup key", key_passphrase_file, new=True))
    click.echo(f"The key is in {file}. Keep it, and a copy, where the backups are not.")
    click.echo("For the service's configuration, under [backup]:")
    click.echo(f'to = "{key.public.to_text()}"')


for _command in (
    signing.export,
    signing.sign,
    signing.suspend,
    signing.resume,
    role_keys.renew_role,
    role_keys.rewrap_reports,
):
    keys.add_command(_command)


def _in_use(store: Store) -> Directory:
    with store.read() as tx:
        try:
            return published_directory(tx)
        except DirectoryMissing:
            raise NoDirectory from None


def root_public_key(console_settings: Path) -> VerifyKey | None:
    """The root that consoles are told to trust; None where there are no console settings beside the configuration."""
    try:
        written = tomllib.loads(console_settings.read_text(encoding="utf-8"))
        return VerifyKey.from_text(written["service"]["root_public_key"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, KeyMalformed):
        return None
