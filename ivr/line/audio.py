"""The prompts as sound: which file says which words, and what is served of them. Knows no menu, TwiML or HTTP.

A file is found by the words it says, so a prompt whose words were changed is never played as it was.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from string import Formatter
from types import MappingProxyType
from typing import Final

from ivr.wav import NotTelephoneAudio, read_wav, write_wav
from shared.domain.vocabulary import Language

MANIFEST: Final = "manifest.csv"
AUDIO: Final = "/voice/audio/"  # where it is fetched, below the line's public address
MOST_PIECES: Final = 40  # of one utterance; the longest list has half as many
_BETWEEN: Final = "-"
_HASH_DIGITS: Final = 16


class ManifestMalformed(Exception):
    """A manifest is not one that was written here: it was edited by hand, or is of another version."""


class Source(StrEnum):
    """Where a file comes from: a person's voice, or a machine's."""

    RECORDING = "recording"
    SYNTHETIC = "synthetic"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a language's manifest: `piece` is the file's name, `words` and `audio` are hashes.

    `reader` says whose voice it is, for people; `seconds` is how long it sounds.
    """

    piece: str
    words: str
    source: Source
    reader: str
    seconds: float
    audio: str


def words_hash(language: Language, words: str) -> str:
    """Names what a file says: the same words in the same language, the same name."""
    return _digest(f"{language}\n{words}".encode())


def audio_hash(samples: bytes) -> str:
    """Names a file by its sound, as its address does."""
    return _digest(samples)


def pieces(template: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a prompt as they are recorded: what is written around its {values}, and each value, in order."""
    return tuple(words or values[name] for words, name in template_parts(template))


@lru_cache(maxsize=512)  # more than there are prompts, in both languages
def template_parts(template: str) -> tuple[tuple[str, str], ...]:
    """A prompt taken apart: (words, "") for what is written in it, ("", name) for each {name}."""
    parts: list[tuple[str, str]] = []
    for written, name, _, _ in Formatter().parse(template):
        words = written.strip().lstrip(".,;: ")
        if re.search(r"\w", words):
            parts.append((words, ""))
        if name is not None:
            parts.append(("", name))
    return tuple(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The files that may be played: samples by audio hash, and the audio hash by the hash of the words."""

    samples: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    spoken: Mapping[str, str] = field(default_factory=dict, repr=False)

    def name(self, language: Language, said: tuple[str, ...]) -> str | None:
        """The name of the audio that says these pieces one after the other; None if one of them has no file."""
        if not self.spoken:
            return None
        found = [self.spoken.get(words_hash(language, words)) for words in said]
        return _BETWEEN.join(filter(None, found)) if found and all(found) else None

    def take(self, name: str) -> bytes | None:
        """The samples of audio by its name; None for what is not on the shelf."""
        hashes = hashes_of(name)
        if len(hashes) > MOST_PIECES or not all(part in self.samples for part in hashes):
            return None
        return b"".join(self.samples[part] for part in hashes)

    def wav(self, name: str) -> bytes | None:
        """As take, as a WAV file."""
        samples = self.take(name)
        return None if samples is None else write_wav(samples)


def audio_url(public_url: str, name: str) -> str:
    """Where the audio of this name is fetched; the address changes whenever the sound does."""
    return f"{public_url.rstrip('/')}{AUDIO}{name}.wav"


def audio_name(url: str) -> str:
    """The name of the audio at an address that audio_url gave; "" for any other."""
    found = re.search(rf"{AUDIO}([0-9a-f{_BETWEEN}]+)\.wav$", url)
    return found[1] if found else ""


def hashes_of(name: str) -> list[str]:
    """The hashes of the files that audio of this name is put together from."""
    return name.split(_BETWEEN)


def load_shelf(sources: Iterable[Source], folder: Traversable | None = None) -> Shelf:
    """The files of these sources in voice_prompts/.

    What is missing or not as its manifest says is left out, for then a voice of Twilio's speaks: no call is lost by it.
    """
    wanted, spoken, samples = frozenset(sources), {}, {}
    for language in Language:
        for entry in _readable(language, folder):
            found = samples_of(language, entry, folder) if entry.source in wanted else None
            if found is not None:
                samples[entry.audio] = found
                spoken[entry.words] = entry.audio
    return Shelf(MappingProxyType(samples), MappingProxyType(spoken))


def samples_of(language: Language, entry: Entry, folder: Traversable | None = None) -> bytes | None:
    """A file's samples; None if it is not there or not the one that the manifest tells of."""
    try:
        samples = read_wav(_language(language, folder).joinpath(f"{entry.piece}.wav").read_bytes())
    except (FileNotFoundError, NotTelephoneAudio):
        return None
    return samples if audio_hash(samples) == entry.audio else None


def read_manifest(language: Language, folder: Traversable | None = None) -> tuple[Entry, ...]:
    """What there is in a language, by piece; nothing where there is no manifest. Raises ManifestMalformed."""
    manifest = _language(language, folder).joinpath(MANIFEST)
    if not manifest.is_file():
        return ()
    try:
        return tuple(map(_entry, csv.DictReader(StringIO(manifest.read_text(encoding="utf-8")))))
    except (KeyError, TypeError, ValueError) as wrong:
        raise ManifestMalformed(f"{language}/{MANIFEST} cannot be read ({wrong})") from wrong


def _entry(row: Mapping[str, str]) -> Entry:
    source, seconds = Source(row["source"]), float(row["seconds"])
    return Entry(row["piece"], row["words"], source, row["reader"], seconds, row["audio"])


def _readable(language: Language, folder: Traversable | None) -> tuple[Entry, ...]:
    try:
        return read_manifest(language, folder)
    except ManifestMalformed:
        return ()


def manifest_text(entries: Iterable[Entry]) -> str:
    """A manifest as it is written: by piece, so that a change shows as a change of its line."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in fields(Entry))
    writer.writerows(astuple(entry) for entry in sorted(entries, key=lambda entry: entry.piece))
    return text.getvalue()


def _language(language: Language, folder: Traversable | None) -> Traversable:
    return (folder or files("voice_prompts")).joinpath(language.value)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]
