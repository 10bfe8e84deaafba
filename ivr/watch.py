"""The machine's figures for whoever watches it: ``/metrics`` for Prometheus, ``/readyz``; never on a public listener.

What watches keeps what it is told, with the time. So nothing here tells of single calls or of reports as they move: a
figure is 0 until it is an alarm, waits are in whole minutes, reports in whole London days, and no figure is by
language, mode, category, force, unit or person.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from shared.addresses import Address
from shared.domain.hours import Hours
from shared.domain.line_by_hand import hours_today
from shared.domain.london import london_day
from shared.domain.people import DirectoryMissing, current_directory
from shared.domain.purges import overdue_purges
from shared.domain.vocabulary import CallState, DeliveryState, PresenceState
from shared.domain.waiting import nobody_on_duty
from shared.outbox.alarms import AlarmKind, alarms
from shared.store.database import Store
from shared.store.schema import delivery, live_call, presence, report

LONG_WAIT: Final = timedelta(minutes=2)  # a shorter one is not told
_ANSWERS_WITHIN: Final = 2.0  # seconds
_NOT_SENT: Final = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.PARKED)
_IN_QUEUE: Final = (CallState.QUEUED, CallState.WAITING, CallState.RINGING)
_NEVER: Final = 3650  # days, where nothing expires


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the store, the line's local socket (None where no edge stands apart), the desk, the disk."""

    store: Store
    socket: Path | None
    desk: Address
    data: Path
    hours: Hours
    unanswered_days: int
    clock: Callable[[], datetime]


def watch_app(watched: Watched, counters: Path | None) -> Flask:
    """The WSGI application; ``counters`` is the folder of all processes' counters."""
    registry = CollectorRegistry()
    registry.register(Figures(watched))
    if counters is not None:
        MultiProcessCollector(registry, str(counters))  # type: ignore[no-untyped-call]
    app = Flask("ivr.watch", static_folder=None)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    @app.get("/readyz")
    def readyz() -> Response:
        away = [part for part, there in parts(watched).items() if not there]
        said = "".join(f"{part} does not answer\n" for part in away) or "ready\n"
        return Response(said, status=503 if away else 200, content_type="text/plain; charset=utf-8")

    return app


def parts(watched: Watched) -> dict[str, bool]:
    """Whether each part of the service answers, just now."""
    answering = {
        "store": _store_answers(watched.store),
        "desk": _connects(watched.desk.family, (watched.desk.host, watched.desk.port)),
    }
    if watched.socket is not None:
        answering["line"] = _connects(socket.AF_UNIX, str(watched.socket))
    return answering


def _store_answers(store: Store) -> bool:
    try:
        with store.read() as tx:
            tx.execute(select(1))
    except SQLAlchemyError:
        return False
    return True


def _connects(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with closing(socket.socket(family)) as connection:
        connection.settimeout(_ANSWERS_WITHIN)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Figure:
    """One gauge: its name, what it is in words, and how it is read."""

    name: str
    words: str
    read: Callable[[Connection, Watched], float]


def _longest_wait(tx: Connection, watched: Watched) -> float:
    since = tx.execute(select(func.min(live_call.c.queued_at)).where(live_call.c.state.in_(_IN_QUEUE))).scalar()
    waited = timedelta() if since is None else watched.clock() - since
    return waited // timedelta(minutes=1) if waited >= LONG_WAIT else 0


def _nobody_on_duty(tx: Connection, watched: Watched) -> float:
    now = watched.clock()
    return float(hours_today(tx, watched.hours, now).is_open(now) and nobody_on_duty(tx, now))


def _nobody_available(tx: Connection, watched: Watched) -> float:
    """While somebody has waited long."""
    if not _longest_wait(tx, watched):
        return 0
    available = select(func.count()).select_from(presence).where(presence.c.state == PresenceState.AVAILABLE)
    return float(tx.execute(available).scalar_one() == 0)


def _oldest_unsent(tx: Connection, watched: Watched) -> float:
    held = select(func.min(report.c.released_on)).join(delivery, delivery.c.report_id == report.c.id)
    released: date | None = tx.execute(held.where(delivery.c.state.in_(_NOT_SENT))).scalar()
    return 0 if released is None else (london_day(watched.clock()) - released).days


def _alarms(kind: AlarmKind) -> Callable[[Connection, Watched], float]:
    return lambda tx, watched: sum(one.kind is kind for one in alarms(tx, watched.clock(), watched.unanswered_days))


def _keys_expire(tx: Connection, watched: Watched) -> float:
    try:
        directory = current_directory(tx)
    except DirectoryMissing:
        return 0
    first = min([directory.expires, *(unit.expires for unit in directory.units)])
    return min((first - london_day(watched.clock())).days, _NEVER)


def _disk_free(_tx: Connection, watched: Watched) -> float:
    usage = shutil.disk_usage(watched.data)
    return round(usage.free / usage.total, 2)


FIGURES: Final = (
    _Figure(
        "candour_queue_longest_wait_minutes",
        f"Longest wait in the queue, in whole minutes; 0 below {LONG_WAIT // timedelta(minutes=1)}.", _longest_wait,
    ),
    _Figure("candour_nobody_on_duty", "1 while the line is open and nobody is on duty.", _nobody_on_duty),
    _Figure("candour_nobody_available", "1 while somebody has waited long and nobody is available.", _nobody_available),
    _Figure(
        "candour_outbox_oldest_days", "Whole days since the release of the oldest report not yet sent.", _oldest_unsent
    ),
    _Figure("candour_outbox_parked", "Reports put aside until a person has looked.", _alarms(AlarmKind.PARKED)),
    _Figure(
        "candour_outbox_unanswered", "Reports without a unit's answer for longer than configured.",
        _alarms(AlarmKind.UNANSWERED),
    ),
    _Figure(
        "candour_purge_overdue", "Records of legs that Twilio should have deleted by now.",
        lambda tx, watched: overdue_purges(tx, watched.clock()),
    ),
    _Figure("candour_keys_expire_days", "Days until the first key or the directory expires.", _keys_expire),
    _Figure("candour_disk_free_ratio", "Free room where the data lie, 0 to 1.", _disk_free),
)  # fmt: skip


class Figures(Collector):
    """Reads every figure as it is asked for. Where the store cannot be read, only what needs none is told."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("candour_up", "1 where a part of the service answers.", labels=["part"])
        for part, there in parts(self._watched).items():
            up.add_metric([part], float(there))
        yield up
        try:
            with self._watched.store.read() as tx:
                yield from [
                    GaugeMetricFamily(one.name, one.words, value=one.read(tx, self._watched)) for one in FIGURES
                ]
        except SQLAlchemyError:
            return
