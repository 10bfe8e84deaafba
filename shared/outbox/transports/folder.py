"""A folder that the unit reads, shared or synchronised by means of its own; its answers come back in ``answers``.

What is delivered appears there whole or not at all, under its report's delivery id and nothing else.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from shared.delivery_settings import Outbox, UnitRoute
from shared.outbox.failpoints import Fail, Failpoint, go_on
from shared.outbox.rounds import Rounds
from shared.outbox.transports.way import MAX_ANSWERS, MAX_BROUGHT_BYTES
from shared.outbox.troubles import CannotBeDelivered, Reason, WorldInTheWay
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import MAX_ENVELOPE_BYTES, SUFFIX, envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import EnvelopeMalformed

LOOK_SECONDS: Final = 0.5
ANSWERS_FOLDER: Final = "answers"
ANSWER_SUFFIX: Final = ".answer"


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Delivers to one unit's folder, which must exist: a missing folder is a share that is not mounted."""

    folder: Path
    failpoint: Fail = go_on
    look_seconds: float = LOOK_SECONDS
    _rounds: Rounds[str] = field(default_factory=lambda: Rounds(MAX_ANSWERS), compare=False)

    def deliver(self, name: str, envelope: Envelope) -> None:
        """Returns once the envelope is safely there; a second time it finds it and changes nothing.

        Raises WorldInTheWay, or CannotBeDelivered where another file has the name.
        """
        target = self.folder / f"{name}{SUFFIX}"
        with _the_worlds_faults():
            self._sweep(name)
            if target.exists():
                check_same(_at_most(target, MAX_ENVELOPE_BYTES), envelope)
            else:
                self._write(target, name, envelope_to_bytes(envelope))
            _sync(self.folder)
        self.failpoint(Failpoint.SENT)

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """The answer files' names and bytes; what is too long to be one, or cannot be read, is passed over.

        Raises WorldInTheWay.
        """
        answers = self.folder / ANSWERS_FOLDER
        with _the_worlds_faults():
            names = sorted(path.name for path in answers.glob(f"[!.]*{ANSWER_SUFFIX}"))
        for name in self._rounds.chosen(names):
            self._rounds.had(name)
            written = None
            with suppress(OSError):  # taken away, or not to be read: the others count
                written = _at_most(answers / name, MAX_BROUGHT_BYTES)
            if written is not None:
                yield name, written

    def _write(self, target: Path, name: str, written: bytes) -> None:
        # A courier whose lease ran out may still be writing: each attempt has a name of its own.
        aside = self.folder / f".{name}.{secrets.token_hex(4)}.part"
        with _opened(aside) as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        self.failpoint(Failpoint.WRITTEN_ASIDE)
        aside.replace(target)
        self.failpoint(Failpoint.RENAMED)

    def _sweep(self, name: str) -> None:
        """Take away what an interrupted attempt left behind."""
        for left in self.folder.glob(f".{name}.????????.part"):
            left.unlink(missing_ok=True)


def _opened(aside: Path) -> BinaryIO:
    """A new file in the unit's folder; nothing is in it yet. Raises WorldInTheWay."""
    try:
        return aside.open("xb")
    except OSError:
        raise WorldInTheWay(nothing_left=True) from None


@contextmanager
def _the_worlds_faults() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise WorldInTheWay from None


def check_same(there: bytes | None, envelope: Envelope) -> None:
    """What lies under a delivery's name is this very envelope, whole. Raises CannotBeDelivered."""
    try:
        found = envelope_from_bytes(there or b"")
    except EnvelopeMalformed:
        raise CannotBeDelivered(Reason.ANOTHER_FILE_THERE) from None
    if found.digest != envelope.digest:
        raise CannotBeDelivered(Reason.ANOTHER_FILE_THERE)


def _at_most(path: Path, limit: int) -> bytes | None:
    """A file's bytes, None where there are more than ``limit`` or it is no plain file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        written = file.read(limit + 1)
    return written if len(written) <= limit else None


def _sync(folder: Path) -> None:
    """The folder's own entry is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def from_route(_outbox: Outbox, route: UnitRoute, failpoint: Fail = go_on) -> FolderTransport:
    """As configured."""
    assert route.folder is not None
    return FolderTransport(route.folder, failpoint)
