"""A report withdrawn before it left never leaves; one that may be there is followed by a notice."""

import errno
import random
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from shared.domain.errors import (
    EnvelopeRefused,
    OwnReport,
    ReportNotInThatState,
    ReportOnItsWay,
    StaleReport,
)
from shared.domain.london import london_day
from shared.domain.report_rows import write_ask
from shared.domain.vocabulary import (
    DeliveryState,
    EnvelopeStage,
    Lane,
    ReportState,
    ReviewAskKind,
    Verdict,
)
from shared.outbox.batches import timetable
from shared.outbox.deliveries import send_again
from shared.outbox.failpoints import Failpoint
from shared.outbox.lanes import lease, line_up
from shared.sealing.envelope import open_envelope
from shared.sealing.envelope_file import WITHDRAWAL_MARK, envelope_from_bytes
from shared.store.schema import audit_entry, reading, report, reroute_ask, review_ask, wrap
from tests.support.withdrawals import notice_for, notices_put_aside, stages_kept, with_units, withdraw, without_kent


def test_a_report_that_waits_for_its_batch_never_leaves(post, clock) -> None:
    courier = post.courier(timetable=timetable(["15:00"]))
    sent = post.releases()
    post.works(courier)

    saved = withdraw(post, sent)
    again = withdraw(post, sent)
    clock.advance(3 * 24 * 3600)
    post.works(courier)

    assert saved == again
    assert post.units["kent-acu"].received() == []
    assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.WITHDRAWN, ReportState.WITHDRAWN)
    assert (post.report(sent).author_id, stages_kept(post)) == (None, [])
    with post.store.read() as tx:
        assert tx.execute(select(wrap)).all() == []
        assert list(tx.execute(select(audit_entry.c.verb)).scalars()) == ["report.withdraw"]


@pytest.mark.parametrize("answers", [(), (Verdict.OPENED,), (Verdict.OPENED, Verdict.OURS)])
def test_a_unit_that_has_the_report_is_sent_a_notice_it_can_open(post, answers) -> None:
    unit = post.units["kent-acu"]
    sent = post.releases()
    post.works()
    unit.answers(sent.envelope.digest, *answers)
    post.works()

    withdraw(post, sent, notice_for(post))
    post.works()

    name = f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour"
    assert unit.received() == sorted([f"{sent.delivery_id}.candour", name])
    there = envelope_from_bytes((unit.folder / name).read_bytes())
    assert open_envelope(there, unit.reader, post.release_key.public) == b'{"withdrawn":true}'
    assert post.report(sent).state is ReportState.WITHDRAWN
    assert stages_kept(post) == [EnvelopeStage.WITHDRAWAL]


def test_an_answer_that_comes_after_is_kept_and_changes_nothing_else(post) -> None:
    sent = post.releases()
    post.works()
    withdraw(post, sent, notice_for(post))

    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    assert post.receipts(sent) == {Verdict.OPENED, Verdict.OURS}
    assert post.report(sent).state is ReportState.WITHDRAWN
    assert len(post.units["kent-acu"].received()) == 2


@pytest.mark.parametrize("verdicts", [(Verdict.OPENED,), (Verdict.OPENED, Verdict.OURS)])
def test_a_notice_about_a_report_that_was_read_leaves_with_the_next_batch_whenever_its_caller_rang(
    post, clock, verdicts
) -> None:
    courier = post.courier(timetable=timetable(["06:00"]))
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *verdicts)
    post.works(courier)

    withdraw(post, sent, notice_for(post))
    post.works(courier)
    clock.advance(3600)
    post.works(courier)
    before = len(post.units["kent-acu"].received())
    clock.advance(24 * 3600)
    post.works(courier)

    assert (before, len(post.units["kent-acu"].received())) == (1, 2)


@pytest.mark.parametrize("why", ["nobody has opened it", "it was urgent"])
def test_a_notice_that_may_still_spare_a_caller_something_leaves_at_once(post, why) -> None:
    courier = post.courier(timetable=timetable(["06:00"]))
    sent = post.releases(lane=Lane.URGENT if why == "it was urgent" else Lane.ORDINARY)
    post.works()
    if why == "it was urgent":
        post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
        post.works(courier)

    withdraw(post, sent, notice_for(post))
    post.works(courier)

    assert len(post.units["kent-acu"].received()) == 2


def test_without_a_notice_a_report_that_may_be_there_stays_as_it_is(post) -> None:
    sent = post.releases()
    post.works()

    with pytest.raises(ReportOnItsWay):
        withdraw(post, sent)

    assert post.report(sent).state is ReportState.RELEASED


@pytest.mark.parametrize("why", ["its share is away", "it has no way", "it is in no directory"])
def test_a_unit_is_told_nothing_of_a_report_it_was_never_sent(post, clock, why) -> None:
    sent = post.releases()
    folder = post.units["kent-acu"].folder
    if why == "its share is away":
        folder.rename(folder.with_name("away"))
        post.works()
        folder.with_name("away").rename(folder)
    elif why == "it has no way":
        post.works(replace(post.courier(), transports={}))
    else:
        before = without_kent(post)
        post.works()
        with_units(post, before)
    assert post.row(sent).state in {DeliveryState.FAILED, DeliveryState.PARKED}

    withdraw(post, sent, notice_for(post))
    clock.advance(3600)
    post.works()

    assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.WITHDRAWN, ReportState.WITHDRAWN)
    assert (post.units["kent-acu"].received(), stages_kept(post)) == ([], [])


@pytest.mark.parametrize("last", [Failpoint.WRITTEN_ASIDE, Failpoint.RENAMED, Failpoint.SENT])
def test_a_unit_is_told_of_a_report_of_which_a_single_byte_may_have_left(post, clock, last) -> None:
    sent = post.releases()
    post.works(post.courier(failpoint=_no_disk_left_at(last)))
    assert post.row(sent).state is DeliveryState.FAILED
    folder = post.units["kent-acu"].folder
    folder.rename(folder.with_name("away"))  # what is known of one attempt no later one takes back
    clock.advance(3600)
    post.works()
    folder.with_name("away").rename(folder)

    with pytest.raises(ReportOnItsWay):
        withdraw(post, sent)
    withdraw(post, sent, notice_for(post))
    clock.advance(3600)
    post.works()

    assert f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour" in post.units["kent-acu"].received()


def test_one_that_is_being_sent_may_be_there_at_any_moment(post, clock) -> None:
    sent = post.releases()
    with post.store.begin() as tx:
        line_up(tx, clock(), random.Random(1))
        lease(tx, "kent-acu", clock())

    with pytest.raises(ReportOnItsWay):
        withdraw(post, sent)


def _no_disk_left_at(last: Failpoint):
    def fail(point: Failpoint) -> None:
        if point is last:
            raise OSError(errno.ENOSPC, "no space left")

    return fail


def test_one_that_was_put_aside_and_is_to_be_sent_again_may_be_there_already(post) -> None:
    sent = post.releases()
    (post.units["kent-acu"].folder / f"{sent.delivery_id}.candour").write_bytes(b"something else")
    post.works()
    with post.store.begin() as tx:
        assert send_again(tx, sent.delivery_id, post.clock())

    with pytest.raises(ReportOnItsWay):
        withdraw(post, sent)
    withdraw(post, sent, notice_for(post))
    post.works()

    assert post.row(sent).state is DeliveryState.WITHDRAWN
    assert f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour" in post.units["kent-acu"].received()


def test_with_its_unit_out_of_the_directory_it_is_withdrawn_without_a_notice_that_nobody_could_seal(post) -> None:
    sent = post.releases()
    post.works()
    without_kent(post)

    withdraw(post, sent)

    assert post.report(sent).state is ReportState.WITHDRAWN
    assert (stages_kept(post), notices_put_aside(post)) == ([], [])


@pytest.mark.parametrize("verdicts", [(Verdict.OPENED,), (Verdict.OPENED, Verdict.OURS)])
def test_an_answer_to_one_that_was_stopped_on_its_way_proves_that_it_arrived(post, verdicts) -> None:
    sent = post.releases()
    folder = post.units["kent-acu"].folder
    folder.rename(folder.with_name("away"))
    post.works()
    folder.with_name("away").rename(folder)
    withdraw(post, sent, notice_for(post))

    post.units["kent-acu"].answers(sent.envelope.digest, *verdicts)
    post.works()

    assert post.receipts(sent) == set(verdicts)
    assert post.row(sent).state is DeliveryState(verdicts[-1].value)
    assert post.report(sent).state is ReportState.WITHDRAWN


def test_contact_details_that_have_not_left_never_do(post, clock) -> None:
    sent = post.releases_confidential(sealed_for="essex-psd")  # kent cannot open them: they wait for their author
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    withdraw(post, sent, notice_for(post))
    post.works()

    assert stages_kept(post) == [EnvelopeStage.WITHDRAWAL]
    assert not [name for name in post.units["kent-acu"].received() if ".contact" in name]


def test_a_notice_of_another_form_or_for_another_unit_is_refused(post) -> None:
    sent = post.releases()
    post.works()

    with pytest.raises(ReportOnItsWay):
        withdraw(post, sent, notice_for(post, "essex-psd"))
    with pytest.raises(EnvelopeRefused):
        withdraw(post, sent, notice_for(post, form="report"))


def test_its_author_and_who_saw_an_older_state_withdraw_nothing(post) -> None:
    sent = post.releases()

    with pytest.raises(OwnReport):
        withdraw(post, sent, who=post.author)
    with pytest.raises(StaleReport):
        withdraw(post, sent, revision="0" * 32)


def test_a_draft_is_its_authors_to_withdraw(post) -> None:
    sent = post.releases()
    with post.store.begin() as tx:
        tx.execute(update(report).values(state=ReportState.DRAFT))

    with pytest.raises(ReportNotInThatState):
        withdraw(post, sent)


def test_nobody_is_waited_for_any_more_and_nobody_has_it_open(post) -> None:
    sent = post.releases()
    of_it = {"report_id": sent.report_id, "person_id": post.supervisor}
    today = london_day(post.clock())
    with post.store.begin() as tx:
        write_ask(tx, sent.report_id, ReviewAskKind.URGENT_SENT, post.supervisor, today)
        tx.execute(insert(reroute_ask), {**of_it, "unit_id": "essex-psd", "asked_on": today})
        tx.execute(insert(reading), of_it)

    withdraw(post, sent)

    with post.store.read() as tx:
        assert [tx.execute(select(table)).all() for table in (review_ask, reroute_ask, reading)] == [[], [], []]
