"""The outbox in the console: a supervisor sees it, and has sent again what was put aside."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update

from console.app import Console
from console.models.outbox import EMPTY, KINDS, LANES, STATES, UNANSWERED, OutboxModel
from console.posting import SENT_AGAIN
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Lane, ReportState
from shared.outbox.troubles import WORDS, Reason
from shared.outbox_messages import DeliveryCard, Outbox
from shared.store.schema import delivery
from tests.support.organisation import HANDLER, SUPERVISOR
from tests.support.released import release_directly

Find = Callable[[Console, str], Any]
WAIT = 20_000


def _card(**different: Any) -> DeliveryCard:
    usual = {
        "id": "1" * 32, "report_id": "2" * 32, "revision": "3" * 32, "digest": "AAAA",
        "kind": DeliveryKind.REPORT, "unit_id": "kent-psd",
        "lane": Lane.ORDINARY, "state": DeliveryState.WAITING, "attempts": 0, "until": None, "since": None,
        "reason": "", "unanswered": False, "asked_for": None, "asking": 0,
    }  # fmt: skip
    return DeliveryCard.model_validate(usual | different)


def _rows(*cards: DeliveryCard):
    model = OutboxModel()
    model.show(Outbox(deliveries=cards))
    return model.rows


def test_every_state_kind_and_lane_has_words() -> None:
    assert set(STATES) == set(DeliveryState)
    assert set(KINDS) == set(DeliveryKind)
    assert set(LANES) == set(Lane)


def test_a_batch_is_told_in_london_time() -> None:
    [row] = _rows(_card(until=datetime(2026, 7, 3, 5, 0, tzinfo=UTC)))

    assert row.standing == "Waiting for its batch: leaves Friday 3 July at 06:00"


def test_what_needs_somebody_says_so_in_words() -> None:
    parked = _card(state=DeliveryState.PARKED, since=date(2026, 3, 10), reason="The unit could not be reached.")
    late = _card(state=DeliveryState.DELIVERED, since=date(2026, 3, 1), unanswered=True)
    asked = _card(state=DeliveryState.NOT_OURS, since=date(2026, 3, 1), asked_for="essex-psd", asking=1)

    rows = _rows(parked, late, asked, _card())

    assert [row.needs_someone for row in rows] == [True, True, True, False]
    assert [row.may_send_again for row in rows] == [True, False, False, False]
    assert rows[1].advice == UNANSWERED
    assert rows[2].advice == "One supervisor asks that it go to essex-psd; two have to."


def test_a_supervisor_has_sent_again_what_was_put_aside(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.PARKED)
    with service.store.begin() as tx:
        tx.execute(update(delivery).values(reason=Reason.UNIT_UNREACHABLE.value))
    console = signed_in(SUPERVISOR)
    console.posting.open()
    entries = control(console, "outbox.list")
    qtbot.waitUntil(lambda: entries.count() == 1, timeout=WAIT)
    before = entries.item(0).text()

    control(console, "outbox.send_again").click()
    qtbot.waitUntil(lambda: console.posting.outbox.notice == SENT_AGAIN, timeout=WAIT)
    qtbot.waitUntil(lambda: entries.item(0) is not None and "Waiting" in entries.item(0).text(), timeout=WAIT)

    assert before.startswith("Needs somebody: Report to kent-psd")
    assert WORDS[Reason.UNIT_UNREACHABLE] in before
    assert not control(console, "outbox.send_again").isEnabled()


def test_nobody_but_a_supervisor_opens_it(signed_in: Callable[..., Console], control: Find) -> None:
    console = signed_in(HANDLER)

    console.posting.open()

    assert not control(console, "outbox").isVisible()
    assert control(console, "outbox.summary").text() == EMPTY
