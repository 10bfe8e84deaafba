"""The local Twilio as a process of its own: REST, controls and clock on one loopback listener."""

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from socket import create_server

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.simulator.account import Account, Line
from ivr.simulator.clock import RealTime
from ivr.simulator.control import PICKED_UP_AFTER_SECONDS, Handsets, add_controls
from ivr.simulator.event_book import EventBook
from ivr.simulator.in_process import LINE_NUMBER
from ivr.simulator.own_line import OwnLine
from ivr.simulator.refusals import NotTheSimulators
from ivr.simulator.rest import rest_app
from ivr.simulator.twiml_engine import Twilio
from ivr.simulator.webhook import HttpTransport

STOPS_WITHIN_SECONDS = 0.05


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: addresses and SIDs are nobody's business."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass(frozen=True, slots=True)
class Simulation:
    """A running local Twilio and the address that REST and the controls answer at."""

    twilio: Twilio
    handsets: Handsets
    base_url: str


@contextmanager
def simulation(
    public_url: str,
    account_sid: str,
    auth_token: str,
    listen: str = "127.0.0.1:0",
    number: str = LINE_NUMBER,
    record_folder: Path | None = None,
    *,
    line_listens: str | None = None,
    handsets_answer_after: float | None = PICKED_UP_AFTER_SECONDS,
    fallback_url: str | None = None,
    auth_token_next: str = "",
) -> Iterator[Simulation]:
    """Run a local Twilio while the block lasts.

    `public_url` is the line's configured address, which is signed; `line_listens` is where it answers on this machine,
    if that differs. REST takes `auth_token_next` too. Raises NotTheSimulators for a real account's SID, or a listener
    other than the loopback; OSError where something else listens there.
    """
    host, port = _loopback(listen)
    account, public = Account(auth_token, account_sid, auth_token_next), public_url.rstrip("/")
    line = Line(number, f"{public}/voice/incoming", f"{public}/voice/status", fallback_url)
    with closing(RealTime()) as clock, closing(EventBook(_record(record_folder))) as book:
        twilio = Twilio(line, account, HttpTransport(public, line_listens, fallback_url), clock, random.SystemRandom())
        handsets = Handsets(twilio, handsets_answer_after)
        OwnLine(twilio)
        twilio.listeners.append(book.write)
        twilio.anyone_else = handsets.at
        app = rest_app(twilio)
        add_controls(app, twilio, book, handsets)
        with _served(app, host, port) as base_url:
            yield Simulation(twilio, handsets, base_url)


@contextmanager
def _served(app: Flask, host: str, port: int) -> Iterator[str]:
    with create_server((host, port)) as listener:
        server = make_server(host, port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())
    serving = threading.Thread(target=server.serve_forever, args=(STOPS_WITHIN_SECONDS,), name="simulator", daemon=True)
    serving.start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def simulate(
    public_url: str,
    account_sid: str,
    auth_token: str,
    listen: str = "127.0.0.1:0",
    number: str = LINE_NUMBER,
    record_folder: Path | None = None,
    *,
    line_listens: str | None = None,
    handsets_answer_after: float | None = PICKED_UP_AFTER_SECONDS,
    fallback_url: str | None = None,
    auth_token_next: str = "",
    say: Callable[[str], object] = sys.stdout.write,
) -> None:
    """Run a local Twilio until SIGTERM or SIGINT; its first line of output is its address."""
    over = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda _number, _frame: over.set())
    running = simulation(
        public_url, account_sid, auth_token, listen, number, record_folder,
        line_listens=line_listens, handsets_answer_after=handsets_answer_after,
        fallback_url=fallback_url, auth_token_next=auth_token_next,
    )  # fmt: skip
    with running as started:
        say(f"simulator: {started.base_url}\n")
        sys.stdout.flush()
        over.wait()


def _loopback(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not ip_address(host).is_loopback:
        raise NotTheSimulators("the local Twilio listens on the loopback alone")
    return host, int(port)


def _record(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "events.jsonl"
