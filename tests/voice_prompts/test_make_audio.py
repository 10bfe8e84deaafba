"""Audio made from the words: only what is missing, the same every time, and never over a person's voice."""

import shutil
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.line.audio import MANIFEST, Entry, Source, audio_hash, manifest_text, read_manifest, samples_of
from ivr.line.audio_check import prompts_of, unfit
from ivr.line.reading import Piece, reading_list
from ivr.wav import read_wav, seconds
from shared.domain.vocabulary import Language
from voice_prompts import make_audio
from voice_prompts.make_audio import FOLDER, SoundUnfit, ToolMissing, make, put_recording, speak

EN = Language.EN
LEAVING = reading_list(EN)["leaving"]

needs_voices = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are not installed"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the English prompts' audio, all of it as if a machine had made it."""
    shutil.copytree(FOLDER / EN, tmp_path / EN)
    entries = [replace(entry, source=Source.SYNTHETIC) for entry in read_manifest(EN)]
    (tmp_path / EN / MANIFEST).write_text(manifest_text(entries), encoding="utf-8")
    return tmp_path


def a_recording(long: float = 1.0, loud: float = 0.5) -> bytes:
    """A 16-bit WAV file at 44.1 kHz, as a studio would send it: a buzz with half a second of quiet at each end."""
    quiet = [0] * 22_050
    buzz = [int(32767 * loud * (1 if (at // 50) % 2 else -1)) for at in range(int(long * 44_100))]
    data = struct.pack(f"<{len(buzz) + 2 * len(quiet)}h", *quiet, *buzz, *quiet)
    head = struct.pack("<HHIIHH", 1, 1, 44_100, 88_200, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / EN).iterdir()}


def test_nothing_is_made_again_that_is_there(folder: Path) -> None:
    before = written(folder)

    assert list(make(EN, folder)) == []
    assert written(folder) == before


@needs_voices
def test_what_is_missing_or_says_other_words_is_made(folder: Path) -> None:
    (folder / EN / "leaving.wav").unlink()
    (folder / EN / "who.wav").write_bytes((folder / EN / "danger.wav").read_bytes())
    other = [entry for entry in read_manifest(EN, folder) if entry.piece != "key.1"]
    (folder / EN / MANIFEST).write_text(manifest_text(other), encoding="utf-8")

    told = list(make(EN, folder))

    assert [line.partition(":")[0] for line in told] == ["en-GB who", "en-GB leaving", "en-GB key.1"]
    assert not [prompt.wrong for prompt in prompts_of(EN, folder=folder) if prompt.wrong]


def test_what_is_no_longer_said_is_removed(folder: Path) -> None:
    shutil.copy(folder / EN / "who.wav", folder / EN / "forgotten.wav")
    entries = [*read_manifest(EN, folder), Entry("forgotten", "0", Source.SYNTHETIC, "x", 1.0, "0")]
    (folder / EN / MANIFEST).write_text(manifest_text(entries), encoding="utf-8")

    told = list(make(EN, folder))

    assert told == ["en-GB forgotten: no longer said; removed."]
    assert not (folder / EN / "forgotten.wav").exists()
    assert "forgotten" not in {entry.piece for entry in read_manifest(EN, folder)}


@needs_voices
@pytest.mark.parametrize("language", Language)
def test_the_same_words_give_the_same_sound_and_it_is_fit(language: Language) -> None:
    piece = reading_list(language)["leaving"]

    first, second = speak(language, piece), speak(language, piece)

    assert first == second
    assert unfit(first, piece.words) == ""


@needs_voices
def test_a_recording_of_any_form_is_made_fit_for_the_telephone(folder: Path) -> None:
    entry = put_recording(EN, LEAVING, a_recording(), "The reader", folder)

    samples = read_wav((folder / EN / "leaving.wav").read_bytes())
    assert seconds(samples) == pytest.approx(1.27, abs=0.05)  # the quiet at its ends is cut
    assert (entry.source, entry.reader, entry.audio) == (Source.RECORDING, "The reader", audio_hash(samples))
    assert samples_of(EN, entry, folder) == samples
    assert entry in read_manifest(EN, folder)
    assert len(read_manifest(EN, folder)) == len(reading_list(EN))


@needs_voices
def test_a_recording_is_never_made_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = put_recording(EN, LEAVING, a_recording(), "The reader", folder)
    reworded = {**reading_list(EN), "leaving": Piece("leaving", "leaving", "Farewell.", "r", "n", ends=True)}
    monkeypatch.setattr(make_audio, "reading_list", lambda _language: reworded)

    told = list(make(EN, folder))

    assert told == ["en-GB leaving: the recording says other words now; it wants reading again."]
    assert entry in read_manifest(EN, folder)
    assert samples_of(EN, entry, folder) is not None


@needs_voices
@pytest.mark.parametrize(
    ("wav", "why"),
    [
        (b"no sound", "no sound that sox can read"),
        (a_recording(loud=0.0), "silent"),
        (a_recording(long=9.0), "not likely for these words"),
    ],
    ids=["no sound", "silent", "too long"],
)
def test_what_cannot_be_the_words_is_not_taken(folder: Path, wav: bytes, why: str) -> None:
    before = written(folder)

    with pytest.raises(SoundUnfit, match=why):
        put_recording(EN, LEAVING, wav, "The reader", folder)

    assert written(folder) == before


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolMissing, match="espeak-ng"):
        speak(EN, LEAVING)
