"""People on call are told that something needs them, once, and nothing about it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from shared.domain.key_changes import suspend_key
from shared.domain.london import london_day
from shared.domain.people import current_directory, publish_directory
from shared.domain.vocabulary import DeliveryState, QuestionState, Verdict
from shared.outbox.paging import Pager
from shared.outbox.troubles import Reason, WorldInTheWay
from shared.sealing.keys import SigningKey
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import delivery, question


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


def _ask(post, n: int, **values) -> None:
    today = london_day(post.clock())
    rows = [
        {
            "id": f"{number:032x}", "unit_id": "kent-acu", "state": QuestionState.WAITING,
            "digest": number.to_bytes(32, "big"), "sealed": b"sealed", "received_on": today, **values,
        }
        for number in range(n)
    ]  # fmt: skip
    with post.store.begin() as tx:
        tx.execute(insert(question), rows)


def test_a_units_question_that_nobody_reads_pages_once_without_saying_whose_or_what(post, clock) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    _ask(post, 2)
    clock.now += timedelta(days=2)
    pager.step()
    before = list(phone.told)

    clock.now += timedelta(days=1)
    for _ in range(5):
        pager.step()
        clock.advance(61)

    assert before == []
    assert phone.told == [
        "Candour: 2 units' questions have waited unread for too long. Please look at the units' questions."
    ]


@pytest.mark.parametrize("how", ["expired", "suspended"])
def test_a_unit_that_nothing_can_be_sealed_for_pages_once_and_is_not_named(post, clock, how: str) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    with post.store.begin() as tx:
        known = current_directory(tx)
        if how == "suspended":
            suspend_key(tx, known.units[0].reader.key_id, ["a" * 32], london_day(clock()))
        else:
            old = known.units[0].model_copy(update={"expires": london_day(clock())})
            keys = known.model_copy(update={"version": 2, "units": (old, *known.units[1:])})
            publish_directory(tx, 2, sign_directory(keys, SigningKey.generate()))
            pager.step()
            clock.now += timedelta(days=1)

    before = list(phone.told)
    for _ in range(3):
        pager.step()
        clock.advance(61)

    assert before == []
    assert phone.told == ["Candour: 1 unit has no key that anything can be sealed for. Please look at the units' keys."]


def test_with_something_in_the_outbox_both_are_named(post, clock) -> None:
    phone = Phone()
    _park(post, post.releases())
    _ask(post, 1, received_on=london_day(clock()) - timedelta(days=3))

    Pager(post.store, clock, 7, (phone,)).step()

    assert phone.told == [
        "Candour: 1 delivery was put aside; 1 unit's question has waited unread for too long. "
        "Please look at the outbox and the units' questions."
    ]


@pytest.mark.parametrize("over", [{"state": QuestionState.ACCEPTED}, {"received_on": date(2025, 9, 1)}])
def test_a_question_that_was_decided_or_is_over_pages_nobody(post, clock, over) -> None:
    phone = Phone()
    _ask(post, 1, **{"received_on": london_day(clock()) - timedelta(days=30)} | over)

    Pager(post.store, clock, 7, (phone,)).step()

    assert phone.told == []


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_jumps_does_not_silence_the_pager(post, clock, jump: timedelta) -> None:
    phone = Phone()
    pager = Pager(post.store, clock, 7, (phone,))
    pager.step()
    _park(post, post.releases())

    clock.now += jump
    pager.step()

    assert len(phone.told) == 1
