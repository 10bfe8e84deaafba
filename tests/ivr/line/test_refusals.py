"""Requests that Twilio did not sign are counted over all processes and told once a minute at most."""

import os
from collections.abc import Iterator

import pytest
import structlog

from ivr.line.refusals import ALARM_EVERY, Refusals


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def refusals(seconds: Seconds) -> Iterator[Refusals]:
    counting = Refusals(seconds)
    yield counting
    counting.close()


def told(refusals: Refusals) -> list[int]:
    with structlog.testing.capture_logs() as log:
        refusals.tell()
    return [line["count"] for line in log]


def test_the_first_is_told_at_once_and_a_flood_in_one_line_a_minute(refusals: Refusals, seconds: Seconds) -> None:
    refusals.count()
    first = told(refusals)

    for _ in range(5000):
        refusals.count()
    within_the_minute = told(refusals)
    seconds.now += ALARM_EVERY

    assert (first, within_the_minute, told(refusals)) == ([1], [], [5000])


def test_nothing_is_told_where_there_was_nothing(refusals: Refusals, seconds: Seconds) -> None:
    seconds.now += ALARM_EVERY

    assert told(refusals) == []


def test_what_a_process_counted_that_has_ended_is_told_by_its_parent(refusals: Refusals) -> None:
    child = os.fork()
    if child == 0:
        refusals.count()
        os._exit(0)

    os.waitpid(child, 0)

    assert told(refusals) == [1]
