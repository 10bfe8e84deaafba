"""The outbox in the console: a supervisor sees it, and has sent again what was put aside."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import update

from console.app import Console
from console.models.outbox import EMPTY, KINDS, LANES, MODES, NONE_FITS, STATES, TAKEN_BACK, UNANSWERED, OutboxModel
from console.posting import SENT_AGAIN
from shared.domain.vocabulary import Category, DeliveryKind, DeliveryState, Lane, Mode, ReportState
from shared.outbox.troubles import WORDS, Reason
from shared.outbox_messages import DeliveryCard, Outbox
from shared.store.schema import delivery
from tests.support.organisation import HANDLER, SUPERVISOR
from tests.support.released import release_directly

Find = Callable[[Console, str], Any]
WAIT = 20_000


def _card(**different: Any) -> DeliveryCard:
    usual = {
        "id": "1" * 32, "report_id": "2" * 32, "revision": "3" * 32, "digest": "AAAA", "report_digest": "N4FJgQ",
        "force_id": "kent", "category": Category.PERSONAL_ADVANTAGE, "mode": Mode.ANONYMOUS, "week": date(2026, 3, 2),
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
    assert set(MODES) == set(Mode)


def test_a_report_and_what_follows_it_have_the_reference_that_its_unit_sees() -> None:
    report, notice = _rows(_card(), _card(kind=DeliveryKind.WITHDRAWAL, digest="BBBB"))

    assert report.heading == "Report to kent-psd, reference 3781 4981"
    assert notice.heading == "Notice of withdrawal to kent-psd, reference 3781 4981"
    assert "11111111" not in report.heading + report.about + notice.heading
    assert report.about == "Kent · Personal advantage · anonymous · begun in the week of 2 March"
    assert notice.about == ""


def test_a_report_that_was_withdrawn_after_it_left_stays_listed_as_that_and_can_only_be_read() -> None:
    disowned = _card(state=DeliveryState.NOT_OURS, since=date(2026, 3, 10), taken_back=True)

    [row] = _rows(disowned)

    assert row.standing == f"{TAKEN_BACK}, Tuesday 10 March"
    assert (row.needs_someone, row.may_send_again, row.withdrawable, row.report_id) == (False, False, None, "")


def test_what_a_caller_can_say_of_a_report_leaves_only_the_rows_that_it_fits() -> None:
    model = OutboxModel()
    named = _card(id="4" * 32, mode=Mode.CONFIDENTIAL, week=date(2026, 2, 23), report_digest="AAAA")
    model.show(Outbox(deliveries=(_card(), named)))

    shown = {}
    for words in ("", "KENT personal", "gave a name", "2 march", "37814981", "3781 4981", "essex"):
        model.seek(words)
        shown[words] = [row.id[0] for row in model.rows]

    assert shown == {
        "": ["1", "4"], "KENT personal": ["1", "4"], "gave a name": ["4"], "2 march": ["1"],
        "37814981": ["1"], "3781 4981": ["1"], "essex": [],
    }  # fmt: skip
    assert model.summary == NONE_FITS


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
    sought = control(console, "outbox.search")
    sought.setText("essex")
    found_elsewhere = entries.count()
    sought.setText("kent")

    control(console, "outbox.send_again").click()
    qtbot.waitUntil(lambda: console.posting.outbox.notice == SENT_AGAIN, timeout=WAIT)
    qtbot.waitUntil(lambda: entries.item(0) is not None and "Waiting" in entries.item(0).text(), timeout=WAIT)

    assert before.startswith("Needs somebody: Report to kent-psd")
    assert found_elsewhere == 0
    assert WORDS[Reason.UNIT_UNREACHABLE] in before
    assert not control(console, "outbox.send_again").isEnabled()
    console.posting.open()
    console.posting.open()
    assert (sought.text(), entries.count()) == ("", 1)


def test_nobody_but_a_supervisor_opens_it(signed_in: Callable[..., Console], control: Find) -> None:
    console = signed_in(HANDLER)

    console.posting.open()

    assert not control(console, "outbox").isVisible()
    assert control(console, "outbox.summary").text() == EMPTY
