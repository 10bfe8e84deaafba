"""``candour person``: who belongs to the organisation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import select

from ivr.commands import options
from ivr.commands.newcomers import NEWCOMERS, list_newcomers, make_account
from ivr.commands.person_standing import COMMANDS
from ivr.commands.setting import Setting, passphrase
from ivr.commands.vouchers import by_two, vouchers
from ivr.founding import Newcomer, add_person
from ivr.root_key import read_root
from ivr.vouching import role_secrets_of
from shared.domain.key_changes import vouch_for_person
from shared.domain.people import Particulars, colleagues
from shared.domain.vocabulary import Language, Role
from shared.people_messages import MAX_NAME
from shared.sealing.organisation import RoleSecret
from shared.store.schema import person as people


@click.group
def person() -> None:
    """Take people in, change how they stand, and list them."""


for _command in (*COMMANDS, *NEWCOMERS):
    person.add_command(_command)


@person.command
@click.argument("name")
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="What the person may do. May be repeated.",
)
@options.languages
@options.handset
@options.trusted_handset
@options.passphrase_file
@by_two
@options.root
@options.root_passphrase_file
@click.option("--by", metavar="NAME", help="The supervisor who passes on the keys that a handler or supervisor needs.")
@click.option("--by-passphrase-file", type=options.FILE, help="File holding that supervisor's passphrase.")
@click.option("--anew", is_flag=True, help="Make new words; those given out for NAME before are good no more.")
@click.pass_obj
def add(
    setting: Setting,
    name: str,
    roles: Sequence[str],
    languages: Sequence[str],
    handset: str | None,
    trusted_handset: bool,
    passphrase_file: Path | None,
    names: Sequence[str],
    files: Sequence[Path],
    root: Path | None,
    root_passphrase_file: Path | None,
    by: str | None,
    by_passphrase_file: Path | None,
    anew: bool,
) -> None:
    """Make an account for NAME, and words with which NAME's own console makes the keys; 'person confirm' follows.

    With --passphrase-file the keys are made here and now instead, by the root key's keeper, a supervisor and two
    administrators: for scripts and trials, for this machine has then seen the passphrase.
    """
    if not 1 <= len(name.strip()) <= MAX_NAME or not name.isprintable():
        # Keys are compared beside it in words: nothing in it may move or hide what a terminal shows.
        raise click.BadParameter(f"1 to {MAX_NAME} letters and signs, on one line", param_hint="NAME")
    if passphrase_file is None:
        _see_that_nothing_is_for_later(root, root_passphrase_file, by, by_passphrase_file, names)
        told = Particulars(name, _roles(roles), _languages(languages), handset, trusted_handset)
        make_account(setting, told, anew=anew)
        return
    key = read_root(setting.root_path(root), passphrase("the root key", root_passphrase_file))
    newcomer = Newcomer(
        name,
        _roles(roles),
        _languages(languages),
        passphrase(name, passphrase_file, new=True),
        handset,
        trusted_handset,
    )
    with setting.store() as store, store.begin() as tx:
        held: tuple[RoleSecret, ...] = ()
        if newcomer.needs_role_keys:
            by = by or click.prompt("Supervisor who passes on the keys")
            held = role_secrets_of(tx, by, passphrase(by, by_passphrase_file))
        administrators = vouchers(tx, names, files)
        keys = add_person(tx, key, newcomer, held, setting.today())
        vouch_for_person(tx, keys.person_id, administrators, setting.today())
    click.echo(f"{name} is taken in. Fingerprint: {keys.reader.fingerprint}")


def _roles(written: Sequence[str]) -> tuple[Role, ...]:
    return tuple(Role(role) for role in dict.fromkeys(written))


def _languages(written: Sequence[str]) -> tuple[Language, ...]:
    return tuple(Language(language) for language in dict.fromkeys(written))


def _see_that_nothing_is_for_later(*given: object) -> None:
    if any(given):
        raise click.UsageError(
            "The root, --by and administrators are for 'candour person confirm', once NAME has made the keys. "
            "To make them here instead, give --passphrase-file."
        )


@person.command("list")
@click.pass_obj
def list_people(setting: Setting) -> None:
    """Name, roles, languages, and the handset that rings for them."""
    with setting.store() as store, store.read() as tx:
        rows = tx.execute(select(people).order_by(people.c.name)).all()
        known = colleagues(tx, rows)
    for row, one in zip(rows, known, strict=True):
        rings = row.handset or "no handset"
        trust = ", trusted" if row.handset and row.handset_trusted else ""
        left = "" if row.active else "  (suspended)"
        click.echo(f"{one.name}: {', '.join(one.roles)}; {', '.join(one.languages)}; {rings}{trust}{left}")
    list_newcomers(setting)
