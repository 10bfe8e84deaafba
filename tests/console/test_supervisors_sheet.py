"""What every sheet for supervisors keeps to: an answer after the session's end, and a service that is away."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from console.app import Console
from console.link import PendingCall, ServiceAway
from shared.domain.vocabulary import DeliveryState, ReportState
from shared.store.schema import delivery
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
    qtbot.waitUntil(lambda: not console.line.reached, timeout=WAIT)
    sheets = {
        console.left_behind: console.left_behind.drafts,
        console.posting: console.posting.outbox,
        console.questioning: console.questioning.model,
    }
    for sheet, model in sheets.items():
        sheet.open()

        qtbot.waitUntil(lambda model=model: model.notice == ServiceAway().sentence, timeout=WAIT)
        qtbot.waitUntil(lambda: not on_their_way(console), timeout=WAIT)


def test_a_sheet_that_is_shown_is_read_again_by_itself_and_leaves_a_choice_alone_while_nothing_changed(
    signed_in: Callable[..., Console], service: Any, control: Callable[..., Any], qtbot: Any
) -> None:
    report = release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.PARKED)
    console = signed_in(SUPERVISOR)
    console.posting.open()
    qtbot.waitUntil(lambda: len(console.posting.outbox.rows) == 1, timeout=WAIT)
    drawn: list[None] = []
    console.posting.outbox.changed.connect(lambda: drawn.append(None))
    rows, read = control(console, "outbox.list"), console.posting._last
    rows.setCurrentRow(-1)
    first = dict(read)

    console.posting.timer.setInterval(20)
    qtbot.waitUntil(lambda: all(read[path] is not first[path] for path in first), timeout=WAIT)
    assert not drawn and rows.currentRow() == -1

    service.go_away()
    qtbot.waitUntil(lambda: console.posting.outbox.notice == ServiceAway().sentence, timeout=WAIT)
    with service.store.begin() as tx:
        tx.execute(update(delivery).values(state=DeliveryState.DELIVERED))
    service.come_back()
    qtbot.waitUntil(lambda: bool(drawn), timeout=WAIT)
    assert report and console.posting.outbox.notice == ""

    console.posting.view.put_away()
    assert not console.posting.timer.isActive()


def test_what_is_refused_is_told_and_what_is_shown_is_read_anew(
    signed_in: Callable[..., Console], service: Any, control: Callable[..., Any], qtbot: Any
) -> None:
    release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.PARKED)
    console = signed_in(SUPERVISOR)
    console.posting.open()
    qtbot.waitUntil(lambda: len(console.posting.outbox.rows) == 1, timeout=WAIT)
    before = console.posting.outbox.rows
    with service.store.begin() as tx:
        tx.execute(update(delivery).values(state=DeliveryState.SENDING))

    control(console, "outbox.send_again").click()

    qtbot.waitUntil(lambda: console.posting.outbox.rows != before, timeout=WAIT)
    assert console.posting.outbox.notice and not console.posting.outbox.notice_is_good
