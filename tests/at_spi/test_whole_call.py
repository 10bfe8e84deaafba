"""A whole call through the accessibility bus in a real window: every control found by its name and role alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

import pytest

from console.announcing import Announcement
from console.app import FORM
from shared.forms import load_form

HANDS = Path(__file__).with_name("hands.py")
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
DEBIAN_PYTHON = "/usr/bin/python3"
PROGRAMS = ("Xvfb", "openbox", "dbus-daemon")
SECONDS = 120


def missing() -> str:
    """What this machine lacks to open a real window and listen to it; "" if nothing."""
    programs = [name for name in PROGRAMS if shutil.which(name) is None]
    if programs or not LAUNCHER.exists():
        return ", ".join(programs) or "at-spi2-core"
    asked = subprocess.run([DEBIAN_PYTHON, "-c", "import pyatspi"], capture_output=True, check=False)
    return "python3-pyatspi" if asked.returncode else ""


@contextmanager
def running(*command: str, environment: dict[str, str], **pipes: int) -> Iterator[subprocess.Popen[str]]:
    """A program while the block runs; ended by its own process id."""
    started = subprocess.Popen(command, env=environment, text=True, stderr=subprocess.DEVNULL, **pipes)  # type: ignore[call-overload]
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
        for pipe in (started.stdin, started.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def first_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


@contextmanager
def real_window() -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A console on a screen of its own with a session bus, a window manager and the accessibility bus."""
    with ExitStack() as stack:
        plain = {**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "NO_AT_BRIDGE": "0"}
        screen = stack.enter_context(
            running("Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp",
                    environment=plain, stdout=subprocess.PIPE)
        )  # fmt: skip
        shown = {**plain, "DISPLAY": f":{first_line(screen.stdout)}"}
        bus = stack.enter_context(
            running("dbus-daemon", "--session", "--nofork", "--print-address",
                    environment=shown, stdout=subprocess.PIPE)
        )  # fmt: skip
        heard = {**shown, "DBUS_SESSION_BUS_ADDRESS": first_line(bus.stdout)}
        stack.enter_context(running("openbox", environment=heard, stdout=subprocess.DEVNULL))
        stack.enter_context(
            running(str(LAUNCHER), "--launch-immediately", environment=heard, stdout=subprocess.DEVNULL)
        )
        console = stack.enter_context(
            running(sys.executable, "-m", "tests.at_spi.console_window",
                    environment=heard, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        )  # fmt: skip
        yield console, heard


def whole_call() -> list[str]:
    """Everything the hands said, last word last."""
    what = next(field.label for field in load_form(FORM).fields if field.id == "what")
    with real_window() as (console, environment):
        _, name, passphrase = first_line(console.stdout).split(" ", 2)
        command = ("timeout", str(SECONDS), DEBIAN_PYTHON, str(HANDS), name, passphrase, what)
        with running(*command, environment=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hands:
            assert hands.stdout is not None and hands.stdin is not None and console.stdin is not None
            said = []
            for line in hands.stdout:
                said.append(line.strip())
                console.stdin.write(line)
                console.stdin.flush()
                hands.stdin.write(first_line(console.stdout) + "\n")
                hands.stdin.flush()
        return said


@pytest.mark.skipif(bool(missing()), reason=f"a real window needs {missing()}, which this machine has not")
def test_a_whole_call_is_worked_through_a_screen_reader_s_own_way_in() -> None:
    said = whole_call()

    assert said[-1:] == ["a whole call, by name and role alone"], said
    assert "unnamed none" in said
    heard = [line.removeprefix("heard ") for line in said if line.startswith("heard ")]
    assert heard == [Announcement.OFFER, Announcement.CALLER_LEFT]
