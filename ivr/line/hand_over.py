"""The local socket between edge and line: the edge asks, the line answers. No request of Twilio's passes here."""

import os
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from ivr.line.allow_list import Webhook
from ivr.line.away import LineAway
from ivr.line.message import (
    LARGEST_ANSWER,
    LARGEST_WEBHOOK,
    MessageMalformed,
    PeerGone,
    answer_from_message,
    answer_to_message,
    receive,
    send,
    webhook_from_message,
    webhook_to_message,
)

BACK_WITHIN_SECONDS: Final = 4.0  # a line that was killed is back in about two
ANSWER_SECONDS: Final = 6.0  # well before Twilio's fifteen
_LOOK_SECONDS: Final = 0.05
_STOP_LOOK_SECONDS: Final = 0.2
_LONGEST_PATH: Final = 107  # bytes; unix(7): sun_path has 108, the last of them zero
_PEER_SECONDS: Final = 2.0

_log = structlog.get_logger()


class LineThere(OSError):
    """Another line already answers at this socket."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """The edge's side: one webhook, one connection. Asked again where the line was not there, for it may be back."""

    path: Path
    back_within: float = BACK_WITHIN_SECONDS
    answer_within: float = ANSWER_SECONDS

    def __call__(self, webhook: Webhook) -> str | None:
        """What the line says. A webhook may reach it twice, which harms nothing. Raises LineAway."""
        message, until = webhook_to_message(webhook), time.monotonic() + self.back_within
        while True:
            try:
                return answer_from_message(self._ask(message))
            except (TimeoutError, MessageMalformed):
                raise LineAway from None
            except (OSError, PeerGone):
                if time.monotonic() >= until:
                    raise LineAway from None
            time.sleep(_LOOK_SECONDS)

    def _ask(self, message: bytes) -> bytes:
        with closing(socket.socket(socket.AF_UNIX)) as connection, _short(self.path) as path:
            connection.settimeout(self.answer_within)
            connection.connect(path)
            send(connection, message)
            return receive(connection, LARGEST_ANSWER)


class LineServer(socketserver.UnixStreamServer):
    """The line's side, which only this machine's own user may ask. So many requests at once; others wait."""

    request_queue_size = 128

    def __init__(self, path: Path, line: Callable[[Webhook], str | None], threads: int) -> None:
        """Raises LineThere, or OSError where the socket cannot be made."""
        self._path, self._line = path, line
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="line")
        super().__init__(str(path), socketserver.BaseRequestHandler)

    def serve(self, stop: threading.Event) -> None:
        """Answer until `stop` is set, and those being answered then."""
        threading.Thread(target=self._shut_down_on, args=(stop,), name="stop", daemon=True).start()
        try:
            self.serve_forever(poll_interval=_STOP_LOOK_SECONDS)
        finally:
            self.server_close()
            self._threads.shutdown()
            self._path.unlink(missing_ok=True)

    def _shut_down_on(self, stop: threading.Event) -> None:
        stop.wait()
        self.shutdown()

    def server_bind(self) -> None:
        """Where an earlier line left its socket, take its place."""
        with _short(self._path) as path:
            if _answers(path):
                raise LineThere(f"another line answers at {self._path}")
            self._path.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self.socket.bind(path)
            finally:
                os.umask(before)

    def process_request(self, request: Any, _client_address: Any) -> None:
        self._threads.submit(self._answer, request)

    def _answer(self, connection: socket.socket) -> None:
        with closing(connection), suppress(OSError, PeerGone):
            connection.settimeout(_PEER_SECONDS)
            try:
                webhook = webhook_from_message(receive(connection, LARGEST_WEBHOOK))
            except MessageMalformed:
                _log.error("message_malformed")
                return
            send(connection, answer_to_message(self._line(webhook)))


def _answers(path: str) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe, suppress(FileNotFoundError, ConnectionRefusedError):
        probe.settimeout(_PEER_SECONDS)
        probe.connect(path)
        return True
    return False


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """The path of a socket as the kernel takes it, however deep its folder is (Linux)."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
