"""A PostgreSQL server of the tests' own, on a socket in a temporary folder: nothing of it is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROLE = "candour"


class PostgresMissing(RuntimeError):
    """There is no server on this machine, or it does not start."""


@contextmanager
def postgres_running() -> Iterator[str]:
    """Yields a libpq host value; the role is ROLE. Raises PostgresMissing."""
    folder = Path(tempfile.mkdtemp(prefix="candour-pg-", dir="/tmp"))
    folder.chmod(0o755)
    binaries = _binaries()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    made = [*as_user, binaries / "initdb", "-D", data, "-U", ROLE, "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = subprocess.Popen(
        [*as_user, binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
         "-c", "max_connections=200"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_until_up(folder, server)
        yield str(folder)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(host: str, name: str) -> str:
    """An empty one, as SQLAlchemy writes where it is."""
    with psycopg.connect(host=host, user=ROLE, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://{ROLE}@/{name}?host={host}"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise PostgresMissing("PostgreSQL's server is not installed: 'make system' installs it, or says how.")
    return Path(on_path).parent


def _wait_until_up(folder: Path, server: subprocess.Popen[bytes]) -> None:
    pause = threading.Event()
    for _ in range(300):
        if server.poll() is not None:
            raise PostgresMissing("PostgreSQL did not start.")
        try:
            psycopg.connect(host=str(folder), user=ROLE, dbname="postgres").close()
            return
        except psycopg.OperationalError:
            pause.wait(0.05)
    raise PostgresMissing("PostgreSQL did not answer within 15 seconds.")
