"""Walks, many of them at once, and what came of them together."""

from __future__ import annotations

import gc
import logging
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

import structlog

from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.walk.world import Tally, walk

A_WALK = 200  # calls at most on one line: many walks have more beginnings and ends than a long one
TOLD_EVERY = 25 * A_WALK
GARBAGE = 100_000  # allocations between two collections: little of a walk is garbage that must be looked for


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk to be done."""

    template: Path
    seed: int
    calls: int


def walks(template: Path, calls: int, seed: int) -> Iterator[Walk]:
    """So many calls in walks of their own; walk n of a seed is always the same."""
    for number, done in enumerate(range(0, calls, A_WALK)):
        yield Walk(template, seed * 1_000_000 + number, min(A_WALK, calls - done))


def walk_all(calls: int, seed: int, told: TextIO | None = None) -> Tally:
    """Walk on every processor. `told` hears now and then how far it is."""
    total = Tally()
    with tempfile.TemporaryDirectory(prefix="candour-walk-") as folder:
        template = _template(Path(folder))
        with ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn"), _quietly) as pool:
            for done in as_completed([pool.submit(_walk, one) for one in walks(template, calls, seed)]):
                total.add(done.result())
                if told is not None and total.calls % TOLD_EVERY == 0:
                    told.write(f"{total.calls} calls\n")
                    told.flush()
    return total


def last_line(tally: Tally, seed: int) -> str:
    return (
        f"walk: calls {tally.calls}, seed {seed}, reached a person {tally.person}, honest ends {tally.honest}, "
        f"lost {tally.lost}, refused TwiML {tally.refused}"
    )


def _template(folder: Path) -> Path:
    store = open_store(f"sqlite:///{folder / 'template.db'}")
    bring_up_to_date(store)
    store.close()
    return folder / "template.db"


def _quietly() -> None:
    gc.set_threshold(GARBAGE, 50, 50)
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _walk(one: Walk) -> Tally:
    return walk(one.template, one.seed, one.calls)
