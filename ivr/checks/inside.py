"""The service's own side: database, keys, people, forces, folders, disk. It asks nobody outside."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ivr.checks.finding import Finding, finding
from ivr.checks.keys import keys
from ivr.deliverable import Deliverable, deliverable_forces
from shared.delivery_settings import UnitRoute
from shared.domain.forces import FORCES
from shared.domain.people import DirectoryMissing, current_directory
from shared.domain.standing import FEWEST_ADMINISTRATORS
from shared.domain.vocabulary import Language, Role
from shared.sealing.directory import WARNING_DAYS, Directory, Standing, standing
from shared.sealing.verify_key import VerifyKey
from shared.settings import Config, Edge, SecondFactor
from shared.store.database import Store
from shared.store.migrate import is_up_to_date
from shared.store.schema import person, person_language, person_role
from shared.summary.launch_day import LaunchMoved, launch_kept, see_launch

LEAST_ROOM: Final = 1024**3  # bytes
_LANGUAGES: Final = {Language.EN: "English", Language.CY: "Welsh"}


def inside(store: Store, config: Config, root: VerifyKey | None, today: date) -> Iterator[Finding]:
    """Everything that needs no one else. ``root`` is the key that consoles are told to trust; None: they are not."""
    try:
        if not is_up_to_date(store):
            yield Finding("database", "there, but not up to date", "'candour serve' brings it up to date as it starts.")
            return
        yield Finding("database", "there, and up to date")
        with store.read() as tx:
            yield from _of_the_organisation(tx, config, root, today)
    except SQLAlchemyError as error:
        yield Finding("database", type(error).__name__, "See that it runs and that [database] url is right.")


def _of_the_organisation(tx: Connection, config: Config, root: VerifyKey | None, today: date) -> Iterator[Finding]:
    try:
        directory = current_directory(tx)
    except DirectoryMissing:
        yield Finding("keys", "no directory yet", "Found the organisation: candour init")
        return
    yield from keys(tx, root, today)
    yield from _handlers(tx)
    yield _administrators(tx)
    if config.desk.second_factor is SecondFactor.REQUIRED:
        yield _second_factors(tx)
    yield _folders(config)
    yield _forces(directory, config, today)
    yield launch(tx, config.summary.launch)


def _handlers(tx: Connection) -> Iterator[Finding]:
    handlers = person.join(person_role).join(person_language)
    for language, named in _LANGUAGES.items():
        reachable = tx.execute(
            select(func.count(func.distinct(person.c.id)))
            .select_from(handlers)
            .where(person_role.c.role == Role.HANDLER, person.c.active, person.c.handset.is_not(None))
            .where(person_language.c.language == language)
        ).scalar_one()
        found = f"{reachable or 'nobody'} with a handset who speaks {named}"
        add = f"candour person add NAME --role handler --handset NUMBER --language {language}"
        yield finding("handlers", found, reachable > 0, add)


def _administrators(tx: Connection) -> Finding:
    those = select(func.count()).select_from(person.join(person_role))
    active = tx.execute(those.where(person_role.c.role == Role.ADMINISTRATOR, person.c.active)).scalar_one()
    found = f"{active or 'none'}; {FEWEST_ADMINISTRATORS} are needed, as one proposes and another confirms"
    return finding(
        "administrators", found, active >= FEWEST_ADMINISTRATORS, "candour person add NAME --role administrator"
    )


def _second_factors(tx: Connection) -> Finding:
    without = select(func.count()).where(person.c.active, ~person.c.second_factor_confirmed)
    lacking = tx.execute(without).scalar_one()
    found = f"{lacking} without one" if lacking else "everyone has one"
    return finding("second factors", found, not lacking, "Each sets one up at their next sign-in; ask them to.")


def _folders(config: Config) -> Finding:
    missing = [unit_id for unit_id, route in config.outbox.units.items() if not _is_there(route)]
    if missing:
        return Finding("folders", f"not there for {', '.join(missing)}", "Make them, or mount what they are on.")
    return Finding("folders", f"{len(config.outbox.units)} there")


def _is_there(route: UnitRoute) -> bool:
    return (route.folder is None or route.folder.is_dir()) and all(path.is_file() for path in route.files)


def _forces(directory: Directory, config: Config, today: date) -> Finding:
    standings = deliverable_forces(directory, config.outbox.units.keys(), today)
    ready = sum(1 for standing in standings.values() if standing is Deliverable.YES)
    found = f"reports can be delivered to {ready} of {len(FORCES)}"
    return finding("forces", found, ready > 0, "candour force add-unit; 'candour force list' names the rest.")


def launch(tx: Connection, configured: date | None) -> Finding:
    """Whether all that leaves would begin with the day with which it began before."""
    kept = launch_kept(tx)
    if kept is None:
        day = "not set, so nothing can be made for outside" if configured is None else configured.isoformat()
        return Finding("launch day", f"{day}; no figures have left yet")
    try:
        see_launch(tx, configured)
    except LaunchMoved as fact:
        return Finding("launch day", "is not the one that figures left with", str(fact))
    return Finding("launch day", kept.said())


def disk(config: Config, folder: Path) -> Finding:
    """Room where the database is, or else where the configuration is (``folder``)."""
    free = shutil.disk_usage(data_folder(config) or folder).free
    return finding("disk", f"{free / LEAST_ROOM:.1f} GiB free", free >= LEAST_ROOM, "Make room: at least 1 GiB.")


def data_folder(config: Config) -> Path | None:
    """Where the embedded database is; None where the database is a server's."""
    url = make_url(config.database.url.get_secret_value())
    return Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else None


def certificate(config: Config, today: date) -> Finding | None:
    """The desk's TLS certificate; None where it has none of its own."""
    if config.desk.certificate is None:
        return None
    to_do = f"Renew it: [desk] certificate. The warning begins {WARNING_DAYS} days ahead."
    try:
        first = x509.load_pem_x509_certificate(config.desk.certificate.read_bytes())
    except (OSError, ValueError):
        return Finding("certificate", "the desk's cannot be read", to_do)
    expires = first.not_valid_after_utc.astimezone(UTC)
    well = standing(expires.date(), today) is Standing.USABLE
    return finding("certificate", f"the desk's is good until {_day(expires)}", well, to_do)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def edge(config: Config) -> Finding:
    """Whether what reads Twilio's requests stands apart from what lives on."""
    if config.line.edge is Edge.APART:
        return Finding("edge", "a process for each request")
    return Finding("edge", "together with the line: callers' numbers stay in memory", 'Set [line] edge = "apart".')
