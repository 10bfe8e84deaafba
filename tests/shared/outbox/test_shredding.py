"""After *ours* the wraps are gone: their bytes are sought in the database's files and in backups made since."""

from __future__ import annotations

import base64
import io
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select, text

from shared.backup import write_backup
from shared.domain.vocabulary import Verdict
from shared.outbox.shredding import Shredder
from shared.sealing.keys import ReaderKey
from shared.sealing.sealed_stream import open_stream, read_header
from shared.store.database import Store
from shared.store.schema import wrap

OURS = (Verdict.OPENED, Verdict.OURS)
BACKUP_KEY = ReaderKey.generate()
PIECE = slice(600, 632)  # from the middle of a wrap, short enough to lie on one page


def files_of(store: Store) -> dict[str, bytes]:
    database = Path(str(store.engine.url.database))
    return {path.name: path.read_bytes() for path in database.parent.glob(f"{database.name}*")}


def backup_of(store: Store) -> bytes:
    out = io.BytesIO()
    write_backup(store, out, BACKUP_KEY.public)
    file = io.BytesIO(out.getvalue())
    return zlib.decompress(b"".join(open_stream(file, read_header(file), BACKUP_KEY)))


def in_a_backup(backup: bytes, row: bytes) -> bool:
    return base64.b64encode(row) in backup


@pytest.fixture
def answered(post):
    """Twelve reports released and delivered, four of them the unit's own; the wraps there were for supervisors."""
    sent = [post.releases("kent-acu") for _ in range(12)]
    post.works()
    with post.store.read() as tx:
        rows = tx.execute(select(wrap).where(wrap.c.key_id == post.supervisors.key_id)).all()
    before = {row.envelope_id: row.wrap for row in rows}
    theirs = sent[:4]
    for one in theirs:
        post.units["kent-acu"].answers(one.envelope.digest, *OURS)
    gone = [before[one.envelope.about.envelope_id] for one in theirs]
    kept = [before[one.envelope.about.envelope_id] for one in sent[4:]]
    return gone, kept


def test_after_ours_the_wraps_are_in_none_of_the_databases_files(post, answered) -> None:
    if not post.store.is_sqlite:
        pytest.skip("PostgreSQL keeps what was deleted until VACUUM, and in its log: the next test says what of it")
    gone, kept = answered
    assert any(gone[0][PIECE] in raw for raw in files_of(post.store).values())  # the search sees them before

    post.works()

    files = files_of(post.store)
    assert set(files) >= {"candour.db"}
    for one in gone:
        assert not [name for name, raw in files.items() if one[PIECE] in raw]
    assert all(any(one[PIECE] in raw for raw in files.values()) for one in kept)


def test_after_ours_and_a_vacuum_postgresql_has_them_on_no_page(post, answered, postgres_server) -> None:
    if post.store.is_sqlite:
        pytest.skip("the test before says what SQLite leaves: nothing")
    gone, kept = answered
    post.works()

    with post.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as database:
        database.execute(text("VACUUM FULL wrap"))
        database.execute(text("CHECKPOINT"))
        place = database.execute(text("SELECT pg_relation_filepath('wrap')")).scalar_one()
        toast = database.execute(
            text("SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = 'wrap'")
        ).scalar_one()

    raw = b"".join((Path(postgres_server) / "data" / one).read_bytes() for one in (place, toast))
    assert not [one for one in gone if one[PIECE] in raw]
    assert all(one[PIECE] in raw for one in kept)


def test_a_backup_made_after_ours_has_none_of_them(post, answered) -> None:
    gone, kept = answered
    before = backup_of(post.store)
    post.works()

    after = backup_of(post.store)

    assert all(in_a_backup(before, one) for one in (*gone, *kept))
    assert not any(in_a_backup(after, one) for one in gone)
    assert all(in_a_backup(after, one) for one in kept)


def test_nothing_is_called_shredded_while_a_reader_still_sees_an_older_state(post, answered) -> None:
    if not post.store.is_sqlite:
        pytest.skip("PostgreSQL has no log of ours to empty")
    shredder = Shredder(post.store)

    with post.store.read() as tx:
        tx.execute(select(wrap)).first()
        post.works()
        while_read = shredder.step()

    assert not while_read
    assert shredder.step()
    assert not [raw for raw in files_of(post.store).values() if answered[0][0][PIECE] in raw]
