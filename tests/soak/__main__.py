"""`python -m tests.soak`: reports are released while processes are killed at random; then everything is counted.

Nothing acknowledged may be lost, doubled, cut short or out of order, whatever is killed: the courier, the service, a
client of the database, the units' system. That one also fails, and loses its answer, once in twenty times each.
"""

from __future__ import annotations

import argparse
import random
import select
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from shared.store.database import open_store
from shared.store.migrate import bring_up_to_date
from tests.soak import actors
from tests.soak.scene import Scene, prepared
from tests.soak.troupe import Troupe
from tests.soak.verdict import answered, judge
from tests.support.certificates import Authority
from tests.support.postgres_server import new_database, postgres_running

ERRORS, LOST_ANSWERS = 0.05, 0.05
KILL_EVERY = 0.15  # seconds, on average
LONGEST_WAIT = 60.0  # for the next answer, once nobody is killed any more
TICK = 0.02
MOST_FALLS = 20
VICTIMS = ("courier", "courier", "service", "client", "receiver")


class Soak:
    """One run. ``chance`` decides who is killed when."""

    def __init__(self, scene: Scene, chance: random.Random, kills: int, out: TextIO) -> None:
        self._scene, self._chance, self._kills, self._out = scene, chance, kills, out
        self._port = _free_port()
        self._authority = Authority(scene.folder / "authority")
        self._asking, self._asked = socket.socketpair()
        self._acknowledged: set[int] = set()
        self._heard = b""
        self._killed = 0
        self._troupe = Troupe(
            {
                "receiver": self._receiver,
                "service": lambda: actors.service(scene, self._asked),
                "client": lambda: actors.client(scene),
                "courier": lambda: actors.courier(scene, self._authority, self._port),
            }
        )

    def run(self) -> bool:
        """Whether all is well. The last line says what was found."""
        try:
            self._trouble()
            self._calm()
        finally:
            self._troupe.stop()
            self._asking.close()
            self._asked.close()
        verdict = judge(self._scene, self._acknowledged)
        said = f"soak: reports {len(self._acknowledged)}, kills {self._killed}, {verdict}"
        self._out.write(f"{said}\n")
        return verdict.is_well and len(self._acknowledged) == len(self._scene.items)

    def _trouble(self) -> None:
        """Release every report and kill as often as was asked; the one takes as long as the other."""
        total = len(self._scene.items)
        self._troupe.start()
        next_kill = time.monotonic()
        while self._killed < self._kills or len(self._acknowledged) < total:
            due = total if self._killed >= self._kills else 1 + total * self._killed // max(1, self._kills)
            if len(self._acknowledged) < due:
                self._ask_next()
            else:
                time.sleep(TICK)
            if self._killed < self._kills and time.monotonic() >= next_kill:
                self._kill_one()
                next_kill = time.monotonic() + self._chance.expovariate(1 / KILL_EVERY)
            self._troupe.start()
            if self._troupe.falls > MOST_FALLS:
                raise SystemExit("soak: processes keep ending by themselves; see above")

    def _ask_next(self) -> None:
        """Ask for the next release until the service says that it is done, as a console would."""
        number = next(one for one in range(len(self._scene.items)) if one not in self._acknowledged)
        self._asking.sendall(f"{number}\n".encode())
        readable, _, _ = select.select([self._asking], [], [], 0.5)
        if readable:
            self._heard += self._asking.recv(4096)
            *lines, self._heard = self._heard.split(b"\n")
            self._acknowledged.update(int(line) for line in lines)

    def _kill_one(self) -> None:
        name = self._chance.choice(VICTIMS)
        self._troupe.kill(name)
        self._killed += 1
        if name == "service":  # what it had not read, or had half said, goes with it
            self._asking.close()
            self._asked.close()
            self._asking, self._asked = socket.socketpair()
            self._heard = b""

    def _calm(self) -> None:
        """Let the rest arrive, for as long as any does."""
        came, until = answered(self._scene), time.monotonic() + LONGEST_WAIT
        while came < len(self._acknowledged) and time.monotonic() < until:
            self._troupe.start()
            time.sleep(0.2)
            before, came = came, answered(self._scene)
            if came > before:
                until = time.monotonic() + LONGEST_WAIT
        self._out.write(f"processes that ended by themselves: {self._troupe.falls}\n")

    def _receiver(self) -> None:
        seed = self._chance.randrange(2**32) ^ self._killed
        actors.receiver(self._scene, self._authority, self._port, seed, ERRORS, LOST_ANSWERS)


def soak(url: str, folder: Path, reports: int, kills: int, seed: int, out: TextIO) -> bool:
    """Run one on a migrated, empty database. Whether all is well."""
    scene = prepared(url, folder, reports)
    return Soak(scene, random.Random(seed), kills, out).run()


def main(arguments: Sequence[str], out: TextIO) -> int:
    """Returns 0, or 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="candour-soak-") as name, _database(asked.database, name) as url:
        store = open_store(url)
        bring_up_to_date(store)
        store.close()
        out.write(f"{asked.reports} reports, {asked.kills} kills, seed {asked.seed}, {asked.database}\n")
        out.flush()
        return 0 if soak(url, Path(name), asked.reports, asked.kills, asked.seed, out) else 1


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/candour.db"
        return
    with postgres_running() as host:
        yield new_database(host, "soak")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
