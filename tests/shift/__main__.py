"""`make shift`: ten calls in one night, with kills between; `--first 9 --calls 1` for one of them."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import httpx

from ivr.demo import HANDLER, StageFailed
from tests.demo.__main__ import offscreen
from tests.demo.person import GaveUp
from tests.shift.handler import Handler
from tests.shift.night import NIGHT, Night
from tests.shift.service import MortalStage


def _write_outcomes_at_once(config: Path) -> None:
    """What the night came to is counted at its end, without a minute's wait."""
    written = config.read_text(encoding="utf-8")
    config.write_text(written.replace("[desk]\n", "[desk]\nundo_seconds = 0\n", 1), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Returns 0 where nothing was lost."""
    parser = argparse.ArgumentParser(prog="make shift")
    parser.add_argument("--calls", type=int, default=len(NIGHT), help=f"how many of the {len(NIGHT)} calls")
    parser.add_argument("--first", type=int, default=1, help="which of them is the first")
    asked = parser.parse_args(arguments)
    calls = NIGHT[asked.first - 1 :][: asked.calls]
    started = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:6.2f} s  {words}\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="candour-shift-") as folder:
        environ = {**os.environ, "QT_QPA_PLATFORM": offscreen(Path(folder))}
        try:
            with MortalStage(Path(folder) / "organisation", say, environ) as stage:
                stage.found()
                _write_outcomes_at_once(stage.config)
                stage.start()
                handler = Handler(HANDLER, stage.console_settings, Path(folder) / "console", environ)
                try:
                    outcome = Night(stage, handler, say).run(calls)
                finally:
                    handler.kill()
        except (GaveUp, StageFailed, httpx.HTTPError) as failure:
            sys.stderr.write(f"shift: failed: {failure}\n")
            return 1
    sys.stdout.write(f"{outcome}\n")
    return 0 if outcome.is_as_promised else 1


if __name__ == "__main__":
    sys.exit(main())
