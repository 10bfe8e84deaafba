"""A long stream of bytes sealed to one reader, in pieces, so that none of it need be in memory whole.

It knows nothing of what is in it; docs/operations/backup.md has its format. Whoever reads must reach the end: what came
before a piece that is missing or wrong was only believed for the moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.sealing.canonical import NotCanonical, canonical_json, framed, parse_canonical
from shared.sealing.errors import NotForThisReader, SealingError
from shared.sealing.keys import HPKE_OVERHEAD_BYTES, RandomBytes, ReaderKey, ReaderPublicKey, WrapNotOpened

PIECE_BYTES: Final = 64 * 1024
_MAGIC: Final = b"candour-sealed-stream/1\n"
_LABEL: Final = b"candour/sealed-stream/v1"
_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
_COUNTER_BYTES: Final = 11
_WRAP_BYTES: Final = HPKE_OVERHEAD_BYTES + _KEY_BYTES
_MAX_HEADER: Final = 4096


class StreamMalformed(SealingError):
    words = "This is not a sealed file of this kind, or it is incomplete."


class StreamAltered(SealingError):
    words = "This sealed file was changed, or cut short, after it was made."


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """What anyone may read: what the file is, for which key, and what it says of itself."""

    kind: str
    recipient: str
    about: str

    def to_bytes(self) -> bytes:
        return canonical_json({"kind": self.kind, "recipient": self.recipient, "about": self.about})


def seal_stream(
    source: Iterable[bytes],
    out: BinaryIO,
    kind: str,
    about: str,
    reader: ReaderPublicKey,
    random: RandomBytes = secrets.token_bytes,
) -> None:
    """Seal ``source`` for ``reader``. Raises KeyMalformed for a degenerate key."""
    header = StreamHeader(kind, reader.key_id, about).to_bytes()
    key = random(_KEY_BYTES)
    out.write(_MAGIC + len(header).to_bytes(4, "big") + header)
    out.write(reader.wrap(key, framed(_LABEL, header)))
    cipher = AESGCM(key)
    for counter, (piece, last) in enumerate(_pieces(source)):
        out.write(cipher.encrypt(_nonce(counter, last), piece, header))


def read_header(file: BinaryIO) -> StreamHeader:
    """What the file says of itself, from its beginning. Raises StreamMalformed."""
    try:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StreamMalformed
        length = int.from_bytes(file.read(4), "big")
        document = parse_canonical(file.read(min(length, _MAX_HEADER + 1)), _MAX_HEADER)
    except NotCanonical:
        raise StreamMalformed from None
    if not isinstance(document, dict) or document.keys() != {"kind", "recipient", "about"}:
        raise StreamMalformed
    if not all(isinstance(value, str) for value in document.values()):
        raise StreamMalformed
    return StreamHeader(document["kind"], document["recipient"], document["about"])


def open_stream(file: BinaryIO, header: StreamHeader, reader: ReaderKey) -> Iterator[bytes]:
    """The pieces, after ``read_header``. Raises NotForThisReader, StreamMalformed or StreamAltered."""
    if header.recipient != reader.key_id:
        raise NotForThisReader
    wrap, written = file.read(_WRAP_BYTES), header.to_bytes()
    if len(wrap) != _WRAP_BYTES:
        raise StreamMalformed
    try:
        cipher = AESGCM(reader.unwrap(wrap, framed(_LABEL, written)))
        counter, sealed = 0, file.read(PIECE_BYTES + _TAG_BYTES)
        while True:
            following = file.read(PIECE_BYTES + _TAG_BYTES)
            yield cipher.decrypt(_nonce(counter, not following), sealed, written)
            if not following:
                return
            counter, sealed = counter + 1, following
    except (InvalidTag, WrapNotOpened):
        raise StreamAltered from None


def _pieces(source: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Full pieces, and a last one that is marked so; it may be empty only where everything is."""
    held = bytearray()
    for part in source:
        held += part
        while len(held) > PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES]), False
            del held[:PIECE_BYTES]
    yield bytes(held), True


def _nonce(counter: int, last: bool) -> bytes:
    """Each piece in its place, the last known as the last (STREAM, Hoang and others, 2015)."""
    return counter.to_bytes(_COUNTER_BYTES, "big") + bytes([last])
