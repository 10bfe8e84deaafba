"""Order within a unit's lane, and that one unit's trouble is its own."""

import random
import threading
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from shared.domain.vocabulary import DeliveryState, Lane, Verdict
from shared.outbox import lanes
from shared.outbox.batches import timetable
from shared.outbox.courier import SPARE_VISITS, Courier
from shared.outbox.troubles import Reason, WorldInTheWay
from shared.store.schema import delivery


class Way:
    """A unit that takes what it is brought, in memory; ``trouble`` says what happens instead."""

    look_seconds = 0.0

    def __init__(self, trouble=None) -> None:
        self.trouble = trouble or (lambda _name: None)
        self.names: list[str] = []

    def deliver(self, name: str, envelope) -> None:
        self.trouble(name)
        self.names.append(name)

    def answers(self):
        return ()


def _fails(name: str) -> None:
    raise WorldInTheWay(Reason.NO_CONNECTION)


def _breaks(name: str) -> None:
    raise ZeroDivisionError


def _courier(post, kent: Way, essex: Way | None = None, times: tuple[str, ...] = ()) -> Courier:
    ways = {"kent-acu": kent, "essex-psd": essex or Way()}
    return Courier(post.store, ways, post.clock, random.Random(1), timetable=timetable(times))


def _places(post) -> dict[str, int]:
    with post.store.read() as tx:
        rows = tx.execute(select(delivery.c.id, delivery.c.place).where(delivery.c.place.is_not(None)))
        return dict(map(tuple, rows))


def test_nothing_overtakes_within_a_lane_while_the_first_fails(post, clock) -> None:
    kent = Way(_fails)
    courier = _courier(post, kent)
    batch = [post.releases() for _ in range(4)]
    post.works(courier)
    waiting = sorted((place, name) for name, place in _places(post).items())

    kent.trouble = lambda _name: None
    clock.advance(10)
    post.works(courier)

    assert [post.row(one).attempts for one in batch].count(1) == 3  # three had not been tried at all
    assert kent.names == [name for _, name in waiting]


def test_an_urgent_report_does_not_wait_for_an_ordinary_one_in_trouble(post) -> None:
    ordinary = post.releases()
    kent = Way(lambda name: _fails(name) if name == ordinary.delivery_id else None)
    courier = _courier(post, kent)
    post.works(courier)
    urgent = post.releases(lane=Lane.URGENT)

    post.works(courier)

    assert kent.names == [urgent.delivery_id]
    assert post.row(ordinary).state is DeliveryState.FAILED


@pytest.mark.parametrize("trouble", [_fails, _breaks])
def test_one_units_trouble_never_delays_another(post, trouble) -> None:
    kent, essex = Way(trouble), Way()
    in_trouble = post.releases("kent-acu")
    sent = [post.releases("essex-psd") for _ in range(3)]

    post.works(_courier(post, kent, essex))

    assert {post.row(one).state for one in sent} == {DeliveryState.DELIVERED}
    assert post.row(in_trouble).state is DeliveryState.FAILED


def test_a_unit_that_hangs_delays_no_other_while_the_courier_runs(post) -> None:
    hangs, delivered, stop = threading.Event(), threading.Event(), threading.Event()
    kent, essex = Way(lambda _name: hangs.wait(20) or None), Way(lambda _name: delivered.set())
    post.releases("kent-acu")
    post.releases("essex-psd")
    running = threading.Thread(target=_courier(post, kent, essex).run, args=(stop,))
    running.start()

    arrived = delivered.wait(10)

    stop.set()
    hangs.set()
    running.join(20)
    assert arrived


def test_however_many_units_hang_no_other_waits_for_them(post) -> None:
    hang, delivered, stop = threading.Event(), threading.Event(), threading.Event()

    class Hanging(Way):
        def answers(self):
            hang.wait(20)
            return ()

    ways = {f"a-{number}": Hanging() for number in range(SPARE_VISITS * 2)}
    courier = Courier(post.store, {**ways, "essex-psd": Way(lambda _name: delivered.set())}, post.clock)
    post.releases("essex-psd")
    running = threading.Thread(target=courier.run, args=(stop,))
    running.start()

    arrived = delivered.wait(10)

    stop.set()
    hang.set()
    running.join(20)
    assert arrived


def test_a_parked_report_steps_aside(post) -> None:
    parked, others = post.releases(), [post.releases() for _ in range(2)]
    with post.store.begin() as tx:
        tx.execute(update(delivery).where(delivery.c.id == parked.delivery_id).values(digest=b"\0" * 32))
    kent = Way()

    post.works(_courier(post, kent))

    assert (post.row(parked).state, post.row(parked).reason) == (DeliveryState.PARKED, "envelope_altered")
    assert set(kent.names) == {one.delivery_id for one in others}


def test_a_place_in_a_lane_is_drawn_when_the_batch_leaves_and_forgotten_when_it_has_left(post, clock) -> None:
    kent = Way(_fails)
    courier = _courier(post, kent, times=("15:00",))  # it is 14:05 in London
    for _ in range(5):
        post.releases()
    post.works(courier)
    before = _places(post)
    clock.now = datetime(2026, 3, 10, 15, 0, 1, tzinfo=UTC)
    post.works(courier)
    drawn = _places(post)
    kent.trouble = lambda _name: None
    clock.advance(10)
    post.works(courier)

    assert before == {}
    assert sorted(drawn.values()) == [1, 2, 3, 4, 5]
    assert _places(post) == {}


def test_the_order_of_a_batch_is_not_the_order_of_release(post) -> None:
    orders = set()
    for seed in range(6):
        with post.store.begin() as tx:
            tx.execute(update(delivery).values(state=DeliveryState.OURS, place=None))
        batch = [post.releases().delivery_id for _ in range(5)]
        with post.store.begin() as tx:
            lanes.line_up(tx, post.clock(), random.Random(seed))
        places = _places(post)
        orders.add(tuple(places[one] for one in batch))

    assert len(orders) > 1


def test_what_a_unit_is_told_has_no_number_to_miss_one_from(post) -> None:
    held, sent = post.releases(), [post.releases() for _ in range(3)]
    with post.store.begin() as tx:
        tx.execute(update(delivery).where(delivery.c.id == held.delivery_id).values(digest=b"\0" * 32))
    kent = Way()

    post.works(_courier(post, kent))

    # Names are 128 random bits: neither the names nor how they follow each other tell of a fourth.
    assert set(kent.names) == {one.delivery_id for one in sent}
    assert all(len(name) == 32 for name in kent.names)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_jumps_by_a_day_stops_nothing(post, clock, jump: timedelta) -> None:
    kent = Way(_fails)
    courier = _courier(post, kent)
    first, leased = post.releases("kent-acu"), post.releases("essex-psd")
    with post.store.begin() as tx:
        lanes.line_up(tx, clock(), random.Random(1))
        lanes.lease(tx, "essex-psd", clock())  # by a courier that is no more
    post.works(courier)
    kent.trouble = lambda _name: None

    clock.now += jump
    second = post.releases("kent-acu")
    for _ in range(3):
        clock.advance(301)
        post.works(courier)

    assert {post.row(one).state for one in (first, second, leased)} == {DeliveryState.DELIVERED}


def test_a_unit_that_answers_a_report_we_do_not_know_it_has_proves_that_it_has_it(post) -> None:
    kept: list[str] = []

    def keeps_and_fails(name: str) -> None:
        kept.append(name)
        _fails(name)

    sent = post.releases()
    post.works(_courier(post, Way(keeps_and_fails)))
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED)

    post.works()

    assert kept == [sent.delivery_id]
    row = post.row(sent)
    assert (row.state, row.reason, row.place) == (DeliveryState.OPENED, None, None)


def test_lanes_of_many_units_are_kept_apart(post) -> None:
    sent = defaultdict(set)
    for unit_id in ("kent-acu", "essex-psd") * 3:
        sent[unit_id].add(post.releases(unit_id).delivery_id)
    kent, essex = Way(), Way()

    post.works(_courier(post, kent, essex))

    assert (set(kent.names), set(essex.names)) == (sent["kent-acu"], sent["essex-psd"])
