"""What became of every report: read from the service's database and from what the units kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from shared.domain.vocabulary import DeliveryState, Lane, ReportState
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import SealingError
from shared.store.database import open_store
from shared.store.schema import day_count, delivery, report
from tests.soak.actors import PLACES
from tests.soak.scene import Scene
from tests.support.unit_system import UnitSystem


@dataclass(frozen=True, slots=True)
class Verdict:
    """Each a number of reports."""

    lost: int
    doubled: int
    cut_short: int
    out_of_order: int

    @property
    def is_well(self) -> bool:
        return not any((self.lost, self.doubled, self.cut_short, self.out_of_order))

    def __str__(self) -> str:
        return f"lost {self.lost}, doubled {self.doubled}, cut short {self.cut_short}, out of order {self.out_of_order}"


def answered(scene: Scene) -> int:
    """How many reports are *ours* on our side."""
    store = open_store(scene.url)
    try:
        with store.read() as tx:
            return len(tx.execute(select(report.c.id).where(report.c.state == ReportState.OURS)).all())
    finally:
        store.close()


def judge(scene: Scene, acknowledged: Collection[int]) -> Verdict:
    """Lost: released, as we were told, and not at its unit, or its unit's answer not here."""
    store = open_store(scene.url)
    with store.read() as tx:
        rows = {row.report_id: row for row in tx.execute(select(delivery))}
        counted = Counter({row.value: row.n for row in tx.execute(select(day_count.c.value, day_count.c.n))})
    store.close()
    system = UnitSystem(scene.folder / "units.db")
    received = {unit_id: system.received(unit_id) for unit_id in scene.organisation.units}
    whole = {unit_id: [(name, _digest(written)) for name, written in kept] for unit_id, kept in received.items()}
    arrivals = Counter(digest for kept in whole.values() for _, digest in kept if digest)
    items = [scene.items[number] for number in acknowledged]
    ours = {item.report_id for item in items if rows[item.report_id].state is DeliveryState.OURS}
    return Verdict(
        lost=sum(1 for item in items if item.report_id not in ours or not arrivals[item.envelope.digest]),
        doubled=sum(n - 1 for n in arrivals.values()) + max(0, counted["ours"] - len(rows)) + len(rows) - len(items),
        cut_short=sum(1 for kept in whole.values() for _, digest in kept if digest is None),
        out_of_order=_out_of_order(scene, {row.id: row.lane for row in rows.values()}, received),
    )


def _digest(written: bytes) -> bytes | None:
    try:
        return envelope_from_bytes(written).digest
    except SealingError:
        return None


def _out_of_order(scene: Scene, lanes: dict[str, Lane], received: dict[str, list[tuple[str, bytes]]]) -> int:
    """Reports that came before one that was lined up before them in the same lane."""
    place: dict[str, int] = {}
    for line in (scene.folder / PLACES).read_text(encoding="utf-8").splitlines():
        for _, name in json.loads(line):
            place.setdefault(name, len(place))
    wrong = 0
    for kept in received.values():
        for lane in Lane:
            came = [place[name] for name, _ in kept if lanes.get(name) is lane]
            wrong += sum(1 for first, then in pairwise(came) if then < first)
    return wrong
