"""``candour check``: whether the service could take a call and deliver a report, and if not, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import click
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.commands.keys import root_public_key
from ivr.commands.setting import Setting
from ivr.deliverable import Deliverable, deliverable_forces
from ivr.founding import AnotherRoot, directory_in_use
from shared.domain.forces import FORCES
from shared.domain.people import DirectoryMissing, current_directory
from shared.domain.vocabulary import Role
from shared.sealing.directory import Directory, Standing
from shared.settings import Config
from shared.store.schema import person, person_role


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``to_do`` is empty where all is well."""

    about: str
    found: str
    to_do: str = ""


@click.command
@click.pass_obj
def check(setting: Setting) -> None:
    """Look at configuration, database, keys, people and forces; say for each that it is well, or what to do."""
    findings = list(_findings(setting))
    for finding in findings:
        click.echo(f"{'to do' if finding.to_do else 'well '}  {finding.about:13} {finding.found}")
        if finding.to_do:
            click.echo(f"{'':21}{finding.to_do}")
    if any(finding.to_do for finding in findings):
        raise click.exceptions.Exit(1)


def _findings(setting: Setting) -> Iterator[Finding]:
    config = setting.config()
    yield Finding("configuration", str(setting.path))
    try:
        with setting.store() as store, store.read() as tx:
            yield Finding("database", "there, and up to date")
            yield from _inside(tx, config, setting)
    except SQLAlchemyError as error:
        yield Finding("database", type(error).__name__, "See that it runs and that [database] url is right.")


def _inside(tx: Connection, config: Config, setting: Setting) -> Iterator[Finding]:
    try:
        directory = current_directory(tx)
    except DirectoryMissing:
        yield Finding("keys", "no directory yet", "Found the organisation: candour init")
        return
    yield _keys(tx, directory, setting)
    yield _handlers(tx)
    yield _folders(config)
    yield _forces(directory, config, setting.today())


def _keys(tx: Connection, directory: Directory, setting: Setting) -> Finding:
    root = root_public_key(setting.console_path)
    try:
        if root is not None:
            directory_in_use(tx, root)
    except AnotherRoot:
        return Finding("keys", "signed by another root than consoles trust", f"See {setting.console_path}.")
    found = f"directory {directory.version}, good until {directory.expires}"
    if directory.standing(setting.today()) is Standing.USABLE:
        return Finding("keys", found)
    return Finding("keys", found, "Sign a new one: any 'candour person add' or 'candour force add-unit' does.")


def _handlers(tx: Connection) -> Finding:
    reachable = tx.execute(
        select(func.count())
        .select_from(person.join(person_role))
        .where(person_role.c.role == Role.HANDLER, person.c.active, person.c.handset.is_not(None))
    ).scalar_one()
    if reachable:
        return Finding("handlers", f"{reachable} with a handset")
    return Finding("handlers", "none with a handset", "candour person add NAME --role handler --handset NUMBER")


def _folders(config: Config) -> Finding:
    missing = [unit_id for unit_id, route in config.outbox.units.items() if not route.folder.is_dir()]
    if missing:
        return Finding("folders", f"not there for {', '.join(missing)}", "Make them, or mount what they are on.")
    return Finding("folders", f"{len(config.outbox.units)} there")


def _forces(directory: Directory, config: Config, today: date) -> Finding:
    standings = deliverable_forces(directory, config.outbox.units.keys(), today)
    ready = sum(1 for standing in standings.values() if standing is Deliverable.YES)
    found = f"reports can be delivered to {ready} of {len(FORCES)}"
    return Finding("forces", found, "" if ready else "candour force add-unit; 'candour force list' names the rest.")
