"""The console opens on its sign-in at once, loads the rest behind it, and says a sentence where it cannot open."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.appearance import Appearance
from console.front import make_front
from console.opening import NO_DISPLAY, Opening
from console.settings import ConsoleSettings
from shared.sealing.keys import SigningKey
from tests.support.organisation import HANDLER, SUPERVISOR

# What the sign-in screen can do without, and what takes longest to load.
LATER = {"pydantic", "shared.messages", "shared.forms", "console.app", "console.keyring", "PySide6.QtNetwork"}


@pytest.fixture
def settings(tmp_path: Path) -> ConsoleSettings:
    return ConsoleSettings("http://127.0.0.1:9", SigningKey.generate().public, tmp_path)


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "console.toml"
    root = SigningKey.generate().public.to_text()
    path.write_text(f'[service]\nurl = "http://127.0.0.1:9"\nroot_public_key = "{root}"\n', "utf-8")
    return path


def test_the_sign_in_screen_loads_nothing_it_does_not_need() -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, console.front, console.opening; print({LATER} & sys.modules.keys())"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert said.stdout.strip() == "set()"


def test_the_desk_is_put_behind_the_sign_in_that_stands(qapp: Any, qtbot: Any, settings: ConsoleSettings) -> None:
    front = make_front(Appearance())
    front.window.show_sign_in()
    opening = Opening(front, settings)

    with qtbot.waitSignal(opening.opened, timeout=10_000):
        opening.begin()

    assert opening.console is not None and opening.console.window is front.window
    opening.console.close()
    front.window.deleteLater()


def test_who_is_quicker_than_the_loading_is_signed_in_when_it_is_done(
    qapp: Any, qtbot: Any, settings: ConsoleSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = make_front(Appearance())
    opening = Opening(front, settings)
    begun: list[tuple[str, str]] = []
    monkeypatch.setattr("console.sign_in.SigningIn.begin", lambda _, name, passphrase: begun.append((name, passphrase)))

    front.window.sign_in.asked.emit("Asha", "three words and more")
    with qtbot.waitSignal(opening.opened, timeout=10_000):
        opening.begin()

    assert begun == [("Asha", "three words and more")]
    assert opening.console is not None
    opening.console.close()
    front.window.deleteLater()


@pytest.mark.parametrize("platform", ["xcb", "wayland", "no-such-platform"])
def test_a_machine_without_a_screen_gets_a_sentence(settings_file: Path, platform: str) -> None:
    blind = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}

    ended = subprocess.run(
        [sys.executable, "-m", "console.opening", "--settings", str(settings_file)],
        capture_output=True,
        text=True,
        env={**blind, "QT_QPA_PLATFORM": platform, "XDG_DATA_HOME": str(settings_file.parent)},
        timeout=30,
    )

    assert (ended.returncode, ended.stderr) == (2, NO_DISPLAY)


def test_two_people_s_windows_can_be_told_apart_and_say_no_more(
    signed_in: Callable[..., Any], service: Any, control: Callable[..., Any], qtbot: Any
) -> None:
    titles = [signed_in(name).window.windowTitle() for name in (HANDLER, SUPERVISOR)]

    assert titles == [f"Candour \N{EN DASH} {HANDLER}", f"Candour \N{EN DASH} {SUPERVISOR}"]


def test_the_title_forgets_who_signed_out(signed_in: Callable[..., Any]) -> None:
    console = signed_in(HANDLER)

    console.signing_in.end()

    assert console.window.windowTitle() == "Candour"
