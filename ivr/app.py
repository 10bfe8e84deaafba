"""Wires the service's processes: the line, the desk, the courier, the order worker. Everything they use is made here.

``line`` and ``desk`` are factories for a WSGI server: they read the configuration that CANDOUR_CONFIG names.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, assert_never

import httpx
import structlog
from flask import Flask

from ivr.checks.inside import data_folder
from ivr.counters import SHARED_FOLDER
from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from ivr.edge_process import COMMAND as EDGE
from ivr.kept import kept_by_day
from ivr.line.app import line_app, line_behind
from ivr.line.hand_over import LineServer
from ivr.line.public import LineSettings, Speech
from ivr.line.urls import LineUrls
from ivr.listener import Listener, in_worker, serve
from ivr.log import configure_logging
from ivr.maintenance import Maintenance
from ivr.order_worker import OrderWorker
from ivr.prefork import PROCESSES as EDGE_PROCESSES
from ivr.process import leave_no_dumps, overwrite_what_is_freed, say, stop_on_signals
from ivr.second_factor_file import second_factor_key
from ivr.switchboard import Account, QuietHttp, Switchboard, SwitchboardFact, twilio_client
from ivr.watch import Watched, watch_app
from shared.config import ConfigurationWrong, config_path, load_config
from shared.outbox.batches import timetable
from shared.outbox.courier import Courier
from shared.outbox.paging import Pager, pages
from shared.outbox.transports.table import transports
from shared.settings import Config, Edge
from shared.store.database import Store, open_store

LINE_THREADS: Final = EDGE_PROCESSES  # each of them asks one thing at a time
WATCH_THREADS: Final = 4
SPARE_DESK_THREADS: Final = 16  # beyond one for each open stream


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


# --- inside granian's workers ---------------------------------------------------------------------------------------


def line() -> Flask:
    """Edge and line in one process, for development, as configured. Raises ConfigurationWrong."""
    config = _configured("line")
    leave_no_dumps()
    in_worker(
        config.line.listen, lambda: say(f"The line listens on {config.line.listen}, as {config.line.public_url}.")
    )
    return line_app(_store(config), LineSettings.configured(config), now)


def desk() -> Flask:
    """The desk's WSGI application, as configured. Raises ConfigurationWrong."""
    config = _configured("desk")
    stop = in_worker(
        config.desk.listen, lambda: say(f"The desk listens on {config.desk.listen}, as {config.desk.service_url}.")
    )
    settings = DeskSettings(
        breaks=config.desk.breaks,
        outside=config.desk.outside,
        undo_within=timedelta(seconds=config.desk.undo_seconds),
        hosts=config.desk.hosts,
        open_streams=config.desk.stream_cap,
        hours=config.line.hours.hours,
        unanswered_days=config.outbox.unanswered_days,
        second_factor=second_factor_key(config.desk),
        kept=kept_by_day(config),
        first_force=config.summary.first_force,
    )
    return desk_app(_store(config), now, stop, settings)


def watch() -> Flask:
    """The machine's figures, as configured. Raises ConfigurationWrong."""
    config = _configured("watch")
    listen = config.metrics.listen
    if listen is None:
        raise ConfigurationWrong("[metrics] listen: nothing is configured.")
    in_worker(listen, lambda: say(f"The machine's figures are at http://{listen}/metrics."))
    watched = Watched(
        store=_store(config),
        socket=config.line.socket if config.line.edge is Edge.APART else None,
        desk=config.desk.listen,
        data=data_folder(config) or config.line.socket.parent,
        hours=config.line.hours.hours,
        unanswered_days=config.outbox.unanswered_days,
        clock=now,
    )
    counters = os.environ.get(SHARED_FOLDER)
    return watch_app(watched, None if counters is None else Path(counters))


# --- the processes --------------------------------------------------------------------------------------------------


def _run_edge(_config: Config) -> None:
    os.execv(EDGE[0], EDGE)  # noqa: S606  # our own program: the same process, without all that is loaded here


def _run_line(config: Config) -> None:
    match config.line.edge:
        case Edge.APART:
            _answer_the_edge(config)
        case Edge.TOGETHER:
            serve(Listener("ivr.app:line", config.line.listen, LINE_THREADS))
        case _:
            assert_never(config.line.edge)


def _answer_the_edge(config: Config) -> None:
    configure_logging(config.logging, "line")
    stop = stop_on_signals()
    settings = LineSettings.configured(config)
    with closing(_store(config)) as store:
        behind = line_behind(store, settings, Speech.of(settings), now)
        server = LineServer(config.line.socket, behind, LINE_THREADS)
        say("The line answers the edge.")
        server.serve(stop)


def _run_desk(config: Config) -> None:
    desk = config.desk
    threads = desk.stream_cap + SPARE_DESK_THREADS
    serve(Listener("ivr.app:desk", desk.listen, threads, desk.certificate, desk.key))


def _run_watch(config: Config) -> None:
    if config.metrics.listen is None:
        raise ConfigurationWrong("[metrics] listen: nothing is configured.")
    serve(Listener("ivr.app:watch", config.metrics.listen, WATCH_THREADS))


def _run_courier(config: Config) -> None:
    overwrite_what_is_freed()  # it holds wraps that are deleted after *ours*
    configure_logging(config.logging, "courier")
    ways = transports(config.outbox)
    stop = stop_on_signals()
    with closing(_store(config)) as store:
        courier = Courier(store, ways, now, timetable=timetable(config.outbox.batch_times))
        pager = Pager(store, now, config.outbox.unanswered_days, pages(config.outbox))
        paging = threading.Thread(target=pager.run, args=(stop,), name="paging", daemon=True)
        paging.start()
        say(f"The courier is at work, for {len(ways)} {'unit' if len(ways) == 1 else 'units'}.")
        courier.run(stop)


def _run_orders(config: Config) -> None:
    configure_logging(config.logging, "orders")
    stop = stop_on_signals()
    with closing(_store(config)) as store:
        upkeep = Maintenance(store, now, config.summary.folder, kept_by_day(config))
        maintenance = threading.Thread(target=upkeep.run, args=(stop,), name="maintenance", daemon=True)
        maintenance.start()
        switchboard = switchboard_for(config)
        worker = OrderWorker(store, switchboard, now)
        say("The order worker is at work.")
        _prepare_queue(switchboard)
        worker.run(stop)
        maintenance.join()


def _prepare_queue(switchboard: Switchboard) -> None:
    """Before the first caller, if it can be: otherwise Twilio makes it when somebody is put into it, and small."""
    try:
        switchboard.prepare_queue()
    except SwitchboardFact as fact:
        structlog.get_logger().error("queue_not_prepared", error=type(fact).__name__)


# Each process by the name that 'candour serve --only' takes, in the order they are started.
PROCESSES: Final[Mapping[str, Callable[[Config], None]]] = MappingProxyType(
    {
        "edge": _run_edge,
        "line": _run_line,
        "desk": _run_desk,
        "courier": _run_courier,
        "orders": _run_orders,
        "watch": _run_watch,
    }
)


def _configured(process: str) -> Config:
    config = load_config(config_path(None, os.environ), os.environ)
    configure_logging(config.logging, process)
    return config


def _store(config: Config) -> Store:
    return open_store(config.database.url.get_secret_value())


def switchboard_for(config: Config, token: str | None = None, carrier: httpx.Client | None = None) -> Switchboard:
    """The provider as configured; nothing is asked of it yet. ``token``: in place of the auth token."""
    telephony = config.telephony
    account = Account(
        sid=telephony.account_sid,
        auth_token=token or telephony.auth_token.get_secret_value(),
        api_base_url=telephony.api_base_url,
        region=telephony.region,
        edge=telephony.edge,
    )
    client = twilio_client(account, QuietHttp(carrier))
    return Switchboard(client, LineUrls(config.line.public_url), telephony.number)
