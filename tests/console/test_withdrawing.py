"""A supervisor withdraws a report from the outbox: it never leaves, or a notice follows it."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.app import Console
from console.views.outbox import SURE
from console.withdrawing import WITHDRAWN
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, ReportState
from shared.sealing.envelope import open_envelope
from shared.store.schema import delivery, report
from tests.support.organisation import KENT, SUPERVISOR
from tests.support.released import release_directly

Find = Callable[[Console, str], Any]
WAIT = 5_000


def test_what_left_is_followed_by_a_notice_and_what_waits_never_leaves(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    left = release_directly(service.store, service.organisation, ReportState.OPENED, DeliveryState.OPENED)
    waits = release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.WAITING)
    with service.store.read() as tx:
        digest = tx.execute(select(delivery.c.digest).where(delivery.c.id == left.delivery_id)).scalar_one()
    console = signed_in(SUPERVISOR)
    console.posting.open()
    entries, button = control(console, "outbox.list"), control(console, "outbox.withdraw")
    qtbot.waitUntil(lambda: entries.count() == 2, timeout=WAIT)

    for one in (left, waits):
        ids = [row.id for row in console.posting.outbox.rows]
        entries.setCurrentRow(ids.index(one.delivery_id))
        button.click()
        QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut))
        button.click()
        asked = button.text()
        button.click()
        qtbot.waitUntil(lambda: console.posting.outbox.notice == WITHDRAWN, timeout=WAIT)
        qtbot.waitUntil(lambda one=one: _over(console, one.delivery_id), timeout=WAIT)
        assert asked == SURE

    with service.store.read() as tx:
        states = set(tx.execute(select(report.c.state)).scalars())
        notices = tx.execute(select(delivery.c.report_id).where(delivery.c.kind == DeliveryKind.WITHDRAWAL)).scalars()
        assert list(notices) == [left.report_id]
        notice = kept_envelope(tx, left.report_id, EnvelopeStage.WITHDRAWAL)
    assert states == {ReportState.WITHDRAWN}
    assert notice is not None
    kent = service.organisation.units[KENT].reader
    document = json.loads(open_envelope(notice, kent, service.organisation.release.public))
    assert document["withdraws"] == {"digest": digest.hex()}
    assert document["marking"] == "OFFICIAL-SENSITIVE"


def _over(console: Console, delivery_id: str) -> bool:
    found = [row for row in console.posting.outbox.rows if row.id == delivery_id]
    return not found or found[0].withdrawable is None
