"""The day with which all that leaves begins: written down when figures first leave, and held to. It knows no figure.

Two editions that begin on different days would tell what came between, and totals that are frozen would move.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, select

from shared.store.schema import launch_day
from shared.store.statements import insert_into


class LaunchMoved(ValueError):
    """Figures have left that begin with another day than the one that is configured; the sentence says what to do."""


class LaunchNotSet(ValueError):
    """Figures would leave without a launch: the first of them would settle it for good, unasked."""

    def __init__(self) -> None:
        super().__init__(
            "What leaves begins with the launch, and no launch is set. Set launch under [summary] in the "
            "configuration, as launch = 2022-11-29, and restart; the first file for outside settles it for good."
        )


@dataclass(frozen=True, slots=True)
class LaunchKept:
    """With which day all that has left begins (None: with the first call), and since when that is so."""

    day: date | None
    since: date

    def said(self) -> str:
        begins = "no [summary] launch" if self.day is None else f"[summary] launch = {self.day.isoformat()}"
        return f"{begins}, written down on {self.since.isoformat()} as figures left"


def launch_kept(tx: Connection) -> LaunchKept | None:
    """None as long as nothing has left."""
    row = tx.execute(select(launch_day.c.day, launch_day.c.since)).first()
    return None if row is None else LaunchKept(*row)


def launch_of(tx: Connection, configured: date | None) -> date | None:
    """The launch as it is written down, or else as it is configured; None: the first call was it."""
    kept = launch_kept(tx)
    return configured if kept is None else kept.day


def see_launch(tx: Connection, configured: date | None) -> None:
    """Raises LaunchMoved."""
    kept = launch_kept(tx)
    if kept is None or kept.day == configured:
        return
    back = "take [summary] launch out of" if kept.day is None else f"put launch = {kept.day.isoformat()} back into"
    raise LaunchMoved(
        f"The launch was another when figures first left: {kept.said()}. What came between two launch days could be "
        f"told from two editions. To go on, {back} the configuration and restart. Only if nothing made for outside has "
        "ever left the charity: candour summary --forget-launch."
    )


def see_launch_set(tx: Connection, configured: date | None) -> None:
    """Raises LaunchNotSet, unless figures have left without one before."""
    if configured is None and launch_kept(tx) is None:
        raise LaunchNotSet


def keep_launch(tx: Connection, configured: date | None, today: date) -> bool:
    """Figures are about to leave; whether they are the first. Raises LaunchMoved, or LaunchNotSet; none may then."""
    see_launch_set(tx, configured)
    row = {"id": 1, "day": configured, "since": today}
    first = tx.execute(insert_into(tx, launch_day).values(row).on_conflict_do_nothing()).rowcount == 1
    see_launch(tx, configured)
    return first


def forget_launch(tx: Connection) -> bool:
    """By somebody's word that nothing has left. False if nothing was written down."""
    return bool(tx.execute(delete(launch_day)).rowcount)
