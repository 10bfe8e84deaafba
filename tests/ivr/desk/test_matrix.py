"""Every role, every route, every kind of object: one's own, another's, and one that is not there.

What is expected is worked out from the table of permissions alone; the desk must agree in every cell.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from ivr.desk.routes import ROUTES
from ivr.desk.routing import Route
from shared.domain import calls
from shared.domain.proposals import propose
from shared.domain.vocabulary import (
    CallState,
    Category,
    Language,
    Mode,
    PartyKind,
    PartyState,
    ProposalKind,
    Role,
)
from shared.messages import Message, Saved
from shared.permissions import PERMISSIONS, Condition, Verb
from shared.settings import OutsideLine
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import desk_session, live_call, live_party, person_role
from tests.conftest import Clock
from tests.ivr.desk.bodies import BODIES, BRING_IN, REFERENCE, Said, save_report
from tests.support.organisation import ADMINISTRATOR, AUDITOR, BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation

OWN, ANOTHERS, ABSENT = "own", "another's", "absent"
ME, OTHER = HANDLER, SECOND_HANDLER
NOT_THERE_OR_NOT_YOURS = (403, 404)
COLLECTION = "<"

# What each kind of path is about, and so whose it can be.
ABOUT_WHOM = ((SUPERVISOR, AUDITOR), (ADMINISTRATOR, BOTH))  # what each of the two has proposed
ABOUT = {
    "/calls/": "call",
    "/reports/": "report",
    "/sessions/": "session",
    "/people/": "person",
    "/proposals/": "proposal",
    "/outbox/": "delivery",
    "/questions/": "question",
    "/newcomers/": "newcomer",
}
NOBODYS = {None, "delivery", "question", "newcomer"}  # kinds of path whose object, if there is one, is nobody's own

# Routes about a step that none of these reports has come to, and what whoever may take it is told.
NOTHING_SUCH_HERE = {
    "GET /reports/<id:id>/contact": "report_not_found",
    "PUT /reports/<id:id>/contact": "report_not_found",
    "GET /reports/<id:id>/sent": "review_ask_not_found",
    "POST /reports/<id:id>/ask/confirm": "review_ask_not_found",
    "DELETE /reports/<id:id>/ask": "review_ask_not_found",
}


@dataclass(frozen=True)
class Owned:
    """One object of each kind that somebody has; of reports a draft, and one that was handed in."""

    person: str
    session: str
    call: str
    waiting: str
    party: str
    proposals: tuple[str, str]
    draft: Saved
    handed_in: Saved


@dataclass(frozen=True)
class World:
    """What each of two people has."""

    mine: Owned
    theirs: Owned

    def about(self, role: Role, route: Route, whose: str) -> tuple[str, Owned]:
        """An id for this route, and whose things the body may speak of. Who reviews has what was handed in."""
        owned = self.theirs if whose == ANOTHERS else self.mine
        kind = kind_of(route)
        if whose == ABSENT or kind in NOBODYS:
            return random_id(), owned
        handed_in = role is Role.SUPERVISOR and route.verb in (Verb.REVIEW_REPORTS, Verb.READ_REPORTS)
        ids = {
            "call": owned.waiting if route.verb is Verb.HAND_OUT_CALLS else owned.call,
            "report": (owned.handed_in if handed_in else owned.draft).id,
            "session": owned.session,
            "person": owned.person,
            "proposal": owned.proposals[route.method == "DELETE"],
        }
        return ids[kind or ""], owned


def kind_of(route: Route) -> str | None:
    return next((kind for prefix, kind in ABOUT.items() if route.path.startswith(prefix)), None)


CELLS = [
    (role, route, whose)
    for role in Role
    for route in ROUTES
    if isinstance(route, Route) and route.path != "/events"
    for whose in ((ABSENT,) if kind_of(route) in NOBODYS else (OWN, ANOTHERS, ABSENT))
]


def test_every_route_about_an_object_is_of_a_kind_the_matrix_knows() -> None:
    unknown = [route.path for route in ROUTES if COLLECTION in route.path and kind_of(route) is None]  # type: ignore[arg-type]

    assert not unknown


def test_every_verb_has_a_route_or_a_place_on_the_board() -> None:
    on_the_board = {Verb.SEE_QUEUE, Verb.SEE_COLLEAGUES}

    assert {route.verb for route in ROUTES if isinstance(route, Route)} == set(Verb) - on_the_board


def test_every_message_a_route_takes_has_a_body_here_that_the_route_can_read(
    organisation: Organisation, clock: Clock
) -> None:
    taken = {route.body for route in ROUTES if route.body is not None}
    said = Said(organisation, organisation.members[ME], organisation.members[OTHER], clock)

    assert set(BODIES) == taken
    for kind in taken:
        made = BODIES[kind](said)
        assert type(made) is kind
        assert kind.model_validate_json(made.model_dump_json()) == made


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The permissions are decided before the database is asked; one will do."""
    return sqlite_store


@pytest.fixture
def outside() -> dict[str, OutsideLine]:
    return {BRING_IN.listed: OutsideLine(name="Interpreters", telephone="+442079460199")}


@pytest.fixture
def consoles(sign_in: Callable[[str], Any]) -> tuple[Any, Any]:
    return sign_in(ME), sign_in(OTHER)


@pytest.fixture
def world(consoles: tuple[Any, Any], store: Store, organisation: Organisation, clock: Clock) -> World:
    return World(
        *(
            owned_by(console, names, store, organisation, clock)
            for console, names in zip(consoles, ABOUT_WHOM, strict=True)
        )
    )


def owned_by(console: Any, names: tuple[str, str], store: Store, organisation: Organisation, clock: Clock) -> Owned:
    member, said = console.member, Said(organisation, console.member, console.member, clock)
    first, second = (Saved(**console.ask("POST", "/reports", save_report(said)).json) for _ in range(2))
    handing_in = save_report(replace(said, revision=second.revision, in_review=True))
    handed_in = Saved(**console.ask("POST", f"/reports/{second.id}/submit", handing_in).json)
    with store.begin() as tx:
        session = tx.execute(select(desk_session.c.id).where(desk_session.c.person_id == member.id)).scalar_one()
        call, waiting = conversation(tx, member.id, clock()), caller(tx, clock())
        party = random_id()
        outside = {"kind": PartyKind.OUTSIDE, "listed": BRING_IN.listed, "state": PartyState.PRIVATE}
        tx.execute(insert(live_party).values(id=party, call_id=call, **outside))
        reset = (
            propose(tx, member.id, ProposalKind.RESET_SECOND_FACTOR, organisation.members[name].id, None, clock())
            for name in names
        )
        one, other = reset
    return Owned(member.id, session, call, waiting, party, (one, other), first, handed_in)


def caller(tx: Connection, now: datetime) -> str:
    """Somebody who waits; the call's id."""
    sid = "CA" + random_id()
    calls.arrive(tx, sid, Language.EN, now)
    calls.queue_call(tx, sid, Language.EN, Mode.UNSET, Category.UNSET, None, False, now)
    return str(tx.execute(select(live_call.c.id).where(live_call.c.call_sid == sid)).scalar_one())


def conversation(tx: Connection, handler_id: str, now: datetime) -> str:
    """A call that this person is in."""
    call = caller(tx, now)
    held = {"state": CallState.TALKING, "handler_id": handler_id, "due_by": now + timedelta(hours=1)}
    tx.execute(update(live_call).where(live_call.c.id == call).values(held))
    return call


class Rewinding:
    """The store as it was before a cell, put back after it; and whether anything was written meanwhile."""

    def __init__(self, store: Store) -> None:
        self._there = sqlite3.connect(str(store.engine.url.database))
        self._before = sqlite3.connect(":memory:")
        self._there.backup(self._before)
        self._version = self._data_version()

    def _data_version(self) -> int:
        return int(self._there.execute("PRAGMA data_version").fetchone()[0])

    def rewind(self) -> bool:
        """Whether anything had been written."""
        written = self._data_version() != self._version
        if written:
            self._before.backup(self._there)
            self._version = self._data_version()
        return written

    def close(self) -> None:
        self._there.close()
        self._before.close()


@pytest.fixture
def become(world: World, store: Store, sign_in: Callable[[str], Any]) -> Callable[[Role], Any]:
    """The first person is now in this role alone, and signed in. The objects were made before."""

    def become(role: Role) -> Any:
        with store.begin() as tx:
            tx.execute(delete(person_role).where(person_role.c.person_id == world.mine.person))
            tx.execute(insert(person_role), {"person_id": world.mine.person, "role": role})
        return sign_in(ME)

    return become


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("whose", [OWN, ANOTHERS, ABSENT])
def test_the_desk_agrees_with_the_table_in_every_cell(
    become: Callable[[Role], Any],
    world: World,
    store: Store,
    organisation: Organisation,
    clock: Clock,
    role: Role,
    whose: str,
) -> None:
    me, wrong = become(role), []
    me.ask("POST", "/references", REFERENCE)
    rewinding = Rewinding(store)

    for route in (route for cell_role, route, of in CELLS if (cell_role, of) == (role, whose)):
        id, owned = world.about(role, route, whose)
        body = body_for(route, id, owned, organisation, clock)
        answer = me.ask(route.method, route.path.replace("<id:id>", id), body)
        came = Came(answer.status_code, code_of(answer), rewinding.rewind())
        if not agrees(role, route, whose, came):
            wrong.append((route.method, route.path, came))
        answer.close()

    rewinding.close()
    assert wrong == [], "\n".join(map(str, wrong))


def body_for(route: Route, id: str, owned: Owned, organisation: Organisation, clock: Clock) -> Message | None:
    """What a console would send to this route; None where it takes nothing."""
    if route.body is None:
        return None
    me, colleague = organisation.members[ME], organisation.members[OTHER]
    revision = next((report.revision for report in (owned.draft, owned.handed_in) if report.id == id), None)
    in_review = route.path.endswith("/submit")
    return BODIES[route.body](Said(organisation, me, colleague, clock, revision, owned.party, in_review))


@dataclass(frozen=True)
class Came:
    """What came back, and whether anything was written."""

    status: int
    code: str | None
    written: bool

    @property
    def refused(self) -> bool:
        return self.status in NOT_THERE_OR_NOT_YOURS or self.code == "call_already_taken"


def code_of(answer: Any) -> str | None:
    """Of a refusal."""
    return str(answer.json["code"]) if answer.status_code >= 400 else None


def agrees(role: Role, route: Route, whose: str, came: Came) -> bool:
    """Whether this is what the table of permissions promises for the cell. No body is to blame: each can be read."""
    condition = PERMISSIONS[role].get(route.verb)
    if condition is None:
        return came.status == 403 and came.code == "not_permitted" and not came.written
    if came.status >= 500 or came.code in ("not_permitted", "message_refused"):
        return False
    if kind_of(route) is None:
        return not came.refused
    if whose == ABSENT:
        return came.status in (404, 409) or (came.status == 204 and not came.written)
    out_of_reach = (condition is Condition.OWN and whose == ANOTHERS) or (
        condition is Condition.OTHERS and whose == OWN
    )
    if out_of_reach:
        return came.refused and not came.written
    return not came.refused or came.code == NOTHING_SUCH_HERE.get(f"{route.method} {route.path}")
