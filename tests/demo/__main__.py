"""`make demo`: with a screen, everything opens and the terminal says what to try; without one, it plays by itself."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ivr.demo import installed

OUTPUT = Path("demo-output")  # an argument names another folder
SCREEN = (1440, 900)


def main(output: Path) -> int:
    started = time.monotonic()

    def say(words: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:6.2f} s  {words}\n")
        sys.stdout.flush()

    if _has_a_screen():
        return subprocess.run(installed("candour", ("demo", output / "organisation")), check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QT_QPA_PLATFORM"] = offscreen(Path(folder))
        return _headless(output, say)


def _headless(output: Path, say: Callable[[str], None]) -> int:
    import httpx

    from ivr.demo import StageFailed
    from tests.demo.headless import perform
    from tests.demo.person import GaveUp

    try:
        outcome = perform(output, dict(os.environ), say)
    except (GaveUp, StageFailed, httpx.HTTPError) as failure:
        sys.stderr.write(f"demo: failed: {failure}\n")
        return 1
    sys.stdout.write(f"{outcome}\n")
    return 0 if outcome.is_as_promised else 1


def _has_a_screen() -> bool:
    asked_for_none = os.environ.get("HEADLESS", "") not in ("", "0")
    return not asked_for_none and any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def offscreen(folder: Path) -> str:
    """Qt's offscreen platform with a screen large enough for the window."""
    screen = {"name": "demo", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1], "dpr": 1}
    settings = folder / "screen.json"
    settings.write_text(json.dumps({"synchronousWindowSystemEvents": False, "screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={settings}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT))
