"""The folder where sealed drafts wait on this computer while the service is away; it sees sealed bytes and no more.

Names are random, and every time that a program can set is the same, so that a look into the folder does not tell when
somebody rang. A file is whole or not there.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from console.translation import tr

SUFFIX: Final = ".draft"
UNFINISHED: Final = ".part"
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
SAME_TIME: Final = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000_000  # nanoseconds, as utime has them
_NAME_BYTES: Final = 16
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class DraftNotKept(Exception):
    """A draft could not be written on this computer."""

    words = tr("this computer could not write it down")


class DiskFull(DraftNotKept):
    words = tr("this computer's disk is full")


class FolderClosed(DraftNotKept):
    words = tr("this computer's folder for drafts cannot be written to")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file of the folder. `sealed` is None where it could not be read."""

    name: str
    sealed: bytes | None = field(repr=False)


def new_name(random: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A file's name: random, so that it tells nothing."""
    return random(_NAME_BYTES).hex() + SUFFIX


class DraftFolder:
    """One folder, open to its owner alone. All of this takes a while and belongs in a worker."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, sealed: bytes) -> None:
        """Have just these bytes under this name, on the disk itself, or what was there before. Raises DraftNotKept."""
        unfinished = self._path / (name + UNFINISHED)
        with _said_in_words():
            self._make()
            try:
                _write_through(unfinished, sealed)
                unfinished.replace(self._path / name)
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise
            self._settle()

    def remove(self, name: str) -> None:
        """The draft is safe elsewhere. Raises DraftNotKept where the file cannot be taken away."""
        with _said_in_words():
            (self._path / name).unlink(missing_ok=True)
            if self._path.exists():
                self._settle()

    def files(self) -> tuple[FoundFile, ...]:
        """Every draft there, in the order of their names. Raises DraftNotKept where the folder cannot be read."""
        with _said_in_words():
            if not self._path.exists():
                return ()
            names = sorted(path.name for path in self._path.iterdir() if path.suffix == SUFFIX)
        return tuple(FoundFile(name, self._read(name)) for name in names)

    def _read(self, name: str) -> bytes | None:
        path = self._path / name
        try:
            if not stat.S_ISREG(path.lstat().st_mode) or path.lstat().st_size > MAX_FILE_BYTES:
                return None
            sealed = path.read_bytes()
            os.utime(path, ns=(SAME_TIME, SAME_TIME))
        except OSError:
            return None
        return sealed

    def _make(self) -> None:
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.chmod(0o700)

    def _settle(self) -> None:
        """The folder's own time would tell of the last change, so it is set too; then the disk has all of it."""
        os.utime(self._path, ns=(SAME_TIME, SAME_TIME))
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write_through(path: Path, sealed: bytes) -> None:
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as written:
        written.write(sealed)
        written.flush()
        os.utime(path, ns=(SAME_TIME, SAME_TIME))
        os.fsync(written.fileno())


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        if wrong.errno in _NO_ROOM:
            raise DiskFull from None
        if wrong.errno in _CLOSED:
            raise FolderClosed from None
        raise DraftNotKept from None
