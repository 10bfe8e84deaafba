"""An example organisation, founded and run through the product's own commands, to try everything out.

It knows no window and no telephone: whoever uses it opens those. Names, numbers and passphrases are made up.
"""

from __future__ import annotations

import queue
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START_WITHIN_SECONDS: Final = 30.0
STOP_WITHIN_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Player:
    """Someone in the example organisation."""

    name: str
    passphrase: str
    handset: str


SUPERVISOR: Final = Player("Sam", "a second pair of eyes", "+442079460001")
HANDLER: Final = Player("Alex", "a quiet night at the desk", "+442079460002")
FOR_THE_ROOT: Final = "kept in a drawer offline"
FOR_THE_UNIT: Final = "only the unit opens this"
UNIT: Final = "kent-acu"
UNIT_NAME: Final = "Kent Anti-Corruption Unit"
FORCE: Final = "kent"


class StageFailed(Exception):
    """A command or process of the example did not do what it should; the message says which and what it printed."""


class Stage:
    """The example's folder, commands and running processes. A context manager: at its end all of them stop.

    `folder` is made; `say` is given a line for each step, without its end.
    """

    def __init__(self, folder: Path, say: Callable[[str], None], environ: Mapping[str, str]) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.outbox = self.folder / "unit-folder"
        self.unit = self.folder / "unit"
        self.simulator_record = self.folder / "simulator"
        self.line, self.desk, self.simulator = (f"127.0.0.1:{port}" for port in _free_ports(3))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}  # those that run, by their command's name
        self._say = say
        self._environ = dict(environ)
        self._running = ExitStack()

    @property
    def config(self) -> Path:
        return self.data / "config.toml"

    @property
    def console_settings(self) -> Path:
        return self.data / "console.toml"

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    # --- founding -----------------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Found the organisation: supervisor, handler, and a unit with keys of its own. Raises StageFailed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.unit.mkdir()
        root = ("--root", self._root(), "--root-passphrase-file", self._secret("root", FOR_THE_ROOT))
        first, second = self._secret("supervisor", SUPERVISOR.passphrase), self._secret("handler", HANDLER.passphrase)
        self._say("An organisation is founded: root key, database, directory of keys.")
        self.command(
            "init", self.data, "--supervisor", SUPERVISOR.name, "--passphrase-file", first, *root,
            "--line", self.line, "--desk", self.desk, "--simulator", self.simulator, "--handset", SUPERVISOR.handset,
        )  # fmt: skip
        self.candour(
            "person", "add", HANDLER.name, "--role", "handler", "--handset", HANDLER.handset,
            "--passphrase-file", second, "--by", SUPERVISOR.name, "--by-passphrase-file", first, *root,
        )  # fmt: skip
        self._say("The unit makes its own keys, and is enrolled.")
        self.force("keygen", "--unit", UNIT, "--name", UNIT_NAME, "--force", FORCE, "--root", self._root_public())
        self.candour(
            "force", "add-unit", UNIT, "--force", FORCE, "--folder", self.outbox, "--yes",
            "--request", self.unit / f"{UNIT}.enrolment.json", *root,
        )  # fmt: skip
        self.candour("keys", "directory", self.unit / "directory.json")

    def _root(self) -> Path:
        return self.folder / "root.key"

    def _root_public(self) -> str:
        found = re.search(r'root_public_key = "(.+)"', self.console_settings.read_text(encoding="utf-8"))
        if found is None:
            raise StageFailed(f"{self.console_settings} names no root key")
        return found[1]

    def _secret(self, whose: str, passphrase: str) -> Path:
        path = self.folder / "passphrases" / whose
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_text(f"{passphrase}\n", encoding="utf-8")
        return path

    # --- commands -----------------------------------------------------------------------------------------------------

    def candour(self, *arguments: object) -> str:
        """Run `candour` with this organisation's configuration; what it printed. Raises StageFailed."""
        return self.command("--config", self.config, *arguments)

    def command(self, *arguments: object) -> str:
        """Run `candour`; what it printed. Raises StageFailed."""
        return self._run("candour", arguments)

    def force(self, *arguments: object) -> str:
        """Run `candour-force` as the unit would; what it printed. Raises StageFailed."""
        passphrase = self._secret("unit", FOR_THE_UNIT)
        options = ("--unit-file", self.unit / "unit.toml", "--passphrase-file", passphrase)
        return self._run("candour-force", (*options, *arguments))

    def _run(self, command: str, arguments: Sequence[object]) -> str:
        done = subprocess.run(  # noqa: S603  # our own commands
            installed(command, arguments),
            env=self._environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise StageFailed(f"{command} {arguments[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    # --- processes ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the local Twilio and the service, and wait until both are ready. Raises StageFailed."""
        self._say("The local Twilio and the service start.")
        self._process("simulate", ("--record", self.simulator_record), ready="simulator:")
        self._process("serve", (), ready="Candour is ready.")

    def _process(self, name: str, arguments: Sequence[object], ready: str) -> None:
        command = installed("candour", ("--config", self.config, name, *arguments))
        log = self._running.enter_context((self.folder / f"{name}.log").open("ab"))
        process = subprocess.Popen(command, env=self._environ, cwd=self.folder, stdout=subprocess.PIPE, stderr=log)  # noqa: S603
        self._running.callback(stop_process, process)
        self.processes[name] = process
        lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_pass_on, args=(process, lines), name=name, daemon=True).start()
        until = time.monotonic() + START_WITHIN_SECONDS
        while True:
            try:
                line = lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise StageFailed(f"candour {name} was not ready within {START_WITHIN_SECONDS:g} seconds") from None
            if line.startswith(ready):
                return
            if not line:
                raise StageFailed(f"candour {name} ended: {(self.folder / f'{name}.log').read_text(encoding='utf-8')}")


def installed(command: str, arguments: Sequence[object]) -> list[str]:
    """The command line of an installed command: the one beside the Python that runs this."""
    return [str(Path(sys.executable).with_name(command)), *map(str, arguments)]


def _pass_on(process: subprocess.Popen[bytes], lines: queue.Queue[str]) -> None:
    """Every line a process prints; an empty one at its end."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line.decode("utf-8", "replace"))
    lines.put("")


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, and insist after a while."""
    process.terminate()
    try:
        process.wait(STOP_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _free_ports(number: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in sockets]
