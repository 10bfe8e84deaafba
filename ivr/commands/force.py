"""``candour force``: which forces a report can be delivered to, and enrolling their units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.commands.signing import sign_here
from ivr.commands.vouchers import by_two, vouchers
from ivr.commands.ways import by_way, check_way, write_way
from ivr.deliverable import Deliverable, deliverable_forces
from ivr.root_key import read_root
from shared.domain.forces import FORCES
from shared.domain.key_changes import VALID_FOR, ask_for_unit, ask_to_remove_unit, published_directory
from shared.domain.people import DirectoryMissing, current_directory
from shared.force_side.unit_keys import Enrolment, read_enrolment
from shared.sealing.directory import Directory, Unit
from shared.sealing.errors import DirectoryMalformed
from shared.sealing.signed_directory import with_unit
from shared.sealing.words import lines_of_four


@click.group
def force() -> None:
    """List the forces, and enrol the units that receive their reports."""


@force.command("list")
@click.pass_obj
def list_forces(setting: Setting) -> None:
    """All forces, and whether a report can be delivered to them."""
    config = setting.config()
    with setting.store() as store, store.read() as tx:
        try:
            directory = current_directory(tx)
        except DirectoryMissing:
            directory = None
    found = deliverable_forces(directory, config.outbox.units.keys(), setting.today())
    width = max(map(len, FORCES))
    for one in FORCES.values():
        click.echo(f"{one.id:{width}}  {found[one.id].words}")
    ready = sum(1 for state in found.values() if state is Deliverable.YES)
    click.echo(f"{ready} of {len(FORCES)} forces can be delivered to.")


@force.command("add-unit")
@click.argument("unit")
@click.option("--force", "forces", multiple=True, metavar="ID", help="A force it serves. May be repeated.")
@click.option("--request", type=options.FILE, required=True, help="The file 'candour-force keygen' made for us.")
@by_way
@click.option("--alternate", metavar="UNIT", help="The unit that takes reports about this one, or about its chief.")
@click.option("--urgent", metavar="UNIT", help="The unit that takes its urgent reports in its place.")
@click.option("--overlap", metavar="DAYS", default=30, show_default=True, help="How long keys it had before stay good.")
@click.option("--yes", is_flag=True, help="Everyone who vouches has compared the words aloud with the unit.")
@click.option("--later", is_flag=True, help="The root key is elsewhere: let this wait for 'candour keys export'.")
@by_two
@options.root
@options.root_passphrase_file
@click.pass_obj
def add_unit(
    setting: Setting,
    /,
    unit: str,
    forces: Sequence[str],
    request: Path,
    alternate: str | None,
    urgent: str | None,
    overlap: int,
    yes: bool,
    later: bool,
    names: Sequence[str],
    files: Sequence[Path],
    root: Path | None,
    root_passphrase_file: Path | None,
    **way: Any,
) -> None:
    """Put UNIT's public keys, new or changed, into the signed directory, and the way to it into the configuration."""
    enrolment = _agreed(read_enrolment(_bytes(request)), unit, forces)
    lines = check_way(setting, unit, way)
    _compare_aloud(enrolment, names, yes)
    key = None if later else read_root(setting.root_path(root), passphrase("the root key", root_passphrase_file))
    with setting.store() as store, store.begin() as tx:
        asked = _entry(published_directory(tx), enrolment, Recipients(alternate, urgent), overlap, setting.today())
        ask_for_unit(tx, asked, vouchers(tx, names, files), setting.today())
        if key is not None:
            sign_here(tx, setting, key)
        write_way(setting, lines, way["folder"])
    if key is None:
        click.echo(f"{unit} waits for the root's signature: 'candour keys export' writes the request.")
        return
    click.echo(f"{unit} is enrolled until {asked.expires}. A running service needs to be started again.")
    click.echo("Now give the unit the root's public key and the directory: 'candour keys' shows and writes them.")


@force.command("remove-unit")
@click.argument("unit")
@click.option("--later", is_flag=True, help="The root key is elsewhere: let this wait for 'candour keys export'.")
@by_two
@options.root
@options.root_passphrase_file
@click.pass_obj
def remove_unit(
    setting: Setting,
    unit: str,
    later: bool,
    names: Sequence[str],
    files: Sequence[Path],
    root: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Take UNIT out of the directory. Its reports that are on their way are parked, for a person to see to."""
    key = None if later else read_root(setting.root_path(root), passphrase("the root key", root_passphrase_file))
    with setting.store() as store, store.begin() as tx:
        ask_to_remove_unit(tx, unit, vouchers(tx, names, files), setting.today())
        if key is not None:
            sign_here(tx, setting, key)
    click.echo(f"{unit} {'waits to be' if later else 'is'} taken out of the directory.")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who takes a unit's reports in its place: where there is a conflict, and in the urgent lane."""

    alternate: str | None
    urgent: str | None


def _entry(keys: Directory, enrolment: Enrolment, others: Recipients, overlap: int, today: date) -> Unit:
    try:
        asked = enrolment.entry(today + VALID_FOR, others.alternate, others.urgent)
        until = today + timedelta(days=overlap) if overlap > 0 else None
        return with_unit(keys, asked, today, today + VALID_FOR, until).unit(asked.id)
    except (ValidationError, DirectoryMalformed):
        raise click.ClickException(
            "The request cannot be used: its name or forces are impossible, its keys are known already, "
            "or the alternate or urgent unit is not enrolled."
        ) from None


def _compare_aloud(enrolment: Enrolment, names: Sequence[str], yes: bool) -> None:
    click.echo(f"{enrolment.name} has these words:")
    for line in lines_of_four(enrolment.words):
        click.echo(f"  {line}")
    for name in () if yes else names or ("You",):
        heard = "have you heard somebody at the unit read out just these words, on a number you knew before?"
        click.confirm(f"{name}: {heard}", abort=True)


def _agreed(enrolment: Enrolment, unit: str, forces: Sequence[str]) -> Enrolment:
    """The request, if it asks for what we were told. A force in it that we did not name would get reports."""
    unknown = [one for one in forces if one not in FORCES]
    if unknown:
        raise click.ClickException(f"There is no force {', '.join(unknown)}. 'candour force list' names them.")
    if enrolment.unit != unit:
        raise click.ClickException(f"The request is for the unit {enrolment.unit}, not {unit}.")
    if set(enrolment.forces) != set(forces):
        raise click.ClickException(f"The request is for {', '.join(enrolment.forces)}, not {', '.join(forces)}.")
    return enrolment


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise click.ClickException(f"The file {path} cannot be read.") from None
