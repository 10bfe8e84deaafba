"""Grounds for the canary's installations, a caller with a number of their own, and a canary that goes down with it."""

import random
from collections.abc import Iterator

import pytest

from tests.canary import postgres
from tests.canary.needles import Caller, random_caller
from tests.canary.run import Canary, PostgresGround, SqliteGround


@pytest.fixture(scope="session")
def caller() -> Caller:
    return random_caller(random.SystemRandom())


@pytest.fixture(scope="session")
def sqlite_ground(tmp_path_factory: pytest.TempPathFactory) -> SqliteGround:
    return SqliteGround(tmp_path_factory.mktemp("sqlite-ground"))


@pytest.fixture(scope="session")
def postgres_ground() -> Iterator[PostgresGround]:
    with postgres.server() as server:
        yield PostgresGround(server)


@pytest.fixture(scope="session")
def canary(caller: Caller, tmp_path_factory: pytest.TempPathFactory) -> Canary:
    return Canary(caller, tmp_path_factory.mktemp("canary"))
