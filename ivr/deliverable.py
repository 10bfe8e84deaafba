"""Which forces a report can be delivered to today; it knows no report and asks no unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum

from shared.domain.forces import FORCES
from shared.sealing.directory import Directory, Standing, key_standing


class Deliverable(Enum):
    """Whether a force's reports can leave, or what is in the way."""

    YES = "yes"
    NO_UNIT = "no unit is enrolled: candour force add-unit"
    EXPIRED = "its unit's key has expired: enrol the unit again"
    NO_ROUTE = "there is no way to its unit: [outbox.units] in the configuration"

    @property
    def words(self) -> str:
        return self.value


def deliverable_forces(directory: Directory | None, routes: Collection[str], today: date) -> Mapping[str, Deliverable]:
    """For each force by id. ``routes`` are ids of units with a way to them; ``directory`` None: there is none yet."""
    return {force_id: _standing(directory, force_id, routes, today) for force_id in FORCES}


def _standing(directory: Directory | None, force_id: str, routes: Collection[str], today: date) -> Deliverable:
    units = directory.units_for_force(force_id) if directory else ()
    usable = [unit for unit in units if key_standing(unit, today) is not Standing.EXPIRED]
    if not units:
        return Deliverable.NO_UNIT
    if not usable:
        return Deliverable.EXPIRED
    return Deliverable.YES if any(unit.id in routes for unit in usable) else Deliverable.NO_ROUTE
