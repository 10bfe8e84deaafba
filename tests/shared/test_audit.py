"""The audit log: what it holds and what it keeps no trace of."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared import audit
from shared.audit import AuditVerb, Outcome
from shared.audit_verifier import Finding, findings
from shared.sealing.keys import SigningKey
from shared.store.columns import ValueDoesNotBelong, random_id
from shared.store.database import Store
from shared.store.schema import audit_entry, audit_page

FIRST, SECOND = date(2026, 3, 10), date(2026, 3, 11)


def _record(store: Store, day: date, times: int = 1) -> None:
    for _ in range(times):
        with store.begin() as tx:
            audit.record(tx, random_id(), AuditVerb.RELEASE_REPORT, random_id(), Outcome.DONE, day)


def _findings(store: Store) -> list[Finding]:
    with store.read() as tx:
        return findings(tx, (), {})


def test_the_order_of_entries_within_a_day_is_not_kept(store: Store) -> None:
    written = []
    for _ in range(12):
        object_id = random_id()
        written.append(object_id)
        with store.begin() as tx:
            audit.record(tx, "command", AuditVerb.RETURN_REPORT, object_id, Outcome.DONE, FIRST)

    with store.read() as tx:
        rows = tx.execute(select(audit_entry.c.object_id, audit_entry.c.entry_digest)).all()

    assert {row.object_id for row in rows} == set(written)
    assert [row.entry_digest for row in rows] == sorted(row.entry_digest for row in rows)


def test_the_same_action_twice_makes_two_entries_that_look_unlike(store: Store) -> None:
    for _ in range(2):
        with store.begin() as tx:
            audit.record(tx, "command", AuditVerb.SIGN_IN, None, Outcome.DONE, FIRST)

    with store.read() as tx:
        assert len(set(tx.execute(select(audit_entry.c.entry_digest)).scalars())) == 2
    assert _findings(store) == []


def test_an_entry_just_after_midnight_opens_no_page_that_another_follows(store: Store) -> None:
    _record(store, SECOND)

    _record(store, FIRST)  # begun before midnight, written after

    with store.read() as tx:
        assert tx.execute(select(audit_page.c.day, audit_page.c.entries)).all() == [(SECOND, 2)]
    assert _findings(store) == []


def test_an_action_that_fails_leaves_no_entry(store: Store) -> None:
    with pytest.raises(RuntimeError), store.begin() as tx:
        audit.record(tx, "command", AuditVerb.SIGN_IN, None, Outcome.DONE, FIRST)
        raise RuntimeError("the action fails")

    with store.read() as tx:
        assert tx.execute(select(audit_page)).all() == []


def test_entries_written_at_once_are_all_kept(store: Store) -> None:
    together: Any = threading.Barrier(4)

    def record() -> None:
        together.wait()
        _record(store, FIRST, times=5)

    writers = [threading.Thread(target=record) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with store.read() as tx:
        assert tx.execute(select(audit_page.c.entries)).scalar_one() == 20
    assert _findings(store) == []


def test_an_actor_is_an_id_and_never_a_name(store: Store) -> None:
    with pytest.raises(Exception) as refused, store.begin() as tx:
        audit.record(tx, "Asha", AuditVerb.SIGN_IN, None, Outcome.DONE, FIRST)

    assert isinstance(refused.value.__cause__ or refused.value, ValueDoesNotBelong)


def test_a_checkpoint_is_of_the_last_page_that_is_over(store: Store) -> None:
    _record(store, FIRST, times=2)
    _record(store, SECOND, times=3)

    with store.read() as tx:
        during, after = audit.last_closed(tx, SECOND), audit.last_closed(tx, SECOND + timedelta(days=1))
        before = audit.last_closed(tx, FIRST)

    assert before is None
    assert during is not None
    assert after is not None
    assert (during.day, during.entries) == (FIRST, 2)
    assert (after.day, after.entries) == (SECOND, 5)


def test_a_checkpoint_on_paper_is_one_short_line() -> None:
    line = audit.Checkpoint(FIRST, 1204, bytes(range(32))).printed()

    assert line == "2026-03-10 1204 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f"


def test_signing_a_checkpoint_closes_the_pages_it_is_of(store: Store) -> None:
    _record(store, FIRST)
    with store.begin() as tx:
        audit.sign_checkpoint(tx, random_id(), SigningKey.generate(), SECOND)

    _record(store, FIRST)  # begun before midnight, written after

    with store.read() as tx:
        pages = tx.execute(select(audit_page.c.day, audit_page.c.entries).order_by(audit_page.c.day)).all()
    assert pages == [(FIRST, 1), (SECOND, 2)]


def test_there_is_no_checkpoint_before_there_is_a_page(store: Store) -> None:
    with store.begin() as tx:
        assert audit.sign_checkpoint(tx, random_id(), SigningKey.generate(), FIRST) is None


def test_there_are_no_verbs_for_calls_drafts_or_submitting() -> None:
    parts = {part for verb in AuditVerb for part in verb.value.split(".")}

    assert not parts & {"call", "draft", "save", "submit", "take", "answer_call"}
