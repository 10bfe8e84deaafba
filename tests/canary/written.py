"""Everything an installation has written or shown, as places and bytes: what a thief, an auditor or a court could read.

The local Twilio is left out by name: the caller's number is Twilio's to know.
"""

from __future__ import annotations

import gzip
import io
import logging
import sys
import threading
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import inspect, select, text

from ivr.log import configure_logging
from shared.domain.sealed import kept_envelope
from shared.sealing.envelope import Envelope, open_envelope
from shared.sealing.errors import NotForThisReader
from shared.settings import Logging, LogLevel
from shared.store.database import Store
from shared.store.schema import envelope, metadata
from tests.canary.installation import Installation
from tests.canary.postgres import dumped
from tests.support.organisation import Organisation

Places = Iterator[tuple[str, bytes]]

# Where a call's id may stand: while the call lives, and until the provider has proved that it has forgotten it.
HOLDS_CALLS: Final = frozenset({"live_call", "live_order", "provider_purge"})


@contextmanager
def everything_said(folder: Path) -> Iterator[None]:
    """Write to `folder` whatever is said: our own log at its most talkative, every library's at DEBUG with exceptions
    in full, standard output and error.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "candour.log").open("w", buffering=1, encoding="utf-8") as ours,
        (folder / "root.log").open("w", buffering=1, encoding="utf-8") as theirs,
        (folder / "stdout").open("w", buffering=1, encoding="utf-8") as out,
        (folder / "stderr").open("w", buffering=1, encoding="utf-8") as err,
        _logging_put_back(),
        redirect_stdout(out),
        redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        configure_logging(Logging(level=LogLevel.DEBUG), "canary", ours)
        everything = logging.StreamHandler(theirs)
        everything.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logging.getLogger().addHandler(everything)
        logging.getLogger().setLevel(logging.DEBUG)
        yield


@contextmanager
def _logging_put_back() -> Iterator[None]:
    root, hooks, configured = logging.getLogger(), (sys.excepthook, threading.excepthook), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        root.handlers[:], root.level = handlers, level
        sys.excepthook, threading.excepthook = hooks
        structlog.configure(**configured)


def stored(store: Store) -> Places:
    """Every row of every table, each value as text or, if it is bytes, as it is."""
    for name, rows in tables(store):
        yield f"table {name}", b"\n".join(b" | ".join(map(_as_bytes, row)) for row in rows)


def tables(store: Store) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every table with its rows, tables that no schema of ours knows included."""
    with store.read() as tx:
        for name in sorted(inspect(tx).get_table_names()):
            table = metadata.tables.get(name)
            rows = tx.execute(text(f'SELECT * FROM "{name}"') if table is None else select(table))  # noqa: S608
            yield name, [tuple(row) for row in rows]


def files(folder: Path) -> Places:
    """Every file below a folder, its name included; compressed ones opened too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = str(path.relative_to(folder))
            content = path.read_bytes()
            yield f"file {name}", name.encode() + b"\n" + content
            for inside, unpacked in _unpacked(content):
                yield f"file {name}, unpacked{inside}", unpacked


def shown(installation: Installation) -> Places:
    """What the line answered to Twilio and the desk to the consoles."""
    for number, answer in enumerate(installation.watched.answers):
        yield f"answer {number} of the line", answer
    for console in (installation.handler, installation.supervisor):
        for number, frame in enumerate(console.frames):
            yield f"frame {number} of {console.member.name}'s console", frame


def dumps(store: Store) -> Places:
    """PostgreSQL's own dump. SQLite's is its file."""
    if not store.is_sqlite:
        yield "pg_dump", dumped(store)


def opened(store: Store, organisation: Organisation) -> Places:
    """The words inside every envelope of the store, opened with everybody's keys."""
    with store.read() as tx:
        kept = [kept_envelope(tx, *row) for row in tx.execute(select(envelope.c.report_id, envelope.c.stage)).all()]
    for sealed in filter(None, kept):
        yield "an opened envelope", sealed.header + b"\n" + _words_of(sealed, organisation)


def _words_of(sealed: Envelope, organisation: Organisation) -> bytes:
    readers = [organisation.supervisors, *(member.private.reader for member in organisation.members.values())]
    for reader in (*readers, *(unit.reader for unit in organisation.units.values())):
        try:
            return open_envelope(sealed, reader, organisation.release.public if sealed.signature else None)
        except NotForThisReader:
            continue
    raise AssertionError("an envelope that nobody can open")


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"\x1f\x8b"):
        yield "", gzip.decompress(content)
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield f" {name}", archive.read(name)
