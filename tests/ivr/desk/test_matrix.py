"""Every role, every route, every kind of object: one's own, another's, and one that is not there.

What is expected is worked out from the table of permissions alone; the desk must agree in every cell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from ivr.desk.routes import ROUTES
from ivr.desk.routing import Route
from shared.domain import calls
from shared.domain.proposals import propose
from shared.domain.vocabulary import CallState, Category, Language, Mode, ProposalKind, Role
from shared.permissions import PERMISSIONS, Condition, Verb
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import desk_session, live_call, person_role
from tests.support import sealed_reports as sealing
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


@dataclass
class World:
    """One object of each kind for each owner."""

    mine: dict[str, str]
    theirs: dict[str, str]

    def id(self, route: Route, whose: str) -> str:
        """An id for this route; what one route uses up is there for another once more."""
        ids, kind = {OWN: self.mine, ANOTHERS: self.theirs}.get(whose, {}), kind_of(route) or ""
        return ids.get(f"{kind} {route.method}") or ids.get(kind) or random_id()


def routes_about(kind: str) -> list[Route]:
    prefix = next(prefix for prefix, about in ABOUT.items() if about == kind)
    return [route for route in ROUTES if isinstance(route, Route) and route.path.startswith(prefix)]


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


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """The permissions are decided before the database is asked; one will do."""
    return sqlite_store


@pytest.fixture
def consoles(sign_in: Callable[[str], Any]) -> tuple[Any, Any]:
    return sign_in(ME), sign_in(OTHER)


@pytest.fixture
def world(consoles: tuple[Any, Any], store: Store, organisation: Organisation, clock: Any) -> World:
    owned = []
    for console, abouts in zip(consoles, ABOUT_WHOM, strict=True):
        member = console.member
        envelope = sealing.as_text(sealing.draft(organisation, member))
        facts = sealing.facts().model_dump(mode="json")
        report = console.ask("POST", "/reports", {"revision": None, "facts": facts, "envelope": envelope}).json["id"]
        with store.begin() as tx:
            session = tx.execute(select(desk_session.c.id).where(desk_session.c.person_id == member.id)).scalar_one()
            sid = "CA" + random_id()
            calls.arrive(tx, sid, Language.EN, clock())
            calls.queue_call(tx, sid, Language.EN, Mode.UNSET, Category.UNSET, None, False, clock())
            held = {"state": CallState.TALKING, "handler_id": member.id, "due_by": clock() + timedelta(hours=1)}
            tx.execute(update(live_call).where(live_call.c.call_sid == sid).values(held))
            call = tx.execute(select(live_call.c.id).where(live_call.c.call_sid == sid)).scalar_one()
            waiting = [
                propose(tx, member.id, ProposalKind.RESET_SECOND_FACTOR, organisation.members[name].id, None, clock())
                for name in abouts
            ]
        ids = {"report": report, "session": session, "call": call, "person": member.id}
        owned.append(ids | {"proposal": waiting[0], "proposal DELETE": waiting[1]})
    return World(*owned)


@pytest.fixture
def become(consoles: tuple[Any, Any], world: World, store: Store) -> Callable[[Role], None]:
    """The first person is now in this role alone. The objects were made before."""

    def become(role: Role) -> None:
        with store.begin() as tx:
            tx.execute(delete(person_role).where(person_role.c.person_id == world.mine["person"]))
            tx.execute(insert(person_role), {"person_id": world.mine["person"], "role": role})

    return become


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("whose", [OWN, ANOTHERS, ABSENT])
def test_the_desk_agrees_with_the_table_in_every_cell(
    become: Callable[[Role], None], sign_in: Callable[[str], Any], world: World, role: Role, whose: str
) -> None:
    become(role)
    wrong = []

    for cell_role, route, cell_whose in CELLS:
        if (cell_role, cell_whose) != (role, whose):
            continue
        body = None if route.body is None else {}
        answer = sign_in(ME).ask(route.method, route.path.replace("<id:id>", world.id(route, whose)), body)
        if not agrees(role, route, whose, answer):
            wrong.append((route.method, route.path, answer.status_code, answer.json))
        answer.close()

    assert wrong == []


def agrees(role: Role, route: Route, whose: str, answer: Any) -> bool:
    """Whether this answer is what the table of permissions promises for the cell."""
    condition = PERMISSIONS[role].get(route.verb)
    code = answer.json.get("code") if answer.status_code >= 400 else None
    if condition is None:
        return bool(answer.status_code == 403 and code == "not_permitted")
    if answer.status_code >= 500 or code == "not_permitted":
        return False
    if route.body is not None and answer.status_code == 422:
        return True  # permitted by role; an empty message goes no further, whoever's it is
    refused = answer.status_code in NOT_THERE_OR_NOT_YOURS or code == "call_already_taken"
    if kind_of(route) is None:
        return not refused
    if whose == ABSENT:
        return bool(answer.status_code in (404, 409))
    out_of_reach = (condition is Condition.OWN and whose == ANOTHERS) or (
        condition is Condition.OTHERS and whose == OWN
    )
    return refused if out_of_reach else not refused or in_another_state(code)


def in_another_state(code: str | None) -> bool:
    """A supervisor opens what is in review or later; these are drafts, and look as if they were not there."""
    return code == "report_not_found"
