"""What a route of the desk is, and how a request becomes one: who asks, may they, what they say, what is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.routing import BaseConverter

from ivr.desk.events import Watcher
from ivr.desk.problems import MessageRefused
from ivr.desk.tries import Tries
from shared.domain.errors import NotPermitted, SignedOut
from shared.domain.hours import ALWAYS_OPEN, Hours
from shared.domain.second_factor import SecondFactorKey
from shared.domain.sessions import NOTED_EVERY, Session, note_use, session_of
from shared.domain.wrap_up import UNDO_WITHIN
from shared.messages import Message
from shared.outbox.failpoints import Fail, go_on
from shared.permissions import Verb, may
from shared.sealing.sign_in import STANDARD_COST, Cost
from shared.settings import OutsideLine
from shared.store.database import Store
from shared.summary.retention import USUAL, Kept

PREFIX: Final = "/desk/v1"
_BEARER: Final = "Bearer "


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What can be set about the desk's API."""

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")  # names consoles may call the desk by, ports aside
    open_streams: int = 64  # consoles that may follow events at once; beyond, 503 with Retry-After
    heartbeat_seconds: float = 15.0
    sign_in_cost: Cost = STANDARD_COST  # what people are enrolled with, so that made-up parameters look alike
    breaks: Mapping[str, str] = field(default_factory=dict)  # reasons for a break, and their words
    outside: Mapping[str, OutsideLine] = field(default_factory=dict)  # telephones that may be brought into a call
    undo_within: timedelta = UNDO_WITHIN  # how long an outcome can be taken back
    second_factor: SecondFactorKey | None = None  # what secrets are kept under; None: no code is asked for
    hours: Hours = ALWAYS_OPEN  # the line's usual ones
    unanswered_days: int = 7  # after which a report that no unit has answered needs somebody
    kept: Kept = USUAL  # for how long figures are kept by the day
    first_force: str = "metropolitan"  # that the table since the launch names
    tries_at_once: int = 120  # at signing in, of all people together
    failpoint: Fail = go_on  # where a test stops a release


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes work with."""

    store: Store
    clock: Callable[[], datetime]
    watcher: Watcher
    settings: DeskSettings
    tries: Tries


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a signed-in person. `id` is the call or report it is about, "" where it is about none."""

    session: Session
    id: str
    body: Any  # the route's own message, already checked

    @property
    def person_id(self) -> str:
        return self.session.who.id


Answer = Message | Response | None


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A route for people who are not signed in."""

    method: str
    path: str
    act: Callable[[Desk, Any], Answer]
    body: type[Message]


@dataclass(frozen=True, slots=True)
class Route:
    """A route for signed-in people whose role includes the verb. An answer of None is 204."""

    method: str
    path: str
    verb: Verb
    act: Callable[[Desk, Ask], Answer]
    body: type[Message] | None = None


class IdConverter(BaseConverter):
    """An id in a path: anything else is no path of ours."""

    regex = "[0-9a-f]{32}"


def add_route(app: Flask, desk: Desk, route: Route | OpenRoute) -> None:
    """Make the route answer, and nothing else at its address."""

    def view(id: str = "") -> Response:
        if isinstance(route, OpenRoute):
            desk.tries.take()
            return _answer(route.act(desk, _message(route.body)))
        session = _who_asks(desk)
        if not may(session.who.roles, route.verb):
            raise NotPermitted
        body = None if route.body is None else _message(route.body)
        return _answer(route.act(desk, Ask(session, id, body)))

    endpoint = f"{route.method} {route.path}".replace(".", "-")
    options: dict[str, Any] = {"methods": [route.method], "provide_automatic_options": False}
    app.add_url_rule(PREFIX + route.path, endpoint, view, **options)


def _who_asks(desk: Desk) -> Session:
    written = request.headers.get("Authorization", "")
    if not written.startswith(_BEARER):
        raise SignedOut
    now = desk.clock()
    with desk.store.read() as tx:
        session = session_of(tx, written.removeprefix(_BEARER), now)
    if now - session.seen_at >= NOTED_EVERY:
        with desk.store.begin() as tx:
            note_use(tx, (session.id,), now)
    return session


def _message(kind: type[Message]) -> Message:
    try:
        return kind.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        raise MessageRefused(error) from None


def _answer(answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status=204)
    return Response(answer.model_dump_json(), mimetype="application/json")
