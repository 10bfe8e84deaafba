"""``candour person confirm`` and ``turn-away``: what becomes of somebody whose own console made their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.commands.vouchers import by_two, vouchers
from ivr.root_key import read_root
from ivr.taking_in import take_in
from ivr.vouching import role_secrets_of
from shared.domain.enrolment_errors import NoKeysYet
from shared.domain.key_changes import COMMAND, check_vouched
from shared.domain.newcomers import Newcomer, invite, newcomer_named, newcomer_of, newcomers, turn_away
from shared.domain.people import Particulars, member, member_named
from shared.sealing.organisation import ROLE_KEYS, RoleSecret
from shared.sealing.words import lines_of_four

LONDON: Final = ZoneInfo("Europe/London")
HEARD: Final = "have you heard {newcomer} read out just these words from their own screen?"


def make_account(setting: Setting, told: Particulars, *, anew: bool) -> None:
    """Make an account whose owner makes the keys, and print the words that prove it, this once."""
    with setting.store() as store, store.begin() as tx:
        given = invite(tx, told, datetime.now(UTC), anew=anew)
    click.echo(f"An account is made for {told.name}. Their words, good once and until {_time(given.until)}:")
    _print_words(given.words)
    click.echo("They are kept nowhere. Hand them to nobody but their owner, who chooses “First sign-in” at a console")
    click.echo(f"and a passphrase nobody else sees. Then: candour person confirm {told.name}")


@click.command
@click.argument("name")
@click.option("--by", metavar="NAME", help="The supervisor who passes on the keys that a handler or supervisor needs.")
@click.option("--by-passphrase-file", type=options.FILE, help="File holding that supervisor's passphrase.")
@click.option("--yes", is_flag=True, help="Everyone who vouches has heard the words read out.")
@click.option("--later", is_flag=True, help="The root key is elsewhere: let this wait for 'candour keys export'.")
@by_two
@options.root
@options.root_passphrase_file
@click.pass_obj
def confirm(
    setting: Setting,
    name: str,
    by: str | None,
    by_passphrase_file: Path | None,
    yes: bool,
    later: bool,
    names: Sequence[str],
    files: Sequence[Path],
    root: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Take NAME in with the keys their own console made: two administrators, a supervisor and the root.

    Those who vouch have heard NAME read out the words of the keys.

    Administrators who said at the desk that they heard the words need not be named again.
    """
    with setting.store() as store, store.read() as tx:
        coming = newcomer_named(tx, name)
        here = [member(tx, one).particulars.name for one in sorted(coming.vouched_by)]
        if coming.words:  # before anybody is asked for a passphrase
            named = {member_named(tx, one).id for one in names}
            check_vouched(tx, named | coming.vouched_by, besides=coming.id)
    _compare_aloud(coming, here, names, yes)
    key = None if later else read_root(setting.root_path(root), passphrase("the root key", root_passphrase_file))
    needs_keys = any(ROLE_KEYS[role] for role in coming.particulars.roles)
    by = by or (click.prompt("Supervisor who passes on the keys") if needs_keys else None)
    with setting.store() as store, store.begin() as tx:
        held: tuple[RoleSecret, ...] = ()
        if by is not None and needs_keys:
            held = role_secrets_of(tx, by, passphrase(by, by_passphrase_file))
        heard = newcomer_of(tx, coming.id).vouched_by  # at the desk, meanwhile too
        take_in(tx, coming, held, {*heard, *vouchers(tx, names, files)}, key, setting.today())
    if key is None:
        click.echo(f"{coming.particulars.name} waits for the root's signature: 'candour keys export'.")
    else:
        click.echo(f"{coming.particulars.name} is taken in, and signs in with the passphrase they chose.")


@click.command("turn-away")
@click.argument("name")
@click.pass_obj
def turn_away_newcomer(setting: Setting, name: str) -> None:
    """Forget NAME, who is not confirmed yet, with their words and keys. 'person add' begins anew."""
    with setting.store() as store, store.begin() as tx:
        coming = newcomer_named(tx, name)
        turn_away(tx, COMMAND, coming.id, datetime.now(UTC))
    click.echo(f"{coming.particulars.name} is turned away. Nothing of theirs is kept.")


def list_newcomers(setting: Setting) -> None:
    """Those on their way in, and what they wait for."""
    with setting.store() as store, store.read() as tx:
        coming = newcomers(tx)
    for one in coming:
        told = one.particulars
        click.echo(f"{told.name}: {', '.join(told.roles)}; on their way in: {_waits_for(one)}")


def _waits_for(one: Newcomer) -> str:
    if one.words:
        return f"keys made, {len(one.vouched_by)} heard their words; 'candour person confirm'"
    if one.words_until <= datetime.now(UTC):
        return "their words are too old; 'candour person add' makes new ones"
    return f"no first sign-in yet, words good until {_time(one.words_until)}"


def _compare_aloud(coming: Newcomer, here: Sequence[str], names: Sequence[str], yes: bool) -> None:
    if not coming.words:
        raise NoKeysYet
    told = coming.particulars
    click.echo(f"{told.name} ({', '.join(told.roles)}) has these words:")
    _print_words(coming.words)
    if here:
        click.echo(f"Heard at the desk by: {', '.join(here)}")
    for name in () if yes else names or (() if here else ("You",)):
        click.confirm(f"{name}: {HEARD.format(newcomer=told.name)}", abort=True)


def _print_words(words: tuple[str, ...]) -> None:
    for line in lines_of_four(words):
        click.echo(f"  {line}")


def _time(at: datetime) -> str:
    here = at.astimezone(LONDON)
    return f"{here:%H:%M} on {here.day} {here:%B}"


NEWCOMERS: Final = (confirm, turn_away_newcomer)
