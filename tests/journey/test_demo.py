"""The demo, as anyone runs it: real processes, real consoles offscreen, and the number that rang found nowhere."""

import os
import subprocess
import sys
from pathlib import Path

PROMISED = "demo: calls answered 1, reports delivered 1, receipts verified 1, traces of the caller's number 0"
PICTURES = ["1-sign-in", "2-nobody-waits", "3-offer", "4-call-and-report", "5-handed-in", "6-review"]


def test_the_demo_brings_one_call_from_the_telephone_to_the_force(tmp_path: Path) -> None:
    output = tmp_path / "demo"

    done = subprocess.run(
        [sys.executable, "-m", "tests.demo", output],
        env={**os.environ, "HEADLESS": "1"}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == PROMISED
    assert sorted(path.stem for path in output.glob("*.png")) == PICTURES
    assert "OFFICIAL-SENSITIVE" in (output / "opened-report.txt").read_text(encoding="utf-8")
    assert "calls,day,answered,1" in (output / "figures.csv").read_text(encoding="utf-8")
