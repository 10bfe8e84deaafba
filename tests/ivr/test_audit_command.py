"""``candour audit``: taking a checkpoint, keeping it elsewhere, and being told when the log is not what it says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

import pytest

from shared import audit
from shared.store.database import Store, open_store
from tests.support.office import Office

DAY = date(2026, 3, 10)


@contextmanager
def store_of(office: Office) -> Iterator[Store]:
    store = open_store(f"sqlite:///{office.data}/candour.db")
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def audited(founded: Office) -> Office:
    with store_of(founded) as store, store.begin() as tx:
        audit.record(tx, "command", audit.AuditVerb.SIGN_IN, None, audit.Outcome.DONE, DAY)
    return founded


def test_a_checkpoint_is_signed_kept_elsewhere_and_taken_back(audited: Office) -> None:
    file = audited.folder / "checkpoint.json"

    taken = audited.candour(
        "audit", "checkpoint", str(file), "--by", "Rhian", "--passphrase-file", audited.passphrase("Rhian")
    )

    assert taken.exit_code == 0, taken.output
    line = taken.output.splitlines()[0].removeprefix("Checkpoint: ")
    assert line.startswith("2026-03-10 1 ")
    told = audited.candour("audit", "verify", "--checkpoint", str(file), "--printed", line)
    assert told.exit_code == 0
    assert told.output.startswith("The audit log is whole.\n")


def test_a_log_cut_off_is_told_by_the_line_on_paper(audited: Office) -> None:
    with store_of(audited) as store, store.read() as tx:
        point = audit.last_closed(tx, date(2026, 3, 11))
    assert point is not None
    with closing(sqlite3.connect(audited.data / "candour.db")) as database, database:
        database.execute("DELETE FROM audit_entry")
        database.execute("DELETE FROM audit_page")

    told = audited.candour("audit", "verify", "--printed", point.printed())

    assert told.exit_code == 1
    assert "2026-03-10: there is a checkpoint of this day, and its page is gone" in told.output
    assert "Error: The audit log was changed." in told.output


def test_a_stranger_signs_no_checkpoint(audited: Office) -> None:
    told = audited.candour(
        "audit", "checkpoint", str(audited.folder / "c"), "--by", "Eve", "--passphrase-file", audited.passphrase("Eve")
    )

    assert told.exit_code == 1
    assert told.output == "candour: The name or the passphrase of the person who vouches is not right.\n"
    assert not (audited.folder / "c").exists()


def test_what_is_no_checkpoint_is_refused_in_words(audited: Office) -> None:
    file = audited.folder / "other.json"
    file.write_text("{}", encoding="utf-8")

    assert (
        "is not a checkpoint of the audit log" in audited.candour("audit", "verify", "--checkpoint", str(file)).output
    )
    assert "as printed" in audited.candour("audit", "verify", "--printed", "yesterday").output
