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
    """The server's folder; ``full`` refuses writing and ``halves`` drops part of what is written."""

    folder: Path
    full = False
    halves = False

    def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
        super().__init__(chan, chroot=str(self.folder).encode())

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
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=str(client_keys), sftp_factory=shelf
        )
        started.set_result(server.get_port())
        await stop.wait()
        server.close()
        await server.wait_closed()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    try:
        yield started.result(10)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
