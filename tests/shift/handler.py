"""Alex at the desk, seen from outside: gives a console process its orders, kills it, and opens another."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ivr.demo import Player
from tests.demo.person import GaveUp

PATIENCE_SECONDS = 60.0


class Handler:
    """One person, one console process at a time."""

    def __init__(
        self, player: Player, settings: Path, folder: Path, environ: Mapping[str, str], options: tuple[str, ...] = ()
    ) -> None:
        self._options = options
        self._player, self._settings, self._folder, self._environ = player, settings, folder, dict(environ)
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()

    def open_console(self) -> None:
        """Start a console and sign in. Raises GaveUp."""
        command = [sys.executable, "-m", "tests.shift.desk_process", self._settings, self._folder, *self._options]
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        self._answers = queue.Queue()
        threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()
        self._answer("the console to open")
        self.ask("sign_in", name=self._player.name, passphrase=self._player.passphrase)

    def kill(self) -> None:
        """End the console between two instructions, with no word to it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
            self._process = None

    def ask(self, do: str, **given: Any) -> Any:
        """Have the person do one thing. Raises GaveUp where it cannot be done."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **given}).encode() + b"\n")
        self._process.stdin.flush()
        return self._answer(f"{do} {given}")

    def _answer(self, what: str) -> Any:
        try:
            line = self._answers.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            raise GaveUp(f"waited for {what}") from None
        if not line:
            raise GaveUp(f"the console ended during {what}; see {self._folder / 'console.log'}")
        answer = json.loads(line)
        if not answer["ok"]:
            raise GaveUp(answer["words"])
        return answer["value"]

    def until(self, happened: Callable[[Any], bool], do: str, what: str, seconds: float = 30.0) -> None:
        """Look again and again. Raises GaveUp."""
        give_up_at = time.monotonic() + seconds
        while not happened(seen := self.ask(do)):
            if time.monotonic() > give_up_at:
                raise GaveUp(f"waited {seconds:g} seconds for {what}; last seen {seen}")
            time.sleep(0.05)


def _pass_on(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # closed after a kill
        pass
    answers.put(b"")
