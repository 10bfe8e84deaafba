"""Somebody outside who has every file that was ever published reads them, and tries each small number's values."""

from __future__ import annotations

import random
from datetime import date

import pytest

from shared.store.database import Store
from tests.support.editions import Reader, live, months_of, mostly_closed, publish

LAUNCH = date(2026, 1, 1)


def reader_of(files: list[str]) -> Reader:
    reader = Reader()
    for file in files:
        reader.reads(file)
    return reader


def test_of_a_random_quarter_nothing_small_is_recovered_from_its_files_integer_by_integer(sqlite_store: Store) -> None:
    seed = random.SystemRandom().randrange(10**9)
    months = months_of(2026, 3)
    live(sqlite_store, months, random.Random(seed), busiest=140)

    files = publish(sqlite_store, months, LAUNCH)
    again = publish(sqlite_store, months, LAUNCH)

    reader = reader_of(files)
    assert again == files, seed
    assert len(files) == 4
    assert reader.attacker.recovered() == {}, seed


# Half years of a quiet line, of which plainly rounded totals would give something away.
@pytest.mark.parametrize(("busiest", "seed"), [(6, 20), (6, 22), (6, 26), (12, 12), (12, 23)])
def test_of_a_quiet_half_year_nothing_small_is_recovered_from_its_files(
    sqlite_store: Store, busiest: int, seed: int
) -> None:
    months = months_of(2026, 6)
    live(sqlite_store, months, random.Random(seed), busiest)

    reader = reader_of(publish(sqlite_store, months, LAUNCH))

    assert reader.attacker.suppressed
    assert reader.attacker.recovered() == {}


# Each of these gave something away while calls to a closed line counted among those with no category, and forces were
# held against all calls.
@pytest.mark.parametrize(("seed", "months"), [(1, 12), (4, 12), (7, 12), (8, 12), (1, 1), (3, 1), (8, 1)])
def test_of_a_year_that_was_mostly_closed_nothing_small_is_recovered_from_its_files(
    sqlite_store: Store, seed: int, months: int
) -> None:
    year = months_of(2026, 12)
    mostly_closed(sqlite_store, year if months == 12 else year[1:2], random.Random(seed))

    reader = reader_of(publish(sqlite_store, year, LAUNCH))

    assert reader.attacker.suppressed
    assert reader.attacker.recovered() == {}
