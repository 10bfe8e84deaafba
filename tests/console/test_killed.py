"""A console that is killed, as a machine that loses its power would kill it: what it had in hand is there again."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.demo import Player
from tests.shift.handler import Handler
from tests.support.organisation import HANDLER

HERE = Path(__file__).parents[2]


@pytest.fixture
def handler(service: Any, tmp_path: Path) -> Iterator[Handler]:
    settings = tmp_path / "console.toml"
    root = service.organisation.root.public.to_text()
    settings.write_text(f'[service]\nurl = "{service.url}"\nroot_public_key = "{root}"\n', encoding="utf-8")
    player = Player(HANDLER, service.organisation.members[HANDLER].passphrase, "")
    made = Handler(player, settings, tmp_path / "console", {**os.environ, "PYTHONPATH": str(HERE)}, ("--cheap",))
    yield made
    made.kill()


def test_what_was_typed_three_seconds_before_a_kill_is_there_again(handler: Handler, service: Any) -> None:
    handler.open_console()
    handler.ask("press", action="new_report")
    handler.until(lambda seen: seen["open"], "report", "a report to be open")
    handler.ask("type", name="field.what", text="With the service.")
    handler.until(lambda seen: seen["content"]["what"] and not seen["unsaved"], "report", "the first words to be saved")
    service.go_away()
    handler.ask("type", name="field.where", text="While it was away.")
    handler.until(lambda seen: not seen["at_risk"], "report", "the words to be safe", seconds=3.0)

    handler.kill()
    service.come_back()
    handler.open_console()

    expected = {"what": "With the service.", "where": "While it was away."}
    handler.until(lambda seen: expected.items() <= seen["content"].items(), "report", "every word to be there")
