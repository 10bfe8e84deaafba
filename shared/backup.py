"""A backup: everything but what is live, sealed to a key that is not on this machine; and putting one back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from shared.sealing.errors import SealingError
from shared.sealing.keys import ReaderKey, ReaderPublicKey
from shared.sealing.sealed_stream import StreamAltered, StreamMalformed, open_stream, read_header, seal_stream
from shared.store.database import Store
from shared.store.dump import DatabaseNotEmpty, DumpMalformed, check_empty, rows_in, rows_out, schema_version

KIND: Final = "candour-backup"


class AnotherVersion(SealingError):
    words = "This backup was made by another version of Candour. Restore it with that version, then upgrade."


class NotIntoThis(SealingError):
    words = "This database is not empty. A backup is restored into a new one."


def write_backup(store: Store, out: BinaryIO, recipient: ReaderPublicKey) -> None:
    """Everything there is at one moment, but for what is live. Raises KeyMalformed."""
    with store.read() as tx:
        # PostgreSQL takes its one look with the first statement, so this order matters.
        lines = rows_out(tx)
        first = next(lines)
        seal_stream(_packed(_led_by(first, lines)), out, KIND, schema_version(tx), recipient)


def read_backup(store: Store, file: BinaryIO, key: ReaderKey) -> int:
    """Put a backup into an empty database of this version, all of it or nothing; how many rows there were.

    Raises NotForThisReader, StreamMalformed, StreamAltered, AnotherVersion or NotIntoThis.
    """
    header = read_header(file)
    if header.kind != KIND:
        raise StreamMalformed
    with store.begin() as tx:
        if header.about != schema_version(tx):
            raise AnotherVersion
        try:
            check_empty(tx)
            return rows_in(tx, _unpacked(open_stream(file, header, key)))
        except DatabaseNotEmpty:
            raise NotIntoThis from None
        except DumpMalformed:
            raise StreamAltered from None


def _led_by(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _packed(lines: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj()
    for line in lines:
        yield packer.compress(line)
    yield packer.flush()


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        for piece in pieces:
            yield unpacker.decompress(piece)
        yield unpacker.flush()
    except zlib.error:
        raise StreamAltered from None
    if not unpacker.eof:
        raise StreamAltered
