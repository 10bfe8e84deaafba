"""The loudspeaker, with programs standing in for it."""

import sys
import time
from pathlib import Path

import pytest

from ivr.sound import Loudspeaker, NoSound, player
from ivr.wav import write_wav

WAV = write_wav(b"\x10" * 80)


def program(*lines: str) -> tuple[str, ...]:
    """A player: it gets the file's name as its last argument."""
    return (sys.executable, "-c", "\n".join(("import sys, time, pathlib", *lines)))


def test_it_gets_the_sound_to_play(tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    copy = program(f"pathlib.Path({str(heard)!r}).write_bytes(pathlib.Path(sys.argv[1]).read_bytes())")
    loudspeaker = Loudspeaker(copy)

    loudspeaker.play(WAV)
    loudspeaker.finish()
    loudspeaker.close()

    assert heard.read_bytes() == WAV


def test_without_a_sound_device_it_says_so() -> None:
    loudspeaker = Loudspeaker(program("sys.exit(1)"))
    loudspeaker.play(WAV)

    with pytest.raises(NoSound, match="is there a sound device"):
        loudspeaker.finish()
    loudspeaker.close()


def test_it_can_be_tried_out_before_anything_is_played() -> None:
    good, bad = Loudspeaker(program("")), Loudspeaker(program("sys.exit(1)"))

    good.try_out()
    with pytest.raises(NoSound):
        bad.try_out()
    good.close()
    bad.close()


def test_it_can_be_cut_short() -> None:
    loudspeaker = Loudspeaker(program("time.sleep(60)"))
    began = time.monotonic()
    loudspeaker.play(WAV)

    loudspeaker.close()

    assert time.monotonic() - began < 10


def test_without_any_program_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoSound, match="alsa-utils"):
        player()
    with pytest.raises(NoSound):
        Loudspeaker()


def test_the_first_program_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("aplay", "play"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert player() == ("aplay", "-q")
    (tmp_path / "aplay").unlink()
    assert player() == ("play", "-q")
