"""A supervisor withdraws a report from the outbox: it never leaves, or a notice follows it."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import insert, select, update

from console.app import Console
from console.keyring import ReleaseBlocked
from console.posting import SENT_AGAIN
from console.views.outbox import SURE
from console.withdrawing import PUT_ASIDE, WITHDRAWN
from shared.domain.sealed import kept_envelope, kept_notice
from shared.domain.vocabulary import DeliveryKind, DeliveryState, EnvelopeStage, ReportState
from shared.sealing.envelope import Envelope, open_envelope
from shared.sealing.spoken_digest import spoken
from shared.store.schema import delivery, report
from tests.support.organisation import ESSEX, KENT, SUPERVISOR
from tests.support.released import release_directly
from tests.support.sealed_reports import release

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

    headings = {row.id: row.heading for row in console.posting.outbox.rows}
    notices = [words for words in headings.values() if words.startswith("Notice of withdrawal")]
    assert headings[left.delivery_id] == f"Report to {KENT}, reference {spoken(digest)}"
    assert notices == [f"Notice of withdrawal to {KENT}, reference {spoken(digest)}"]
    assert waits.delivery_id in headings
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


def test_each_unit_that_read_it_is_told_and_one_whose_key_has_expired_once_it_is_renewed(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    store, organisation = service.store, service.organisation
    sent = release_directly(store, organisation, ReportState.OPENED, DeliveryState.NOT_OURS)
    anew = _went_on(store, organisation, sent)
    good = organisation.directory
    _publish(store, organisation, ESSEX, date(2026, 3, 9))
    console = signed_in(SUPERVISOR)
    _press(console, control, "outbox.withdraw", qtbot)
    control(console, "outbox.withdraw").click()
    qtbot.waitUntil(lambda: console.posting.outbox.notice == PUT_ASIDE.format(units=ESSEX), timeout=WAIT)
    assert _names(store, organisation, sent.report_id) == {KENT: sent.envelope.digest.hex()}

    _press(console, control, "outbox.send_again", qtbot)
    qtbot.waitUntil(lambda: console.posting.outbox.notice == ReleaseBlocked.words, timeout=WAIT)
    _publish(store, organisation, ESSEX, good.unit(ESSEX).expires)
    later = signed_in(SUPERVISOR, computer="another")
    _press(later, control, "outbox.send_again", qtbot)
    qtbot.waitUntil(lambda: later.posting.outbox.notice == SENT_AGAIN, timeout=WAIT)

    digests = {KENT: sent.envelope.digest.hex(), ESSEX: anew.digest.hex()}
    assert _names(store, organisation, sent.report_id) == digests


def _went_on(store: Any, organisation: Any, sent: Any) -> Envelope:
    """Kent disowned it, and Essex has it now."""
    anew = release(organisation, ESSEX)
    with store.begin() as tx:
        first = dict(tx.execute(select(delivery).where(delivery.c.id == sent.delivery_id)).mappings().one())
        there = {"id": "e" * 32, "unit_id": ESSEX, "state": DeliveryState.OPENED, "digest": anew.digest}
        tx.execute(insert(delivery), first | there)
        tx.execute(update(report).where(report.c.id == sent.report_id).values(unit_id=ESSEX))
    return anew


def _publish(store: Any, organisation: Any, unit_id: str, expires: date) -> None:
    """The next directory says that this unit's keys are good until then."""
    known = organisation.directory
    units = tuple(unit.model_copy(update={"expires": expires}) if unit.id == unit_id else unit for unit in known.units)
    organisation.publish(store, known.model_copy(update={"version": known.version + 1, "units": units}))


def _press(console: Console, control: Find, name: str, qtbot: Any) -> None:
    """Look at the outbox, and press a button about the only delivery to Essex there that can be."""

    def fitting(row: Any) -> bool:
        can = row.may_send_again if name == "outbox.send_again" else row.withdrawable is not None
        return bool(row.unit_id == ESSEX and can)

    if not control(console, "outbox.list").isVisible():
        console.posting.open()
    entries, button = control(console, "outbox.list"), control(console, name)
    qtbot.waitUntil(lambda: any(map(fitting, console.posting.outbox.rows)), timeout=WAIT)
    wanted = list(filter(fitting, console.posting.outbox.rows))
    entries.setCurrentRow(console.posting.outbox.rows.index(wanted[0]))
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)
    button.click()


def _names(store: Any, organisation: Any, report_id: str) -> dict[str, str]:
    """The digest that each unit's notice withdraws, as that unit opens it."""
    notices = delivery.c.report_id == report_id, delivery.c.kind == DeliveryKind.WITHDRAWAL
    with store.read() as tx:
        rows = tx.execute(select(delivery.c.unit_id, delivery.c.digest).where(*notices)).all()
        kept = {row.unit_id: kept_notice(tx, report_id, row.digest) for row in rows}
    opened = {
        unit_id: open_envelope(notice, organisation.units[unit_id].reader, organisation.release.public)
        for unit_id, notice in kept.items()
        if notice is not None
    }
    return {unit_id: json.loads(words)["withdraws"]["digest"] for unit_id, words in opened.items()}


def _over(console: Console, delivery_id: str) -> bool:
    found = [row for row in console.posting.outbox.rows if row.id == delivery_id]
    return not found or found[0].withdrawable is None
