"""How many small numbers somebody outside recovers from all that a line publishes in a year, of those it suppresses."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.bench.figures import Compared, Effort, Measure, RatioAtMost, Row, Unit
from tests.support.editions import Reader, live, months_of, publish

_YEAR: Final = 2026
_BUSIEST: Final = (6, 30, 140)  # calls in a month of a line that is hardly rung, a quiet one and a busy one


def _attacked(effort: Effort) -> tuple[Compared, ...]:
    """Random years, one upon another line; another each time it is run."""
    suppressed = recovered = 0
    for busiest in _BUSIEST[-effort.rounds :]:
        reader = _read(busiest, random.SystemRandom().randrange(10**9))
        suppressed += len(reader.attacker.suppressed)
        recovered += len(reader.attacker.recovered())
    return (Compared(recovered, suppressed, recovered / suppressed),)


def _read(busiest: int, seed: int) -> Reader:
    """Who has read every file of a year: twelve months, four totals, the forces."""
    months, reader = months_of(_YEAR, 12), Reader()
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'candour.db'}")
        bring_up_to_date(store)
        live(store, months, random.Random(seed), busiest)
        files = publish(store, months, date(_YEAR, 1, 1))
        store.close()
    for file in files:
        reader.reads(file)
    return reader


ATTACK: Final = Measure(
    "attack",
    (
        Row(
            "attack-year", "small numbers recovered from years of files for outside", "suppressed in them", Unit.CELLS,
            RatioAtMost(0),
        ),
    ),
    _attacked,
)  # fmt: skip
