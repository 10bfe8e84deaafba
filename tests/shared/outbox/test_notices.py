"""Each unit that had a withdrawn report is told of its own alone, and no key that cannot be used stops the rest."""

import pytest

from shared.domain.errors import (
    NothingPutAside,
    NoticeNotForNow,
    ReportOnItsWay,
)
from shared.domain.key_changes import lift_suspension
from shared.domain.london import london_day
from shared.domain.notices import seal_notice
from shared.domain.people import current_directory, publish_directory
from shared.domain.vocabulary import (
    EnvelopeStage,
    ReportState,
    Verdict,
)
from shared.outbox.deliveries import send_again
from shared.outbox.overview import read_outbox
from shared.outbox.troubles import WORDS, Reason
from shared.sealing.canonical import to_base64url
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import sign_directory
from tests.support.withdrawals import (
    SUPERVISOR,
    digests_named,
    expire,
    notice_for,
    notices_put_aside,
    renew_keys,
    sent_on,
    stages_kept,
    suspend_unit,
    withdraw,
)


def test_a_unit_that_disowned_it_has_read_it_and_each_is_told_of_its_own_alone(post) -> None:
    first = post.releases()
    post.works()
    then = sent_on(post, first)
    post.works()
    told = [notice_for(post, one.unit_id, words=one.envelope.digest.hex().encode()) for one in (first, then)]

    with pytest.raises(ReportOnItsWay):
        withdraw(post, then, told[1])
    withdraw(post, then, *told)
    post.works()

    assert digests_named(post, "kent-acu") == [first.envelope.digest.hex()]
    assert digests_named(post, "essex-psd") == [then.envelope.digest.hex()]
    assert [name for name in post.units["kent-acu"].received() if then.delivery_id in name] == []
    assert post.receipts(first) == {Verdict.OPENED, Verdict.NOT_OURS}


def test_one_that_waits_for_its_second_unit_never_gets_there_and_the_first_is_told(post) -> None:
    first = post.releases()
    post.works()
    then = sent_on(post, first)
    with post.store.read() as tx:
        (card,) = read_outbox(tx, post.clock(), 30).deliveries

    withdraw(post, then, notice_for(post, "kent-acu"))
    post.works()

    assert [(one.unit_id, one.digest) for one in card.before] == [("kent-acu", to_base64url(first.envelope.digest))]
    assert post.units["essex-psd"].received() == []
    assert len(digests_named(post, "kent-acu")) == 1


@pytest.mark.parametrize("how", ["unit", "directory", "suspended"])
def test_no_key_that_cannot_be_used_stops_what_has_not_left(post, how) -> None:
    sent = post.releases()
    if how == "suspended":
        suspend_unit(post, "kent-acu")
    else:
        expire(post, "kent-acu" if how == "unit" else None)

    answer = withdraw(post, sent)
    post.works()

    assert answer.put_aside == ()
    assert (post.report(sent).state, stages_kept(post), notices_put_aside(post)) == (ReportState.WITHDRAWN, [], [])
    assert post.units["kent-acu"].received() == []


def test_a_key_that_cannot_be_used_holds_back_its_own_notice_alone_until_it_can(post) -> None:
    first = post.releases()
    post.works()
    then = sent_on(post, first)
    post.works()
    expire(post, "kent-acu")

    answer = withdraw(post, then, notice_for(post, "essex-psd"), notice_for(post, "kent-acu"))
    post.works()
    (card,) = notices_put_aside(post)

    assert answer.put_aside == withdraw(post, then).put_aside == ("kent-acu",)
    assert (len(digests_named(post, "essex-psd")), digests_named(post, "kent-acu")) == (1, [])
    assert (card.unit_id, card.withdraws) == ("kent-acu", to_base64url(first.envelope.digest))
    assert card.reason == WORDS[Reason.NOTICE_NOT_SEALED]
    with post.store.begin() as tx:
        assert not send_again(tx, card.id, post.clock())
    with pytest.raises(NoticeNotForNow), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, notice_for(post, "kent-acu"), post.clock())

    renew_keys(post)
    with pytest.raises(ReportOnItsWay), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, None, post.clock())
    with post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, notice_for(post, "kent-acu"), post.clock())
    with pytest.raises(NothingPutAside), post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, notice_for(post, "kent-acu"), post.clock())
    post.works()

    assert (len(digests_named(post, "kent-acu")), notices_put_aside(post)) == (1, [])


def test_a_suspended_units_notice_waits_until_its_key_is_used_again_or_it_has_left_the_directory(post) -> None:
    sent = [post.releases(), post.releases()]
    post.works()
    suspend_unit(post, "kent-acu")
    for one in sent:
        withdraw(post, one)
    cards = notices_put_aside(post)

    with post.store.begin() as tx:
        lift_suspension(tx, post.units["kent-acu"].reader.public.key_id, [SUPERVISOR], london_day(post.clock()))
        seal_notice(tx, SUPERVISOR, cards[0].id, notice_for(post), post.clock())
    post.works()
    with post.store.begin() as tx:
        known = current_directory(tx)
        keys = known.model_copy(update={"version": known.version + 1, "units": known.units[1:]})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))
        seal_notice(tx, SUPERVISOR, cards[1].id, None, post.clock())

    assert len(digests_named(post, "kent-acu")) == 1
    assert notices_put_aside(post) == []


def test_a_notice_sealed_to_a_key_that_is_used_no_more_is_sealed_anew(post) -> None:
    sent = post.releases()
    post.works()
    withdraw(post, sent, notice_for(post))
    unit = post.units["kent-acu"]
    unit.reader = ReaderKey.generate()
    with post.store.begin() as tx:
        known = current_directory(tx)
        units = (unit.entry(("kent",)), *known.units[1:])
        keys = known.model_copy(update={"version": known.version + 1, "units": units})
        publish_directory(tx, keys.version, sign_directory(keys, SigningKey.generate()))
    post.works()
    (card,) = notices_put_aside(post)

    with post.store.begin() as tx:
        seal_notice(tx, SUPERVISOR, card.id, notice_for(post), post.clock())
    post.works()

    assert card.withdraws == to_base64url(sent.envelope.digest)
    assert len(digests_named(post, "kent-acu")) == 1
    assert stages_kept(post) == [EnvelopeStage.WITHDRAWAL]
