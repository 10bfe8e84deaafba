"""Carries out a scenario on a fresh installation and searches everything that came of it, twice: at once, and after the
provider has proved that it has forgotten the calls. It knows no scenario.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from shared.store.database import Store, open_store, truncate_wal
from shared.store.migrate import bring_up_to_date
from tests.canary import postgres
from tests.canary.installation import SECRETS, Installation
from tests.canary.leaks import Leak
from tests.canary.needles import Caller, Needles, call_needles, number_needles, short_needles, signature_needles
from tests.canary.search import Search, Trace, everywhere
from tests.canary.written import HOLDS_CALLS, Places, dumps, everything_said, files, opened, shown, stored
from tests.support.on_duty import put_on_duty
from tests.support.organisation import Organisation, found_organisation

DATABASE: Final = "candour.db"


@dataclass(slots=True)
class Outcome:
    """What came of a scenario."""

    scenario: str
    database: str
    bytes: int = 0
    needles: int = 0
    traces: list[Trace] = field(default_factory=list)
    remembered: int = 0  # calls and legs still known when all should have been forgotten

    def found_in(self, place: str) -> bool:
        """Whether anything was found in a place whose name begins like this."""
        return any(trace.place.startswith(place) for trace in self.traces)


class Ground(Protocol):
    """Where installations are made: fresh databases with the same organisation founded in each."""

    name: str
    organisation: Organisation

    def store(self, folder: Path) -> Store: ...

    def besides(self) -> Places: ...


class SqliteGround:
    """Each installation's database is a file in its folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._template = folder / "template.db"
        store = open_store(f"sqlite:///{self._template}")
        self.organisation = _founded(store)
        truncate_wal(store)
        store.close()

    def store(self, folder: Path) -> Store:
        shutil.copy(self._template, folder / DATABASE)
        return open_store(f"sqlite:///{folder / DATABASE}")

    def besides(self) -> Places:
        return iter(())


class PostgresGround:
    """Each installation has a database of its own on one server, whose log is searched as well."""

    name = "PostgreSQL"

    def __init__(self, server: Path) -> None:
        self._server = server
        self._numbers = itertools.count()
        store = open_store(postgres.new_database(server, "canary_template"))
        self.organisation = _founded(store)
        store.close()

    def store(self, folder: Path) -> Store:
        name = f"canary_{next(self._numbers)}"
        return open_store(postgres.new_database(self._server, name, "canary_template"))

    def besides(self) -> Places:
        yield "PostgreSQL's log", (self._server / "server.log").read_bytes()

    def own_files(self) -> Places:
        """Everything the server keeps: tables with their dead rows, and its write-ahead log."""
        return files(self._server)


def _founded(store: Store) -> Organisation:
    bring_up_to_date(store)
    put_on_duty(store, datetime.now(UTC))
    return found_organisation(store)


class Canary:
    """Goes down with one caller's number. The needles of the number are the same for every scenario of a run."""

    def __init__(self, caller: Caller, folder: Path) -> None:
        self.caller = caller
        self._folder = folder
        self._folders = itertools.count()
        self.numbers = Search(number_needles(caller, SECRETS), short_needles(caller))

    def goes_down(self, name: str, scenario: Callable[[Installation], None], ground: Ground) -> Outcome:
        """Carry out a scenario on this ground and search."""
        outcome = Outcome(name, ground.name)
        with self.installation(ground) as it:
            scenario(it)
            self._search(outcome, it, ground, calls_allowed=True)
            self._search_afterwards(outcome, it, ground)
        return outcome

    def sees(self, leak: Leak, ground: Ground) -> bool:
        """Whether a leak planted in a call is found where it is."""
        outcome = Outcome(leak.name, ground.name)
        with self.installation(ground) as it:
            leak.plant(it, self.caller)
            self._search(outcome, it, ground, calls_allowed=True)
            if not outcome.found_in(leak.place):
                self._search_afterwards(outcome, it, ground)
        return outcome.found_in(leak.place)

    def _search_afterwards(self, outcome: Outcome, it: Installation, ground: Ground) -> None:
        """Search again when every call should have been forgotten, by the provider and by us."""
        it.forget()
        outcome.remembered = it.remembered()
        truncate_wal(it.store)
        self._search(outcome, it, ground, calls_allowed=False)

    @contextmanager
    def installation(
        self, ground: Ground, caller: Caller | None = None, withheld: bool = False
    ) -> Iterator[Installation]:
        """A fresh installation with everything it says written to its folder; its callers ring from `caller`'s number
        (the canary's own if there is none), or `withheld` it.
        """
        folder = self._folder / f"{next(self._folders):03}"
        folder.mkdir(parents=True)
        store = ground.store(folder)
        try:
            with (
                everything_said(folder / "said"),
                Installation(
                    store, ground.organisation, folder, None if withheld else caller or self.caller
                ) as installation,
            ):
                yield installation
        finally:
            store.close()

    def call_search(self, it: Installation) -> Search:
        """Needles of every call, leg, conference and request that there was."""
        needles: Needles = {}
        for known in it.watched.ids | set(it.twilio.calls):
            needles |= call_needles(known, SECRETS)
        for signature in it.watched.signatures:
            if len(signature) == 28:  # as Twilio's are: others are a stranger's
                needles |= signature_needles(signature)
        return Search(needles)

    def _search(self, outcome: Outcome, it: Installation, ground: Ground, calls_allowed: bool) -> None:
        calls = self.call_search(it)
        for place in self.written(it, ground):
            size, found = everywhere(self.numbers, [place])
            outcome.bytes += size
            outcome.traces += found
            if not (_is_told_twilio(place[0]) or (calls_allowed and _may_hold_calls(place[0]))):
                outcome.traces += everywhere(calls, [place])[1]
        outcome.needles = len(self.numbers) + len(calls)

    def written(self, it: Installation, ground: Ground) -> Places:
        """Everything there is to search."""
        return itertools.chain(
            stored(it.store), files(it.folder), dumps(it.store), shown(it), opened(it.store, it.organisation),
            ground.besides(),
        )  # fmt: skip


def _may_hold_calls(place: str) -> bool:
    kind, _, name = place.partition(" ")
    return (kind == "table" and name in HOLDS_CALLS) or name.startswith(DATABASE) or kind == "pg_dump"


def _is_told_twilio(place: str) -> bool:
    """The line's answers name conferences to Twilio, which keeps them anyway."""
    return place.startswith("answer ")
