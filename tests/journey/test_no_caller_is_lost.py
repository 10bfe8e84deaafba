"""Whatever callers, handlers, handsets, workers and the network do, in any order: nobody is forgotten on the line."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from ivr.simulator.calls import CallState as Ear
from ivr.simulator.faults import Fault
from ivr.simulator.phone import Handset, Phone
from shared.domain import calls
from shared.domain.errors import Refusal
from shared.domain.live_calls import call_in_hand
from shared.domain.presence import set_presence
from shared.domain.vocabulary import CallState, Disposition, PresenceState
from shared.store.schema import finished_call, live_call

SEEDS = 4
ON_THE_WAY = {CallState.RINGING, CallState.CONNECTING}


class Afternoon:
    """Random people at random moments. The same seed gives the same afternoon."""

    def __init__(self, exchange: Any, seed: int) -> None:
        self.exchange, self.chance = exchange, random.Random(seed)
        self.phones: list[Phone] = []
        self.desks = [self._desk(number) for number in range(3)]
        self.acts: list[Callable[[], None]] = [
            self.somebody_rings, self.somebody_rings, self.somebody_presses, self.somebody_hangs_up, self.take,
            self.take, self.take, self.handset_hangs_up, self.handset_presses, self.handset_declines, self.hold,
            self.resume, self.end, self.wrap_up, self.wrap_up, self.come_back, self.worker_stops, self.worker_starts,
            self.something_goes_wrong, self.nothing_goes_wrong,
        ]  # fmt: skip

    def _desk(self, number: int) -> tuple[str, Handset]:
        answers = self.chance.choice([1.0, 4.0, 4.0, 30.0, None])
        presses = self.chance.choice(["1", "1", "1", ""])
        found: tuple[str, Handset] = self.exchange.handler(
            f"Handler {number}", f"+44207946011{number}", answers_after=answers, presses=presses
        )
        return found

    def pass_by(self, moments: int) -> None:
        for _ in range(moments):
            self.chance.choice(self.acts)()
            self.exchange.time.advance(self.chance.choice([0.0, 0.3, 1.0, 3.0, 8.0, 20.0]))

    def calm_down(self) -> None:
        self.nothing_goes_wrong()
        self.worker_starts()
        self.exchange.time.advance(240)

    # --- what people do ---------------------------------------------------------------------------------------------

    def somebody_rings(self) -> None:
        self.phones.append(Phone(self.exchange.twilio, f"+4420794602{len(self.phones):02}").dial())

    def somebody_presses(self) -> None:
        if self.phones:
            self.chance.choice(self.phones).press(self.chance.choice("0001345#*9"))

    def somebody_hangs_up(self) -> None:
        if self.phones and self.chance.random() < 0.5:
            self.chance.choice(self.phones).hang_up()

    def take(self) -> None:
        person_id, _ = self._somebody()
        self._try(set_presence, person_id, PresenceState.AVAILABLE)
        if waiting := self.exchange.waiting():
            self._try(calls.take_call, self.chance.choice(waiting).id, person_id)

    def handset_hangs_up(self) -> None:
        self._somebody()[1].hang_up()

    def handset_presses(self) -> None:
        self._somebody()[1].press(self.chance.choice("19"))

    def handset_declines(self) -> None:
        self._somebody()[1].decline()

    def hold(self) -> None:
        self._in_hand(calls.hold_call)

    def resume(self) -> None:
        self._in_hand(calls.resume_call)

    def end(self) -> None:
        self._in_hand(calls.end_call)

    def wrap_up(self) -> None:
        self._in_hand(calls.wrap_up, Disposition.ENQUIRY)

    def come_back(self) -> None:
        self._try(set_presence, self._somebody()[0], PresenceState.AVAILABLE)

    def worker_stops(self) -> None:
        self.exchange.working = self.chance.random() < 0.5

    def worker_starts(self) -> None:
        self.exchange.working = True

    def something_goes_wrong(self) -> None:
        where = self.chance.choice(["", "/voice/status", "/voice/handset/status", "participant-join", "/voice/wait"])
        faults = [Fault.DELAY, Fault.DUPLICATE, Fault.REPEAT_WEBHOOK, Fault.REORDER, Fault.DROP]
        self.exchange.twilio.faults.switch_on(self.chance.choice(faults), where, times=self.chance.randrange(1, 5))

    def nothing_goes_wrong(self) -> None:
        self.exchange.twilio.faults.switch_off()

    def _somebody(self) -> tuple[str, Handset]:
        return self.chance.choice(self.desks)

    def _in_hand(self, verb: Callable[..., None], *more: Any) -> None:
        person_id, _ = self._somebody()
        with self.exchange.store.read() as tx:
            call = call_in_hand(tx, person_id)
        if call is not None:
            self._try(verb, call.id, person_id, *more)

    def _try(self, verb: Callable[..., None], *arguments: Any) -> None:
        with suppress(Refusal):  # told to the person, who carries on
            self.exchange.do(verb, *arguments, self.exchange.time.now())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_after_any_afternoon_everyone_is_where_the_board_says(exchange: Any, seed: int) -> None:
    afternoon = Afternoon(exchange, seed)
    afternoon.pass_by(80)
    afternoon.calm_down()

    on_board = {row["call_sid"]: row for row in exchange.rows(live_call)}
    for phone in afternoon.phones:
        row = on_board.get(phone.call.sid) if phone.call else None
        _agrees(phone, None if row is None else row["state"])
    for person_id, handset in afternoon.desks:
        _presence_agrees(exchange, person_id, handset)
    counted = len(exchange.rows(finished_call)) + len(on_board)
    assert counted == len(afternoon.phones)


def _agrees(phone: Phone, state: CallState | None) -> None:
    match phone.state:
        case Ear.ENDED:
            assert state in {None, CallState.WRAP_UP}
        case Ear.TALKING:
            assert state is CallState.TALKING
        case Ear.WAITING:
            assert state in {CallState.WAITING, CallState.HELD, *ON_THE_WAY}
        case Ear.LISTENING | Ear.RINGING | None:
            assert state is CallState.MENU


def _presence_agrees(exchange: Any, person_id: str, handset: Handset) -> None:
    with exchange.store.read() as tx:
        call = call_in_hand(tx, person_id)
    presence = exchange.presence(person_id)
    if call is None:
        assert presence not in {PresenceState.ON_CALL, PresenceState.WRAP_UP}
        assert handset.state in {None, Ear.ENDED}
    elif call.state is CallState.WRAP_UP:
        assert presence is PresenceState.WRAP_UP
        assert handset.state in {None, Ear.ENDED}
    else:
        assert presence is PresenceState.ON_CALL
