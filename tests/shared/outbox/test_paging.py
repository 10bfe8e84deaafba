"""People on call are told that something needs them, once, and nothing about it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shared.domain.vocabulary import DeliveryState, Verdict
from shared.outbox.paging import Pager
from shared.outbox.troubles import Reason, WorldInTheWay
from shared.store.schema import delivery


class Phone:
    """What somebody on call was told; ``away`` cannot be reached."""

    def __init__(self, away: bool = False) -> None:
        self.away, self.told = away, []

    def __call__(self, said: str) -> None:
        if self.away:
            raise WorldInTheWay(Reason.NO_CONNECTION)
        self.told.append(said)


def _park(post, *sent) -> None:
    parked = {"state": DeliveryState.PARKED, "reason": Reason.UNIT_UNREACHABLE.value}
    with post.store.begin() as tx:
        for one in sent:
            tx.execute(update(delivery).where(delivery.c.id == one.delivery_id).values(parked))


def test_a_parked_delivery_pages_once_and_without_content(post, clock) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    _park(post, post.releases(), post.releases())

    for _ in range(5):
        pager.step()
        clock.advance(61)

    assert phone.told == ["Candour: 2 deliveries were put aside. Please look at the outbox."]


def test_a_report_unanswered_for_the_configured_days_pages(post, clock) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    post.releases()
    answered = post.releases()
    post.works()
    post.units["kent-acu"].answers(answered.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    clock.now += timedelta(days=6)
    pager.step()
    before = list(phone.told)
    clock.now += timedelta(days=1)
    pager.step()

    assert before == []
    assert phone.told == ["Candour: 1 report has gone unanswered for too long. Please look at the outbox."]


def test_who_cannot_be_reached_is_tried_again_within_minutes(post, clock) -> None:
    phone = Phone(away=True)
    pager = Pager(post.store, clock, 7, (phone,))
    _park(post, post.releases())
    pager.step()
    phone.away = False

    clock.advance(61)
    pager.step()

    assert len(phone.told) == 1


def test_one_who_is_reached_is_enough(post, clock) -> None:
    phone, away = Phone(), Phone(away=True)
    pager = Pager(post.store, clock, 7, (away, phone))
    _park(post, post.releases())

    for _ in range(3):
        pager.step()
        clock.advance(61)

    assert len(phone.told) == 1


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_jumps_does_not_silence_the_pager(post, clock, jump: timedelta) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    pager.step()
    _park(post, post.releases())

    clock.now += jump
    pager.step()

    assert len(phone.told) == 1
