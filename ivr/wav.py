"""The one kind of sound a telephone carries: 8 kHz, mono, 8-bit µ-law, in WAV. It knows no prompt and no provider.

µ-law by ITU-T G.711; in WAV it is format 7. Python's own wave module reads no such files.
"""

import struct
from collections.abc import Iterator
from typing import Final

SAMPLES_PER_SECOND: Final = 8000
SILENCE: Final = b"\xff"  # µ-law for no pressure at all
LOUDEST: Final = 32124  # of the linear scale, where µ-law ends
_MU_LAW: Final = 7
_BIAS: Final = 0x84


class NotTelephoneAudio(ValueError):
    """The file is not 8 kHz mono µ-law in WAV."""


def write_wav(samples: bytes) -> bytes:
    """A WAV file of these µ-law samples; the same samples, the same file."""
    form = struct.pack("<HHIIHHH", _MU_LAW, 1, SAMPLES_PER_SECOND, SAMPLES_PER_SECOND, 1, 8, 0)
    chunks = _chunk(b"fmt ", form) + _chunk(b"fact", struct.pack("<I", len(samples))) + _chunk(b"data", samples)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def read_wav(file: bytes) -> bytes:
    """The µ-law samples of a WAV file. Raises NotTelephoneAudio."""
    if file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        raise NotTelephoneAudio("not a WAV file")
    chunks = dict(_chunks(file))
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16:
        raise NotTelephoneAudio("a WAV file that does not say what it holds")
    kind, channels, rate = struct.unpack_from("<HHI", form)
    if kind != _MU_LAW or channels != 1 or rate != SAMPLES_PER_SECOND:
        raise NotTelephoneAudio("not 8 kHz, mono, µ-law")
    return samples


def seconds(samples: bytes) -> float:
    """How long these µ-law samples sound."""
    return len(samples) / SAMPLES_PER_SECOND


def loudness(samples: bytes) -> float:
    """The loudest moment, from 0 to 1."""
    return max((_PRESSURES[sample] for sample in set(samples)), default=0) / LOUDEST


def longest_clip(samples: bytes) -> int:
    """How many samples in a row stand at the very loudest: more than one or two is a flattened peak."""
    longest = running = 0
    for sample in samples.translate(_AT_THE_END):
        running = running + 1 if sample else 0
        longest = max(longest, running)
    return longest


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(file):
        (length,) = struct.unpack_from("<I", file, at + 4)
        yield file[at : at + 4], file[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _pressure(sample: int) -> int:
    turned = ~sample & 0x7F
    return (((turned & 0x0F) << 3) + _BIAS << (turned >> 4)) - _BIAS


_PRESSURES: Final = tuple(_pressure(sample) for sample in range(256))
_AT_THE_END: Final = bytes(int(pressure == LOUDEST) for pressure in _PRESSURES)
