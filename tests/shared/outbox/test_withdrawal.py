"""A report withdrawn before it left never leaves; one that may be there is followed by a notice."""

import pytest
from sqlalchemy import insert, select, update

from shared.domain.errors import EnvelopeRefused, OwnReport, ReportNotInThatState, ReportOnItsWay, StaleReport
from shared.domain.london import london_day
from shared.domain.people import current_directory, publish_directory
from shared.domain.report_rows import write_ask
from shared.domain.vocabulary import DeliveryState, EnvelopeStage, ReportState, ReviewAskKind, Verdict
from shared.domain.withdrawal import withdraw_report
from shared.outbox.batches import timetable
from shared.outbox.deliveries import send_again
from shared.sealing.envelope import open_envelope, seal
from shared.sealing.envelope_file import WITHDRAWAL_MARK, envelope_from_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import audit_entry, envelope, reading, report, reroute_ask, review_ask, wrap

SUPERVISOR = "5" * 32


def _notice(post, unit_id: str = "kent-acu", form: str = "withdrawal"):
    header = new_header(EnvelopeKind.REPORT, form, 1, unit=unit_id)
    return seal(b'{"withdrawn":true}', header, [post.units[unit_id].reader.public], post.release_key)


def _withdraw(post, sent, notice=None, who: str = SUPERVISOR, revision: str | None = None):
    with post.store.begin() as tx:
        seen = revision or post.report(sent).revision
        return withdraw_report(tx, who, sent.report_id, seen, notice, post.clock())


def _kept(post) -> list[EnvelopeStage]:
    with post.store.read() as tx:
        return list(tx.execute(select(envelope.c.stage)).scalars())


def test_a_report_that_waits_for_its_batch_never_leaves(post, clock) -> None:
    courier = post.courier(timetable=timetable(["15:00"]))
    sent = post.releases()
    post.works(courier)

    saved = _withdraw(post, sent)
    again = _withdraw(post, sent)
    clock.advance(3 * 24 * 3600)
    post.works(courier)

    assert saved == again
    assert post.units["kent-acu"].received() == []
    assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.WITHDRAWN, ReportState.WITHDRAWN)
    assert (post.report(sent).author_id, _kept(post)) == (None, [])
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

    _withdraw(post, sent, _notice(post))
    post.works()

    name = f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour"
    assert unit.received() == sorted([f"{sent.delivery_id}.candour", name])
    there = envelope_from_bytes((unit.folder / name).read_bytes())
    assert open_envelope(there, unit.reader, post.release_key.public) == b'{"withdrawn":true}'
    assert post.report(sent).state is ReportState.WITHDRAWN
    assert _kept(post) == [EnvelopeStage.WITHDRAWAL]


def test_an_answer_that_comes_after_is_kept_and_changes_nothing_else(post) -> None:
    sent = post.releases()
    post.works()
    _withdraw(post, sent, _notice(post))

    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    assert post.receipts(sent) == {Verdict.OPENED, Verdict.OURS}
    assert post.report(sent).state is ReportState.WITHDRAWN
    assert len(post.units["kent-acu"].received()) == 2


def test_without_a_notice_a_report_that_may_be_there_stays_as_it_is(post) -> None:
    sent = post.releases()
    post.works()

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, sent)

    assert post.report(sent).state is ReportState.RELEASED


def test_a_report_that_could_not_be_delivered_is_stopped_and_noticed(post, clock) -> None:
    sent = post.releases()
    folder = post.units["kent-acu"].folder
    folder.rename(folder.with_name("away"))
    post.works()
    _withdraw(post, sent, _notice(post))
    folder.with_name("away").rename(folder)

    clock.advance(3600)
    post.works()

    assert post.row(sent).state is DeliveryState.WITHDRAWN
    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour"]


def test_one_that_was_put_aside_and_is_to_be_sent_again_may_be_there_already(post) -> None:
    sent = post.releases()
    (post.units["kent-acu"].folder / f"{sent.delivery_id}.candour").write_bytes(b"something else")
    post.works()
    with post.store.begin() as tx:
        assert send_again(tx, sent.delivery_id, post.clock())

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, sent)
    _withdraw(post, sent, _notice(post))
    post.works()

    assert post.row(sent).state is DeliveryState.WITHDRAWN
    assert f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour" in post.units["kent-acu"].received()


def test_with_its_unit_out_of_the_directory_it_is_withdrawn_without_a_notice_that_nobody_could_seal(post) -> None:
    sent = post.releases()
    post.works()
    with post.store.begin() as tx:
        known = current_directory(tx)
        units = tuple(unit for unit in known.units if unit.id != "kent-acu")
        keys = known.model_copy(update={"version": 2, "units": units})
        publish_directory(tx, 2, sign_directory(keys, SigningKey.generate()))

    _withdraw(post, sent)

    assert post.report(sent).state is ReportState.WITHDRAWN
    assert _kept(post) == []


@pytest.mark.parametrize("verdicts", [(Verdict.OPENED,), (Verdict.OPENED, Verdict.OURS)])
def test_an_answer_to_one_that_was_stopped_on_its_way_proves_that_it_arrived(post, verdicts) -> None:
    sent = post.releases()
    folder = post.units["kent-acu"].folder
    folder.rename(folder.with_name("away"))
    post.works()
    folder.with_name("away").rename(folder)
    _withdraw(post, sent, _notice(post))

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

    _withdraw(post, sent, _notice(post))
    post.works()

    assert _kept(post) == [EnvelopeStage.WITHDRAWAL]
    assert not [name for name in post.units["kent-acu"].received() if ".contact" in name]


def test_a_notice_of_another_form_or_for_another_unit_is_refused(post) -> None:
    sent = post.releases()
    post.works()

    for wrong in (_notice(post, "essex-psd"), _notice(post, form="report")):
        with pytest.raises(EnvelopeRefused):
            _withdraw(post, sent, wrong)


def test_its_author_and_who_saw_an_older_state_withdraw_nothing(post) -> None:
    sent = post.releases()

    with pytest.raises(OwnReport):
        _withdraw(post, sent, who=post.author)
    with pytest.raises(StaleReport):
        _withdraw(post, sent, revision="0" * 32)


def test_a_draft_is_its_authors_to_withdraw(post) -> None:
    sent = post.releases()
    with post.store.begin() as tx:
        tx.execute(update(report).values(state=ReportState.DRAFT))

    with pytest.raises(ReportNotInThatState):
        _withdraw(post, sent)


def test_nobody_is_waited_for_any_more_and_nobody_has_it_open(post) -> None:
    sent = post.releases()
    of_it = {"report_id": sent.report_id, "person_id": post.supervisor}
    today = london_day(post.clock())
    with post.store.begin() as tx:
        write_ask(tx, sent.report_id, ReviewAskKind.URGENT_SENT, post.supervisor, today)
        tx.execute(insert(reroute_ask), {**of_it, "unit_id": "essex-psd", "asked_on": today})
        tx.execute(insert(reading), of_it)

    _withdraw(post, sent)

    with post.store.read() as tx:
        assert [tx.execute(select(table)).all() for table in (review_ask, reroute_ask, reading)] == [[], [], []]
