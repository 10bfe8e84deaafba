"""One call of the night, with console and service killed in it; `make shift` has ten."""

import subprocess
import sys

import pytest


@pytest.mark.timeout(180)
def test_a_call_with_console_and_service_killed_in_it_is_filed_as_it_was() -> None:
    command = [sys.executable, "-m", "tests.shift", "--first", "9", "--calls", "1"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "shift: calls 1, outcomes 1, drafts recovered 0 of 0, lost 0"
