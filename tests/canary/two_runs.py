"""The same calls twice, from two numbers: whatever comes of them must be the same, once chance and time are masked.

This sees what no needle can: a slow hash, a checksum, a different branch taken, a longer row.
"""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final
from unittest.mock import patch

from tests.canary.installation import Installation
from tests.canary.needles import Caller
from tests.canary.run import Canary, Ground
from tests.canary.written import tables

# Ids and tokens come from one seed and must be the same. New each time are the moment a line was logged, where an
# object was in memory, and what OpenSSL draws by itself: the keys and the ciphertext of reports.
_CHANCE: Final = (
    (re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"), b"<logged at>"),
    (re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} "), b"<logged at> "),
    (re.compile(rb"\[(?:generated in|cached since) [0-9.]+s(?: ago)?\]"), b"[<took>]"),
    (re.compile(rb"0x[0-9a-f]{8,}"), b"<address>"),
    (re.compile(rb"[A-Za-z0-9_-]{1000,}"), b"<envelope>"),
)
_SEALED: Final = frozenset({"envelope", "wrap", "delivery", "report"})
_SHOWN: Final = 12  # lines of a difference


def differences(
    canary: Canary,
    scenario: Callable[[Installation], None],
    ground: Ground,
    callers: tuple[Caller | None, Caller | None],
) -> list[str]:
    """What differs between two runs of a scenario with the same seed; None withholds the number."""
    first, second = (_artefacts(canary, scenario, ground, caller) for caller in callers)
    found = []
    for place in sorted(first.keys() | second.keys()):
        before, after = first.get(place, b"").split(b"\n"), second.get(place, b"").split(b"\n")
        if before != after:
            lines = difflib.unified_diff([*map(repr, before)], [*map(repr, after)], n=0, lineterm="")
            found.append(f"{place}: " + " ".join(islice(lines, _SHOWN)))
    return found


def _artefacts(
    canary: Canary, scenario: Callable[[Installation], None], ground: Ground, caller: Caller | None
) -> dict[str, bytes]:
    with _one_seed(), canary.installation(ground, caller, withheld=caller is None) as it:
        scenario(it)
        it.forget()
        found = {f"table {name}": _masked_rows(rows, name in _SEALED) for name, rows in tables(it.store)}
        for place, content in canary.written(it, ground):
            if _is_comparable(place):
                found[place] = _masked(content)
    return found


@contextmanager
def _one_seed() -> Iterator[None]:
    """Everything drawn from `secrets`, under whatever name it was bound, comes from one seed."""
    drawn = random.Random(1)
    with patch.object(random, "_urandom", drawn.randbytes):  # what SystemRandom, and so `secrets`, draws from
        yield


def _masked_rows(rows: list[tuple[Any, ...]], sealed: bool) -> bytes:
    """Rows in no order; of sealed values only their length."""
    return b"\n".join(sorted(b" | ".join(_masked_value(value, sealed) for value in row) for row in rows))


def _masked_value(value: object, sealed: bool) -> bytes:
    if isinstance(value, bytes):
        return b"<%d bytes>" % len(value) if sealed else value.hex().encode()
    return _masked(str(value).encode())


def _is_comparable(place: str) -> bool:
    """A database's own files hold pages in any order: its rows are compared instead. Sealed reports are ciphertext."""
    return not place.startswith(("table ", "file candour.db", "file units/", "pg_dump", "PostgreSQL's log"))


def _masked(content: bytes) -> bytes:
    for pattern, mask in _CHANCE:
        content = pattern.sub(mask, content)
    return content
