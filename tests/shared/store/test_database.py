"""The store's own promises, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Enum, String, delete, func, insert, select

from shared.store import schema
from shared.store.columns import Patterned, PlainText, UtcTime, ValueDoesNotBelong, random_id
from shared.store.database import Store, truncate_wal
from shared.store.migrate import alembic_settings


def _audit_page(day: str = "2026-03-10") -> dict[str, object]:
    from datetime import date

    return {"day": date.fromisoformat(day), "entries": 0, "digest": b"\0" * 32, "previous_digest": b"\0" * 32}


def test_the_migrations_make_exactly_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), schema.metadata)

    assert differences == []


def test_a_migrated_database_can_be_taken_down_again(store: Store) -> None:
    with store.engine.begin() as tx:
        command.downgrade(alembic_settings(tx), "base")


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.begin() as tx:
        tx.execute(insert(schema.audit_page), _audit_page())
        raise RuntimeError("the process stops here")

    with store.read() as tx:
        assert tx.execute(select(schema.audit_page)).all() == []


def test_a_commit_wakes_whoever_watches(store: Store) -> None:
    watch = store.watch()

    with store.begin() as tx:
        tx.execute(insert(schema.audit_page), _audit_page())

    assert watch.wait(5) is True
    assert watch.wait(0) is False
    watch.close()


def test_every_text_column_is_an_enum_a_pattern_or_a_listed_exception() -> None:
    free = {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | PlainText) and not isinstance(column.type, Enum | Patterned)
    }

    assert free == schema.FREE_TEXT_COLUMNS


def test_a_telephone_number_fits_no_patterned_column(store: Store) -> None:
    for number in ("+442079460123", "02079460123", "442079460123"):
        row = {"leg_sid": number, "not_before": None, "deadline": None, "attempts": 0}

        with pytest.raises(Exception) as refused, store.begin() as tx:
            tx.execute(insert(schema.provider_purge), row)

        assert isinstance(refused.value.__cause__ or refused.value, ValueDoesNotBelong)
        assert number not in str(refused.value)


def test_a_read_is_one_look_whatever_is_written_meanwhile(store: Store) -> None:
    counted = select(func.count()).select_from(schema.audit_page)
    with store.begin() as tx:
        tx.execute(insert(schema.audit_page), _audit_page())

    with store.read() as tx:
        first = tx.execute(counted).scalar_one()
        with store.begin() as other:
            other.execute(delete(schema.audit_page))
        second = tx.execute(counted).scalar_one()

    assert (first, second) == (1, 1)


def test_a_time_without_a_zone_is_refused() -> None:
    from datetime import datetime

    with pytest.raises(ValueDoesNotBelong):
        UtcTime().process_bind_param(datetime(2026, 3, 10, 14, 5), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_random_ids_do_not_repeat_and_do_not_count() -> None:
    ids = [random_id() for _ in range(1000)]

    assert len(set(ids)) == 1000
    assert sorted(ids) != ids


def test_shredded_content_leaves_the_write_ahead_log(sqlite_store: Store, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = _audit_page() | {"digest": b"MARKED-CONTENT-OF-THIRTY-TWO-BYT"}
    with sqlite_store.begin() as tx:
        tx.execute(insert(schema.audit_page), page)
    with sqlite_store.begin() as tx:
        tx.execute(schema.audit_page.delete())

    assert truncate_wal(sqlite_store) is True

    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"MARKED-CONTENT-OF-THIRTY" not in everything
