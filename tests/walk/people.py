"""Random people at both ends of the line: callers of every temper, and handlers who take calls, or do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import insert, select

from ivr.simulator.calls import CallState as Ear
from ivr.simulator.phone import WITHHELD, Handset, Phone
from shared.domain import calls, parties
from shared.domain.errors import Refusal
from shared.domain.live_calls import LiveCall, calls_in_progress
from shared.domain.presence import set_presence, sign_out_presence
from shared.domain.vocabulary import CallState, Disposition, Language, PresenceState, Role
from shared.store.schema import person_role, presence
from tests.support.line import Exchange

LOOK = 2.0  # seconds between two looks around the room
NONSENSE = "0123456789*#"
INTERPRETER = "+441134960099"


class Caller:
    """Somebody who rings, presses what they please or nothing at all, and may hang up at any moment."""

    def __init__(self, line: Exchange, chance: random.Random, number: int) -> None:
        self.line, self.chance = line, chance
        shown = chance.choice(WITHHELD) if chance.random() < 0.2 else f"+4420794{60000 + number % 1000:05}"
        self.phone = Phone(line.twilio, shown)
        self.presses = chance.choice([0, 0, 1, 2, 4, 8])
        self.patience = chance.choice([5.0, 40.0, 90.0, 400.0, None, None, None, None])
        self.reached_a_person = False
        self.hung_up = False

    def ring(self) -> None:
        self.phone.call = self.line.twilio.dial_in(self.phone.number)
        if self.patience is not None:
            self.line.time.after(self.chance.uniform(0, self.patience), self.hang_up)
        self._think()

    def hang_up(self) -> None:
        if self.over:
            return
        self.hung_up = True
        self.line.twilio.hang_up(self.phone.call)  # type: ignore[arg-type]

    @property
    def over(self) -> bool:
        return self.phone.call is None or not self.phone.call.live

    def _think(self) -> None:
        self.line.time.after(self.chance.choice([0.4, 2.0, 5.0, 11.0]), self._act)

    def _act(self) -> None:
        if self.over:
            return
        if self.phone.state is Ear.TALKING:
            if self.chance.random() < 0.25:
                self.hang_up()
        elif self.presses:
            self.presses -= 1
            self.line.twilio.press(self.phone.call, self.chance.choice(NONSENSE))  # type: ignore[arg-type]
        self._think()


class Desk:
    """A handler with a handset. `willing`: from now on every call is taken, answered and ended well."""

    def __init__(self, line: Exchange, chance: random.Random, number: int) -> None:
        self.line, self.chance, self.willing = line, chance, False
        self.person_id, self.handset = line.handler(f"Handler {number}", f"+4411349600{number:02}")
        self.colleagues: list[str] = []
        line.do(lambda tx: tx.execute(insert(person_role), {"person_id": self.person_id, "role": Role.HANDLER}))
        if number % 2:
            line.teach(self.person_id, Language.CY)

    def look(self, call: LiveCall | None, state: PresenceState) -> None:
        """At a screen that shows this call, in hand or offered, and what they count as doing."""
        if call is not None and call.handler_id == self.person_id:
            self._carry_on(call)
        elif call is not None:
            self._decide(call)
        elif state is not PresenceState.AVAILABLE and self._chance(0.6):
            self._do(set_presence, self.person_id, PresenceState.AVAILABLE)
        elif self._whim(0.02):
            leave = self.chance.choice([sign_out_presence, _take_a_break])
            self._do(leave, self.person_id)

    def _decide(self, call: LiveCall) -> None:
        self.handset.answers_after, self.handset.presses = 2.0, "1"
        if self._whim(0.2):
            self.handset.answers_after = self.chance.choice([0.0, 9.0, 24.9, 26.0, None])
            self.handset.presses = self.chance.choice(["1", "9", ""])
        if self._whim(0.05):
            return
        if self._whim(0.08):
            self._do(calls.decline_call, call.id, self.person_id)
        else:
            self._do(calls.take_call, call.id, self.person_id)

    def _carry_on(self, call: LiveCall) -> None:
        match call.state:
            case CallState.RINGING | CallState.CONNECTING:
                if self._whim(0.06):
                    self.chance.choice([self.handset.decline, self.handset.hang_up, self._let_go(call)])()
            case CallState.TALKING:
                self._talk(call)
            case CallState.HELD:
                self._hold(call)
            case CallState.WRAP_UP if self._chance(0.7):
                self._do(calls.wrap_up, call.id, self.person_id, self.chance.choice(list(Disposition)))
            case _:
                pass

    def _talk(self, call: LiveCall) -> None:
        if self._whim(0.15):
            self._bring_somebody(call)
        elif self._chance(0.3):
            self._do(calls.end_call, call.id, self.person_id)
        elif self._whim(0.15):
            self._do(calls.hold_call, call.id, self.person_id)
        elif self._whim(0.05):
            self._put_down()
        elif self._whim(0.05):
            self._do(sign_out_presence, self.person_id)

    def _hold(self, call: LiveCall) -> None:
        """Alone with whoever was brought in, if anyone was."""
        if self._whim(0.3):
            self._do(_hand_over, call.id, self.person_id)
        elif self._chance(0.5):
            self._do(calls.resume_call, call.id, self.person_id)
            self._do(parties.join_all, call.id, self.person_id)
        elif self._whim(0.2):
            self._bring_somebody(call)
        elif self._whim(0.2):
            self._put_down()

    def _bring_somebody(self, call: LiveCall) -> None:
        if self.chance.random() < 0.3:
            self._do(parties.bring_in, call.id, self.person_id, "interpreter", INTERPRETER)
        else:
            self._do(parties.consult, call.id, self.person_id, self.chance.choice(self.colleagues))

    def _put_down(self) -> None:
        if self.handset.call is not None:
            self.line.twilio.hang_up(self.handset.call)

    def _let_go(self, call: LiveCall) -> Callable[[], None]:
        return lambda: self._do(calls.decline_call, call.id, self.person_id)

    def _chance(self, chance: float) -> bool:
        return self.willing or self.chance.random() < chance

    def _whim(self, chance: float) -> bool:
        return not self.willing and self.chance.random() < chance

    def _do(self, verb: Callable[..., Any], *arguments: Any) -> None:
        with suppress(Refusal):  # told to the person, who carries on
            self.line.do(verb, *arguments, self.line.time.now())


def _hand_over(tx: Any, call_id: str, person_id: str, now: Any) -> None:
    parties.hand_over(tx, call_id, person_id, now, PresenceState.AVAILABLE)


def _take_a_break(tx: Any, person_id: str, now: Any) -> None:
    set_presence(tx, person_id, PresenceState.BREAK, now)


class Room:
    """The handlers at their desks. Each looks at their screen every few seconds, not all at once."""

    def __init__(self, line: Exchange, chance: random.Random, desks: int) -> None:
        self.line, self.chance = line, chance
        self.desks = [Desk(line, chance, number) for number in range(desks)]
        for desk in self.desks:
            desk.colleagues = [other.person_id for other in self.desks if other is not desk]
        Interpreter(line.twilio, INTERPRETER, answers_after=4.0)
        line.time.after(LOOK, self._look)

    def calm_down(self) -> None:
        for desk in self.desks:
            desk.willing = True

    def _look(self) -> None:
        with self.line.store.read() as tx:
            on_screen = {call.handler_id or call.offered_to: call for call in calls_in_progress(tx)}
            doing = {row.person_id: row.state for row in tx.execute(select(presence.c.person_id, presence.c.state))}
        for desk in self.desks:
            if self.chance.random() < 0.6:
                desk.look(on_screen.get(desk.person_id), doing[desk.person_id])
        self.line.time.after(LOOK, self._look)


class Interpreter(Handset):
    """Somebody outside who is brought in, and has to go after a while."""

    def _answer(self, call: Any) -> None:
        super()._answer(call)
        self.twilio.clock.after(60.0, lambda: self.twilio.hang_up(call))


class Backup(Handset):
    """The person at the number that the fallback document dials."""

    def _answer(self, call: Any) -> None:
        super()._answer(call)
        self.twilio.clock.after(20.0, lambda: self.twilio.hang_up(call))
