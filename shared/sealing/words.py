"""Bytes as plain words, to be read aloud over a telephone or written on paper: one word for each byte."""

from __future__ import annotations

import hashlib
from typing import Final

from shared.sealing.errors import SealingError

CHECK_WORDS: Final = 2

# 256 everyday words of four to seven letters, in order, no two of which begin with the same three.
_LIST: Final = """
    acorn adult agent alarm amber angle apple apron arch artist aspen atlas attic autumn award bacon badge baker
    banjo barrel basket beach bedroom bench berry birch bishop blanket bonnet border bottle boulder bracket bread
    bridge broom bucket bugle bundle butter cabin cactus camel candle carrot castle cattle cedar cellar cement
    chalk cherry chimney circus clay clock coast cobalt coffee colour comet copper cotton cousin crane crocus
    crumb cuckoo curtain daisy dancer dentist desert diamond dinner doctor dolphin donkey dragon drum duchess dune
    eagle easel echo elbow elder ember engine estate evening fabric falcon farmer feather fence ferry fiddle
    finger flag fleece flute folder forest fossil freckle frost funnel furrow gable galley garden gazebo gentle
    giant ginger glacier glove goblet gorse gravel grocer guitar hamlet handle harbour hazel hedge helmet heron
    hollow honey hotel hunter icicle igloo indigo inkwell island ivory jacket jasmine jelly jigsaw joiner judge
    jumper jungle kayak kennel kettle kitchen kiwi knight label ladder lagoon lantern lawn lemon letter lilac
    linen lizard lobster locket lorry lumber lunch magnet mallet mango marble meadow melon mirror mitten model
    monkey mosaic mural museum napkin needle nettle nickel noodle nutmeg oaken oasis object ocean office olive
    onion orchid otter oyster paddle palace parrot pebble pencil pepper piano pickle pigeon pillow pirate planet
    pocket poplar postman potato prism pudding puzzle quarry quill rabbit radio raven ribbon river rocket rudder
    saddle salmon sandal satchel scarf school season shadow silver sketch slipper snail soldier spade stable
    summer table teapot thistle tiger toffee tractor tulip tunnel velvet village walnut whistle window zebra
"""
WORDS: Final = tuple(_LIST.split())

_NUMBER: Final = {word: number for number, word in enumerate(WORDS)}


class WordsWrong(SealingError):
    words = "These are not the words that were written down: see that each is there, in its place and spelt as it was."


def in_words(raw: bytes) -> tuple[str, ...]:
    """A word for each byte."""
    return tuple(WORDS[byte] for byte in raw)


def lines_of_four(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words as they are read aloud, four to a line."""
    return tuple(" ".join(words[start : start + 4]) for start in range(0, len(words), 4))


def on_paper(secret: bytes) -> tuple[str, ...]:
    """A secret in words, with CHECK_WORDS more that tell when one was copied wrongly."""
    return in_words(secret + _check(secret))


def from_paper(written: str, length: int) -> bytes:
    """The secret of ``length`` bytes again; capitals, commas and lines do not matter. Raises WordsWrong."""
    found = written.replace(",", " ").lower().split()
    if len(found) != length + CHECK_WORDS or not all(word in _NUMBER for word in found):
        raise WordsWrong
    raw = bytes(_NUMBER[word] for word in found)
    if _check(raw[:length]) != raw[length:]:
        raise WordsWrong
    return raw[:length]


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"candour/paper-check/v1" + secret).digest()[:CHECK_WORDS]
