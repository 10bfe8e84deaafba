"""A PostgreSQL server of the canary's own, its log kept: what it writes is searched too."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from shared.store.database import Store

_START_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.05


class NoPostgres(Exception):
    """PostgreSQL's server is not installed, or did not start."""


def binaries() -> Path:
    """Where PostgreSQL's programs are. Raises NoPostgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = str(found[-1]) if found else shutil.which("initdb")
    if path is None:
        raise NoPostgres("PostgreSQL's server is not installed: 'make system' installs it, or says how")
    return Path(path).parent


@contextmanager
def server() -> Iterator[Path]:
    """Run a server while the block lasts; yields its folder: the socket's, with `data` and `server.log` in it.

    It logs as PostgreSQL does by itself: statements that fail are written with their text.
    """
    folder = Path(tempfile.mkdtemp(prefix="candour-canary-", dir="/tmp"))
    folder.chmod(0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    as_candour = ["-U", "candour", "--auth=trust", "-E", "UTF8", "--no-sync"]
    made = [*as_user, str(binaries() / "initdb"), "-D", str(data), *as_candour]
    subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    options = ["-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    command = [*as_user, str(binaries() / "postgres"), *options]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_until_up(folder)
        yield folder
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(folder: Path, name: str, template: str | None = None) -> str:
    """Make a database; its SQLAlchemy URL."""
    with psycopg.connect(host=str(folder), user="candour", dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""))
    return f"postgresql+psycopg://candour@/{name}?host={folder}"


def dumped(store: Store) -> bytes:
    """What pg_dump writes of a store's database."""
    url = store.engine.url
    options = ["-h", str(url.query["host"]), "-U", str(url.username), "--inserts", str(url.database)]
    return subprocess.run([binaries() / "pg_dump", *options], check=True, capture_output=True).stdout


def _wait_until_up(folder: Path) -> None:
    pause = threading.Event()
    for _ in range(int(_START_SECONDS / _LOOK_SECONDS)):
        try:
            psycopg.connect(host=str(folder), user="candour", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            pause.wait(_LOOK_SECONDS)
    raise NoPostgres(f"PostgreSQL did not answer within {_START_SECONDS:g} seconds")
