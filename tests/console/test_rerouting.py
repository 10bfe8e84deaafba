"""A report that is not its unit's goes to another, once two supervisors have chosen the same one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from console.app import Console
from console.rerouting import ASKED, SENT
from console.vouching import AnotherReport
from shared.domain.sealed import keep_only, kept_envelope
from shared.domain.vocabulary import Category, DeliveryState, EnvelopeStage, Mode, ReportState
from shared.forms import ReleaseFacts, disseminated, load_form
from shared.sealing.canonical import canonical_json
from shared.sealing.envelope import open_envelope
from shared.store.schema import delivery
from tests.support import sealed_reports as sealing
from tests.support.in_review import ENTRY, WHOLE
from tests.support.organisation import BOTH, ESSEX, KENT, SUPERVISOR
from tests.support.released import Released, release_directly

Find = Callable[[Console, str], Any]
WAIT = 5_000
FACTS = ReleaseFacts(Mode.ANONYMOUS, Category.OTHER, "kent", date(2026, 3, 10))
DOCUMENT = canonical_json(disseminated(load_form("report.v1"), WHOLE, FACTS))


def disowned(service: Any) -> Released:
    return release_directly(
        service.store, service.organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS, words=DOCUMENT
    )


def choose(console: Console, control: Find, qtbot: Any, unit_id: str = ESSEX) -> None:
    """As one supervisor: open the outbox, choose the unit, press."""
    console.posting.open()
    entries = control(console, "outbox.list")
    qtbot.waitUntil(lambda: entries.count() == 1, timeout=WAIT)
    units = control(console, "outbox.unit")
    units.setCurrentIndex(units.findData(unit_id))
    control(console, "outbox.elsewhere").click()
    qtbot.waitUntil(lambda: bool(console.posting.outbox.notice) or console.rerouting.view.isVisible(), timeout=WAIT)


def test_two_supervisors_send_it_on_word_for_word(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    sent = disowned(service)
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")

    choose(first, control, qtbot)
    alone = first.posting.outbox.notice
    choose(second, control, qtbot)
    shown = control(second, "reroute_report.text").toPlainText()
    with service.store.read() as tx:
        unread = tx.execute(select(delivery.c.unit_id)).scalars().all()
    control(second, "reroute_report.confirm").click()
    qtbot.waitUntil(lambda: bool(second.posting.outbox.notice), timeout=WAIT)
    both = second.posting.outbox.notice

    assert ENTRY["text"] in shown and "Kent" in shown
    assert unread == [KENT]
    assert (alone, both) == (ASKED, SENT)
    assert not second.rerouting.view.isVisible()
    with service.store.read() as tx:
        there = {row.unit_id: row.state for row in tx.execute(select(delivery))}
        kept = kept_envelope(tx, sent.report_id, EnvelopeStage.RELEASED)
    assert there == {KENT: DeliveryState.NOT_OURS, ESSEX: DeliveryState.WAITING}
    assert kept is not None
    essex = service.organisation.units[ESSEX].reader
    assert open_envelope(kept, essex, service.organisation.release.public) == DOCUMENT


def test_another_report_than_the_one_that_was_chosen_is_neither_shown_nor_sealed(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    sent = disowned(service)
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")
    choose(first, control, qtbot)
    second.posting.open()
    qtbot.waitUntil(lambda: control(second, "outbox.list").count() == 1, timeout=WAIT)
    another = sealing.release(service.organisation, KENT, DOCUMENT)
    with service.store.begin() as tx:
        keep_only(tx, sent.report_id, EnvelopeStage.RELEASED, another)

    choose(second, control, qtbot)

    assert second.posting.outbox.notice == AnotherReport.words
    assert not second.rerouting.view.isVisible()
    with service.store.read() as tx:
        assert tx.execute(select(delivery.c.unit_id)).scalars().all() == [KENT]


def test_a_colleagues_choice_is_chosen_already_for_the_second(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    disowned(service)
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")
    choose(first, control, qtbot)

    second.posting.open()

    units = control(second, "outbox.unit")
    qtbot.waitUntil(lambda: units.currentData() == ESSEX, timeout=WAIT)
    assert units.findData(KENT) == -1  # it has said no


def test_nothing_else_in_the_outbox_can_go_to_another_unit(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.WAITING)
    console = signed_in(SUPERVISOR)

    console.posting.open()

    qtbot.waitUntil(lambda: control(console, "outbox.list").count() == 1, timeout=WAIT)
    assert not control(console, "outbox.another").isVisible()
