"""A report withdrawn before it left never leaves; one that may be there is followed by a notice."""

import errno
import random
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from shared.domain.errors import (
    EnvelopeRefused,
    NothingPutAside,
    NoticeNotForNow,
    OwnReport,
    ReportNotInThatState,
    ReportOnItsWay,
    StaleReport,
)
from shared.domain.key_changes import lift_suspension, suspend_key
from shared.domain.london import london_day
from shared.domain.notices import seal_notice
from shared.domain.people import current_directory, publish_directory
from shared.domain.report_rows import write_ask
from shared.domain.rerouting import ask_to_reroute, reroute_report
from shared.domain.vocabulary import (
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Lane,
    ReportState,
    ReviewAskKind,
    Verdict,
)
from shared.domain.withdrawal import withdraw_report
from shared.outbox.batches import timetable
from shared.outbox.deliveries import send_again
from shared.outbox.failpoints import Failpoint
from shared.outbox.lanes import lease, line_up
from shared.outbox.overview import read_outbox
from shared.outbox.troubles import WORDS, Reason
from shared.sealing.canonical import to_base64url
from shared.sealing.envelope import open_envelope, seal
from shared.sealing.envelope_file import WITHDRAWAL_MARK, envelope_from_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import audit_entry, delivery, envelope, person, reading, report, reroute_ask, review_ask, wrap
from tests.shared.outbox.conftest import Sent

SUPERVISOR = "5" * 32
YESTERDAY = date(2026, 3, 9)


def _notice(post, unit_id: str = "kent-acu", form: str = "withdrawal", words: bytes = b'{"withdrawn":true}'):
    header = new_header(EnvelopeKind.REPORT, form, 1, unit=unit_id)
    return seal(words, header, [post.units[unit_id].reader.public], post.release_key)


def _withdraw(post, sent, *notices, who: str = SUPERVISOR, revision: str | None = None):
    with post.store.begin() as tx:
        seen = revision or post.report(sent).revision
        return withdraw_report(tx, who, sent.report_id, seen, notices, post.clock())


def _sent_on(post, sent):
    """Kent has read the report and disowned it; it has gone to Essex, sealed anew."""
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED, Verdict.NOT_OURS)
    post.works()
    header = new_header(EnvelopeKind.REPORT, "report", 1, unit="essex-psd")
    readers = [post.units["essex-psd"].reader.public, post.supervisors.public]
    anew = seal(b'{"marking":"x"}', header, readers, post.release_key)
    with post.store.begin() as tx:
        second = dict(tx.execute(select(person).where(person.c.id == post.supervisor)).mappings().one())
        tx.execute(insert(person), {**second, "id": SUPERVISOR, "name": "Nerys", "sign_in_name": "nerys"})
        for who in (post.supervisor, SUPERVISOR):
            ask_to_reroute(tx, who, sent.report_id, "essex-psd", post.clock())
        seen = tx.execute(select(report.c.revision).where(report.c.id == sent.report_id)).scalar_one()
        reroute_report(tx, SUPERVISOR, sent.report_id, seen, "essex-psd", anew, post.clock())
        theirs = delivery.c.report_id == sent.report_id, delivery.c.unit_id == "essex-psd"
        delivery_id = tx.execute(select(delivery.c.id).where(*theirs)).scalar_one()
    return Sent(sent.report_id, delivery_id, "essex-psd", anew)


def _expires(post, unit_id: str | None = None) -> None:
    """From yesterday on this unit's key is good no more; None: the directory itself."""
    with post.store.begin() as tx:
        known = current_directory(tx)
        units = tuple(
            unit.model_copy(update={"expires": YESTERDAY}) if unit.id == unit_id else unit for unit in known.units
        )
        changed = {"version": known.version + 1, "units": units}
        keys = known.model_copy(update=changed | ({} if unit_id else {"expires": YESTERDAY}))
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def _renewed(post) -> None:
    with post.store.begin() as tx:
        known = current_directory(tx)
        good = date(2030, 1, 1)
        units = tuple(unit.model_copy(update={"expires": good}) for unit in known.units)
        keys = known.model_copy(update={"version": known.version + 1, "units": units, "expires": good})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def _without_kent(post):
    """Kent's unit is in no directory any more; the units there were before."""
    with post.store.read() as tx:
        before = current_directory(tx).units
    _with_units(post, tuple(unit for unit in before if unit.id != "kent-acu"))
    return before


def _with_units(post, units) -> None:
    with post.store.begin() as tx:
        known = current_directory(tx)
        keys = known.model_copy(update={"version": known.version + 1, "units": units})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))


def _suspends(post, unit_id: str) -> None:
    with post.store.begin() as tx:
        suspend_key(tx, post.units[unit_id].reader.public.key_id, ["5" * 32], london_day(post.clock()))


def _put_aside(post):
    """The notices that were put aside, as the outbox shows them."""
    with post.store.read() as tx:
        cards = read_outbox(tx, post.clock(), 30).deliveries
    return [card for card in cards if card.kind is DeliveryKind.WITHDRAWAL and card.state is DeliveryState.PARKED]


def _names(post, unit_id: str) -> list[str]:
    """The digests that notices in a unit's folder withdraw."""
    unit = post.units[unit_id]
    there = [unit.folder / name for name in unit.received() if WITHDRAWAL_MARK in name]
    opened = [
        open_envelope(envelope_from_bytes(path.read_bytes()), unit.reader, post.release_key.public) for path in there
    ]
    return [one.decode() for one in opened]


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


@pytest.mark.parametrize("verdicts", [(Verdict.OPENED,), (Verdict.OPENED, Verdict.OURS)])
def test_a_notice_about_a_report_that_was_read_leaves_with_the_next_batch_whenever_its_caller_rang(
    post, clock, verdicts
) -> None:
    courier = post.courier(timetable=timetable(["06:00"]))
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *verdicts)
    post.works(courier)

    _withdraw(post, sent, _notice(post))
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

    _withdraw(post, sent, _notice(post))
    post.works(courier)

    assert len(post.units["kent-acu"].received()) == 2


def test_without_a_notice_a_report_that_may_be_there_stays_as_it_is(post) -> None:
    sent = post.releases()
    post.works()

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, sent)

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
        before = _without_kent(post)
        post.works()
        _with_units(post, before)
    assert post.row(sent).state in {DeliveryState.FAILED, DeliveryState.PARKED}

    _withdraw(post, sent, _notice(post))
    clock.advance(3600)
    post.works()

    assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.WITHDRAWN, ReportState.WITHDRAWN)
    assert (post.units["kent-acu"].received(), _kept(post)) == ([], [])


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
        _withdraw(post, sent)
    _withdraw(post, sent, _notice(post))
    clock.advance(3600)
    post.works()

    assert f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour" in post.units["kent-acu"].received()


def test_one_that_is_being_sent_may_be_there_at_any_moment(post, clock) -> None:
    sent = post.releases()
    with post.store.begin() as tx:
        line_up(tx, clock(), random.Random(1))
        lease(tx, "kent-acu", clock())

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, sent)


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
        _withdraw(post, sent)
    _withdraw(post, sent, _notice(post))
    post.works()

    assert post.row(sent).state is DeliveryState.WITHDRAWN
    assert f"{sent.delivery_id}{WITHDRAWAL_MARK}.candour" in post.units["kent-acu"].received()


def test_with_its_unit_out_of_the_directory_it_is_withdrawn_without_a_notice_that_nobody_could_seal(post) -> None:
    sent = post.releases()
    post.works()
    _without_kent(post)

    _withdraw(post, sent)

    assert post.report(sent).state is ReportState.WITHDRAWN
    assert (_kept(post), _put_aside(post)) == ([], [])


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

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, sent, _notice(post, "essex-psd"))
    with pytest.raises(EnvelopeRefused):
        _withdraw(post, sent, _notice(post, form="report"))


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


def test_a_unit_that_disowned_it_has_read_it_and_each_is_told_of_its_own_alone(post) -> None:
    first = post.releases()
    post.works()
    then = _sent_on(post, first)
    post.works()
    told = [_notice(post, one.unit_id, words=one.envelope.digest.hex().encode()) for one in (first, then)]

    with pytest.raises(ReportOnItsWay):
        _withdraw(post, then, told[1])
    _withdraw(post, then, *told)
    post.works()

    assert _names(post, "kent-acu") == [first.envelope.digest.hex()]
    assert _names(post, "essex-psd") == [then.envelope.digest.hex()]
    assert [name for name in post.units["kent-acu"].received() if then.delivery_id in name] == []
    assert post.receipts(first) == {Verdict.OPENED, Verdict.NOT_OURS}


def test_one_that_waits_for_its_second_unit_never_gets_there_and_the_first_is_told(post) -> None:
    first = post.releases()
    post.works()
    then = _sent_on(post, first)
    with post.store.read() as tx:
        (card,) = read_outbox(tx, post.clock(), 30).deliveries

    _withdraw(post, then, _notice(post, "kent-acu"))
    post.works()

    assert [(one.unit_id, one.digest) for one in card.before] == [("kent-acu", to_base64url(first.envelope.digest))]
    assert post.units["essex-psd"].received() == []
    assert len(_names(post, "kent-acu")) == 1


@pytest.mark.parametrize("how", ["unit", "directory", "suspended"])
def test_no_key_that_cannot_be_used_stops_what_has_not_left(post, how) -> None:
    sent = post.releases()
    if how == "suspended":
        _suspends(post, "kent-acu")
    else:
        _expires(post, "kent-acu" if how == "unit" else None)

    answer = _withdraw(post, sent)
    post.works()

    assert answer.put_aside == ()
    assert (post.report(sent).state, _kept(post), _put_aside(post)) == (ReportState.WITHDRAWN, [], [])
    assert post.units["kent-acu"].received() == []


def test_a_key_that_cannot_be_used_holds_back_its_own_notice_alone_until_it_can(post) -> None:
    first = post.releases()
    post.works()
    then = _sent_on(post, first)
    post.works()
    _expires(post, "kent-acu")

    answer = _withdraw(post, then, _notice(post, "essex-psd"), _notice(post, "kent-acu"))
    post.works()
    (card,) = _put_aside(post)

    assert answer.put_aside == _withdraw(post, then).put_aside == ("kent-acu",)
    assert (len(_names(post, "essex-psd")), _names(post, "kent-acu")) == (1, [])
    assert (card.unit_id, card.withdraws) == ("kent-acu", to_base64url(first.envelope.digest))
    assert card.reason == WORDS[Reason.NOTICE_NOT_SEALED]
    with post.store.begin() as tx:
        assert not send_again(tx, card.id, post.clock())
    with pytest.raises(NoticeNotForNow), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, _notice(post, "kent-acu"), post.clock())

    _renewed(post)
    with pytest.raises(ReportOnItsWay), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, None, post.clock())
    with post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, _notice(post, "kent-acu"), post.clock())
    with pytest.raises(NothingPutAside), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, _notice(post, "kent-acu"), post.clock())
    post.works()

    assert (len(_names(post, "kent-acu")), _put_aside(post)) == (1, [])


def test_a_suspended_units_notice_waits_until_its_key_is_used_again_or_it_has_left_the_directory(post) -> None:
    sent = [post.releases(), post.releases()]
    post.works()
    _suspends(post, "kent-acu")
    for one in sent:
        _withdraw(post, one)
    cards = _put_aside(post)

    with post.store.begin() as tx:
        lift_suspension(tx, post.units["kent-acu"].reader.public.key_id, [SUPERVISOR], london_day(post.clock()))
        seal_notice(tx, SUPERVISOR, cards[0].id, _notice(post), post.clock())
    post.works()
    with post.store.begin() as tx:
        known = current_directory(tx)
        keys = known.model_copy(update={"version": known.version + 1, "units": known.units[1:]})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))
        seal_notice(tx, SUPERVISOR, cards[1].id, None, post.clock())

    assert len(_names(post, "kent-acu")) == 1
    assert _put_aside(post) == []


def test_a_notice_sealed_to_a_key_that_is_used_no_more_is_sealed_anew(post) -> None:
    sent = post.releases()
    post.works()
    _withdraw(post, sent, _notice(post))
    unit = post.units["kent-acu"]
    unit.reader = ReaderKey.generate()
    with post.store.begin() as tx:
        known = current_directory(tx)
        units = (unit.entry(("kent",)), *known.units[1:])
        keys = known.model_copy(update={"version": known.version + 1, "units": units})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))
    post.works()
    (card,) = _put_aside(post)

    with post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, _notice(post), post.clock())
    post.works()

    assert card.withdraws == to_base64url(sent.envelope.digest)
    assert len(_names(post, "kent-acu")) == 1
    assert _kept(post) == [EnvelopeStage.WITHDRAWAL]
