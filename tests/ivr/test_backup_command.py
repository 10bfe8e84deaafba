"""``candour backup`` and ``candour restore``, as an administrator uses them: out of one installation, into another."""

from __future__ import annotations

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from shared.domain.london import london_day
from shared.domain.vocabulary import CallOutcome, Dimension
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.database import open_store
from shared.store.schema import day_count, finished_call
from shared.summary.close import close_ended_days
from shared.summary.retention import Kept, put_old_days_together
from tests.support.office import Office

WORDS = "the backup key's own passphrase"


@pytest.fixture
def key(founded: Office) -> tuple[Path, Path, str]:
    """The key's file, the file with its passphrase, and the public half."""
    file, words = founded.folder / "backup.key", founded.folder / "backup-words.txt"
    words.write_text(WORDS + "\n", encoding="utf-8")
    made = founded.candour("keys", "backup-key", str(file), "--key-passphrase-file", str(words))
    assert made.exit_code == 0, made.output
    return file, words, made.output.splitlines()[-1].removeprefix('to = "').removesuffix('"')


def test_a_backup_is_restored_into_a_new_installation(founded: Office, key: tuple[Path, Path, str]) -> None:
    file, words, public = key
    backup, config = founded.folder / "b.backup", founded.data / "config.toml"
    with config.open("a", encoding="utf-8") as opened:
        opened.write(f'\n[backup]\nto = "{public}"\n')

    made = founded.candour("backup", str(backup))

    assert made.exit_code == 0, made.output
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    config.write_text(config.read_text(encoding="utf-8").replace("candour.db", "new.db"), encoding="utf-8")
    restored = founded.candour("restore", str(backup), "--key", str(file), "--key-passphrase-file", str(words))
    assert restored.exit_code == 0, restored.output
    assert "Rhian: supervisor" in founded.candour("person", "list").output
    again = founded.candour("restore", str(backup), "--key", str(file), "--key-passphrase-file", str(words))
    assert again.output == "candour: This database is not empty. A backup is restored into a new one.\n"


OCTOBER, NOVEMBER = date(2020, 10, 14), date(2020, 11, 2)


def came(office: Office, *days: date) -> None:
    store = open_store(f"sqlite:///{office.data / 'candour.db'}")
    with store.begin() as tx:
        for day in days:
            hour = datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
            page = {"day": day, "hour_start": hour, "outcome": CallOutcome.ANSWERED, "offered": True}
            tx.execute(insert(finished_call), [{"id": random_id(), **page} for _ in range(30)])
            for dimension, value in ((Dimension.MODE, "anonymous"), (Dimension.CATEGORY, "other")):
                count(tx, day_count, 30, day=day, dimension=dimension, value=value)
    store.close()


def goes_on(office: Office) -> None:
    """What the service does by itself at night."""
    store = open_store(f"sqlite:///{office.data / 'candour.db'}")
    with store.begin() as tx:
        close_ended_days(tx, datetime.now(UTC))
        put_old_days_together(tx, london_day(datetime.now(UTC)), Kept())
    store.close()


def test_a_backup_from_before_a_month_was_put_together_says_so_and_neither_doubles_nor_reopens_it(
    founded: Office, key: tuple[Path, Path, str]
) -> None:
    file, words, public = key
    backup, config = founded.folder / "b.backup", founded.data / "config.toml"
    came(founded, date(2020, 9, 30), OCTOBER, OCTOBER + timedelta(days=1))
    assert founded.candour("backup", str(backup), "--to", public).exit_code == 0
    goes_on(founded)
    came(founded, NOVEMBER)
    month = ("summary", "--month", "2020-10", "--edition")
    published, shown = founded.candour(*month, "external"), founded.candour(*month, "internal", "--format", "json")

    config.write_text(config.read_text(encoding="utf-8").replace("candour.db", "new.db"), encoding="utf-8")
    restored = founded.candour("restore", str(backup), "--key", str(file), "--key-passphrase-file", str(words))

    assert "the last day with a call in it is 2020-10-15. What came later is not among them." in restored.output
    assert "Too old to be kept by the day, and put together by the month again: 2020-10." in restored.output
    assert founded.candour(*month, "external").output == published.output
    again = json.loads(founded.candour(*month, "internal", "--format", "json").output)["sections"]
    before = json.loads(shown.output)["sections"]
    assert {name: again[name] for name in ("calls", "hour", "mode")} == {
        name: before[name] for name in ("calls", "hour", "mode")
    }
    assert again["calls"]["month"]["answered"] == 60
    day = founded.candour("summary", "--date", OCTOBER.isoformat())
    assert (day.exit_code, "there are no figures by the day" in day.output) == (1, True)


def test_without_a_key_to_seal_to_there_is_no_backup(founded: Office) -> None:
    told = founded.candour("backup", str(founded.folder / "b.backup"))

    assert told.exit_code == 1
    assert "candour keys backup-key" in told.output
    assert not (founded.folder / "b.backup").exists()


def test_a_backup_is_never_written_over_another(founded: Office, key: tuple[Path, Path, str]) -> None:
    backup = founded.folder / "b.backup"
    backup.write_bytes(b"an older one")

    told = founded.candour("backup", str(backup), "--to", key[2])

    assert told.exit_code == 1
    assert backup.read_bytes() == b"an older one"
