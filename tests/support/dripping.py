"""Servers that answer one byte at a time and never come to an end, and a road on which bytes begin to drip."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PAUSE = 0.02  # seconds between two bytes


@contextmanager
def dripping(greeting: bytes, tls: ssl.SSLContext | None) -> Iterator[int]:
    """The port of a server that begins to say this, and then says ``a`` for ever; with ``tls``, each byte by itself."""
    over = threading.Event()

    def drip(plain: socket.socket) -> None:
        with suppress(OSError), plain if tls is None else tls.wrap_socket(plain, server_side=True) as connection:
            for byte in greeting:
                connection.sendall(bytes([byte]))
            while not over.wait(PAUSE):
                connection.sendall(b"a")

    with _listening(drip, over) as port:
        yield port


class Road:
    """To a server, at ``port``; once ``drips`` is set, what the server says comes one byte at a time."""

    def __init__(self, server_port: int) -> None:
        self.drips = threading.Event()
        self._over = threading.Event()
        self._server_port = server_port

    @contextmanager
    def open(self) -> Iterator[int]:
        with _listening(self._carry, self._over) as port:
            yield port

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._server_port)) as server:
            out = threading.Thread(target=self._pass_on, args=(client, server), daemon=True)
            out.start()
            with suppress(OSError):
                while piece := server.recv(65_536):
                    for at in range(len(piece)):
                        if self._over.is_set() or not self.drips.is_set():
                            client.sendall(piece[at:])
                            break
                        client.sendall(piece[at : at + 1])
                        self._over.wait(PAUSE)

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := client.recv(65_536):
                server.sendall(piece)
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def _listening(serve, over: threading.Event) -> Iterator[int]:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)

    def accept() -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                connection = server.accept()[0]
                connection.settimeout(10)
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        over.set()
        accepting.join(5)
        server.close()
