"""What every sheet for supervisors keeps to: an answer after the session's end, and a service that is away."""

from collections.abc import Callable
from typing import Any

from console.app import Console
from console.link import PendingCall, ServiceAway
from shared.domain.vocabulary import DeliveryState, ReportState
from tests.support.organisation import SUPERVISOR
from tests.support.released import release_directly

WAIT = 20_000


def on_their_way(console: Console) -> list[PendingCall]:
    return console.link.findChildren(PendingCall)


def test_what_is_answered_after_signing_out_fills_no_sheet(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.PARKED)
    console = signed_in(SUPERVISOR)
    answer = service.hold_back("/outbox", answered=True)
    console.posting.open()
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=WAIT)

    console.signing_in.end()
    qtbot.waitUntil(lambda: not console.session.is_supervisor, timeout=WAIT)
    answer.set()
    qtbot.waitUntil(lambda: not on_their_way(console), timeout=WAIT)

    assert console.posting.outbox.rows == ()


def test_a_service_that_is_away_is_told_once_and_not_asked_again_and_again(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(SUPERVISOR)
    service.go_away()
    for sheet in (console.left_behind, console.posting, console.questioning):
        sheet.open()

        qtbot.waitUntil(lambda: not on_their_way(console), timeout=WAIT)

    assert console.left_behind.drafts.notice == ServiceAway().sentence
    assert console.posting.outbox.notice == ServiceAway().sentence
    assert console.questioning.model.notice == ServiceAway().sentence
