"""A folder on a unit's SFTP server: reports are written aside and renamed; its answers come back in ``answers``.

What is there is read back before it counts as delivered, for a server may say yes and keep half.
"""

from __future__ import annotations

import asyncio
import fnmatch
import posixpath
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import asyncssh

from shared.delivery_settings import Outbox, UnitRoute
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.rounds import Rounds
from shared.outbox.transports.folder import ANSWER_SUFFIX, ANSWERS_FOLDER, check_same
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import (
    EXCHANGE_SECONDS,
    MAX_ANSWERS,
    MAX_BROUGHT_BYTES,
    NETWORK_SECONDS,
    REMOTE_LOOK_SECONDS,
)
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES, SUFFIX, envelope_to_bytes

SFTP_PORT: Final = 22
_READ_AT_ONCE: Final = 32
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SftpTransport:
    """``place.path`` is the folder; ``key`` and ``host_keys`` are files in OpenSSH's formats."""

    place: Place
    key: Path
    host_keys: Path
    gate: Gate
    failpoint: Fail = go_on
    look_seconds: float = REMOTE_LOOK_SECONDS
    patience: float = EXCHANGE_SECONDS
    _rounds: Rounds[str] = field(default_factory=lambda: Rounds(MAX_ANSWERS), compare=False)

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Returns once what lies under the name was read back and is the envelope."""
        begun = threading.Event()
        try:
            self._run(lambda sftp: self._put(sftp, name, envelope, begun))
        except (WorldInTheWay, CannotBeDelivered) as trouble:
            trouble.nothing_left = not begun.is_set()
            raise
        self.failpoint(Failpoint.SENT)

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """The answer files' names and bytes: as many as came, where the server breaks off or is slow."""
        found: list[tuple[str, bytes]] = []
        try:
            self._run(lambda sftp: self._fetch(sftp, found))
        except WorldInTheWay:
            if not found:
                raise
        yield from found

    async def _put(self, sftp: asyncssh.SFTPClient, name: str, envelope: Envelope, begun: threading.Event) -> None:
        """``begun`` is set before anything of the envelope leaves, or where something has its name already."""
        target = posixpath.join(self._folder, f"{name}{SUFFIX}")
        for left in fnmatch.filter(await _names(sftp, self._folder), f".{name}.????????.part"):
            await sftp.remove(posixpath.join(self._folder, left))
        there = await sftp.exists(target)
        begun.set()
        if not there:
            await self._write(sftp, name, target, envelope_to_bytes(envelope))
        check_same(await _read(sftp, target, MAX_ENVELOPE_BYTES), envelope)

    async def _write(self, sftp: asyncssh.SFTPClient, name: str, target: str, written: bytes) -> None:
        # A courier whose lease ran out may still be writing: each attempt has a name of its own.
        aside = posixpath.join(self._folder, f".{name}.{secrets.token_hex(4)}.part")
        async with sftp.open(aside, "xb") as file:
            await file.write(written)
            with suppress(asyncssh.SFTPOpUnsupported):  # it is read back in any case
                await file.fsync()
        self.failpoint(Failpoint.WRITTEN_ASIDE)
        if await _read(sftp, aside, MAX_ENVELOPE_BYTES) != written:
            await sftp.remove(aside)
            raise WorldInTheWay(Reason.CUT_SHORT)
        await sftp.rename(aside, target)
        self.failpoint(Failpoint.RENAMED)

    async def _fetch(self, sftp: asyncssh.SFTPClient, found: list[tuple[str, bytes]]) -> None:
        folder = posixpath.join(self._folder, ANSWERS_FOLDER)
        if not await sftp.isdir(folder):
            return
        names = self._rounds.chosen(sorted(fnmatch.filter(await _names(sftp, folder), f"[!.]*{ANSWER_SUFFIX}")))
        # Some at a time: each takes a few exchanges, and one after the other those of a year would take too long.
        for start in range(0, len(names), _READ_AT_ONCE):
            some = names[start : start + _READ_AT_ONCE]
            for name in some:
                self._rounds.had(name)
            read = await asyncio.gather(*(_read_answer(sftp, folder, name) for name in some))
            found += ((name, written) for name, written in zip(some, read, strict=True) if written is not None)

    @property
    def _folder(self) -> str:
        return self.place.path or "."

    def _run(self, work: Callable[[asyncssh.SFTPClient], Coroutine[Any, Any, T]]) -> T:
        numeric = self.gate.address_of(self.place)

        async def connected() -> T:
            async with self._connection(numeric) as sftp:
                return await work(sftp)

        try:
            return asyncio.run(connected())
        except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed):
            raise WorldInTheWay(Reason.NOT_WHO_IT_SHOULD_BE) from None
        except asyncssh.PermissionDenied:
            raise CannotBeDelivered(Reason.CREDENTIALS_REFUSED) from None
        except asyncssh.SFTPError:
            raise WorldInTheWay(Reason.FOLDER_OUT_OF_REACH) from None
        except (OSError, asyncssh.Error, TimeoutError):
            raise WorldInTheWay(Reason.NO_CONNECTION) from None

    @asynccontextmanager
    async def _connection(self, numeric: str) -> AsyncIterator[asyncssh.SFTPClient]:
        async with (
            asyncio.timeout(self.patience),
            asyncssh.connect(
                numeric,
                self.place.port,
                host_key_alias=self.place.host,
                username=self.place.user,
                client_keys=[str(self.key)],
                known_hosts=str(self.host_keys),
                config=None,
                agent_path=None,
                login_timeout=NETWORK_SECONDS,
                connect_timeout=NETWORK_SECONDS,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            yield sftp


async def _names(sftp: asyncssh.SFTPClient, folder: str) -> list[str]:
    return [str(name) for name in await sftp.listdir(folder)]


async def _read_answer(sftp: asyncssh.SFTPClient, folder: str, name: str) -> bytes | None:
    try:
        return await _read(sftp, posixpath.join(folder, name), MAX_BROUGHT_BYTES)
    except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost):
        raise
    except asyncssh.SFTPError:
        return None  # taken away, or not to be read: the others count


async def _read(sftp: asyncssh.SFTPClient, path: str, limit: int) -> bytes | None:
    """A file's bytes, None where there are more than ``limit`` or it is no plain file."""
    if not await sftp.isfile(path):
        return None
    async with sftp.open(path, "rb") as file:
        written = cast("bytes", await file.read(limit + 1))  # it was opened as such
    return written if len(written) <= limit else None


def from_route(outbox: Outbox, route: UnitRoute, failpoint: Fail = go_on) -> SftpTransport:
    """As configured."""
    assert route.key is not None
    assert route.host_keys is not None
    place, gate = Place.at(route.sftp, SFTP_PORT), Gate.listing(outbox.private_networks)
    return SftpTransport(place, route.key, route.host_keys, gate, failpoint)
