"""The verifier of the audit log: each edit, gap, exchange and cut is found, and by what."""

import ast
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from shared import audit, audit_verifier
from shared.audit import AuditVerb, Outcome, SignedCheckpoint
from shared.audit_verifier import (
    Finding,
    Flaw,
    NotACheckpoint,
    Witness,
    findings,
    witness_in_file,
    witness_on_paper,
)
from shared.sealing.keys import SigningKey
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import audit_checkpoint, audit_entry, audit_page

FIRST, SECOND, THIRD = (date(2026, 3, 10) + timedelta(days=days) for days in range(3))
FOURTH = THIRD + timedelta(days=1)
AUDITOR = SigningKey(b"a" * 32)
TRUSTED = {AUDITOR.key_id: AUDITOR.public.raw}


def _record(store: Store, day: date, times: int = 1) -> None:
    for _ in range(times):
        with store.begin() as tx:
            audit.record(tx, random_id(), AuditVerb.RELEASE_REPORT, random_id(), Outcome.DONE, day)


def _found(store: Store, *elsewhere: Witness) -> list[Finding]:
    with store.read() as tx:
        return findings(tx, elsewhere, TRUSTED)


@pytest.fixture
def three_days(store: Store) -> Store:
    for day in (FIRST, SECOND, THIRD):
        _record(store, day, times=3)
    return store


def test_an_untouched_log_is_found_whole(three_days: Store) -> None:
    assert _found(three_days) == []


def test_an_empty_log_is_whole(store: Store) -> None:
    assert _found(store) == []


def _edit_an_outcome(tx: Connection) -> None:
    tx.execute(update(audit_entry).where(audit_entry.c.day == SECOND).values(outcome="locked"))


def _edit_an_actor(tx: Connection) -> None:
    tx.execute(update(audit_entry).where(audit_entry.c.day == SECOND).values(actor_id="command"))


def _take_an_entry_out(tx: Connection) -> None:
    one = select(audit_entry.c.entry_digest).where(audit_entry.c.day == SECOND).limit(1).scalar_subquery()
    tx.execute(delete(audit_entry).where(audit_entry.c.day == SECOND, audit_entry.c.entry_digest == one))


def _add_an_entry(tx: Connection) -> None:
    entry: dict[str, Any] = {
        "salt": bytes(16),
        "actor_id": "command",
        "verb": "report.release",
        "object_id": None,
        "outcome": "done",
    }
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

    assert set(_found(three_days)) == found


def _exchange_two_entries_between_days(tx: Connection) -> None:
    moved = select(audit_entry.c.entry_digest).where(audit_entry.c.day == SECOND).limit(1).scalar_subquery()
    tx.execute(update(audit_entry).where(audit_entry.c.entry_digest == moved).values(day=THIRD))


def test_an_entry_moved_to_another_day_is_found_on_both(three_days: Store) -> None:
    with three_days.begin() as tx:
        _exchange_two_entries_between_days(tx)

    found = _found(three_days)

    assert {finding.day for finding in found} == {SECOND, THIRD}


def _signed(store: Store, day: date) -> SignedCheckpoint:
    with store.begin() as tx:
        signed = audit.sign_checkpoint(tx, random_id(), AUDITOR, day)
    assert signed is not None
    return signed


def _on_paper(store: Store, day: date) -> Witness:
    with store.read() as tx:
        point = audit.last_closed(tx, day)
    assert point is not None
    return witness_on_paper(point.printed())


def _cut(store: Store, days: Iterable[date]) -> None:
    with store.begin() as tx:
        for table in (audit_checkpoint, audit_entry, audit_page):
            tx.execute(delete(table).where(table.c.day.in_(list(days))))


def test_a_log_that_is_as_its_checkpoints_say_is_whole(three_days: Store) -> None:
    on_paper = _on_paper(three_days, THIRD)
    in_file = witness_in_file(_signed(three_days, FOURTH).to_bytes())

    assert _found(three_days, on_paper, in_file) == []


def test_a_cut_at_the_end_is_found_by_a_line_on_paper(three_days: Store) -> None:
    on_paper = _on_paper(three_days, FOURTH)
    _cut(three_days, [THIRD])

    assert _found(three_days) == []  # by itself it cannot tell
    assert _found(three_days, on_paper) == [Finding(THIRD, Flaw.CUT)]


def test_a_cut_at_the_end_is_found_by_a_signed_checkpoint_left_behind(three_days: Store) -> None:
    _signed(three_days, FOURTH)
    with three_days.begin() as tx:
        tx.execute(delete(audit_entry).where(audit_entry.c.day >= THIRD))
        tx.execute(delete(audit_page).where(audit_page.c.day >= THIRD))

    assert _found(three_days) == [Finding(THIRD, Flaw.CUT)]


def test_a_log_written_anew_is_found_by_a_checkpoint_kept_elsewhere(three_days: Store) -> None:
    in_file = witness_in_file(_signed(three_days, FOURTH).to_bytes())
    _cut(three_days, [FIRST, SECOND, THIRD, FOURTH])
    for day in (FIRST, SECOND, THIRD):
        _record(three_days, day, times=3)

    assert _found(three_days) == []
    assert _found(three_days, in_file) == [Finding(THIRD, Flaw.OTHER_THAN_WITNESSED)]


def test_a_checkpoint_altered_or_signed_by_a_stranger_is_found(three_days: Store) -> None:
    signed = witness_in_file(_signed(three_days, FOURTH).to_bytes())
    with three_days.begin() as tx:
        tx.execute(update(audit_checkpoint).values(entries=8))
    stranger = Witness(THIRD, 9, signed.digest, SigningKey.generate().key_id, signed.signature)

    assert _found(three_days) == [Finding(THIRD, Flaw.SIGNATURE_WRONG)]
    assert Finding(THIRD, Flaw.SIGNATURE_WRONG) in _found(three_days, stranger)


def test_how_the_digits_on_paper_are_grouped_does_not_matter() -> None:
    line = "2026-03-10 1204 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f"

    witness = witness_on_paper(line)

    assert witness == Witness(FIRST, 1204, bytes(range(16)))
    assert witness_on_paper("2026-03-10  1204 000102030405 06070809 0A0B0C0D0E0F ") == witness


@pytest.mark.parametrize("written", [b"", b"{}", b"[]", b'{"candour":"audit-checkpoint/1"}', b"\xff"])
def test_what_is_no_checkpoint_is_not_taken_for_one(written: bytes) -> None:
    with pytest.raises(NotACheckpoint):
        witness_in_file(written)
    with pytest.raises(NotACheckpoint):
        witness_on_paper(written.decode("latin-1"))


def test_the_verifier_shares_no_code_with_the_product() -> None:
    tree = ast.parse(Path(audit_verifier.__file__).read_text(encoding="utf-8"))

    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }

    assert {name.partition(".")[0] for name in imported} & {"shared", "ivr", "console"} == set()
