"""The courier is killed at every named failpoint, on both databases: nothing is lost and nothing is doubled."""

from collections import Counter

import pytest
from sqlalchemy import select

from shared.domain.vocabulary import DeliveryState, Dimension, EnvelopeStage, OnTheWay, ReportState, Verdict
from shared.outbox.deliveries import send_again
from shared.outbox.failpoints import Failpoint
from shared.outbox.transports.folder import FolderTransport
from shared.sealing.envelope_file import envelope_from_bytes
from shared.store.schema import audit_entry, day_count, delivery, envelope, report

RELEASING = {Failpoint.RESEALED, Failpoint.RELEASE_QUEUED, Failpoint.RELEASED}
IN_TROUBLE = {Failpoint.PUT_OFF, Failpoint.PARKED}


class Killed(BaseException):
    """The power went."""


class PowerCut:
    """Kills at one failpoint, the nth time it is passed."""

    def __init__(self, at: Failpoint, nth: int) -> None:
        self.at, self.left = at, nth

    def __call__(self, at: Failpoint) -> None:
        if at is self.at:
            self.left -= 1
            if self.left == 0:
                raise Killed


def _until_killed(post, power_cut) -> bool:
    try:
        post.works(post.courier(power_cut))
    except Killed:
        return True
    return False


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("failpoint", [at for at in Failpoint if at not in IN_TROUBLE | RELEASING])
def test_a_courier_killed_anywhere_loses_and_doubles_nothing(post, clock, failpoint: Failpoint, nth: int) -> None:
    reports = [post.releases("kent-acu"), post.releases("kent-acu")]
    power_cut = PowerCut(failpoint, nth)

    killed = _until_killed(post, power_cut)
    reports.append(post.releases("essex-psd"))
    clock.advance(301)
    killed |= _until_killed(post, power_cut)
    for sent in reports:
        post.units[sent.unit_id].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    for _ in range(3):
        killed |= _until_killed(post, power_cut)
        clock.advance(301)

    assert killed
    _all_is_well(post, reports)


def _all_is_well(post, reports) -> None:
    for unit in post.units.values():
        expected = {f"{sent.delivery_id}.candour" for sent in reports if sent.unit_id == unit.id}
        assert set(unit.received()) == expected
    for sent in reports:
        unit = post.units[sent.unit_id]
        there = envelope_from_bytes((unit.folder / f"{sent.delivery_id}.candour").read_bytes())
        assert there.digest == sent.envelope.digest
        assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.OURS, ReportState.OURS)
        assert post.receipts(sent) == {Verdict.OPENED, Verdict.OURS}
    with post.store.read() as tx:
        counted = {(row.dimension, row.value): row.n for row in tx.execute(select(day_count))}
        audited = Counter(tx.execute(select(audit_entry.c.outcome)).scalars())
    trouble = {(Dimension.ON_THE_WAY, one) for one in (OnTheWay.FAILED, OnTheWay.PARKED)}
    assert {key: n for key, n in counted.items() if key not in trouble} == {
        (Dimension.ON_THE_WAY, "delivered"): 3,
        (Dimension.REPORT_STATE, "opened"): 3,
        (Dimension.REPORT_STATE, "ours"): 3,
        **Counter((Dimension.TAKEN, sent.unit_id.partition("-")[0]) for sent in reports),
    }
    assert audited == {"opened": 3, "ours": 3}


@pytest.mark.parametrize("failpoint", sorted(RELEASING))
def test_a_desk_killed_while_it_releases_has_released_once_or_not_at_all(post, failpoint: Failpoint) -> None:
    read = post.reviewed()

    with pytest.raises(Killed):
        post.release(read, PowerCut(failpoint, 1))
    with post.store.read() as tx:
        (state,) = tx.execute(select(report.c.state)).scalars()
        left = (
            len(tx.execute(select(delivery)).all()),
            len(tx.execute(select(audit_entry)).all()),
            list(tx.execute(select(envelope.c.stage)).scalars()),
        )
    post.release(read)  # the console heard nothing, and asks again
    post.works()

    whole = failpoint is Failpoint.RELEASED
    assert state is (ReportState.RELEASED if whole else ReportState.IN_REVIEW)
    assert left == ((1, 1, [EnvelopeStage.RELEASED]) if whole else (0, 0, [EnvelopeStage.REVIEW]))
    (name,) = post.units["kent-acu"].received()
    assert envelope_from_bytes((post.units["kent-acu"].folder / name).read_bytes()).digest == read.envelope.digest
    with post.store.read() as tx:
        assert list(tx.execute(select(audit_entry.c.verb)).scalars()) == ["report.release"]


def test_every_failpoint_of_the_way_out_is_passed_once_for_a_report(post) -> None:
    passed: Counter[Failpoint] = Counter()
    read = post.reviewed()

    post.release(read, lambda at: passed.update([at]))
    post.works(post.courier(lambda at: passed.update([at])))
    post.units["kent-acu"].answers(read.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works(post.courier(lambda at: passed.update([at])))

    assert set(passed) == set(Failpoint) - IN_TROUBLE


@pytest.mark.parametrize("failpoint", sorted(IN_TROUBLE))
def test_a_courier_killed_in_trouble_loses_and_doubles_nothing(post, clock, failpoint: Failpoint) -> None:
    reports = [post.releases("kent-acu"), post.releases("essex-psd"), post.releases("essex-psd")]
    kent, power_cut = post.units["kent-acu"], PowerCut(failpoint, 1)
    stranger = kent.folder / f"{reports[0].delivery_id}.candour"
    stranger.write_bytes(b"something else")
    essex = post.units["essex-psd"].folder
    essex.rename(essex.with_name("away"))

    killed = _until_killed(post, power_cut)
    clock.advance(301)
    post.works()
    stranger.unlink()
    essex.with_name("away").rename(essex)
    with post.store.begin() as tx:
        assert send_again(tx, reports[0].delivery_id, clock())
    for _ in range(3):
        clock.advance(301)
        post.works()
    for sent in reports:
        post.units[sent.unit_id].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    assert killed
    _all_is_well(post, reports)


def test_a_file_cut_short_by_someone_else_is_noticed_and_never_acknowledged(post) -> None:
    sent = post.releases()
    whole = post.units["kent-acu"].folder / f"{sent.delivery_id}.candour"
    whole.write_bytes(b"")

    post.works()

    assert post.row(sent).state is DeliveryState.PARKED
    assert isinstance(post.courier().transports["kent-acu"], FolderTransport)
