"""The outbox over the desk's API: where deliveries stand, sending again, sending elsewhere, withdrawing."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from shared.domain.key_changes import lift_suspension, suspend_key
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Mode, ReportState
from shared.outbox.overview import read_outbox
from shared.outbox.troubles import WORDS, Reason
from shared.outbox_messages import AskToReroute, RerouteReport, SealNotice, WithdrawReport
from shared.sealing.canonical import to_base64url
from shared.sealing.envelope import seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.store.schema import audit_entry, delivery, report
from tests.support.organisation import BOTH, ESSEX, KENT, SUPERVISOR
from tests.support.released import release_directly
from tests.support.sealed_reports import as_text, release

NOW = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)


def _cards(store, now: datetime = NOW):
    with store.read() as tx:
        return read_outbox(tx, now, 7).deliveries


def test_what_is_put_aside_comes_first_with_its_reason_in_words(store, organisation) -> None:
    waiting = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.WAITING)
    parked = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.PARKED)
    with store.begin() as tx:
        mine = delivery.c.id == parked.delivery_id
        tx.execute(update(delivery).where(mine).values(reason=Reason.NO_ROUTE.value))

    first, second = _cards(store)

    assert (first.id, first.reason) == (parked.delivery_id, WORDS[Reason.NO_ROUTE])
    assert (second.id, second.reason, second.since) == (waiting.delivery_id, "", None)


@pytest.mark.parametrize(("state", "shown"), [(state, state not in {"ours", "withdrawn"}) for state in DeliveryState])
def test_what_is_over_is_not_shown_the_next_day(store, organisation, state: DeliveryState, shown: bool) -> None:
    reported = ReportState.NOT_OURS if state is DeliveryState.NOT_OURS else ReportState.RELEASED
    release_directly(store, organisation, reported, state)
    with store.begin() as tx:
        if state is DeliveryState.PARKED:
            tx.execute(update(delivery).values(reason=Reason.NO_ROUTE.value))

    assert bool(_cards(store)) is shown


@pytest.mark.parametrize("state", [DeliveryState.WITHDRAWN, DeliveryState.OPENED, DeliveryState.NOT_OURS])
def test_a_withdrawn_report_stays_listed_as_that_for_a_week(store, organisation, state: DeliveryState) -> None:
    sent = release_directly(store, organisation, ReportState.WITHDRAWN, state)
    with store.begin() as tx:
        tx.execute(update(report).values(answered_on=date(2026, 3, 12)))

    [card] = _cards(store)
    later = _cards(store, datetime(2026, 3, 19, 9, 0, tzinfo=UTC))

    assert (card.taken_back, card.since) == (True, date(2026, 3, 12))
    assert card.report_digest == to_base64url(sent.envelope.digest)
    assert later == ()


def test_a_row_says_the_week_of_a_report_and_no_day_of_it(store, organisation) -> None:
    release_directly(store, organisation, ReportState.RELEASED, DeliveryState.WAITING)
    with store.begin() as tx:
        tx.execute(update(report).values(started_on=date(2026, 3, 15)))

    [card] = _cards(store)

    assert card.week == date(2026, 3, 9)
    assert (card.force_id, card.mode, card.since) == ("kent", Mode.ANONYMOUS, None)
    assert date(2026, 3, 15).isoformat() not in card.model_dump_json()


def test_a_report_without_an_answer_for_a_week_needs_somebody(store, organisation) -> None:
    late = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.DELIVERED)

    [card] = _cards(store)
    [before] = _cards(store, datetime(2026, 3, 16, 9, 0, tzinfo=UTC))

    assert (card.id, card.unanswered) == (late.delivery_id, True)
    assert before.unanswered is False


def test_a_report_that_has_gone_to_another_unit_is_shown_there_alone(store, organisation) -> None:
    disowned = release_directly(store, organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS)
    before = [card.unit_id for card in _cards(store)]
    with store.begin() as tx:
        tx.execute(update(report).where(report.c.id == disowned.report_id).values(state=ReportState.RELEASED))

    assert before == [KENT]
    assert _cards(store) == ()


# --- over the API -----------------------------------------------------------------------------------------------------


def test_a_supervisor_has_sent_again_what_was_put_aside_once(store, organisation, sign_in) -> None:
    parked = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.PARKED)
    with store.begin() as tx:
        tx.execute(update(delivery).values(reason=Reason.UNIT_UNREACHABLE.value))
    supervisor = sign_in(SUPERVISOR)

    first = supervisor.ask("POST", f"/outbox/{parked.delivery_id}/send-again")
    second = supervisor.ask("POST", f"/outbox/{parked.delivery_id}/send-again")
    [card] = supervisor.ask("GET", "/outbox").json["deliveries"]

    assert (first.status_code, second.status_code) == (204, 409)
    assert second.json["code"] == "nothing_put_aside"
    assert (card["state"], card["reason"]) == ("waiting", "")
    with store.read() as tx:
        verbs = list(tx.execute(select(audit_entry.c.verb)).scalars())
    assert verbs.count("delivery.send_again") == 1


def test_two_supervisors_send_a_disowned_report_elsewhere(store, organisation, sign_in) -> None:
    disowned = release_directly(store, organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS)
    first, second = sign_in(SUPERVISOR), sign_in(BOTH)
    path = f"/reports/{disowned.report_id}/reroute"
    ask = AskToReroute(unit_id=ESSEX)

    asked = first.ask("POST", f"{path}/ask", ask).status_code
    alone = first.ask("GET", path).status_code
    second.ask("POST", f"{path}/ask", ask)
    card = second.ask("GET", path).json["card"]
    anew = as_text(release(organisation, ESSEX))
    sent = second.ask("POST", path, RerouteReport(revision=card["revision"], unit_id=ESSEX, envelope=anew))

    assert (asked, alone, sent.status_code) == (204, 409, 200)
    assert [(card.unit_id, card.state) for card in _cards(store)] == [(ESSEX, DeliveryState.WAITING)]


def test_a_report_is_withdrawn_and_its_unit_told_where_it_may_have_it(store, organisation, sign_in) -> None:
    waiting = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.WAITING)
    there = release_directly(store, organisation, ReportState.OPENED, DeliveryState.OPENED)
    header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit=KENT)
    notice = as_text(seal(b"{}", header, [organisation.units[KENT].reader.public], organisation.release))
    supervisor = sign_in(SUPERVISOR)

    stopped = _withdraw(supervisor, waiting)
    refused = _withdraw(supervisor, there)
    noticed = _withdraw(supervisor, there, notice)

    assert (stopped, refused, noticed) == (200, 409, 200)
    assert [card.kind for card in _cards(store)].count(DeliveryKind.WITHDRAWAL) == 1


def test_a_notice_that_could_not_be_sealed_is_sent_from_the_outbox(store, organisation, sign_in) -> None:
    there = release_directly(store, organisation, ReportState.OPENED, DeliveryState.OPENED)
    key_id, day = organisation.units[KENT].reader.public.key_id, NOW.date()
    with store.begin() as tx:
        suspend_key(tx, key_id, ["a" * 32], day)
    supervisor = sign_in(SUPERVISOR)
    answer = supervisor.ask(
        "POST", f"/reports/{there.report_id}/withdraw", WithdrawReport(revision=there.revision)
    ).json
    [card] = [card for card in _cards(store) if card.kind is DeliveryKind.WITHDRAWAL]
    with store.begin() as tx:
        lift_suspension(tx, key_id, [member.id for member in organisation.members.values()], day)
    header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit=KENT)
    notice = as_text(seal(b"{}", header, [organisation.units[KENT].reader.public], organisation.release))

    plain = supervisor.ask("POST", f"/outbox/{card.id}/send-again").status_code
    sealed = supervisor.ask("POST", f"/outbox/{card.id}/notice", SealNotice(notice=notice)).status_code

    assert (answer["put_aside"], plain, sealed) == ([KENT], 409, 204)
    assert [card.state for card in _cards(store) if card.kind is DeliveryKind.WITHDRAWAL] == [DeliveryState.WAITING]


def _withdraw(supervisor, sent, notice: str | None = None) -> int:
    said = WithdrawReport(revision=sent.revision, notices=() if notice is None else (notice,))
    status: int = supervisor.ask("POST", f"/reports/{sent.report_id}/withdraw", said).status_code
    return status
