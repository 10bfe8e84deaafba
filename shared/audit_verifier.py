"""Reads the audit log as an outsider would and says what was changed. It shares no code with what writes it.

Written from docs/audit-log.md alone: nothing of the product is imported, so that a fault in the writer, or a change to
it, cannot hide itself here. Checkpoints kept elsewhere show what the log by itself cannot: pages cut off at the end, or
all of it written anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, text

_BEFORE_THE_FIRST: Final = bytes(32)
_PRINTED: Final = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{1,9}) ([0-9a-f]{32})")


class Flaw(StrEnum):
    """What can be wrong with the log."""

    ENTRY_ALTERED = "entry_altered"
    ENTRIES_MISSING_OR_ADDED = "entries_missing_or_added"
    PAGE_ALTERED = "page_altered"
    PAGE_MISSING = "page_missing"
    CUT = "cut"
    OTHER_THAN_WITNESSED = "other_than_witnessed"
    SIGNATURE_WRONG = "signature_wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong on one London day's page."""

    day: date
    flaw: Flaw


@dataclass(frozen=True, slots=True)
class Witness:
    """What the log is known to have been at the end of ``day``: ``entries`` in all, and how the page's digest began.

    ``signer`` is a key id with its ``signature`` over the whole digest; None for a line on paper.
    """

    day: date
    entries: int
    digest: bytes
    signer: str | None = None
    signature: bytes = b""


class NotACheckpoint(ValueError):
    """Neither a checkpoint's file nor the line that the daily summary prints."""


@dataclass(frozen=True, slots=True)
class _Page:
    day: date
    entries: int
    digest: bytes
    previous: bytes


def findings(tx: Connection, elsewhere: Iterable[Witness], trusted: Mapping[str, bytes]) -> list[Finding]:
    """Recompute the whole log; an empty list says that it is what was written.

    ``elsewhere`` are checkpoints kept outside the database; those inside it are read too. ``trusted`` are the public
    keys (32 bytes of Ed25519) by id under which a checkpoint counts.
    """
    pages, entries = _pages(tx), _entries(tx)
    found: list[Finding] = []
    previous = _BEFORE_THE_FIRST
    for page in pages:
        if page.previous != previous:
            found.append(Finding(page.day, Flaw.PAGE_MISSING))
        found += _on_the_page(page, entries.pop(page.day, []))
        previous = page.digest
    found += [Finding(day, Flaw.PAGE_MISSING) for day in sorted(entries)]
    for witness in (*_inside(tx), *elsewhere):
        found += _against(witness, pages, trusted)
    return list(dict.fromkeys(found))


def witness_in_file(written: bytes) -> Witness:
    """A checkpoint as 'candour audit checkpoint' wrote it. Raises NotACheckpoint."""
    try:
        document = json.loads(written)
        if document["candour"] != "audit-checkpoint/1":
            raise NotACheckpoint
        return Witness(
            date.fromisoformat(document["day"]),
            int(document["entries"]),
            bytes.fromhex(document["digest"]),
            str(document["signer"]),
            bytes.fromhex(document["signature"]),
        )
    except (ValueError, KeyError, TypeError):
        raise NotACheckpoint from None


def witness_on_paper(line: str) -> Witness:
    """The line on the daily summary; how its digits are grouped does not matter. Raises NotACheckpoint."""
    day, _, rest = line.strip().partition(" ")
    entries, _, digits = rest.strip().partition(" ")
    shaped = _PRINTED.fullmatch(f"{day} {entries} {''.join(digits.split()).lower()}")
    if shaped is None:
        raise NotACheckpoint
    try:
        return Witness(date.fromisoformat(shaped[1]), int(shaped[2]), bytes.fromhex(shaped[3]))
    except ValueError:
        raise NotACheckpoint from None


def _against(witness: Witness, pages: Sequence[_Page], trusted: Mapping[str, bytes]) -> Iterator[Finding]:
    if witness.signer is not None and not _is_signed(witness, trusted):
        yield Finding(witness.day, Flaw.SIGNATURE_WRONG)
        return
    page = next((page for page in pages if page.day == witness.day), None)
    if page is None:
        yield Finding(witness.day, Flaw.CUT)
        return
    total = sum(one.entries for one in pages if one.day <= witness.day)
    if total != witness.entries or not page.digest.startswith(witness.digest):
        yield Finding(witness.day, Flaw.OTHER_THAN_WITNESSED)


def _is_signed(witness: Witness, trusted: Mapping[str, bytes]) -> bool:
    key = trusted.get(witness.signer or "")
    said = (witness.day.isoformat().encode(), str(witness.entries).encode(), witness.digest)
    if key is None or len(witness.digest) != hashlib.sha256().digest_size:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            witness.signature, _in_frames(b"candour/audit-checkpoint/v1", *said)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _on_the_page(page: _Page, entries: Sequence[Any]) -> Iterator[Finding]:
    kept = [bytes(row.entry_digest) for row in entries]
    if [_of_entry(row) for row in entries] != kept:
        yield Finding(page.day, Flaw.ENTRY_ALTERED)
    if page.entries != len(entries):
        yield Finding(page.day, Flaw.ENTRIES_MISSING_OR_ADDED)
    framed = _in_frames(b"candour/audit-page/v1", page.previous, page.day.isoformat().encode(), *sorted(kept))
    if hashlib.sha256(framed).digest() != page.digest:
        yield Finding(page.day, Flaw.PAGE_ALTERED)


def _of_entry(row: Any) -> bytes:
    said = [str(row.day), row.actor_id, row.verb, row.object_id, row.outcome]
    written = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(_in_frames(b"candour/audit-entry/v1", bytes(row.salt), written)).digest()


def _in_frames(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def _pages(tx: Connection) -> list[_Page]:
    rows = tx.execute(text("SELECT day, entries, digest, previous_digest FROM audit_page ORDER BY day"))
    return [_Page(_day(row.day), row.entries, bytes(row.digest), bytes(row.previous_digest)) for row in rows]


def _entries(tx: Connection) -> dict[date, list[Any]]:
    by_day: dict[date, list[Any]] = {}
    asked = "SELECT day, entry_digest, salt, actor_id, verb, object_id, outcome FROM audit_entry"
    for row in tx.execute(text(asked)):
        by_day.setdefault(_day(row.day), []).append(row)
    return by_day


def _inside(tx: Connection) -> list[Witness]:
    rows = tx.execute(text("SELECT day, entries, digest, signer, signature FROM audit_checkpoint"))
    return [Witness(_day(row.day), row.entries, bytes(row.digest), row.signer, bytes(row.signature)) for row in rows]


def _day(written: object) -> date:
    return date.fromisoformat(str(written))
