"""``candour demo``: an example organisation with two consoles open and a telephone in the terminal, to try it all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

from ivr.commands import options
from ivr.demo import HANDLER, SUPERVISOR, UNIT_NAME, Stage, StageFailed, installed, stop_process

_WHAT_TO_TRY: Final = f"""
Two consoles are open. Sign in to one as the call handler, to the other as the supervisor:

    {HANDLER.name:6} (call handler)   passphrase: {HANDLER.passphrase}
    {SUPERVISOR.name:6} (supervisor)     passphrase: {SUPERVISOR.passphrase}

 1. As {HANDLER.name}, press Available (F2).
 2. Here, press Enter: a telephone rings the line. 1 stays anonymous; then choose, or just wait.
 3. As {HANDLER.name}, answer (Ctrl+Enter). The handset answers by itself. Write the report as you talk.
 4. End the call, choose what it came to, submit the report.
 5. As {SUPERVISOR.name}, open it under "To review", read it, release it.
 6. Here, put the telephone down (q), then u and Enter: the {UNIT_NAME} opens what it was sent,
    and answers "ours".
"""
_ASK: Final = "Enter rings the line, u opens the unit's reports, q ends the demo"


@click.command
@click.argument("folder", type=options.FOLDER, default="candour-demo")
def demo(folder: Path) -> None:
    """Try everything: founds an example organisation in FOLDER (made anew each time) and opens all of it."""
    if not sys.stdin.isatty():
        raise click.ClickException("The demo needs a terminal to ring from. 'make demo HEADLESS=1' plays by itself.")
    _make_room(folder)
    try:
        with Stage(folder, click.echo, os.environ) as stage, ExitStack() as windows:
            stage.found()
            stage.start()
            for player in (HANDLER, SUPERVISOR):
                windows.callback(stop_process, _console(stage, player.name, os.environ))
            click.echo(_WHAT_TO_TRY)
            _play(stage)
    except StageFailed as failure:
        raise click.ClickException(str(failure)) from None


def _make_room(folder: Path) -> None:
    """Remove an earlier demo; anything else of that name stays. Raises click.ClickException."""
    if folder.exists() and not (folder / "passphrases").is_dir() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} holds something else. Name another folder.")
    shutil.rmtree(folder, ignore_errors=True)


def _console(stage: Stage, name: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A console of its own for each player: each remembers the directory it has seen."""
    data = stage.folder / "consoles" / name.lower()
    data.mkdir(parents=True)
    settings = data / "console.toml"
    text = stage.console_settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[console]\ndata_folder = "."\n', encoding="utf-8")
    command = installed("candour-console", ("--settings", settings))
    try:
        return subprocess.Popen(command, env=dict(environ), stderr=subprocess.DEVNULL)  # noqa: S603  # our own command
    except FileNotFoundError:
        raise click.ClickException("The console is not installed here: pip install 'candour[console]'.") from None


def _play(stage: Stage) -> None:
    scenes: dict[str, Callable[[], None]] = {"": lambda: _ring(stage), "u": lambda: _unit_opens(stage)}
    while (chosen := click.prompt(_ASK, default="", show_default=False).strip().lower()) != "q":
        scenes.get(chosen, lambda: None)()


def _ring(stage: Stage) -> None:
    subprocess.run(installed("candour", ("--config", stage.config, "phone")), check=False)  # noqa: S603  # our own command


def _unit_opens(stage: Stage) -> None:
    reports = sorted(stage.outbox.glob("*.candour"))
    if not reports:
        click.echo("Nothing has been delivered yet.")
    for report in reports:
        click.echo(stage.force("open", report))
        click.echo(stage.force("answer", report, "--ours"))
