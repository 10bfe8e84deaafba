"""The police forces the line covers and the regions the menu groups them in; knows no keys, units or addresses.

Standard library only, so that the telephone dialogue may use it.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Force:
    """One force. `region` is a Region's id; `key` its menu key within that region, "1" to "9"."""

    id: str
    name: str
    short_name: str
    name_cy: str  # "" where the force uses no Welsh name
    other_names: tuple[str, ...]
    nation: str
    kind: str  # "territorial" or "special"
    gss_code: str  # "" for PSNI and the national forces, which have none
    region: str
    key: str
    receiving_unit: str
    oversight_body: str


@dataclass(frozen=True, slots=True)
class Region:
    """A group of at most nine forces, chosen by one key, "1" to "9"."""

    id: str
    key: str
    label: str


def read_regions() -> Mapping[str, Region]:
    """Regions by id, in the order of their keys."""
    text = files("shared").joinpath("vocabulary", "regions.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["region"]
    regions = (Region(id=row["id"], key=row["key"], label=row["label"]) for row in rows)
    return MappingProxyType({region.id: region for region in sorted(regions, key=lambda region: region.key)})


def read_forces(regions: Mapping[str, Region]) -> Mapping[str, Force]:
    """Forces by id, in the order of the menu."""
    text = files("shared").joinpath("vocabulary", "forces.csv").read_text(encoding="utf-8")
    region_of_key = {region.key: region.id for region in regions.values()}
    forces = [_force(row, region_of_key) for row in csv.DictReader(text.splitlines())]
    forces.sort(key=lambda force: (regions[force.region].key, force.key))
    return MappingProxyType({force.id: force for force in forces})


def _force(row: Mapping[str, str], region_of_key: Mapping[str, str]) -> Force:
    return Force(
        id=row["id"],
        name=row["name"],
        short_name=row["short_name"],
        name_cy=row["name_cy"],
        other_names=tuple(name.strip() for name in row["other_names"].split(";") if name.strip()),
        nation=row["nation"],
        kind=row["kind"],
        gss_code=row["gss_code"],
        region=region_of_key[row["menu_region_digit"]],
        key=row["menu_force_digit"],
        receiving_unit=row["receiving_unit"],
        oversight_body=row["oversight_body"],
    )


REGIONS: Mapping[str, Region] = read_regions()
FORCES: Mapping[str, Force] = read_forces(REGIONS)


def forces_in(region: str) -> tuple[Force, ...]:
    """The forces of a region in the order of their keys; none for an unknown region."""
    return tuple(force for force in FORCES.values() if force.region == region)
