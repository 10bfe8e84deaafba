"""``candour force``: which forces a report can be delivered to, and enrolling their units."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from ivr.commands import options
from ivr.commands.setting import Setting, passphrase
from ivr.deliverable import Deliverable, deliverable_forces
from ivr.founding import enrol_unit
from ivr.root_key import read_root
from shared.domain.forces import FORCES
from shared.domain.people import DirectoryMissing, current_directory
from shared.force_side.unit_keys import Enrolment, read_enrolment


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
@click.option(
    "--force", "forces", multiple=True, required=True, metavar="ID", help="A force it serves. May be repeated."
)
@click.option("--request", type=options.FILE, required=True, help="The file 'candour-force keygen' made for us.")
@click.option("--folder", type=options.FOLDER, required=True, help="Where its reports are put and answers are read.")
@click.option("--alternate", metavar="UNIT", help="The unit that takes reports about this one.")
@click.option("--yes", is_flag=True, help="The fingerprints have been compared aloud with the unit.")
@options.root
@options.root_passphrase_file
@click.pass_obj
def add_unit(
    setting: Setting,
    unit: str,
    forces: Sequence[str],
    request: Path,
    folder: Path,
    alternate: str | None,
    yes: bool,
    root: Path | None,
    root_passphrase_file: Path | None,
) -> None:
    """Put UNIT's public keys into the signed directory, and its folder into the configuration."""
    enrolment = _agreed(read_enrolment(_bytes(request)), unit, forces)
    if unit in setting.config().outbox.units:
        raise click.ClickException(f"The configuration has a folder for {unit} already. Nothing was changed.")
    click.echo(f"To open reports   {enrolment.reader.fingerprint}")
    click.echo(f"To sign answers   {enrolment.answers.fingerprint}")
    if not yes:
        click.confirm("Has somebody at the unit read out the same two fingerprints?", abort=True)
    key = read_root(setting.root_path(root), passphrase("the root key", root_passphrase_file))
    folder.mkdir(parents=True, exist_ok=True)
    with setting.store() as store, store.begin() as tx:
        try:
            directory = enrol_unit(tx, key, enrolment, alternate, setting.today())
        except ValidationError:
            raise click.ClickException("The unit's name or forces in the request cannot be used.") from None
        with setting.path.open("a", encoding="utf-8") as file:
            file.write(f"\n[outbox.units.{json.dumps(unit)}]\nfolder = {json.dumps(str(folder.resolve()))}\n")
    click.echo(f"{unit} is enrolled until {directory.unit(unit).expires}. A running service needs to be started again.")
    click.echo("Now give the unit the root's public key and the directory: 'candour keys' shows and writes them.")


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
