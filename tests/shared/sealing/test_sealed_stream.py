"""A long stream sealed in pieces: whole for its reader, and refused when anything of it is other than it was."""

import io
from collections.abc import Iterable

import pytest

from shared.sealing.errors import NotForThisReader
from shared.sealing.keys import ReaderKey
from shared.sealing.sealed_stream import (
    PIECE_BYTES,
    StreamAltered,
    StreamMalformed,
    open_stream,
    read_header,
    seal_stream,
)

READER = ReaderKey.generate()
SEALED_PIECE = PIECE_BYTES + 16


def sealed(parts: Iterable[bytes]) -> bytes:
    out = io.BytesIO()
    seal_stream(parts, out, "test", "version 1", READER.public)
    return out.getvalue()


def opened(written: bytes, reader: ReaderKey = READER) -> bytes:
    file = io.BytesIO(written)
    return b"".join(open_stream(file, read_header(file), reader))


@pytest.mark.parametrize("length", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_what_is_sealed_is_opened_whole(length: int) -> None:
    content = bytes(length)

    assert opened(sealed([content])) == content
    assert opened(sealed([content[:7], content[7:]])) == content


def test_nobody_else_opens_it() -> None:
    with pytest.raises(NotForThisReader):
        opened(sealed([b"words"]), ReaderKey.generate())


def test_pieces_cut_off_exchanged_or_doubled_are_refused() -> None:
    written = sealed([bytes(3 * PIECE_BYTES - 5)])
    start = len(written) - (3 * SEALED_PIECE - 5)
    head, first, second, third = (
        written[:start],
        written[start : start + SEALED_PIECE],
        written[start + SEALED_PIECE : start + 2 * SEALED_PIECE],
        written[start + 2 * SEALED_PIECE :],
    )

    for pieces in ((first, second), (first,), (second, first, third), (first, third), (first, second, second, third)):
        with pytest.raises(StreamAltered):
            opened(head + b"".join(pieces))
    assert opened(head + first + second + third) == bytes(3 * PIECE_BYTES - 5)


def test_every_byte_counts() -> None:
    written = sealed([b"words"])

    for at in range(len(written)):
        changed = written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :]
        with pytest.raises((StreamAltered, StreamMalformed, NotForThisReader)):
            opened(changed)


def test_what_is_cut_anywhere_is_refused() -> None:
    written = sealed([b"words"])

    for length in range(0, len(written), 7):
        with pytest.raises((StreamAltered, StreamMalformed)):
            opened(written[:length])
