"""What the line's own audio says, for whoever follows a call on the local Twilio; and, if wanted, aloud.

The one part of the local Twilio that knows the application by more than its addresses: Twilio itself plays sound and
knows no words. Any other audio is a sound without words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ivr.line.audio import Shelf, audio_name, hashes_of, read_manifest, words_hash
from ivr.line.reading import Piece, reading_list
from ivr.sound import Loudspeaker
from shared.domain.vocabulary import Language

UNKNOWN = "(audio)"


@dataclass(frozen=True, slots=True)
class Played:
    """The words that a sound says, and in which language; UNKNOWN and "" where nobody can tell."""

    words: str
    language: str = ""


def words_played(url: str) -> Played:
    """The words of the audio at an address of the line's."""
    said = [_pieces().get(part) for part in hashes_of(audio_name(url))]
    known = [piece for piece in said if piece is not None]
    if not said or len(known) < len(said):
        return Played(UNKNOWN)
    return Played(_sentence([piece for _, piece in known]), known[0][0])


@cache
def _pieces() -> Mapping[str, tuple[Language, Piece]]:
    """Each piece by the hash of its audio."""
    pieces: dict[str, tuple[Language, Piece]] = {}
    for language in Language:
        wanted = reading_list(language)
        for entry in read_manifest(language):
            piece = wanted.get(entry.piece)
            if piece is not None and entry.words == words_hash(language, piece.words):
                pieces[entry.audio] = (language, piece)
    return pieces


def _sentence(pieces: list[Piece]) -> str:
    """The pieces as they would be written: a name and its key, a full stop."""
    after = [*pieces[1:], None]
    return " ".join(
        piece.words if not piece.listed else f"{piece.words}," if following and following.is_key else f"{piece.words}."
        for piece, following in zip(pieces, after, strict=True)
    )


class Aloud:
    """Follows one call's events and plays what the line plays, cut short where the caller's key cut it short."""

    def __init__(self, shelf: Shelf, loudspeaker: Loudspeaker) -> None:
        self._shelf = shelf
        self._loudspeaker = loudspeaker
        self._words = ""

    def follow(self, event: Mapping[str, Any]) -> None:
        """Take in one event as the simulator's stream gives it."""
        match event.get("kind"):
            case "play":
                self._words = str(event.get("words", ""))
                wav = self._shelf.wav(audio_name(str(event.get("audio", ""))))
                if wav is not None:
                    self._loudspeaker.play(wav)
            case "said" if event.get("words") != self._words:
                self._loudspeaker.stop()
            case "state" if event.get("state") == "ended":
                self._loudspeaker.stop()
            case _:  # the simulator's own kinds, open to growth: not one of our unions
                pass


Follower = Callable[[Mapping[str, Any]], None]


def silently(_event: Mapping[str, Any]) -> None:
    """Follows a call without a sound."""
