"""From release to the unit's folder, and back with the unit's answer, on both databases."""

import random
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from shared.domain.london import start_of
from shared.domain.vocabulary import DeliveryState, Lane, Verdict
from shared.outbox import deliveries, lanes
from shared.outbox.batches import timetable
from shared.outbox.deliveries import MAX_ATTEMPTS, Parked, parked, pause_after, send_again
from shared.outbox.failpoints import Failpoint
from shared.outbox.troubles import WORDS, Reason
from shared.sealing.envelope import open_envelope
from shared.sealing.envelope_file import envelope_from_bytes
from shared.store.database import Store, truncate_wal
from shared.store.schema import delivery, envelope, wrap

OURS = (Verdict.OPENED, Verdict.OURS)


def _leased(tx, now):
    lanes.line_up(tx, now, random.Random(1))
    return lanes.lease(tx, "kent-acu", now)


def test_a_released_report_reaches_the_folder_of_its_unit_and_no_other(post) -> None:
    sent = post.releases("kent-acu")

    post.works()

    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}.candour"]
    assert post.units["essex-psd"].received() == []
    assert (post.row(sent).state, post.row(sent).attempts) == (DeliveryState.DELIVERED, 1)


def test_a_running_courier_works_until_it_is_told_to_stop(post) -> None:
    stop = threading.Event()
    sent = post.releases()
    courier = post.courier(lambda at: stop.set() if at is Failpoint.DELIVERED else None)

    courier.run(stop)

    assert post.row(sent).state is DeliveryState.DELIVERED


@pytest.mark.parametrize(("worked", "rests"), [(0.001, 0.5), (0.3, 6.0)])
def test_a_unit_whose_answers_are_much_work_to_look_at_is_looked_at_less_often(post, worked, rests) -> None:
    seconds = {"passed": 0.0, "worked": 0.0}

    class Folder:
        look_seconds = 0.5

        def deliver(self, name, envelope) -> None:
            pytest.fail("nothing was released")

        def answers(self):
            seconds["worked"] += worked
            return []

    clocks = {"monotonic": lambda: seconds["passed"], "busy": lambda: seconds["worked"]}
    courier = replace(post.courier(), transports={"kent-acu": Folder()}, **clocks)
    courier.step()

    seconds["passed"] = rests - 0.01
    before = courier._worth_a_visit({})
    seconds["passed"] = rests + 0.01

    assert (before, courier._worth_a_visit({})) == ([], ["kent-acu"])


def test_a_unit_is_sent_its_own_wrap_and_can_open_the_report(post) -> None:
    sent = post.releases("kent-acu", words=b'{"for":"kent"}')
    unit = post.units["kent-acu"]

    post.works()

    there = envelope_from_bytes((unit.folder / f"{sent.delivery_id}.candour").read_bytes())
    assert set(there.wraps) == {unit.reader.key_id}
    assert open_envelope(there, unit.reader, post.release_key.public) == b'{"for":"kent"}'


def test_nothing_in_a_delivery_that_rests_tells_when_it_was_made(post) -> None:
    sent = post.releases()

    post.works()

    row = post.row(sent)
    assert row.not_before == start_of(date(2026, 3, 10))
    assert (row.lease_holder, row.lease_until) == (None, None)


def test_a_courier_with_nothing_to_do_writes_nothing(post) -> None:
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OURS)  # too early: never opened
    courier = post.courier()
    post.works(courier)
    watch = post.store.watch()

    assert courier.step() is False

    assert watch.wait(0) is False
    watch.close()


def test_a_folder_that_is_not_there_is_tried_again_until_it_is(post, clock) -> None:
    sent = post.releases()
    unit = post.units["kent-acu"]
    unit.folder.rename(unit.folder.with_name("elsewhere"))
    courier = post.courier()

    post.works(courier)
    first = post.row(sent)
    clock.advance(2)
    post.works(courier)
    second = post.row(sent)
    unit.folder.with_name("elsewhere").rename(unit.folder)
    clock.advance(4)
    post.works(courier)

    assert (first.state, first.attempts, second.attempts) == (DeliveryState.FAILED, 1, 2)
    assert (post.row(sent).state, post.row(sent).attempts) == (DeliveryState.DELIVERED, 3)


def test_a_unit_out_of_reach_for_days_is_parked_with_words(post, clock) -> None:
    sent = post.releases()
    post.units["kent-acu"].folder.rmdir()
    courier, since = post.courier(), clock.now

    for _ in range(MAX_ATTEMPTS + 2):
        post.works(courier)
        if post.row(sent).state is DeliveryState.FAILED:
            clock.now = max(clock.now, post.row(sent).not_before)

    with post.store.read() as tx:
        assert parked(tx) == [Parked(sent.delivery_id, "kent-acu", Reason.UNIT_UNREACHABLE)]
    assert timedelta(days=2) < clock.now - since < timedelta(days=6)
    assert set(WORDS) == set(Reason)


@pytest.mark.parametrize(
    "reason",
    [Reason.NO_ROUTE, Reason.ENVELOPE_MISSING, Reason.ENVELOPE_ALTERED, Reason.NO_WRAP_FOR_UNIT,
     Reason.ANOTHER_FILE_THERE, Reason.UNIT_NOT_IN_DIRECTORY],
)  # fmt: skip
def test_what_trying_again_would_not_help_is_parked_at_once(post, reason: Reason) -> None:
    sent = post.releases()
    courier = post.courier()
    with post.store.begin() as tx:
        match reason:
            case Reason.NO_ROUTE:
                courier.transports = {}
            case Reason.ENVELOPE_MISSING:
                tx.execute(delete(wrap))
                tx.execute(delete(envelope))
            case Reason.ENVELOPE_ALTERED:
                altered = sent.envelope.ciphertext[:-1] + bytes([sent.envelope.ciphertext[-1] ^ 1])
                tx.execute(update(envelope).values(ciphertext=altered))
            case Reason.NO_WRAP_FOR_UNIT:
                tx.execute(delete(wrap).where(wrap.c.key_id != post.supervisors.key_id))
            case Reason.UNIT_NOT_IN_DIRECTORY:
                tx.execute(update(delivery).values(unit_id="nobody"))
                courier.transports = {"nobody": courier.transports["kent-acu"]}
            case _:
                (post.units["kent-acu"].folder / f"{sent.delivery_id}.candour").write_bytes(b"something else")

    post.works(courier)

    assert (post.row(sent).state, post.row(sent).reason) == (DeliveryState.PARKED, reason.value)


def test_a_parked_delivery_can_be_sent_again(post) -> None:
    sent = post.releases()
    stranger = post.units["kent-acu"].folder / f"{sent.delivery_id}.candour"
    stranger.write_bytes(b"something else")
    post.works()
    stranger.unlink()

    with post.store.begin() as tx:
        assert send_again(tx, sent.delivery_id, post.clock()) is True
        assert send_again(tx, sent.delivery_id, post.clock()) is False
    post.works()

    assert (post.row(sent).state, post.row(sent).reason) == (DeliveryState.DELIVERED, None)


def test_only_the_holder_of_the_lease_notes_what_became_of_it(post, clock) -> None:
    sent = post.releases()
    with post.store.begin() as tx:
        slow = _leased(tx, clock())
    clock.advance(301)
    post.works()

    with post.store.begin() as tx:
        parked_late = deliveries.park(tx, slow, Reason.NO_ROUTE, clock())
        put_off_late = deliveries.put_off(tx, replace(slow, attempts=1), clock(), random.Random(1))

    assert (parked_late, put_off_late) == (False, False)
    assert (post.row(sent).state, post.row(sent).attempts) == (DeliveryState.DELIVERED, 2)


def test_two_couriers_never_hold_one_delivery(post, clock) -> None:
    post.releases()
    with post.store.begin() as tx:
        first = _leased(tx, clock())
    with post.store.begin() as tx:
        second = lanes.lease(tx, "kent-acu", clock())

    assert first is not None
    assert second is None


def test_ordinary_reports_wait_for_their_batch_and_urgent_ones_do_not(post, clock) -> None:
    courier = post.courier(timetable=timetable(["15:00"]))  # it is 14:05 in London
    ordinary, urgent = post.releases(), post.releases(lane=Lane.URGENT)

    post.works(courier)
    before = {sent: post.row(sent).state for sent in (ordinary, urgent)}
    clock.now = datetime(2026, 3, 10, 15, 0, 0, tzinfo=UTC)
    post.works(courier)

    assert before == {ordinary: DeliveryState.WAITING, urgent: DeliveryState.DELIVERED}
    assert post.row(ordinary).state is DeliveryState.DELIVERED


def test_a_batch_missed_while_the_courier_was_down_leaves_when_it_is_back(post, clock) -> None:
    times = timetable(["15:00"])
    sent = post.releases()
    post.works(post.courier(timetable=times))

    clock.now = datetime(2026, 3, 11, 9, 0, 0, tzinfo=UTC)
    post.works(post.courier(timetable=times))

    assert post.row(sent).state is DeliveryState.DELIVERED


def test_a_batch_leaves_in_an_order_of_its_own(post) -> None:
    orders = set()
    for seed in range(6):
        batch = [post.releases() for _ in range(5)]
        courier = post.courier(seed=seed)
        left: list[int] = []
        while len(left) < len(batch):
            courier.step()
            delivered = [i for i, one in enumerate(batch) if post.row(one).state is DeliveryState.DELIVERED]
            left += [i for i in delivered if i not in left]
        orders.add(tuple(left))

    assert len(orders) > 1


def test_pauses_double_up_to_six_hours_and_are_shaken(clock) -> None:
    chance = random.Random(4)
    pauses = [pause_after(attempt, chance) for attempt in range(1, MAX_ATTEMPTS + 1)]

    assert timedelta(seconds=1) <= pauses[0] <= timedelta(seconds=2)
    assert all(pause <= timedelta(hours=6) for pause in pauses)
    assert pause_after(5, random.Random(1)) != pause_after(5, random.Random(2))


def test_after_ours_the_supervisors_wrap_is_in_no_file(sqlite_store: Store, make_post, tmp_path) -> None:
    post = make_post(sqlite_store)
    sent = post.releases()
    withheld = sent.envelope.wraps[post.supervisors.key_id]
    truncate_wal(sqlite_store)
    pieces = [withheld[start : start + 64] for start in range(0, len(withheld), 64)]  # pages divide a long value
    assert sum(piece in _files(tmp_path) for piece in pieces) >= len(pieces) - 2
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)

    post.works()

    everything = _files(tmp_path)
    assert not [piece for piece in pieces if piece in everything]
    assert sent.envelope.wraps[post.units["kent-acu"].reader.key_id][:64] in everything


def _files(tmp_path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.glob("candour.db*"))
