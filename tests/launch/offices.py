"""Whoever was there: people who answer, write and review, and units of the first force and of others."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import event

from shared.domain import people
from shared.domain.presence import set_presence
from shared.domain.vocabulary import Language, PresenceState, Role
from shared.sealing.organisation import role_wraps_for
from shared.sealing.signed_directory import with_unit
from shared.store.database import Store
from tests.support.organisation import (
    BOTH,
    ESSEX,
    EXPIRES,
    FOUNDED,
    KENT,
    KENT_ALTERNATE,
    SUPERVISOR,
    Organisation,
    found_organisation,
    new_member,
    new_unit,
)

FIRST_FORCE: Final = "metropolitan"
FIRST_UNITS: Final = ("metropolitan-psd", "metropolitan-acu")
SHARED_UNIT: Final = "three-counties-psd"
THREE_COUNTIES: Final = ("bedfordshire", "cambridgeshire", "hertfordshire")
# Units of other forces, and a force each that a report for it may be about.
OTHER_UNITS: Final = {KENT: ("kent",), ESSEX: ("essex",), SHARED_UNIT: THREE_COUNTIES}
REVIEWERS: Final = (SUPERVISOR, BOTH)
AT_THE_TELEPHONES: Final = {
    "Gwen": "+442079460121", "Idris": "+442079460122", "Kofi": "+442079460123", "Mina": "+442079460124",
    "Rosa": "+442079460125", "Sean": "+442079460126",
}  # fmt: skip

__all__ = ["BOTH", "KENT", "KENT_ALTERNATE", "REVIEWERS", "SUPERVISOR", "Offices", "open_offices"]


@dataclass
class Offices:
    """A store, everybody's keys, and who takes calls."""

    store: Store
    chance: random.Random
    organisation: Organisation
    handlers: list[str] = field(default_factory=list)
    refused: set[bytes] = field(default_factory=set)  # digests of what a unit's system will not take
    fails_once: set[bytes] = field(default_factory=set)


def open_offices(store: Store, chance: random.Random, now: datetime) -> Offices:
    """Found the organisation on a scratch store, which will be thrown away: nothing waits for the disk."""
    if store.is_sqlite:
        store.engine.dispose()
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    offices = Offices(store, chance, found_organisation(store))
    _open_units(offices)
    for name, handset in AT_THE_TELEPHONES.items():
        offices.handlers.append(_take_in(offices, name, handset))
    with store.begin() as tx:
        for handler in offices.handlers:
            set_presence(tx, handler, PresenceState.AVAILABLE, now)
    return offices


def _open_units(offices: Offices) -> None:
    organisation = offices.organisation
    directory = organisation.directory
    forces = {**dict.fromkeys(FIRST_UNITS, (FIRST_FORCE,)), SHARED_UNIT: THREE_COUNTIES}
    for unit_id, served in forces.items():
        organisation.units[unit_id] = new_unit(unit_id, served)
        directory = with_unit(directory, organisation.units[unit_id].entry, FOUNDED, EXPIRES)
    organisation.publish(offices.store, directory)


def _take_in(offices: Offices, name: str, handset: str) -> str:
    member = new_member(name, (Role.HANDLER,))
    wraps = role_wraps_for(member.keys.roles, member.keys.reader, tuple(offices.organisation.role_secrets.values()))
    with offices.store.begin() as tx:
        people.enrol(tx, member.keys, name, (Language.EN,), wraps, handset=handset)
    return member.id
