"""The caller's number is nowhere, and the canary would see it if it were. `make canary` does the whole of it."""

import random
import secrets

import pytest

from tests.canary.installation import Installation
from tests.canary.leaks import LEAKS, ON_POSTGRESQL, Leak
from tests.canary.needles import Caller, call_needles, number_needles, random_caller
from tests.canary.run import Canary, PostgresGround, SqliteGround
from tests.canary.scenarios import SCENARIOS, SHORT, SHORT_ON_POSTGRESQL
from tests.canary.search import Search
from tests.canary.two_runs import differences

AREA = len("+44292018")  # the part of a number that is sought by itself
SECRETS = {"a secret": b"secret"}


@pytest.mark.parametrize("scenario", SHORT)
def test_no_trace_of_caller_or_call_is_left(scenario: str, canary: Canary, sqlite_ground: SqliteGround) -> None:
    outcome = canary.goes_down(scenario, SCENARIOS[scenario], sqlite_ground)

    assert not outcome.traces
    assert not outcome.remembered


@pytest.mark.parametrize("scenario", SHORT_ON_POSTGRESQL)
def test_no_trace_is_left_in_postgresql_and_its_log(
    scenario: str, canary: Canary, postgres_ground: PostgresGround
) -> None:
    outcome = canary.goes_down(scenario, SCENARIOS[scenario], postgres_ground)

    assert not outcome.traces
    assert not outcome.remembered


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_a_planted_leak_is_seen(leak: Leak, canary: Canary, sqlite_ground: SqliteGround) -> None:
    assert canary.sees(leak, sqlite_ground)


@pytest.mark.parametrize("leak", ON_POSTGRESQL, ids=lambda leak: leak.name)
def test_a_leak_into_postgresqls_log_is_seen(leak: Leak, caller: Caller, tmp_path_factory: pytest.TempPathFactory,
                                             postgres_ground: PostgresGround) -> None:  # fmt: skip
    another = random_caller(random.SystemRandom())  # the log is everybody's, and keeps what was leaked into it
    while another.last == caller.last or another.number[:AREA] == caller.number[:AREA]:
        another = random_caller(random.SystemRandom())

    assert Canary(another, tmp_path_factory.mktemp("leaking")).sees(leak, postgres_ground)


@pytest.mark.parametrize("scenario", ["answered, reported, delivered", "an exception in every handler"])
def test_two_callers_leave_the_same_behind(scenario: str, canary: Canary, sqlite_ground: SqliteGround) -> None:
    another = random_caller(random.SystemRandom())

    assert not differences(canary, SCENARIOS[scenario], sqlite_ground, (canary.caller, another))
    assert not differences(canary, SCENARIOS[scenario], sqlite_ground, (canary.caller, None))


def test_what_no_needle_finds_makes_two_callers_differ(canary: Canary, sqlite_ground: SqliteGround) -> None:
    def remembers_a_remainder(it: Installation) -> None:
        it.at_work()
        it.rings("1" if hash_of(it.shown) % 2 else "3").listen(5)

    callers = random_caller(random.Random(1)), random_caller(random.Random(2))
    assert hash_of(callers[0].number) % 2 != hash_of(callers[1].number) % 2

    assert differences(canary, remembers_a_remainder, sqlite_ground, callers)


def hash_of(number: str) -> int:
    return int(number[-4:])


def test_there_are_as_many_needles_and_scenarios_as_promised() -> None:
    needles = number_needles(random_caller(random.Random(3)), SECRETS)

    assert len(needles) >= 1000
    assert len(SCENARIOS) >= 25
    assert len(LEAKS) >= 20
    assert set(SHORT) | set(SHORT_ON_POSTGRESQL) <= SCENARIOS.keys()


def test_random_bytes_and_text_hold_no_needle() -> None:
    caller = random_caller(random.SystemRandom())
    sid = f"CA{secrets.token_hex(16)}"
    search = Search(number_needles(caller, SECRETS) | call_needles(sid, SECRETS))

    assert not list(search.traces("bytes", secrets.token_bytes(200_000)))
    assert not list(search.traces("hexadecimal", secrets.token_hex(100_000).encode()))
    assert not list(search.traces("base64", secrets.token_urlsafe(150_000).encode()))


def test_a_needle_is_found_wherever_it_stands() -> None:
    caller = random_caller(random.Random(5))
    search = Search(number_needles(caller, SECRETS))

    for before in (0, 1, 2, 3, 5, 32_760, 32_768, 40_001):
        assert list(search.traces("somewhere", b"\0" * before + caller.number.encode() + b"\0" * 7))
