"""Whose report it is, for the figures, once a unit has said that it is for it; it knows no words of it."""

from __future__ import annotations

from shared.sealing.directory import Directory


def force_of_unit(keys: Directory, unit_id: str, force_id: str) -> str:
    """The force a unit took a report for: the one it is about, where the unit serves it, else the unit's first."""
    served = keys.unit(unit_id).forces
    return force_id if force_id in served or not served else served[0]
