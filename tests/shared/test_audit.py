"""The audit log: what it holds, and what its verifier finds."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from shared import audit
from shared.audit import AuditVerb, Finding, Flaw, Outcome
from shared.store.columns import ValueDoesNotBelong, random_id
from shared.store.database import Store
from shared.store.schema import audit_entry, audit_page

FIRST, SECOND, THIRD = (date(2026, 3, 10) + timedelta(days=days) for days in range(3))


def _record(store: Store, day: date, times: int = 1) -> None:
    for _ in range(times):
        with store.begin() as tx:
            audit.record(tx, random_id(), AuditVerb.RELEASE_REPORT, random_id(), Outcome.DONE, day)


def _findings(store: Store) -> list[Finding]:
    with store.read() as tx:
        return audit.verify(tx)


@pytest.fixture
def three_days(store: Store) -> Store:
    for day in (FIRST, SECOND, THIRD):
        _record(store, day, times=3)
    return store


def test_an_untouched_log_is_found_whole(three_days: Store) -> None:
    assert _findings(three_days) == []


def test_an_empty_log_is_whole(store: Store) -> None:
    assert _findings(store) == []


def _edit_an_outcome(tx: Connection) -> None:
    tx.execute(update(audit_entry).where(audit_entry.c.day == SECOND).values(outcome="locked"))


def _edit_an_actor(tx: Connection) -> None:
    tx.execute(update(audit_entry).where(audit_entry.c.day == SECOND).values(actor_id="command"))


def _take_an_entry_out(tx: Connection) -> None:
    one = select(audit_entry.c.entry_digest).where(audit_entry.c.day == SECOND).limit(1).scalar_subquery()
    tx.execute(delete(audit_entry).where(audit_entry.c.day == SECOND, audit_entry.c.entry_digest == one))


def _add_an_entry(tx: Connection) -> None:
    entry = {"salt": bytes(16), "actor_id": "command", "verb": "report.release", "object_id": None, "outcome": "done"}
    digest = audit._entry_digest(SECOND, **entry)  # what someone who knows the code would write
    tx.execute(insert(audit_entry), entry | {"day": SECOND, "entry_digest": digest})


def _take_an_entry_out_and_count_again(tx: Connection) -> None:
    _take_an_entry_out(tx)
    tx.execute(update(audit_page).where(audit_page.c.day == SECOND).values(entries=2))


def _seal_the_page_again(tx: Connection) -> None:
    _take_an_entry_out_and_count_again(tx)
    page = tx.execute(select(audit_page).where(audit_page.c.day == SECOND)).one()
    left = tx.execute(select(audit_entry.c.entry_digest).where(audit_entry.c.day == SECOND)).scalars().all()
    digest = audit._page_digest(page.previous_digest, SECOND, left)
    tx.execute(update(audit_page).where(audit_page.c.day == SECOND).values(digest=digest))


def _take_a_page_out(tx: Connection) -> None:
    tx.execute(delete(audit_entry).where(audit_entry.c.day == SECOND))
    tx.execute(delete(audit_page).where(audit_page.c.day == SECOND))


def _take_the_first_page_out(tx: Connection) -> None:
    tx.execute(delete(audit_entry).where(audit_entry.c.day == FIRST))
    tx.execute(delete(audit_page).where(audit_page.c.day == FIRST))


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (_edit_an_outcome, {Finding(SECOND, Flaw.ENTRY_ALTERED)}),
        (_edit_an_actor, {Finding(SECOND, Flaw.ENTRY_ALTERED)}),
        (
            _take_an_entry_out,
            {Finding(SECOND, Flaw.ENTRIES_MISSING_OR_ADDED), Finding(SECOND, Flaw.PAGE_ALTERED)},
        ),
        (_add_an_entry, {Finding(SECOND, Flaw.ENTRIES_MISSING_OR_ADDED), Finding(SECOND, Flaw.PAGE_ALTERED)}),
        (_take_an_entry_out_and_count_again, {Finding(SECOND, Flaw.PAGE_ALTERED)}),
        (_seal_the_page_again, {Finding(THIRD, Flaw.PAGE_MISSING)}),
        (_take_a_page_out, {Finding(THIRD, Flaw.PAGE_MISSING)}),
        (_take_the_first_page_out, {Finding(SECOND, Flaw.PAGE_MISSING)}),
    ],
)
def test_what_was_tampered_with_is_found(
    three_days: Store, tamper: Callable[[Connection], None], found: set[Finding]
) -> None:
    with three_days.begin() as tx:
        tamper(tx)

    assert set(_findings(three_days)) == found


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


def test_there_are_no_verbs_for_calls_drafts_or_submitting() -> None:
    words = " ".join(verb.value for verb in AuditVerb)

    assert not any(word in words for word in ("call", "draft", "save", "submit", "take"))
