"""The local Twilio as a process of its own: REST, controls and clock on one loopback listener."""

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.simulator.account import Account, Line
from ivr.simulator.clock import RealTime
from ivr.simulator.control import PICKED_UP_AFTER_SECONDS, Handsets, add_controls
from ivr.simulator.event_book import EventBook
from ivr.simulator.in_process import LINE_NUMBER
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
) -> Iterator[Simulation]:
    """Run a local Twilio while the block lasts.

    `public_url` is the line's configured address, which is signed; `line_listens` is where it answers on this machine,
    if that differs. Raises NotTheSimulators for a real account's SID, or a listener other than the loopback.
    """
    host, port = _loopback(listen)
    account = Account(auth_token, account_sid)
    public = public_url.rstrip("/")
    line = Line(number, f"{public}/voice/incoming", f"{public}/voice/status")
    clock = RealTime()
    twilio = Twilio(line, account, HttpTransport(public, line_listens), clock, random.SystemRandom())
    book = EventBook(_record(record_folder))
    twilio.listeners.append(book.write)
    handsets = Handsets(twilio, handsets_answer_after)
    twilio.anyone_else = handsets.at
    app = rest_app(twilio)
    add_controls(app, twilio, book, handsets)
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    serving = threading.Thread(target=server.serve_forever, args=(STOPS_WITHIN_SECONDS,), name="simulator", daemon=True)
    serving.start()
    try:
        yield Simulation(twilio, handsets, f"http://{host}:{server.port}")
    finally:
        book.close()
        server.shutdown()
        serving.join()
        server.server_close()
        clock.stop()


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
    say: Callable[[str], object] = sys.stdout.write,
) -> None:
    """Run a local Twilio until SIGTERM or SIGINT; its first line of output is its address."""
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with simulation(
        public_url,
        account_sid,
        auth_token,
        listen,
        number,
        record_folder,
        line_listens=line_listens,
        handsets_answer_after=handsets_answer_after,
    ) as running:
        say(f"simulator: {running.base_url}\n")
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
