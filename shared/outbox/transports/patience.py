"""How long an exchange with a unit's server may take in all: one that sends a byte now and then holds nobody for ever.

It bounds TLS connections; SFTP has its own way. It knows neither what is exchanged nor with whom.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_ends: Final[ContextVar[float | None]] = ContextVar("ends", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What an impatient context's connections do in this thread ends after so long, with TimeoutError."""
    before = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def impatient(tls: ssl.SSLContext) -> ssl.SSLContext:
    """The same context; its connections keep to ``within``."""
    tls.sslsocket_class = _ImpatientSocket
    return tls


class _ImpatientSocket(ssl.SSLSocket):
    """Its own timeout is for each wait, and a byte in time begins it anew: so each is cut to what is left in all."""

    def do_handshake(self, block: bool = False) -> None:
        self._hurry()
        super().do_handshake(block)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        self._hurry()
        return super().recv(buflen, flags)

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        self._hurry()
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        self._hurry()
        return super().send(data, flags)

    def _hurry(self) -> None:
        ends = _ends.get()
        if ends is None:
            return
        left, wait = ends - time.monotonic(), self.gettimeout()
        if left <= 0:
            raise TimeoutError
        if wait is None or left < wait:
            self.settimeout(left)
