"""The processes of a soak, each the real thing but for its faster clock: any of them may be killed at any moment."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from ivr.maintenance import Maintenance
from shared.domain.review import release_report
from shared.outbox.batches import Timetable
from shared.outbox.courier import Courier
from shared.outbox.failpoints import Failpoint
from shared.outbox.transports.https import HttpsTransport
from shared.outbox.transports.places import Gate, Place
from shared.outbox.transports.way import Transport
from shared.store.database import Store, open_store
from shared.store.schema import delivery
from tests.soak.scene import Scene
from tests.support.certificates import Authority
from tests.support.unit_system import Behaves, UnitSystem

LOOK_SECONDS = 0.4
CLIENT_PAUSE = 0.3
PLACES = "places.jsonl"
UNIT_HOST = "unit.example.test"


def service(scene: Scene, asked: socket.socket) -> None:
    """Releases the reports it is asked to, and says so once that is committed."""
    store = open_store(scene.url)
    for line in asked.makefile("rb"):
        item = scene.items[int(line)]
        who, unit_id, now = scene.supervisor_id, item.unit_id, scene.clock()
        with store.begin() as tx:
            release_report(tx, who, item.report_id, item.revision, unit_id, item.envelope, item.word, now)
        asked.sendall(line)


def client(scene: Scene) -> None:
    """Writes the recent ledger anew, over and over, as maintenance does, and empties SQLite's log."""
    store = open_store(scene.url)
    maintenance = Maintenance(store, scene.clock)
    while True:
        maintenance.step()
        time.sleep(CLIENT_PAUSE)


def receiver(scene: Scene, authority: Authority, port: int, seed: int, errors: float, lost: float) -> None:
    """The units' system: persists, answers, and at times fails or hangs up."""
    chance = random.Random(seed)

    def behaves() -> Behaves:
        drawn = chance.random()
        if drawn < errors:
            return chance.choice((Behaves.FAILS, Behaves.FAILS_LATE, Behaves.SAYS_OK, Behaves.KEEPS_HALF))
        return Behaves.HANGS_UP if drawn < errors + lost else Behaves.WELL

    answering = {unit_id: unit.answers for unit_id, unit in scene.organisation.units.items()}
    system = UnitSystem(scene.folder / "units.db", behaves, answering)
    system.server(authority.server_tls(), port).serve_forever(poll_interval=0.05)


def courier(scene: Scene, authority: Authority, port: int) -> None:
    """Everything the courier does, and a note of the order it lined reports up in."""
    store = open_store(scene.url)
    note = order_note(store, scene.folder / PLACES)
    note(Failpoint.LINED_UP)  # what was lined up by the last one, whom nobody let finish
    gate = Gate.listing(("127.0.0.0/8",))
    here = Gate(gate.private, lambda _host, _port: ["127.0.0.1"])
    tls = authority.client_tls()
    ways: dict[str, Transport] = {
        unit_id: HttpsTransport(Place(UNIT_HOST, port, path=f"/{unit_id}"), tls, here, look_seconds=LOOK_SECONDS)
        for unit_id in scene.organisation.units
    }
    Courier(store, ways, scene.clock, failpoint=note, timetable=Timetable()).run(threading.Event())


def order_note(store: Store, path: Path) -> Callable[[Failpoint], None]:
    """Writes down, each time reports are lined up, which stand where."""

    def note(at: Failpoint) -> None:
        if at is not Failpoint.LINED_UP:
            return
        columns = delivery.c.place, delivery.c.id
        with store.read() as tx:
            placed = tx.execute(select(*columns).where(delivery.c.place.is_not(None)).order_by(delivery.c.place))
            rows = [[place, name] for place, name in placed]
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows) + "\n")

    return note
