"""``candour keys export``, ``sign``, ``import``: the root stays on a machine off the network, files travel by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Connection

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.commands.vouchers import by_two, vouchers
from ivr.founding import directory_in_use
from ivr.root_key import read_root
from shared.domain.key_changes import (
    lift_suspension,
    proposed_directory,
    published_directory,
    suspend_key,
    take_signed,
)
from shared.domain.people import signed_directory, suspended_keys
from shared.sealing.directory import Directory
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.sealing.signing_request import differences, read_request, request_to_bytes
from shared.sealing.verify_key import VerifyKey


@click.command("export")
@click.argument("file", type=options.FILE)
@click.pass_obj
def export(setting: Setting, file: Path) -> None:
    """Write to FILE what the root is asked to sign: every change since the last directory, and another year."""
    with setting.store() as store, store.read() as tx:
        current, proposed = published_directory(tx), proposed_directory(tx, setting.today())
        request = request_to_bytes(signed_directory(tx), proposed)
    for line in differences(current, proposed):
        click.echo(line)
    file.write_bytes(request)
    click.echo(f"The request is in {file}. Carry it to the root's machine: 'candour keys sign' there.")


@click.command
@click.argument("request", type=options.FILE)
@click.argument("out", type=options.FILE)
@click.option("--root", type=options.FILE, required=True, help="The root key's file.")
@options.root_passphrase_file
@click.option("--yes", is_flag=True, help="The changes have been read and are right.")
def sign(request: Path, out: Path, root: Path, root_passphrase_file: Path | None, yes: bool) -> None:
    """On the root's own machine: read what REQUEST changes, sign it, write the directory to OUT.

    Needs no configuration, database or network.
    """
    key = read_root(root, passphrase("the root key", root_passphrase_file))
    asked = read_request(request.read_bytes(), key.public)
    for line in differences(asked.current, asked.proposed):
        click.echo(line)
    if not yes:
        click.confirm("Is every change as it was agreed, and every word as it was read aloud?", abort=True)
    out.write_bytes(sign_directory(asked.proposed, key))
    click.echo(f"Directory {asked.proposed.version} is in {out}. Carry it back: 'candour keys import' there.")


def import_with(root: VerifyKey | None, setting: Setting, file: Path) -> Directory:
    """Take in a directory signed elsewhere, under the root that consoles trust."""
    if root is None:
        raise click.ClickException("There is no console.toml with the root's public key beside the configuration.")
    with setting.store() as store, store.begin() as tx:
        return take_signed(tx, file.read_bytes(), root, setting.today())


def sign_here(tx: Connection, setting: Setting, key: SigningKey) -> Directory:
    """Where the root key is at hand: sign what waits, and take it in. Raises AnotherRoot."""
    directory_in_use(tx, key.public)
    proposed = proposed_directory(tx, setting.today())
    return take_signed(tx, sign_directory(proposed, key), key.public, setting.today())


@click.command
@click.argument("key_id")
@by_two
@click.pass_obj
def suspend(setting: Setting, key_id: str, names: Sequence[str], files: Sequence[Path]) -> None:
    """Seal nothing more for KEY_ID, a person's or a unit's fingerprint, from now on. One administrator is enough."""
    if not names:
        raise click.UsageError("Say who you are: --administrator NAME.")
    with setting.store() as store, store.begin() as tx:
        suspend_key(tx, _plain(key_id), vouchers(tx, names, files), setting.today())
    click.echo("The key is suspended. Take it out of the next directory too: 'candour keys export'.")


@click.command
@click.argument("key_id")
@by_two
@click.pass_obj
def resume(setting: Setting, key_id: str, names: Sequence[str], files: Sequence[Path]) -> None:
    """Let a suspended KEY_ID be used again. Two administrators."""
    with setting.store() as store, store.begin() as tx:
        lift_suspension(tx, _plain(key_id), vouchers(tx, names, files), setting.today())
    click.echo("The key is in use again.")


def show_suspended(tx: Connection) -> None:
    for key_id in sorted(suspended_keys(tx)):
        click.echo(f"Suspended      {key_id}")


def _plain(key_id: str) -> str:
    return "".join(key_id.split()).lower()
