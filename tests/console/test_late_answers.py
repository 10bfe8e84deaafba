"""An answer that comes late finds another report, another person or another call here, and leaves them alone."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from console.handing_in import TYPED_SINCE
from console.link import PendingCall
from console.models.session import SessionState
from shared.domain.sessions import end_sessions_of
from shared.domain.vocabulary import PresenceState, ReportState
from shared.store.schema import report
from tests.console.test_drafting import begin, saved, write_whole
from tests.support.organisation import HANDLER


def states(service: Any) -> list[ReportState]:
    with service.store.read() as tx:
        return sorted(tx.execute(select(report.c.state)).scalars())


def a_call_is_taken(console: Any, service: Any, qtbot: Any) -> None:
    console.desk.set_presence(PresenceState.AVAILABLE)
    service.a_call_waits()
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    console.desk.answer()
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=20_000)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: console.report.call_id == console.call.call.id, timeout=20_000)


def test_a_report_that_is_handed_in_late_takes_nothing_of_the_next_callers_away(
    signed_in: Callable[..., Any], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write_whole(console)
    saved(console, qtbot)
    answer = service.hold_back("/submit")
    console.drafting.submit()
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=20_000)

    a_call_is_taken(console, service, qtbot)
    console.report.answer("what", "The next caller's words.")
    answer.set()

    qtbot.waitUntil(lambda: ReportState.IN_REVIEW in states(service), timeout=20_000)
    qtbot.waitUntil(lambda: states(service) == sorted([ReportState.IN_REVIEW, ReportState.DRAFT]), timeout=20_000)
    saved(console, qtbot)
    assert console.report.content["what"] == "The next caller's words."


def test_a_report_on_its_way_is_handed_in_though_the_service_was_away_and_another_is_open(
    signed_in: Callable[..., Any], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write_whole(console)
    saved(console, qtbot)
    service.go_away()
    console.drafting.submit()
    qtbot.waitUntil(lambda: not console.line.reached, timeout=20_000)

    console.drafting.forget()
    begin(console)
    service.come_back()

    qtbot.waitUntil(lambda: states(service) == [ReportState.IN_REVIEW], timeout=20_000)
    assert console.report.is_open


def test_what_is_typed_while_a_report_is_handed_in_stays_as_a_new_draft(
    signed_in: Callable[..., Any], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write_whole(console)
    saved(console, qtbot)
    answer = service.hold_back("/submit")
    console.drafting.submit()
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=20_000)

    console.saving._soon.setInterval(5_000)
    console.report.answer("what", "Repairs without charge, and a holiday.")
    answer.set()

    qtbot.waitUntil(lambda: console.line.notice == TYPED_SINCE, timeout=20_000)
    saved(console, qtbot)
    assert states(service) == sorted([ReportState.IN_REVIEW, ReportState.DRAFT])
    assert console.report.content["what"] == "Repairs without charge, and a holiday."


def test_a_report_that_opens_late_does_not_stand_in_the_next_callers_place(
    signed_in: Callable[..., Any], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write_whole(console)
    saved(console, qtbot)
    earlier = console.report.stored
    console.drafting.put_away()
    answer = service.hold_back(earlier.id)

    console.drafting.open(earlier.id)
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=20_000)
    a_call_is_taken(console, service, qtbot)
    answer.set()
    qtbot.waitUntil(lambda: not console.link.findChildren(PendingCall), timeout=20_000)

    assert console.report.call_id == console.call.call.id
    assert console.report.stored is None


def test_a_first_save_whose_answer_was_lost_as_the_session_ended_makes_no_second_report(
    signed_in: Callable[..., Any], service: Any, quick: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(back_off_ms=(60_000,)))
    member = service.organisation.members[HANDLER]
    begin(console)
    service.lose_next_answer()
    console.report.answer("what", "Number plates")
    qtbot.waitUntil(lambda: service.answers_lost == 1, timeout=20_000)
    service.go_away()
    with service.store.begin() as tx:
        end_sessions_of(tx, member.id, service.clock())

    service.come_back()
    qtbot.waitUntil(lambda: console.session.state is SessionState.SIGNED_OUT, timeout=20_000)
    console.signing_in.begin(HANDLER, member.passphrase)
    qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)

    saved(console, qtbot)
    assert states(service) == [ReportState.DRAFT]
