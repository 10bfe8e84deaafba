"""The whole line in virtual time, on either database."""

from collections.abc import Iterator

import pytest

from shared.store.database import Store
from tests.support.line import Exchange, exchange_on


@pytest.fixture
def exchange(sqlite_store: Store) -> Iterator[Exchange]:
    """The line on SQLite. At the end, nothing of ours may have been refused by Twilio, and no alert raised."""
    exchange = exchange_on(sqlite_store)
    yield exchange
    exchange.twilio.check()
    assert exchange.twilio.carrier.alerts == []


@pytest.fixture
def exchange_on_both(store: Store) -> Iterator[Exchange]:
    """The line on each database in turn."""
    exchange = exchange_on(store)
    yield exchange
    exchange.twilio.check()
    assert exchange.twilio.carrier.alerts == []
