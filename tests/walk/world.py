"""One walk: so many random callers on a line of its own, in virtual time, and what became of each of them."""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from ivr.line.menu import End, nodes
from ivr.line.prompts import DEFAULT_ONLINE, load_prompts
from ivr.simulator.account import Event
from ivr.simulator.in_process import LINE_NUMBER
from shared.domain.vocabulary import Language, PresenceState
from shared.store import columns
from shared.store.database import Store, open_store
from shared.store.schema import finished_call, live_call, live_order
from tests.support.line import exchange_on
from tests.walk.mishaps import BACKUP_NUMBER, FALLBACK_URL, Judge, Mishaps
from tests.walk.people import Backup, Caller, Room

DESKS = 12
EACH = 1.5  # seconds between two callers, on average
TURN = 1.0  # seconds between two turns of the order worker
PATIENCE = 30 * 60.0  # seconds after the last mishap within which everyone must have been served
SHORT = 5.0


@dataclass
class Tally:
    """What became of callers. `wrong` says, of each that was lost and each answer that was refused, what was wrong."""

    calls: int = 0
    person: int = 0
    honest: int = 0
    lost: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.calls += other.calls
        self.person += other.person
        self.honest += other.honest
        self.lost += other.lost
        self.refused += other.refused
        self.wrong += other.wrong


def walk(template: Path, seed: int, calls: int) -> Tally:
    """Walk once. `template` is an empty, migrated database; the same seed gives the same walk."""
    ids = random.Random(seed)
    with (
        tempfile.TemporaryDirectory(prefix="candour-walk-") as folder,
        _copied(template, Path(folder)) as store,
        patch.object(columns.secrets, "token_hex", lambda size: f"{ids.getrandbits(8 * size):0{2 * size}x}"),
    ):
        world = World(store, seed, calls)
        world.run()
        return world.tally()


class World:
    """A line, its callers and handlers, and everything that goes wrong."""

    def __init__(self, store: Store, seed: int, calls: int) -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self.line = exchange_on(store, seed=seed, fallback_url=FALLBACK_URL)
        self.line.turn = TURN
        twilio = self.line.twilio
        self.transport = twilio.carrier.transport
        self.judge = Judge(self.transport)
        twilio.carrier.transport = self.judge
        twilio.listeners.append(self._notice)
        Backup(twilio, BACKUP_NUMBER, answers_after=2.0)
        self.room = Room(self.line, self.chance, DESKS)
        self.callers = [Caller(self.line, self.chance, number) for number in range(calls)]
        self.by_sid: dict[str, Caller] = {}
        self.honest_ends = _honest_ends()

    def run(self) -> None:
        mishaps = Mishaps(self.line, self.judge, self.chance)
        for caller in self.callers:
            self.line.time.advance(self.chance.expovariate(1 / EACH))
            caller.ring()
            assert caller.phone.call is not None
            self.by_sid[caller.phone.call.sid] = caller
        mishaps.end()
        self.room.calm_down()
        waited = 0.0
        while waited < PATIENCE and not self._served():
            self.line.time.advance(SHORT)
            waited += SHORT

    def tally(self) -> Tally:
        tally = Tally(calls=len(self.callers))
        for caller in self.callers:
            if wrong := self._wrong_with(caller):
                tally.wrong.append(f"seed {self.seed}: {wrong}")
                tally.lost += 1
            elif caller.reached_a_person:
                tally.person += 1
            else:
                tally.honest += 1
        refused = [*self.judge.refused, *map(str, self.line.twilio.refusals)]
        tally.refused = len(refused)
        tally.wrong += [f"seed {self.seed}: refused {one}" for one in refused]
        for wrong in self._wrong_with_the_books():
            tally.wrong.append(f"seed {self.seed}: {wrong}")
            tally.lost += 1
        return tally

    def _served(self) -> bool:
        return all(caller.over for caller in self.callers) and not self.line.live and not self.line.rows(live_order)

    def _notice(self, event: Event) -> None:
        caller = self.by_sid.get(event.call_sid)
        if caller is not None and event.kind == "state" and event.details["state"] == "talking":
            caller.reached_a_person = True

    def _wrong_with(self, caller: Caller) -> str:
        """What is wrong with how a call ended, or ""."""
        if not caller.over:
            return f"a caller is still {caller.phone.state}, after {self._last_words(caller)!r}"
        if caller.hung_up:
            return ""
        last = self._last_words(caller)
        if any(end in last for end in self.honest_ends):
            return ""
        if caller.reached_a_person and caller.phone.number != LINE_NUMBER and "refus" not in last:
            return ""
        return f"a call ended without a word, after {last!r}"

    def _last_words(self, caller: Caller) -> str:
        return _plain(" ".join(spoken.words for spoken in caller.phone.transcript[-2:]))

    def _wrong_with_the_books(self) -> Iterator[str]:
        """The board is empty, nobody is thought to be on a call, and each call has one page."""
        live, orders = self.line.rows(live_call), self.line.rows(live_order)
        if live or orders:
            yield f"on the board at the end: {[row['state'] for row in live]}, orders {[row['kind'] for row in orders]}"
        for desk in self.room.desks:
            if self.line.presence(desk.person_id) in {PresenceState.ON_CALL, PresenceState.WRAP_UP} and not live:
                yield "a handler counts as being on a call that there is not"
        pages, calls = len(self.line.rows(finished_call)), len(self.judge.arrived)
        if not calls <= pages <= calls + self.judge.replayed:  # what is sent again may look like a call
            yield f"{pages} pages for {calls} calls and {self.judge.replayed} requests sent again"


def _honest_ends() -> frozenset[str]:
    """The last words of everyone who was told the truth: the ends of the menu, and the other ways after a fault."""
    prompts = load_prompts(DEFAULT_ONLINE)
    last = {node.say[-1] for node in nodes(welsh_reviewed=True).values() if isinstance(node, End)} | {"other_ways"}
    return frozenset(_plain(prompts.say(prompt, language).text) for prompt in last for language in Language)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[\w'’]+", words.casefold()))


@contextmanager
def _copied(template: Path, folder: Path) -> Iterator[Store]:
    """A copy of the database that need not survive a power cut."""
    path = folder / "candour.db"
    shutil.copy(template, path)
    store = open_store(f"sqlite:///{path}")
    event.listen(store.engine, "connect", _hurry)
    try:
        yield store
    finally:
        store.close()


def _hurry(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "secure_delete=OFF", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}").close()
