"""One kept connection to a server on this machine: sends ready-made requests and reads the answers when asked to."""

from __future__ import annotations

import re
import socket
from types import TracebackType
from typing import Final

from tests.bench.load import UnexpectedAnswer

_DEADLINE_SECONDS: Final = 15.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class Wire:
    """Opened at once; closed with the block."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _DEADLINE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def ask(self, request: bytes) -> bytes:
        """Send and read the answer's body. Raises UnexpectedAnswer or OSError."""
        self.send(request)
        return self.answer()

    def answer(self) -> bytes:
        """The body of the next answer, which must have status 200. Raises UnexpectedAnswer or OSError."""
        head = self.until(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise UnexpectedAnswer(head[:40].decode("latin-1"))
        size = int(length.group(1))
        while len(self._read) < size:
            self._more()
        body, self._read = self._read[:size], self._read[size:]
        return body

    def until(self, end: bytes) -> bytes:
        """All that comes up to and with these bytes. Raises UnexpectedAnswer where the server closes before."""
        while end not in self._read:
            self._more()
        before, _, self._read = self._read.partition(end)
        return before + end

    def _more(self) -> None:
        received = self._socket.recv(65_536)
        if not received:
            raise UnexpectedAnswer("the connection was closed")
        self._read += received
