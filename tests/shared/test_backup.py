"""Backups: what is in one, who can open it, and that a restore gives back just that, into either database."""

from __future__ import annotations

import base64
import io
import secrets
import zlib
from typing import Any

import pytest
from sqlalchemy import insert, select

from shared import audit
from shared.audit_signers import signers
from shared.audit_verifier import findings
from shared.backup import AnotherVersion, NotIntoThis, read_backup, write_backup
from shared.domain import reports
from shared.domain.london import london_day
from shared.domain.people import current_directory
from shared.domain.vocabulary import CallState, Category, EndedBy, Language, Mode
from shared.sealing.errors import NotForThisReader
from shared.sealing.keys import ReaderKey
from shared.sealing.sealed_stream import StreamAltered, StreamMalformed, open_stream, read_header, seal_stream
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.dump import KEPT, schema_version
from shared.store.schema import TABLES_LEFT_OUT_OF_BACKUPS, live_call, metadata, provider_purge
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER, SUPERVISOR, found_organisation

KEY = ReaderKey.generate()
CALL_SID, LEG_SID = (f"CA{secrets.token_hex(16)}" for _ in range(2))


@pytest.fixture
def working(store: Store, clock: Any) -> Store:
    """An organisation with a draft, an audited action and a call in progress."""
    organisation = found_organisation(store)
    author = organisation.members[HANDLER]
    now, day = clock(), london_day(clock())
    call = {
        "id": random_id(), "call_sid": CALL_SID, "state": CallState.TALKING, "revision": 1, "language": Language.EN,
        "mode": Mode.ANONYMOUS, "category": Category.OTHER, "unable_to_speak": False, "priority": 0, "arrived_at": now,
        "ended_by": EndedBy.NOBODY, "handler_id": author.id,
    }  # fmt: skip
    leg = {"leg_sid": LEG_SID, "not_before": now, "deadline": now, "attempts": 0, "deleted": False, "not_found": 0}
    with store.begin() as tx:
        reports.start_draft(tx, author.id, sealing.facts(), sealing.draft(organisation, author), now)
        audit.record(tx, author.id, audit.AuditVerb.SIGN_IN, None, audit.Outcome.DONE, day)
        audit.sign_checkpoint(tx, author.id, organisation.members[SUPERVISOR].private.signing, day)
        tx.execute(insert(live_call), call)
        tx.execute(insert(provider_purge), leg)
        for table, row in _of_other_kinds(day, now):
            tx.execute(insert(metadata.tables[table]), row)
    return store


def _of_other_kinds(day: Any, now: Any) -> list[tuple[str, dict[str, Any]]]:
    """Rows with nulls, bytes, times and great numbers in them."""
    asked = {"unit_id": "kent-psd", "received_on": day}
    newcomer = {
        "id": random_id(), "name": "Nia", "roles": "handler", "languages": "cy-GB", "handset_trusted": False,
        "stored_proof": bytes(32), "words_until": now,
    }  # fmt: skip
    totals = {"unit_id": "kent-psd", "period": "2026-q1", "outcome": "assessed", "n": 3, "serial": 2**53 - 1}
    return [
        ("question", {**asked, "id": random_id(), "state": "waiting", "digest": b"w" * 32, "sealed": b"sealed"}),
        ("question", {**asked, "id": random_id(), "state": "over", "digest": b"o" * 32, "sealed": None}),
        ("online_report", {"id_hash": secrets.token_bytes(32), "day": day}),
        ("newcomer", newcomer),
        ("unit_total", {**totals, "revision": 1}),
    ]


@pytest.fixture
def empty(request: pytest.FixtureRequest, store: Store) -> Store:
    """A new database of the other kind: a backup does not mind which it came from."""
    other: Store = request.getfixturevalue("postgres_store" if store.is_sqlite else "sqlite_store")
    return other


def backed_up(store: Store) -> bytes:
    out = io.BytesIO()
    write_backup(store, out, KEY.public)
    return out.getvalue()


def rows(store: Store) -> dict[str, list[Any]]:
    with store.read() as tx:
        return {table.name: sorted(map(tuple, tx.execute(select(table))), key=repr) for table in KEPT}


def test_a_restore_gives_back_every_row_but_what_was_live(working: Store, empty: Store) -> None:
    count = read_backup(empty, io.BytesIO(backed_up(working)), KEY)

    there = rows(empty)
    assert there == rows(working)
    assert count == sum(len(kept) for kept in there.values()) > 10
    with empty.read() as tx:
        for name in TABLES_LEFT_OUT_OF_BACKUPS:
            assert tx.execute(select(metadata.tables[name])).all() == [], name


def test_what_was_restored_is_whole(working: Store, empty: Store) -> None:
    read_backup(empty, io.BytesIO(backed_up(working)), KEY)

    with empty.read() as tx:
        assert findings(tx, (), signers(tx)) == []
        assert current_directory(tx).units


def test_a_backup_shows_nothing_and_holds_no_id_of_the_providers(working: Store) -> None:
    written = backed_up(working)

    for needle in (CALL_SID, LEG_SID, "Asha", "kent", "report.v1"):
        assert needle.encode() not in written
    file = io.BytesIO(written)
    opened = zlib.decompress(b"".join(open_stream(file, read_header(file), KEY)))
    assert b"Asha" in opened
    assert CALL_SID.encode() not in opened
    assert LEG_SID.encode() not in opened


def test_nothing_the_service_stores_is_a_reports_text(working: Store) -> None:
    file = io.BytesIO(backed_up(working))

    stored = zlib.decompress(b"".join(open_stream(file, read_header(file), KEY)))

    assert b'"envelope"' in stored
    for words in (sealing.WORDS, base64.b64encode(sealing.WORDS), base64.b64encode(b"  " + sealing.WORDS)[4:-4]):
        assert words not in stored


def test_nobody_opens_a_backup_with_another_key(working: Store, empty: Store) -> None:
    with pytest.raises(NotForThisReader):
        read_backup(empty, io.BytesIO(backed_up(working)), ReaderKey.generate())


def test_a_backup_changed_or_cut_short_leaves_nothing_behind(working: Store, empty: Store) -> None:
    written = backed_up(working)
    changed = written[:-40] + bytes([written[-40] ^ 1]) + written[-39:]

    for wrong in (changed, written[:-1], written[: len(written) // 2]):
        with pytest.raises((StreamAltered, StreamMalformed)):
            read_backup(empty, io.BytesIO(wrong), KEY)

    assert not any(rows(empty).values())


def test_a_backup_is_not_restored_over_anything(working: Store) -> None:
    before = rows(working)

    with pytest.raises(NotIntoThis):
        read_backup(working, io.BytesIO(backed_up(working)), KEY)

    assert rows(working) == before


@pytest.mark.parametrize(
    "lines",
    [b'["person"]\n["end",1]\n', b'["nothing",1]\n["end",1]\n', b'["end",1]\n', b'{"a":1}\n', b"words", b'["end",0]'],
)
def test_a_sealed_file_that_is_no_dump_is_refused(empty: Store, lines: bytes) -> None:
    with empty.read() as tx:
        version = schema_version(tx)
    out = io.BytesIO()
    seal_stream([zlib.compress(lines)], out, "candour-backup", version, KEY.public)

    with pytest.raises(StreamAltered):
        read_backup(empty, io.BytesIO(out.getvalue()), KEY)


def test_a_backup_of_another_version_says_so(empty: Store) -> None:
    out = io.BytesIO()
    seal_stream([], out, "candour-backup", "9999", KEY.public)

    with pytest.raises(AnotherVersion):
        read_backup(empty, io.BytesIO(out.getvalue()), KEY)
