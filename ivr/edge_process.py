"""The edge as a process: takes Twilio's requests, each in a process that ends with it, and asks the line.

A program of its own beside ``app``, so that what is forked for each request is small. It opens no database.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import urlencode

from ivr.line.allow_list import Route, Webhook
from ivr.line.edge import LARGEST_REQUEST
from ivr.line.hand_over import HandOver
from ivr.line.public import LineSettings, Speech, public_app
from ivr.line.refusals import Refusals
from ivr.line.signature import signature
from ivr.log import configure_logging
from ivr.one_request import answer_one
from ivr.prefork import serve_each
from ivr.process import leave_no_dumps, say, tie_to_supervisor
from shared.config import config_path, load_config
from shared.settings import Config

COMMAND: Final = (sys.executable, "-P", "-m", "ivr.edge_process")
_WAITING: Final = 512  # connections the kernel keeps for us while all processes are busy


def run(config: Config) -> None:
    """Answer until told to stop. Raises OSError when the port is taken."""
    listen = config.line.listen
    edge = Edge(LineSettings.configured(config), HandOver(config.line.socket))
    leave_no_dumps()
    edge.rehearse()
    with socket.create_server((listen.host, listen.port), family=listen.family, backlog=_WAITING) as listener:
        ready = partial(say, f"The line listens on {listen}, as {config.line.public_url}.")
        serve_each(listener, edge.answer, edge.rehearse, ready, edge.refusals.tell)


class Edge:
    """The edge's application before a line that is asked through `ask`."""

    def __init__(self, line: LineSettings, ask: Callable[[Webhook], str | None]) -> None:
        self._ask = ask
        self._rehearsing = False
        self.refusals = Refusals()
        self._application = public_app(self._line, line, Speech.of(line), self.refusals.count)
        self._rehearsal = _signed_request(line)

    def answer(self, connection: socket.socket) -> None:
        """Answer the one request on a connection."""
        answer_one(self._application, LARGEST_REQUEST, connection)

    def rehearse(self) -> None:
        """Answer a request of our own, as if Twilio had sent it; the line is not asked."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.sendall(self._rehearsal)
            self._rehearsing = True
            self.answer(ours)
            self._rehearsing = False

    def _line(self, webhook: Webhook) -> str | None:
        return "<Response/>" if self._rehearsing else self._ask(webhook)


def _signed_request(line: LineSettings) -> bytes:
    sent = {"CallSid": f"CA{0:032x}", "CallStatus": "ringing", "Direction": "inbound"}
    body = urlencode(sent)
    signed = signature(line.auth_tokens[0], line.public_url.rstrip("/") + Route.INCOMING, sent)
    return (
        f"POST {Route.INCOMING} HTTP/1.1\r\nHost: line\r\nX-Twilio-Signature: {signed}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


if __name__ == "__main__":
    tie_to_supervisor(os.environ)
    configured = load_config(config_path(None, os.environ), os.environ)
    configure_logging(configured.logging, "edge")
    run(configured)
