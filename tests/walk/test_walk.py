"""Random callers with random faults, each of whom reaches a person or an honest end."""

import subprocess
import sys

import pytest

CALLS, SEED = 2_000, 7


@pytest.mark.timeout(520)
def test_of_two_thousand_random_callers_nobody_is_lost() -> None:
    """In processes of its own: a walk keeps every processor busy."""
    command = [sys.executable, "-m", "tests.walk", "--calls", str(CALLS), "--seed", str(SEED)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)

    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith(f"walk: calls {CALLS}, seed {SEED}, reached a person ")
    assert last.endswith("lost 0, refused TwiML 0")
