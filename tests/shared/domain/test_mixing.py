"""Mixing changes where rows lie and nothing else, on both databases, and stands in nobody's way."""

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text, update

from shared.domain import reports
from shared.domain.mixing import MIX_EVERY, Mixer, mix
from shared.store.database import Store
from shared.store.schema import metadata, report
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER
from tests.support.town import Town

DAY = date(2026, 3, 10)


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store, random.Random(3))
    town.lives(DAY)
    return town


def everything(store: Store) -> dict[str, list[str]]:
    with store.read() as tx:
        return {table.name: sorted(map(repr, tx.execute(select(table)))) for table in metadata.sorted_tables}


def places(store: Store) -> list[Any]:
    with store.read() as tx:
        return list(tx.execute(text("SELECT id, ctid::text FROM report ORDER BY ctid")).all())


def test_mixing_changes_no_row(town: Town) -> None:
    before = everything(town.store)

    with town.store.begin() as tx:
        mix(tx, DAY)

    assert everything(town.store) == before


def test_rows_lie_elsewhere_afterwards(postgres_store: Store) -> None:
    Town(postgres_store, random.Random(3)).lives(DAY)
    before = places(postgres_store)

    with postgres_store.begin() as tx:
        mix(tx, DAY)

    after = places(postgres_store)
    assert sorted(row.id for row in after) == sorted(row.id for row in before)
    assert [row.id for row in after] != [row.id for row in before]


def test_what_has_not_changed_is_left_alone(town: Town, clock: Any) -> None:
    mixer = Mixer(town.store, clock)
    assert mixer.step()
    watch = town.store.watch()

    clock.advance(MIX_EVERY.total_seconds())
    assert mixer.step()

    assert watch.wait(0) is False
    watch.close()


def test_a_report_saved_since_is_mixed_again_within_a_minute(town: Town, clock: Any) -> None:
    mixer = Mixer(town.store, clock)
    mixer.step()
    author = town.organisation.members[HANDLER]
    with town.store.begin() as tx:
        reports.start_draft(tx, author.id, sealing.facts(), sealing.draft(town.organisation, author), clock())
    watch = town.store.watch()

    mixer.step()
    at_once = watch.wait(0)
    clock.advance(MIX_EVERY.total_seconds())
    mixer.step()

    assert (at_once, watch.wait(1)) == (False, True)
    watch.close()


def test_a_report_can_be_saved_right_after_mixing(town: Town, clock: Any) -> None:
    author = town.organisation.members[HANDLER]
    with town.store.begin() as tx:
        saved = reports.start_draft(tx, author.id, sealing.facts(), sealing.draft(town.organisation, author), clock())
    Mixer(town.store, clock).step()

    with town.store.begin() as tx:
        again = reports.save_draft(
            tx, author.id, saved.id, saved.revision, sealing.facts(), sealing.draft(town.organisation, author)
        )

    assert again.id == saved.id


def test_mixing_waits_for_nobody_who_is_writing(postgres_store: Store, clock: Any) -> None:
    Town(postgres_store, random.Random(3)).lives(DAY)
    mixer = Mixer(postgres_store, clock)

    with postgres_store.begin() as tx:
        tx.execute(update(report).values(conflict=report.c.conflict))
        in_the_way = mixer.step()

    assert in_the_way is False
    assert mixer.step() is True
