"""A real SFTP server on loopback, asyncssh's, in a thread; it can be told to keep half, or to be full."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import asyncssh


class Shelf(asyncssh.SFTPServer):
    """The server's folder; ``full`` refuses writing and ``halves`` drops part of what is written.

    A file of the name ``unreadable`` is there and cannot be read; asked for the one of the name ``breaks_off_at``, the
    server hangs up.
    """

    folder: Path
    full = False
    halves = False
    unreadable = ""
    breaks_off_at = ""

    def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
        super().__init__(chan, chroot=str(self.folder).encode())
        self._channel = chan

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = path.rpartition(b"/")[2].decode()
        if name == type(self).unreadable:
            raise asyncssh.SFTPFailure("Input/output error")
        if name == type(self).breaks_off_at:
            self._channel.get_connection().abort()
        return super().open(path, pflags, attrs)

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if type(self).full:
            raise asyncssh.SFTPFailure("No space left on device")
        if type(self).halves:
            super().write(file_obj, offset, data[: len(data) // 2])
            return len(data)
        return super().write(file_obj, offset, data)


@contextmanager
def sftp_server(shelf: type[Shelf], host_key: asyncssh.SSHKey, client_keys: Path) -> Iterator[int]:
    """The port it listens on."""
    started: Future[int] = Future()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        open_ones: list[asyncssh.SSHServerConnection] = []
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=str(client_keys), sftp_factory=shelf,
            acceptor=open_ones.append,
        )  # fmt: skip
        started.set_result(server.get_port())
        await stop.wait()
        server.close()
        await server.wait_closed()
        for connection in open_ones:
            connection.abort()
        await asyncio.gather(*(connection.wait_closed() for connection in open_ones), return_exceptions=True)
        left = asyncio.all_tasks() - {asyncio.current_task()}  # of connections that broke off
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for _ in range(3):  # their sockets are closed in the loop's next turns
            await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        yield started.result(10)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
