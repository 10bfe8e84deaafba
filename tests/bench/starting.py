"""How long the console's command takes to its sign-in screen, against an empty window of the same toolkit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from shared.sealing.keys import SigningKey
from tests.bench.figures import Compared, Effort, Measure, RatioAtMost, Row, Unit, compared, in_turn

_ROOT: Final = Path(__file__).resolve().parents[2]
_MOST_ROUNDS: Final = 15
_END_SECONDS: Final = 30.0


def _starting(effort: Effort) -> tuple[Compared, ...]:
    with TemporaryDirectory(prefix="candour-bench-") as folder:
        settings = Path(folder) / "console.toml"
        settings.write_text(_settings(), encoding="utf-8")
        compiled = str(Path(folder) / "compiled")
        sides = {
            "console": lambda: _started(compiled, "console", str(settings)),
            "empty": lambda: _started(compiled, "empty"),
        }
        for side in sides.values():
            side()  # so that neither reads from a cold disk, and both are compiled, as what is installed is
        times = in_turn(sides, min(_MOST_ROUNDS, effort.rounds))
    return (compared(times["console"], times["empty"]),)


def _settings() -> str:
    root = SigningKey.generate().public.to_text()
    return f'[service]\nurl = "http://127.0.0.1:9"\nroot_public_key = "{root}"\n[console]\ndata_folder = "kept"\n'


def _started(compiled: str, *arguments: str) -> float:
    """Milliseconds from starting the process until its window was drawn. `compiled` keeps what was compiled."""
    command = [sys.executable, "-m", "tests.bench.first_paint", *arguments]
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **kept}
    begun = perf_counter()
    with subprocess.Popen(
        command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as started:
        assert started.stdout is not None
        said = started.stdout.readline()
        taken = perf_counter() - begun
        started.wait(_END_SECONDS)
    if said.strip() != "painted":
        raise ChildProcessError("the window was never drawn")
    return taken * 1000


STARTING: Final = Measure(
    "starting",
    (Row("starting", "console to its sign-in screen", "an empty window", Unit.MILLISECONDS, RatioAtMost(2.2)),),
    _starting,
)
