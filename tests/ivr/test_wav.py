"""Sound as the telephone carries it."""

import math
import shutil
import struct
import subprocess

import pytest

from ivr.wav import LOUDEST, SILENCE, NotTelephoneAudio, longest_clip, loudness, read_wav, seconds, write_wav

QUIETEST_AND_LOUDEST = bytes((0xFF, 0x80))


def test_what_is_written_is_read_again() -> None:
    for samples in (b"", b"\x12", bytes(range(256))):
        assert read_wav(write_wav(samples)) == samples


def test_a_second_is_eight_thousand_samples() -> None:
    assert seconds(SILENCE * 12_000) == 1.5


def test_loudness_runs_from_nothing_to_all() -> None:
    assert loudness(SILENCE * 80) == 0
    assert loudness(QUIETEST_AND_LOUDEST) == 1
    assert loudness(b"") == 0


def test_samples_are_weighed_as_g711_says() -> None:
    """A few values of ITU-T G.711's table, scaled to 16 bits."""
    for sample, pressure in ((0x80, 32124), (0x8F, 16764), (0x9F, 8316), (0xFE, 8), (0x00, 32124), (0x7F, 0)):
        assert math.isclose(loudness(bytes((sample,))) * LOUDEST, pressure)


def test_a_flattened_peak_is_noticed() -> None:
    assert longest_clip(b"\xff\x80\xff\x00\xff") == 1
    assert longest_clip(b"\xff\x80\x80\x80\xff\x80") == 3


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"ID3 an mp3",
        b"RIFF\x04\0\0\0WAVE",
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16) + b"data\0\0\0\0",
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + struct.pack("<HHIIHH", 7, 2, 8000, 16000, 2, 8) + b"data\0\0\0\0",
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0" + struct.pack("<HHIIHH", 7, 1, 16000, 16000, 1, 8) + b"data\0\0\0\0",
    ],
    ids=["nothing", "mp3", "empty", "16 bits", "stereo", "16 kHz"],
)
def test_what_is_no_telephone_audio_is_refused(file: bytes) -> None:
    with pytest.raises(NotTelephoneAudio):
        read_wav(file)


@pytest.mark.skipif(shutil.which("soxi") is None, reason="sox, which reads what we write, is not installed")
def test_other_programs_read_what_is_written() -> None:
    file = write_wav(bytes(range(256)) * 100 + b"\xff")

    told = subprocess.run(["sox", "-t", "wav", "-", "-t", "ul", "-"], input=file, capture_output=True, check=True)

    assert len(told.stdout) == 25_601
    assert not told.stderr
