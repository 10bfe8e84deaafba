"""Makes the prompts' audio from their words with a machine's voice, so that the line can be tried and timed.

`make prompts` runs it. Only what is missing or says other words is made; a person's recording is never touched. What it
makes is for development: callers hear recordings or the provider's voices unless the configuration says otherwise.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ivr.line.audio import (
    MANIFEST,
    Entry,
    Source,
    audio_hash,
    manifest_text,
    read_manifest,
    samples_of,
    words_hash,
)
from ivr.line.audio_check import unfit
from ivr.line.reading import Piece, reading_list
from ivr.wav import seconds, write_wav
from shared.domain.vocabulary import Language

FOLDER: Final = Path(__file__).parent
# eSpeak NG's voice and its speeds for sentences, and for names and keys, which are short and stand between pauses: with
# these it says 150 words a minute or a little less, pauses among them.
VOICES: Final = {Language.EN: ("en-gb", 133, 170), Language.CY: ("cy", 150, 190)}
BEFORE: Final = 0.02  # seconds of quiet
AFTER_A_NAME: Final = 0.08
AFTER_A_SENTENCE: Final = 0.25


class ToolMissing(Exception):
    """A program that makes sound is not installed."""


class SoundUnfit(Exception):
    """What was given cannot be heard as the words it is to say."""


def make(language: Language, folder: Path = FOLDER) -> Iterator[str]:
    """Make what is missing in a language; yields a sentence for each piece made, removed or in need of a reader."""
    wanted = reading_list(language)
    there = {entry.piece: entry for entry in read_manifest(language, folder)}
    (folder / language).mkdir(exist_ok=True)
    entries = []
    for piece in wanted.values():
        entry = there.get(piece.id)
        if entry is not None and entry.source is Source.RECORDING:
            if entry.words != words_hash(language, piece.words):
                yield f"{language} {piece.id}: the recording says other words now; it wants reading again."
        elif entry is None or not _says(language, entry, piece, folder):
            entry = _synthesised(language, piece, folder)
            yield f"{language} {piece.id}: made, {entry.seconds:.1f} s."
        entries.append(entry)
    yield from _removed(language, there, wanted, folder)
    (folder / language / MANIFEST).write_text(manifest_text(entries), encoding="utf-8")


def _says(language: Language, entry: Entry, piece: Piece, folder: Path) -> bool:
    return entry.words == words_hash(language, piece.words) and samples_of(language, entry, folder) is not None


def _synthesised(language: Language, piece: Piece, folder: Path) -> Entry:
    return _put(language, piece, speak(language, piece), Source.SYNTHETIC, f"espeak-ng {VOICES[language][0]}", folder)


def put_recording(language: Language, piece: Piece, wav: bytes, reader: str, folder: Path = FOLDER) -> Entry:
    """Put a person's recording of a piece in place of whatever there is. Raises SoundUnfit or ToolMissing."""
    try:
        samples = to_telephone(wav, piece)
    except subprocess.CalledProcessError:
        raise SoundUnfit("it is no sound that sox can read") from None
    wrong = unfit(samples, piece.words)
    if wrong:
        raise SoundUnfit(wrong)
    entry = _put(language, piece, samples, Source.RECORDING, reader, folder)
    others = [other for other in read_manifest(language, folder) if other.piece != piece.id]
    (folder / language / MANIFEST).write_text(manifest_text([*others, entry]), encoding="utf-8")
    return entry


def _put(language: Language, piece: Piece, samples: bytes, source: Source, reader: str, folder: Path) -> Entry:
    (folder / language / f"{piece.id}.wav").write_bytes(write_wav(samples))
    words, long = words_hash(language, piece.words), round(seconds(samples), 2)
    return Entry(piece.id, words, source, reader, long, audio_hash(samples))


def _removed(
    language: Language, there: Mapping[str, Entry], wanted: Mapping[str, Piece], folder: Path
) -> Iterator[str]:
    for name in there.keys() - wanted.keys():
        (folder / language / f"{name}.wav").unlink(missing_ok=True)
        yield f"{language} {name}: no longer said; removed."


def speak(language: Language, piece: Piece) -> bytes:
    """A piece's words in the machine's voice, as µ-law samples. The same words give the same samples."""
    voice, sentences, names = VOICES[language]
    speed = names if piece.listed else sentences
    return to_telephone(_run(["espeak-ng", "-v", voice, "-s", str(speed), "-z", "--stdout", piece.words]), piece)


def to_telephone(wav: bytes, piece: Piece) -> bytes:
    """A WAV file of any kind that sox knows as µ-law samples: no quiet at the ends, evenly loud, never clipped."""
    after = AFTER_A_SENTENCE if piece.ends else AFTER_A_NAME
    quiet = ["silence", "1", "0.02", "0.4%"]
    return _run(
        [
            *("sox", "-D", "-R", "-t", "wav", "-", "-t", "ul", "-r", "8000", "-c", "1", "-"),
            *("highpass", "200", "rate", "-v", "8000", *quiet, "reverse", *quiet, "reverse"),
            *("norm", "-3", "pad", str(BEFORE), str(after)),
        ],
        wav,
    )


def _run(command: list[str], given: bytes = b"") -> bytes:
    """What a program of Debian's makes of what it is given. Raises ToolMissing, or CalledProcessError."""
    if shutil.which(command[0]) is None:
        raise ToolMissing(command[0])
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout  # noqa: S603 -- no shell


def main() -> int:
    """Make all of it; 1 where a program is missing."""
    try:
        for told in (line for language in Language for line in make(language)):
            sys.stdout.write(f"{told}\n")
    except ToolMissing as missing:
        sys.stderr.write(f"{missing} is not installed; Debian has it.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
