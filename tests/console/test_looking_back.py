"""A second supervisor looks at a report that left urgently, and says so."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select

from console.app import Console
from console.looking_back import CONFIRMED
from shared.domain.sealed import keep_only
from shared.domain.vocabulary import Category, DeliveryState, EnvelopeStage, Mode, ReportState, ReviewAskKind
from shared.forms import ReleaseFacts, disseminated, load_form
from shared.sealing.canonical import canonical_json
from shared.store.schema import audit_entry, review_ask
from tests.support.organisation import BOTH, KENT, SUPERVISOR
from tests.support.released import DAY, release_directly
from tests.support.sealed_reports import release

Find = Callable[[Console, str], Any]
WAIT = 5_000
ENTRY = {"text": "An officer has cars repaired.", "source": "2", "assessment": "D", "handling": "C", "rationale": ""}
WHOLE = {"force": "kent", "category": "other", "door": "Nothing would happen.", "entries": [ENTRY]}


def sent(service: Any, asked_by: str) -> str:
    gone = release_directly(service.store, service.organisation, ReportState.RELEASED, DeliveryState.WAITING)
    asked = {
        "report_id": gone.report_id, "kind": ReviewAskKind.URGENT_SENT, "asked_on": DAY,
        "asked_by": service.organisation.members[asked_by].id,
    }  # fmt: skip
    facts = ReleaseFacts(Mode.ANONYMOUS, Category.OTHER, "kent", DAY)
    words = canonical_json(disseminated(load_form("report.v1"), WHOLE, facts))
    with service.store.begin() as tx:
        keep_only(tx, gone.report_id, EnvelopeStage.RELEASED, release(service.organisation, KENT, words))
        tx.execute(insert(review_ask), asked)
    return gone.report_id


def listed(console: Console, report_id: str, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: report_id in {row.id for row in console.review.in_review}, timeout=WAIT)


def test_a_second_supervisor_reads_what_the_unit_was_sent_and_confirms_it(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    report_id = sent(service, SUPERVISOR)
    console = signed_in(BOTH)
    listed(console, report_id, qtbot)

    control(console, f"review.{report_id}").click()
    text = control(console, "sent_report.text")
    qtbot.waitUntil(lambda: text.isVisible() and bool(text.toPlainText()), timeout=WAIT)
    shown = text.toPlainText()
    control(console, "sent_report.confirm").click()

    qtbot.waitUntil(lambda: console.line.notice == CONFIRMED, timeout=WAIT)
    assert "An officer has cars repaired." in shown
    assert "Nothing would happen." not in shown  # stays here
    assert text.toPlainText() == ""
    with service.store.read() as tx:
        assert tx.execute(select(review_ask)).all() == []
        audited = {(row.verb, row.outcome) for row in tx.execute(select(audit_entry))}
    assert ("report.confirm_second", "urgent_sent") in audited


def test_whoever_released_it_is_told_that_somebody_else_has_to_look(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    report_id = sent(service, SUPERVISOR)
    console = signed_in(SUPERVISOR)
    listed(console, report_id, qtbot)

    control(console, f"review.{report_id}").click()

    qtbot.waitUntil(lambda: bool(console.line.notice), timeout=WAIT)
    assert not control(console, "sent_report").isVisible()


def test_put_away_unconfirmed_it_is_forgotten_and_stays_on_the_list(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    report_id = sent(service, SUPERVISOR)
    console = signed_in(BOTH)
    listed(console, report_id, qtbot)
    control(console, f"review.{report_id}").click()
    qtbot.waitUntil(lambda: control(console, "sent_report").isVisible(), timeout=WAIT)

    console.looking_back.view.put_away()

    assert control(console, "sent_report.text").toPlainText() == ""
    assert report_id in {row.id for row in console.review.in_review}
