"""Holding and rejecting a report, what waits for a second supervisor, a reviewer's word, and who has it open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from shared.domain import holding, reports, review
from shared.domain.errors import (
    DayNotAhead,
    EnvelopeRefused,
    HintsUnsettled,
    HoldNeedsTwo,
    NotUrgent,
    OwnReport,
    OwnReviewAsk,
    ReasonNeeded,
    Refusal,
    ReportNotFound,
    ReportNotInThatState,
    ReviewAskNotFound,
    ReviewAskOpen,
    StaleReport,
)
from shared.domain.people import Particulars
from shared.domain.sessions import begin_session
from shared.domain.standing import change, suspend
from shared.domain.vocabulary import EnvelopeStage, Lane, Language, RejectReason, ReportState, ReviewAskKind, Role
from shared.sealing.flags import ReleaseFlags
from shared.store.database import Store
from shared.store.schema import (
    delivery,
    draft_recovery,
    envelope,
    person,
    reroute_ask,
    review_ask,
    wrap,
)
from tests.support import sealed_reports as sealing
from tests.support.organisation import BOTH, HANDLER, KENT, SUPERVISOR, found_organisation
from tests.support.two_supervisors import TODAY, Supervisors

REJECT, LONGER = ReviewAskKind.REJECT, ReviewAskKind.HOLD_LONGER


@pytest.fixture
def desk(store: Store, clock: Any) -> Supervisors:
    return Supervisors(store, found_organisation(store), clock)


# --- holding --------------------------------------------------------------------------------------------------------


def test_one_supervisor_may_hold_a_report_for_seven_days(desk: Supervisors) -> None:
    desk.hold(desk.in_review(), 7)

    row = desk.row()
    assert (row.state, row.held_on, row.held_until) == (ReportState.HELD, TODAY, TODAY + timedelta(days=7))
    assert ("report.hold", "done") in desk.audited()


def test_an_eighth_day_needs_two_even_where_it_is_asked_for_in_pieces(desk: Supervisors) -> None:
    held = desk.hold(desk.in_review(), 7)

    with pytest.raises(HoldNeedsTwo):
        desk.hold(desk.take_up(held), 8)
    assert desk.row().state is ReportState.IN_REVIEW


def test_a_hold_whose_day_has_come_ends_by_itself_and_nobodys_reading_is_overtaken(desk: Supervisors) -> None:
    held = desk.hold(desk.in_review(), 3)
    with desk.store.begin() as tx:
        early = holding.take_up_what_is_due(tx, desk.clock() + timedelta(days=2))
    before = desk.row().state
    with desk.store.begin() as tx:
        due = holding.take_up_what_is_due(tx, desk.clock() + timedelta(days=3))

    row = desk.row()
    assert (early, before, due) == (0, ReportState.HELD, 1)
    assert (row.state, row.held_until, row.held_on) == (ReportState.IN_REVIEW, None, TODAY)
    assert row.revision == held.revision


@pytest.mark.parametrize("days", [0, -1])
def test_a_hold_ends_on_a_day_to_come(desk: Supervisors, days: int) -> None:
    with pytest.raises(DayNotAhead):
        desk.hold(desk.in_review(), days)


def test_a_held_report_is_not_released_before_it_is_taken_up_again(desk: Supervisors) -> None:
    held = desk.hold(desk.in_review(), 3)

    with pytest.raises(ReportNotInThatState):
        desk.release(held)
    desk.release(desk.take_up(held))

    row = desk.row()
    assert (row.state, row.held_on, row.held_until) == (ReportState.RELEASED, None, None)


def test_two_supervisors_together_may_hold_a_report_longer(desk: Supervisors) -> None:
    asked = desk.ask(desk.in_review(), LONGER, until=TODAY + timedelta(days=30))
    before = desk.row().state

    desk.confirm(asked)

    assert before is ReportState.IN_REVIEW
    assert (desk.row().state, desk.row().held_until) == (ReportState.HELD, TODAY + timedelta(days=30))
    assert ("report.hold", "done.by_two") in desk.audited()


# --- rejecting ------------------------------------------------------------------------------------------------------


def test_a_rejection_waits_for_a_second_supervisor_and_is_seen_waiting(desk: Supervisors) -> None:
    desk.ask(desk.in_review(), REJECT, reason=RejectReason.HOAX)

    first, second = desk.card(SUPERVISOR).ask, desk.card(BOTH).ask
    assert desk.row().state is ReportState.IN_REVIEW
    assert first is not None and second is not None
    assert (first.mine, second.mine, second.by) == (True, False, SUPERVISOR)
    assert (second.kind, second.reason) == (REJECT, RejectReason.HOAX)


def test_who_asked_cannot_confirm(desk: Supervisors) -> None:
    asked = desk.ask(desk.in_review(), REJECT, reason=RejectReason.HOAX)

    with pytest.raises(OwnReviewAsk):
        desk.confirm(asked, SUPERVISOR)


def test_the_author_can_neither_ask_nor_confirm_though_they_are_a_supervisor_too(desk: Supervisors) -> None:
    written = desk.in_review(BOTH)

    with pytest.raises(OwnReport):
        desk.ask(written, REJECT, BOTH, reason=RejectReason.HOAX)
    asked = desk.ask(written, REJECT, reason=RejectReason.HOAX)
    with pytest.raises(OwnReport):
        desk.confirm(asked, BOTH)
    assert desk.card(BOTH).ask is None


def test_a_rejection_gives_its_reason(desk: Supervisors) -> None:
    with pytest.raises(ReasonNeeded):
        desk.ask(desk.in_review(), REJECT)


def test_a_rejected_report_is_with_nobody_and_its_author_is_told_why_until_they_have_read_it(
    desk: Supervisors,
) -> None:
    saved = desk.confirm(desk.ask(desk.in_review(), REJECT, reason=RejectReason.DUPLICATE))

    told = desk.card(HANDLER)
    with desk.store.begin() as tx:
        before = len(tx.execute(select(envelope.c.id)).all())
        holding.note_rejection(tx, desk.member(HANDLER).id, saved.id)
        kept = (len(tx.execute(select(envelope.c.id)).all()), len(tx.execute(select(wrap.c.key_id)).all()))

    assert (told.state, told.rejected_because) == (ReportState.REJECTED, RejectReason.DUPLICATE)
    assert desk.row().author_id is None
    assert (before, kept) == (1, (0, 0))  # the supervisors keep its words until then, and nobody after
    with desk.store.read() as tx, pytest.raises(ReportNotFound):
        reports.readable(tx, saved.id, desk.member(SUPERVISOR).id, supervisor=True)


def test_a_rejection_deletes_the_callers_details(desk: Supervisors) -> None:
    saved = desk.in_review()
    details = sealing.contact(desk.organisation, desk.member(HANDLER), KENT)
    with desk.store.begin() as tx:
        reports.keep_contact(tx, saved.id, details)

    desk.confirm(desk.ask(saved, REJECT, reason=RejectReason.WITHDRAWN))

    with desk.store.read() as tx:
        assert set(tx.execute(select(envelope.c.stage)).scalars()) == {EnvelopeStage.REVIEW}


@pytest.mark.parametrize("who", [SUPERVISOR, BOTH], ids=["taken back", "declined"])
def test_what_is_taken_back_or_declined_leaves_the_report_in_review(desk: Supervisors, who: str) -> None:
    desk.decline(desk.ask(desk.in_review(), REJECT, reason=RejectReason.HOAX), who)

    assert (desk.row().state, desk.card(BOTH).ask) == (ReportState.IN_REVIEW, None)
    assert ("report.decline_second", "reject") in desk.audited()


def test_while_a_second_is_waited_for_nobody_decides_otherwise(desk: Supervisors) -> None:
    asked = desk.ask(desk.in_review(), REJECT, reason=RejectReason.HOAX)

    for decide in (desk.release, desk.give_back, lambda saved: desk.hold(saved, 1)):
        with pytest.raises(ReviewAskOpen):
            decide(asked)
    with pytest.raises(ReviewAskOpen):
        desk.ask(asked, LONGER, until=TODAY + timedelta(days=20))


def test_a_second_confirms_the_report_as_they_saw_it(desk: Supervisors) -> None:
    saved = desk.in_review()
    desk.ask(saved, REJECT, reason=RejectReason.HOAX)

    with pytest.raises(StaleReport):
        desk.confirm(saved)


def test_nothing_is_confirmed_that_nobody_asked(desk: Supervisors) -> None:
    with pytest.raises(ReviewAskNotFound):
        desk.confirm(desk.in_review())


# --- a reviewer's word ----------------------------------------------------------------------------------------------


def test_a_report_with_an_open_hint_is_not_released(desk: Supervisors) -> None:
    with pytest.raises(HintsUnsettled):
        desk.release(desk.in_review(), hints_settled=False)


def test_a_reviewers_word_that_somebody_else_signed_is_not_taken(desk: Supervisors) -> None:
    with pytest.raises(EnvelopeRefused):
        desk.release(desk.in_review(), SUPERVISOR, signed_by=BOTH)


def test_a_reviewers_word_is_for_one_envelope_and_one_set_of_flags(desk: Supervisors) -> None:
    saved, leaving = desk.in_review(), sealing.release(desk.organisation, KENT)
    word = sealing.release_word(desk.member(SUPERVISOR), leaving, hints_settled=False)
    turned = review.ReleaseWord(ReleaseFlags(reworded=False, hints_settled=True), word.signature)

    with desk.store.begin() as tx, pytest.raises(EnvelopeRefused):
        review.release_report(
            tx, desk.member(SUPERVISOR).id, saved.id, saved.revision, KENT, leaving, turned, desk.clock()
        )


def test_an_urgent_report_leaves_on_one_word_and_a_second_looks_afterwards(desk: Supervisors) -> None:
    sent = desk.release(desk.in_review(urgent=True), urgent=True)

    with desk.store.read() as tx:
        lane = tx.execute(select(delivery.c.lane)).scalar_one()
    waiting = desk.card(BOTH).ask
    with pytest.raises(OwnReviewAsk):
        desk.confirm(sent, SUPERVISOR)
    desk.confirm(sent, BOTH)

    assert lane is Lane.URGENT
    assert waiting is not None and waiting.kind is ReviewAskKind.URGENT_SENT
    with desk.store.read() as tx:
        assert tx.execute(select(review_ask)).all() == []
    assert desk.row().state is ReportState.RELEASED


def test_what_left_urgently_is_given_out_for_the_second_look_alone(desk: Supervisors) -> None:
    sent = desk.release(desk.in_review(urgent=True), urgent=True)

    with desk.store.begin() as tx:
        _, given = holding.sent_urgently(tx, desk.member(BOTH).id, sent.id)
        with pytest.raises(OwnReviewAsk):
            holding.sent_urgently(tx, desk.member(SUPERVISOR).id, sent.id)
        with pytest.raises(OwnReport):
            holding.sent_urgently(tx, desk.member(HANDLER).id, sent.id)
    desk.confirm(sent)
    with desk.store.begin() as tx, pytest.raises(ReviewAskNotFound):
        holding.sent_urgently(tx, desk.member(BOTH).id, sent.id)

    assert len(given.wraps) == 1
    assert ("report.confirm_second", "urgent_sent") in desk.audited()


def test_what_left_in_the_ordinary_way_is_given_out_to_nobody(desk: Supervisors) -> None:
    sent = desk.release(desk.in_review())

    with desk.store.begin() as tx, pytest.raises(ReviewAskNotFound):
        holding.sent_urgently(tx, desk.member(BOTH).id, sent.id)


def test_nothing_leaves_urgently_on_a_supervisors_word_alone(desk: Supervisors) -> None:
    with pytest.raises(NotUrgent):
        desk.release(desk.in_review(), urgent=True)


def test_what_its_author_called_urgent_may_be_released_as_any_other(desk: Supervisors) -> None:
    desk.release(desk.in_review(urgent=True))

    with desk.store.read() as tx:
        assert tx.execute(select(delivery.c.lane)).scalar_one() is Lane.ORDINARY
        assert tx.execute(select(review_ask)).all() == []


def test_what_has_left_urgently_cannot_be_declined(desk: Supervisors) -> None:
    sent = desk.release(desk.in_review(urgent=True), urgent=True)

    with pytest.raises(ReviewAskNotFound):
        desk.decline(sent)


# --- who has it open ------------------------------------------------------------------------------------------------


def test_two_supervisors_with_the_same_report_open_see_each_other(desk: Supervisors) -> None:
    saved = desk.in_review()
    with desk.store.begin() as tx:
        for who in (SUPERVISOR, BOTH):
            begin_session(tx, tx.execute(select(person).where(person.c.name == who)).one(), desk.clock())
            review.open_for_review(tx, desk.member(who).id, saved.id)

    both_open = desk.card(SUPERVISOR).readers, desk.card(BOTH).readers
    with desk.store.begin() as tx:
        review.leave_review(tx, desk.member(BOTH).id)

    assert both_open == ((BOTH,), (SUPERVISOR,))
    assert desk.card(SUPERVISOR).readers == ()


def test_of_two_decisions_on_the_same_report_the_second_is_told_that_it_moved_on(desk: Supervisors) -> None:
    saved = desk.in_review()
    desk.hold(saved, 2)

    with pytest.raises(Refusal):
        desk.release(saved, BOTH)
    with pytest.raises(StaleReport):
        desk.hold(saved, 3, BOTH)


def test_ones_own_report_is_not_opened_for_review(desk: Supervisors) -> None:
    saved = desk.in_review(BOTH)

    with desk.store.begin() as tx, pytest.raises(OwnReport):
        review.open_for_review(tx, desk.member(BOTH).id, saved.id)


@pytest.mark.parametrize("kind", [REJECT, LONGER])
def test_what_a_supervisor_asked_who_is_suspended_meanwhile_nobody_can_confirm(
    desk: Supervisors, kind: ReviewAskKind
) -> None:
    asked = desk.ask(desk.in_review(), kind, until=TODAY + timedelta(days=20), reason=RejectReason.HOAX)
    with desk.store.begin() as tx:
        suspend(tx, desk.member(SUPERVISOR).id, desk.clock())

    with pytest.raises(ReviewAskNotFound):
        desk.confirm(asked)
    assert desk.row().state is ReportState.IN_REVIEW
    assert desk.card(BOTH).ask is None


def test_one_who_is_a_supervisor_no_longer_is_none_of_the_two(desk: Supervisors) -> None:
    asked = desk.ask(desk.in_review(), REJECT, reason=RejectReason.HOAX)
    with desk.store.begin() as tx:
        someone = Particulars(SUPERVISOR, (Role.AUDITOR,), (Language.EN,))
        change(tx, desk.member(SUPERVISOR).id, someone, desk.clock())

    with pytest.raises(ReviewAskNotFound):
        desk.confirm(asked)


def test_the_second_look_at_what_left_urgently_is_waited_for_though_its_releaser_is_suspended(
    desk: Supervisors,
) -> None:
    sent = desk.release(desk.in_review(urgent=True), urgent=True)
    with desk.store.begin() as tx:
        suspend(tx, desk.member(SUPERVISOR).id, desk.clock())

    with desk.store.read() as tx:
        assert [(row.report_id, row.kind) for row in tx.execute(select(review_ask))] == [
            (sent.id, ReviewAskKind.URGENT_SENT)
        ]


def test_of_two_who_agreed_on_another_unit_or_on_a_left_draft_one_is_not_enough_once_the_other_is_suspended(
    desk: Supervisors,
) -> None:
    saved, gone, stays = desk.in_review(), desk.member(SUPERVISOR).id, desk.member(BOTH).id
    with desk.store.begin() as tx:
        of_it = {"report_id": saved.id, "asked_on": TODAY}
        tx.execute(insert(reroute_ask), [{**of_it, "person_id": who, "unit_id": KENT} for who in (gone, stays)])
        tx.execute(
            insert(draft_recovery), {**of_it, "revision": saved.revision, "asked_by": stays, "confirmed_by": gone}
        )
        suspend(tx, gone, desk.clock())

    with desk.store.read() as tx:
        assert tx.execute(select(reroute_ask.c.person_id)).scalars().all() == [stays]
        assert tx.execute(select(draft_recovery)).all() == []
