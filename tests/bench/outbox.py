"""What the outbox costs beside its bare parts: releasing, HTTPS, long lines, a new start."""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import httpx
import structlog

from shared.domain.review import release_report
from shared.outbox.courier import Courier
from shared.outbox.transports.https import HttpsTransport, submission
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import Transport
from shared.sealing.envelope import Envelope
from shared.store.database import Store, open_store
from shared.store.migrate import bring_up_to_date
from tests.bench.figures import (
    Compared,
    Effort,
    FigureBelow,
    Measure,
    RatioAtLeast,
    RatioAtMost,
    Row,
    Unit,
    compared,
)
from tests.soak.scene import Item, Scene, prepared
from tests.support.certificates import Authority
from tests.support.unit_system import UnitSystem, serving

NOW: Final = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HOST: Final = "unit.example.test"
COMMITS: Final = 2  # of the courier for each report: leased, noted
TENTH: Final = 10


@contextmanager
def _scene(reports: int) -> Iterator[tuple[Scene, Store]]:
    """So many reports in review, on a new database."""
    with TemporaryDirectory(prefix="candour-bench-") as name:
        url = f"sqlite:///{name}/candour.db"
        store = open_store(url)
        bring_up_to_date(store)
        with _quiet():
            yield prepared(url, Path(name), reports), store
        store.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without a line in the log for each report."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


def _release(store: Store, scene: Scene, item: Item) -> None:
    who, unit_id = scene.supervisor_id, item.unit_id
    with store.begin() as tx:
        release_report(tx, who, item.report_id, item.revision, unit_id, item.envelope, item.word, NOW)


class _Bare:
    """A database that commits one row as durably as the service does."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE sent (written BLOB)"):
            self._database.execute(statement)

    def commit(self, written: bytes) -> None:
        self._database.execute("INSERT INTO sent VALUES (?)", (written,))

    def close(self) -> None:
        self._database.close()


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def _releasing(effort: Effort) -> tuple[Compared, ...]:
    with _scene(effort.rounds * effort.repeats) as (scene, store):
        bare = _Bare(scene.folder / "bare.db")
        ours, theirs = [], []
        for begun in range(0, len(scene.items), effort.repeats):
            batch = scene.items[begun : begun + effort.repeats]
            ours.append(_seconds(lambda batch=batch: [_release(store, scene, item) for item in batch]))  # type: ignore[misc]
            theirs.append(_seconds(lambda batch=batch: [bare.commit(item.envelope.ciphertext) for item in batch]))  # type: ignore[misc]
        bare.close()
    each = 1000 / effort.repeats
    return (compared([one * each for one in ours], [one * each for one in theirs]),)


# --- to an HTTPS server -----------------------------------------------------------------------------------------------


@contextmanager
def _unit(scene: Scene) -> Iterator[tuple[Authority, int]]:
    authority = Authority(scene.folder / "authority")
    with serving(UnitSystem(scene.folder / "units.db"), authority.server_tls()) as port:
        yield authority, port


def _carrying(effort: Effort) -> tuple[Compared, ...]:
    count = max(effort.repeats, 3)
    ours, theirs = [], []
    with _scene(effort.rounds * count) as (scene, store), _unit(scene) as (authority, port):
        here = Gate(Gate.listing(("127.0.0.0/8",)).private, lambda _host, _port: ["127.0.0.1"])
        ways = {
            unit_id: HttpsTransport(Place(HOST, port, path=f"/{unit_id}"), authority.client_tls(), here)
            for unit_id in scene.organisation.units
        }
        with httpx.Client(verify=authority.client_tls()) as client:
            bare = _Bare(scene.folder / "bare.db")
            for number in range(effort.rounds):
                batch = scene.items[number * count : (number + 1) * count]
                for item in batch:
                    _release(store, scene, item)
                courier = Courier(store, ways, lambda: NOW, random.Random(1))
                ours.append(count / _seconds(lambda courier=courier: _drain(courier, ways)))  # type: ignore[misc]
                theirs.append(count / _seconds(lambda batch=batch: _post(client, port, bare, batch)))  # type: ignore[misc]
            bare.close()
        for way in ways.values():
            way.close()
    return (compared(ours, theirs),)


def _drain(courier: Courier, ways: dict[str, HttpsTransport] | dict[str, _Shelf]) -> None:
    """Everything that waits, one report after the other, as one visit does."""
    courier._line_up()
    for unit_id in ways:
        while courier._send_one(unit_id):
            pass


def _post(client: httpx.Client, port: int, bare: _Bare, batch: tuple[Item, ...]) -> None:
    for item in batch:
        bare.commit(b"leased")
        answer = client.post(f"https://127.0.0.1:{port}/bare", json=submission(item.report_id, item.envelope))
        assert answer.status_code == httpx.codes.CREATED
        bare.commit(b"noted")


# --- long lines, and a new start --------------------------------------------------------------------------------------


@dataclass
class _Shelf:
    """A unit that takes everything at once."""

    names: list[str] = field(default_factory=list)
    first: threading.Event = field(default_factory=threading.Event)
    look_seconds: float = 3600.0

    def deliver(self, name: str, _envelope: Envelope) -> None:
        self.names.append(name)
        self.first.set()

    def answers(self) -> tuple[tuple[str, bytes], ...]:
        return ()


def _draining(effort: Effort) -> tuple[Compared, ...]:
    many = max(effort.calls // 5, TENTH * 3)
    few = many // TENTH
    late, early = _milliseconds_each(many), _milliseconds_each(few)
    return (Compared(late, early, late / early),)


def _milliseconds_each(reports: int) -> float:
    with _scene(reports) as (scene, store):
        for item in scene.items:
            _release(store, scene, item)
        ways = {unit_id: _Shelf() for unit_id in scene.organisation.units}
        courier = Courier(store, ways, lambda: NOW, random.Random(1))
        took = _seconds(lambda: _drain(courier, ways))
        assert sum(len(way.names) for way in ways.values()) == reports
    return took * 1000 / reports


def _starting(effort: Effort) -> tuple[Compared, ...]:
    ours, theirs = [], []
    with _scene(effort.rounds * 3) as (scene, store):
        for number in range(effort.rounds):
            for item in scene.items[number * 3 : (number + 1) * 3]:
                _release(store, scene, item)
            ours.append(_seconds(lambda: _until_first(scene)) * 1000)
            theirs.append(_seconds(lambda number=number: _open_and_commit(scene, number)) * 1000)  # type: ignore[misc]
    return (compared(ours, theirs),)


def _until_first(scene: Scene) -> None:
    """A courier begins, and has made its first delivery. What is left is sent before it ends."""
    stop, shelf = threading.Event(), _Shelf()
    store = open_store(scene.url)
    ways: dict[str, Transport] = dict.fromkeys(scene.organisation.units, shelf)
    running = threading.Thread(target=Courier(store, ways, lambda: NOW).run, args=(stop,))
    running.start()
    assert shelf.first.wait(30)
    stop.set()
    running.join()
    store.close()


def _open_and_commit(scene: Scene, number: int) -> None:
    bare = _Bare(scene.folder / f"bare{number}.db")
    bare.commit(b"leased")
    bare.close()


OUTBOX: Final = (
    Measure(
        "release",
        (Row("release", "releasing a report", "a bare commit of it", Unit.MILLISECONDS, RatioAtMost(3)),),
        _releasing,
    ),
    Measure(
        "courier",
        (
            Row(
                "courier", "the courier to an HTTPS server", f"bare mutual TLS and {COMMITS} commits", Unit.PER_SECOND,
                RatioAtLeast(0.5),
            ),
        ),
        _carrying,
    ),
    Measure(
        "drain",
        (Row("drain", "each of 10,000 reports in line", "each of 1,000", Unit.MILLISECONDS, RatioAtMost(1.5)),),
        _draining,
    ),
    Measure(
        "restart",
        (Row("restart", "a new courier's first delivery", "a new database's", Unit.MILLISECONDS, FigureBelow(2000)),),
        _starting,
    ),
)  # fmt: skip
