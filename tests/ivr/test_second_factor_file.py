"""The key that second factors are kept under: made once, never over another, and missed when it is gone."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from ivr.second_factor_file import make_key, read_key, second_factor_key, see_that_there_is_one
from shared.config import ConfigurationWrong
from shared.force_side.refusals import FileExists
from shared.settings import Desk, SecondFactor
from shared.store.database import Store
from shared.store.schema import person
from tests.support.organisation import found_organisation


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(second_factor_key=tmp_path / "second-factor.key")


def test_the_first_start_makes_it_for_its_owner_alone(desk: Desk, sqlite_store: Store) -> None:
    see_that_there_is_one(desk, sqlite_store)

    made = second_factor_key(desk)
    assert made is not None
    assert stat.S_IMODE(desk.second_factor_key.stat().st_mode) == 0o600
    see_that_there_is_one(desk, sqlite_store)
    assert second_factor_key(desk) == made


def test_no_other_is_made_while_second_factors_are_kept_under_one_that_is_gone(desk: Desk, sqlite_store: Store) -> None:
    found_organisation(sqlite_store)
    with sqlite_store.begin() as tx:
        tx.execute(update(person).values(second_factor=b"sealed"))

    with pytest.raises(ConfigurationWrong, match="Bring it back"):
        see_that_there_is_one(desk, sqlite_store)

    assert not desk.second_factor_key.exists()


def test_where_no_code_is_asked_for_there_is_no_file(tmp_path: Path, sqlite_store: Store) -> None:
    desk = Desk(second_factor=SecondFactor.OFF, second_factor_key=tmp_path / "second-factor.key")

    see_that_there_is_one(desk, sqlite_store)

    assert second_factor_key(desk) is None
    assert list(tmp_path.glob("*.key")) == []


@pytest.mark.parametrize("written", ["", "candour-second-factor.AAAA", "another.AAAA", "\xff"])
def test_what_is_no_such_file_is_said_so(tmp_path: Path, written: str) -> None:
    path = tmp_path / "second-factor.key"
    path.write_text(written, encoding="utf-8")

    with pytest.raises(ConfigurationWrong, match="is not such a file"):
        read_key(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationWrong, match="cannot be read"):
        read_key(tmp_path / "none")


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    before = read_key(path)

    with pytest.raises(FileExists):
        make_key(path)

    assert read_key(path) == before
