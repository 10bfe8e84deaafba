"""Everything `make bench` measures, in the order it is measured. One table."""

from __future__ import annotations

from typing import Final

from tests.bench.attack import ATTACK
from tests.bench.edge import EDGE
from tests.bench.figures import Measure
from tests.bench.identity_hints import IDENTITY_HINTS
from tests.bench.memory import MEMORY
from tests.bench.night import NIGHT
from tests.bench.offer import OFFER
from tests.bench.outbox import OUTBOX
from tests.bench.sealing import SEALING
from tests.bench.stall import STALL
from tests.bench.starting import STARTING
from tests.bench.summaries import SUMMARIES
from tests.bench.telephone import ARRIVAL, MENU
from tests.bench.typing_speed import TYPING
from tests.bench.waiting import WAITING

MEASURES: Final[tuple[Measure, ...]] = (
    MENU,
    ARRIVAL,
    EDGE,
    WAITING,
    SEALING,
    MEMORY,
    SUMMARIES,
    ATTACK,
    IDENTITY_HINTS,
    OFFER,
    STALL,
    TYPING,
    STARTING,
    NIGHT,
    *OUTBOX,
)
