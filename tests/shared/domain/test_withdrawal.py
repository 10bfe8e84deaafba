"""One supervisor alone cannot undo the second look at what left urgently by withdrawing it."""

import random
from typing import Any

import pytest
from sqlalchemy import select, update

from shared.domain import holding, reports
from shared.domain.errors import OwnReport, OwnReviewAsk, ReportNotFound, ReviewAskNotFound
from shared.domain.vocabulary import EnvelopeStage, ReportState, ReviewAskKind
from shared.domain.withdrawal import withdraw_report
from shared.messages import Saved
from shared.outbox.deliveries import note_delivered
from shared.outbox.lanes import lease, line_up
from shared.sealing.envelope import open_envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.store.database import Store
from shared.store.schema import envelope, report, review_ask, wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import BOTH, HANDLER, KENT, SUPERVISOR, found_organisation
from tests.support.two_supervisors import Supervisors


@pytest.fixture
def desk(store: Store, clock: Any) -> Supervisors:
    return Supervisors(store, found_organisation(store), clock)


def _sent_urgently(desk: Supervisors, author: str = HANDLER) -> Saved:
    released = desk.release(desk.in_review(author, urgent=True), urgent=True)
    with desk.store.begin() as tx:
        line_up(tx, desk.clock(), random.Random(1))
        leased = lease(tx, KENT, desk.clock())
        assert leased is not None
        note_delivered(tx, leased, desk.clock())
    return released


def _withdraw(desk: Supervisors, released: Saved, who: str = SUPERVISOR) -> Saved:
    header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit=KENT)
    notice = seal(b"{}", header, [desk.organisation.units[KENT].reader.public], desk.organisation.release)
    with desk.store.begin() as tx:
        done = withdraw_report(tx, desk.member(who).id, released.id, desk.row().revision, [notice], desk.clock())
    return Saved(id=done.id, revision=done.revision)


def _asked(desk: Supervisors) -> list[ReviewAskKind]:
    with desk.store.read() as tx:
        return list(tx.execute(select(review_ask.c.kind)).scalars())


def _kept(desk: Supervisors) -> set[EnvelopeStage]:
    with desk.store.read() as tx:
        return set(tx.execute(select(envelope.c.stage)).scalars())


def test_a_second_supervisor_still_looks_at_an_urgent_report_that_its_releaser_withdrew(desk: Supervisors) -> None:
    withdrawn = _withdraw(desk, _sent_urgently(desk))

    with desk.store.begin() as tx:
        _, sent = holding.sent_urgently(tx, desk.member(BOTH).id, withdrawn.id)
        readers = set(
            tx.execute(select(wrap.c.key_id).join(envelope).where(envelope.c.stage == EnvelopeStage.RELEASED)).scalars()
        )

    organisation = desk.organisation
    assert open_envelope(sent, organisation.supervisors, organisation.release.public) == sealing.WORDS
    assert readers == {organisation.supervisors.public.key_id}
    assert desk.row().state is ReportState.WITHDRAWN
    assert [card.ask.kind for card in [desk.card(BOTH)] if card.ask] == [ReviewAskKind.URGENT_SENT]


def test_neither_its_releaser_nor_its_author_is_the_second_who_looks_at_a_withdrawn_report(desk: Supervisors) -> None:
    withdrawn = _withdraw(desk, _sent_urgently(desk, BOTH))

    with pytest.raises(OwnReviewAsk):
        desk.confirm(withdrawn, SUPERVISOR)
    with pytest.raises(OwnReport):
        desk.confirm(withdrawn, BOTH)
    assert _asked(desk) == [ReviewAskKind.URGENT_SENT]


def test_once_a_second_supervisor_has_looked_nothing_of_a_withdrawn_report_is_kept(desk: Supervisors) -> None:
    withdrawn = _withdraw(desk, _sent_urgently(desk))

    desk.confirm(withdrawn, BOTH)

    assert (_kept(desk), _asked(desk)) == ({EnvelopeStage.WITHDRAWAL}, [])
    assert (desk.row().state, desk.row().author_id) == (ReportState.WITHDRAWN, None)
    with desk.store.begin() as tx, pytest.raises(ReviewAskNotFound):
        holding.sent_urgently(tx, desk.member(BOTH).id, withdrawn.id)


def test_its_author_sees_nothing_more_of_a_withdrawn_report_that_waits_for_a_second_look(desk: Supervisors) -> None:
    _withdraw(desk, _sent_urgently(desk))

    assert desk.cards(HANDLER) == ()


def test_nothing_is_kept_or_asked_of_an_urgent_report_that_never_left(desk: Supervisors) -> None:
    released = desk.release(desk.in_review(urgent=True), urgent=True)

    _withdraw(desk, released)

    assert (_kept(desk), _asked(desk), desk.row().author_id) == (set(), [], None)


def test_what_its_unit_alone_could_open_is_not_kept_and_is_asked_about_still(desk: Supervisors) -> None:
    released = _sent_urgently(desk)
    with desk.store.begin() as tx:
        tx.execute(wrap.delete().where(wrap.c.key_id == desk.organisation.supervisors.public.key_id))
        tx.execute(update(report).values(state=ReportState.OURS))

    withdrawn = _withdraw(desk, released)

    assert (_kept(desk), _asked(desk)) == ({EnvelopeStage.WITHDRAWAL}, [ReviewAskKind.URGENT_SENT])
    with desk.store.begin() as tx, pytest.raises(ReportNotFound):
        holding.sent_urgently(tx, desk.member(BOTH).id, withdrawn.id)


def test_a_withdrawn_report_that_was_looked_at_before_is_kept_by_nobody(desk: Supervisors) -> None:
    released = desk.confirm(_sent_urgently(desk), BOTH)

    _withdraw(desk, released)

    assert (_kept(desk), _asked(desk), desk.row().author_id) == ({EnvelopeStage.WITHDRAWAL}, [], None)
    with desk.store.read() as tx, pytest.raises(ReportNotFound):
        reports.readable(tx, released.id, desk.member(BOTH).id, supervisor=True)
