"""The note of the newest directory: it only ever rises, and a damaged one is not taken for none."""

from pathlib import Path

import pytest

from console.highest_seen import HighestSeen, HighestSeenUnreadable
from shared.sealing.keys import SigningKey

ROOT = SigningKey.generate().public


def test_nothing_was_seen_at_first(tmp_path: Path) -> None:
    assert HighestSeen(tmp_path / "new", ROOT).version() == 0


def test_the_note_never_goes_back(tmp_path: Path) -> None:
    seen = HighestSeen(tmp_path / "new", ROOT)

    seen.remember(7)
    seen.remember(3)

    assert HighestSeen(tmp_path / "new", ROOT).version() == 7


def test_each_root_has_a_note_of_its_own(tmp_path: Path) -> None:
    HighestSeen(tmp_path, ROOT).remember(7)

    assert HighestSeen(tmp_path, SigningKey.generate().public).version() == 0


def test_a_damaged_note_is_not_taken_for_none(tmp_path: Path) -> None:
    HighestSeen(tmp_path, ROOT).remember(7)
    next(tmp_path.iterdir()).write_text("seven", encoding="ascii")

    with pytest.raises(HighestSeenUnreadable):
        HighestSeen(tmp_path, ROOT).version()
