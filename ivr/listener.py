"""One web listener: granian serving one Flask application in a process of its own; it does not know which one.

One listener a process: two granian servers in one process fail. No access log is written, for it would hold addresses,
and none of granian's own log, for it prints exceptions with what they hold.
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from ivr.process import stop_on_signals, tie_to_parent
from shared.addresses import Address

# Open streams end when told to stop; one that does not is cut after so long.
KILL_SECONDS: Final = 3
_RESPAWN_SECONDS: Final = 0.5
_LOOK_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Listener:
    """What to serve and where. ``factory`` is an import string, ``module:function``; ``threads`` handle requests."""

    factory: str
    listen: Address
    threads: int
    certificate: Path | None = None
    key: Path | None = None


def serve(listener: Listener) -> None:
    """Serve until told to stop, and start the worker again if it dies. Raises OSError when the port is taken."""
    with socket.create_server((listener.listen.host, listener.listen.port), family=listener.listen.family):
        pass  # granian says nothing useful about a port that is taken
    Server(
        listener.factory,
        factory=True,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        address=listener.listen.host,
        port=listener.listen.port,
        websockets=False,
        workers=1,
        blocking_threads=listener.threads,
        ssl_cert=listener.certificate,
        ssl_key=listener.key,
        respawn_failed_workers=True,
        respawn_interval=_RESPAWN_SECONDS,
        workers_kill_timeout=KILL_SECONDS,
        log_enabled=False,
        log_access=False,
    ).serve()


def in_worker(listen: Address, when_ready: Callable[[], None]) -> threading.Event:
    """For a factory, inside granian's worker: end with granian, say when requests are answered, hear when to stop.

    The event returned is set on SIGTERM; open streams must end on it. Raises ParentGone.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        tie_to_parent(parent.pid, signal.SIGKILL)
    stop = stop_on_signals()
    threading.Thread(target=_tell_when_listening, args=(listen, when_ready, stop), daemon=True).start()
    return stop


def _tell_when_listening(listen: Address, when_ready: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            socket.create_connection((listen.host, listen.port), timeout=1).close()
        except OSError:
            stop.wait(_LOOK_SECONDS)
        else:
            return when_ready()
    return None
