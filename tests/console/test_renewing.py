"""The token is renewed while someone is signed in, through an outage too, and not for whoever comes after."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from console.app import Console
from console.models.session import SessionState
from console.renewing import RENEW_MS, Renewing
from shared.domain.sessions import TOKEN_LASTS, end_sessions_of
from shared.store.schema import desk_session
from tests.support.organisation import HANDLER

WAIT = 20_000


def hashes(service: Any) -> list[bytes]:
    with service.store.read() as tx:
        return list(tx.execute(select(desk_session.c.token_hash)).scalars())


@pytest.fixture
def quickly(signed_in: Callable[..., Console]) -> Any:
    """A handler's console, and a renewal of its own that is in a hurry."""
    console = signed_in(HANDLER)
    renewing = Renewing(console.link, renew_ms=20, try_again_ms=20)
    yield console, renewing
    renewing.stop()


def test_a_token_is_renewed_long_before_it_runs_out() -> None:
    assert TOKEN_LASTS.total_seconds() * 1000 >= 3 * RENEW_MS


def test_the_session_goes_on_with_another_token(quickly: Any, service: Any, control: Any, qtbot: Any) -> None:
    console, renewing = quickly
    before = hashes(service)

    renewing.start()

    qtbot.waitUntil(lambda: hashes(service) != before, timeout=WAIT)
    renewing.stop()
    control(console, "action.available").click()
    qtbot.waitUntil(lambda: console.line.presence == "available", timeout=WAIT)
    assert len(hashes(service)) == 1


def test_a_service_that_was_away_is_asked_again(quickly: Any, service: Any, qtbot: Any) -> None:
    _, renewing = quickly
    before = hashes(service)
    service.go_away()
    renewing.start()
    qtbot.waitUntil(lambda: renewing._timer.isActive(), timeout=WAIT)

    service.come_back()

    qtbot.waitUntil(lambda: hashes(service) != before, timeout=WAIT)


def test_a_session_ended_elsewhere_is_noticed_by_the_renewal_too(quickly: Any, service: Any, qtbot: Any) -> None:
    console, renewing = quickly
    console.stream.stop()
    with service.store.begin() as tx:
        end_sessions_of(tx, service.organisation.members[HANDLER].id, service.clock())

    renewing.start()

    qtbot.waitUntil(lambda: console.session.state is SessionState.SIGNED_OUT, timeout=WAIT)


def test_a_token_that_comes_after_signing_out_is_for_nobody(quickly: Any, service: Any, qtbot: Any) -> None:
    console, renewing = quickly
    renewing.start()
    renewing._timer.stop()
    renewing._renew()

    renewing.stop()
    console.signing_in.end()

    qtbot.waitUntil(lambda: hashes(service) == [], timeout=WAIT)
    assert console.link._token is None
