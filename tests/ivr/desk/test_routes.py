"""Every route: who may use it, and what anyone else is told."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection

from ivr.desk.app import MAX_REQUEST_BYTES, desk_app
from ivr.desk.routes import ROUTES
from ivr.desk.routing import PREFIX, OpenRoute, Route
from shared.domain.vocabulary import Role
from shared.store.columns import random_id
from shared.store.database import Store
from tests.support import sealed_reports as sealing
from tests.support.organisation import ADMINISTRATOR, AUDITOR, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation

WHO = {
    Role.HANDLER: HANDLER,
    Role.SUPERVISOR: SUPERVISOR,
    Role.ADMINISTRATOR: ADMINISTRATOR,
    Role.AUDITOR: AUDITOR,
}
H, S, A, U = Role.HANDLER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR

# Written out by hand, so that a change of the permissions table is a change here too.
ALLOWED = {
    "GET /directory": {H, S, A, U},
    "POST /summaries": {S},
    "POST /summaries/file": {S},
    "POST /summaries/since-launch": {S},
    "POST /summaries/since-launch/file": {S},
    "GET /events": {H, S, A, U},
    "PUT /presence": {H},
    "PUT /presence/answer-time": {H},
    "POST /calls/<id:id>/give": {S},
    "POST /calls/<id:id>/hand-on": {H},
    "POST /calls/<id:id>/mute": {H},
    "POST /calls/<id:id>/unmute": {H},
    "POST /calls/<id:id>/consult": {H},
    "POST /calls/<id:id>/bring-in": {H},
    "POST /calls/<id:id>/join": {H},
    "POST /calls/<id:id>/hand-over": {H},
    "POST /calls/<id:id>/help": {H},
    "DELETE /calls/<id:id>/help": {H},
    "POST /calls/<id:id>/help/answer": {S},
    "POST /calls/<id:id>/send-away": {H},
    "POST /calls/<id:id>/extend": {H},
    "POST /calls/<id:id>/take-back": {H},
    "PUT /calls/<id:id>/training": {H},
    "POST /calls/<id:id>/take": {H},
    "POST /calls/<id:id>/decline": {H},
    "POST /calls/<id:id>/hold": {H},
    "POST /calls/<id:id>/resume": {H},
    "POST /calls/<id:id>/end": {H},
    "POST /calls/<id:id>/wrap-up": {H},
    "PUT /calls/<id:id>/choices": {H},
    "POST /reports": {H},
    "PUT /reports/<id:id>": {H},
    "GET /reports/<id:id>": {H, S},
    "GET /reports/<id:id>/contact": {H},
    "PUT /reports/<id:id>/contact": {H},
    "DELETE /reports/<id:id>/contact": {H},
    "POST /references": {H},
    "POST /references/find": {H},
    "POST /references/withdraw": {H},
    "GET /questions": {H},
    "GET /waiting-questions": {S},
    "POST /questions/<id:id>/accept": {S},
    "DELETE /questions/<id:id>": {S},
    "POST /reports/<id:id>/submit": {H},
    "POST /reports/<id:id>/return": {S},
    "POST /reports/<id:id>/release": {S},
    "POST /reports/<id:id>/hold": {S},
    "POST /reports/<id:id>/take-up": {S},
    "POST /reports/<id:id>/ask": {S},
    "GET /reports/<id:id>/sent": {S},
    "POST /reports/<id:id>/ask/confirm": {S},
    "DELETE /reports/<id:id>/ask": {S},
    "PUT /reports/<id:id>/reading": {S},
    "DELETE /reading": {S},
    "DELETE /reports/<id:id>/rejection": {H},
    "GET /line": {S},
    "PUT /line/hours": {S},
    "DELETE /line/hours": {S},
    "GET /left-drafts": {S},
    "POST /reports/<id:id>/recovery": {S},
    "POST /reports/<id:id>/recovery/confirm": {S},
    "DELETE /reports/<id:id>/recovery": {S},
    "GET /reports/<id:id>/recovery": {S},
    "POST /reports/<id:id>/recovery/give": {S},
    "GET /recovered": {H, S},
    "DELETE /recovered": {H, S},
    "GET /outbox": {S},
    "POST /outbox/<id:id>/send-again": {S},
    "POST /outbox/<id:id>/notice": {S},
    "POST /reports/<id:id>/reroute/ask": {S},
    "GET /reports/<id:id>/reroute": {S},
    "POST /reports/<id:id>/reroute": {S},
    "POST /reports/<id:id>/withdraw": {S},
    "POST /session/token": {H, S, A, U},
    "PUT /session/passphrase": {H, S, A, U},
    "GET /sessions": {H, S, A, U},
    "DELETE /sessions/<id:id>": {H, S, A, U},
    "DELETE /people/<id:id>/sessions": {S, A},
    "GET /people": {A},
    "GET /names": {H, S, A, U},
    "POST /people/<id:id>/proposals": {A},
    "POST /proposals/<id:id>/confirm": {A},
    "DELETE /proposals/<id:id>": {A},
    "POST /newcomers": {A},
    "PUT /newcomers/<id:id>/words": {A},
    "POST /newcomers/<id:id>/vouch": {A},
    "DELETE /newcomers/<id:id>": {A},
    "GET /audit": {U},
    "POST /audit/earlier": {U},
    "DELETE /session": {H, S, A, U},  # last: it ends the session
}
NOT_SIGNED_IN = {
    "POST /sign-in/parameters",
    "POST /sign-in",
    "POST /sign-in/second-factor",
    "POST /sign-in/waiting",
    "POST /enrolment/begin",
    "POST /enrolment/keys",
}


def _named(route: Route | OpenRoute) -> str:
    return f"{route.method} {route.path}"


def test_every_address_the_desk_answers_is_in_the_table_with_its_permission(app: Flask) -> None:
    answered = {
        f"{method} {rule.rule.removeprefix(PREFIX)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }

    assert answered == {_named(route) for route in ROUTES}
    assert {_named(route) for route in ROUTES if isinstance(route, Route)} == set(ALLOWED)
    assert {_named(route) for route in ROUTES if isinstance(route, OpenRoute)} == NOT_SIGNED_IN


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_the_table_says_and_nothing_else(sign_in: Callable[[str], Any], role: Role) -> None:
    console = sign_in(WHO[role])

    denied = set()
    for name in ALLOWED:
        method, path = name.split(" ")
        answer = console.ask(method, path.replace("<id:id>", random_id()), {} if method != "GET" else None)
        if answer.status_code == 403:
            assert answer.json == {"code": "not_permitted", "sentence": "Your role does not include this."}
            denied.add(name)
        else:
            assert answer.status_code in (200, 204, 404, 409, 422)
        answer.close()

    assert denied == {name for name, roles in ALLOWED.items() if role not in roles}


def test_without_a_session_every_route_says_the_same_and_does_nothing(client: FlaskClient) -> None:
    answers = set()
    for name in ALLOWED:
        for token in (None, "Bearer ", "Bearer " + "A" * 43, "Basic QTpC", "bearer x"):
            headers = {} if token is None else {"Authorization": token}
            method, path = name.split(" ")
            answer = client.open(PREFIX + path.replace("<id:id>", random_id()), method=method, headers=headers)
            answers.add((answer.status_code, answer.data))

    assert answers == {(401, b'{"code":"signed_out","sentence":"Please sign in again."}')}


def test_a_report_that_is_not_yours_looks_like_one_that_is_not_there(
    sign_in: Callable[[str], Any], organisation: Organisation
) -> None:
    author, colleague, supervisor = sign_in(HANDLER), sign_in(SECOND_HANDLER), sign_in(SUPERVISOR)
    envelope = sealing.as_text(sealing.draft(organisation, author.member))
    message = {"revision": None, "facts": sealing.facts().model_dump(mode="json"), "envelope": envelope}
    there = author.ask("POST", "/reports", message).json["id"]

    for console in (colleague, supervisor):
        real = console.ask("GET", f"/reports/{there}")
        unreal = console.ask("GET", f"/reports/{random_id()}")
        assert (real.status_code, real.data) == (unreal.status_code, unreal.data)
        assert real.status_code == 404
    for path in (f"/reports/{there}", f"/reports/{random_id()}"):
        answer = colleague.ask("PUT", path, message | {"revision": random_id()})
        assert (answer.status_code, answer.json["code"]) == (404, "report_not_found")


def test_a_message_not_as_it_must_be_is_told_its_field_and_never_its_value(sign_in: Callable[[str], Any]) -> None:
    console = sign_in(HANDLER)

    unknown = console.ask("PUT", "/presence", {"state": "available", "colour": "ZEBRA"})
    impossible = console.ask("PUT", "/presence", {"state": "ZEBRA"})
    strange = console.ask("PUT", "/presence", {"state": "available", "ZEBRA ZEBRA": 1})

    assert unknown.json["sentence"] == "Not as it must be: colour."
    assert impossible.json["sentence"].startswith("Not as it must be: state")
    for answer in (unknown, impossible, strange):
        assert (answer.status_code, answer.json["code"]) == (422, "message_refused")
        assert b"ZEBRA" not in answer.data


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"name": "A\x00"'])
def test_what_is_not_a_message_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/desk/v1/sign-in", data=body, content_type="application/json")

    assert (answer.status_code, answer.json["code"]) == (422, "message_refused")


def test_a_flag_is_yes_or_no_and_nothing_like_it(sign_in: Callable[[str], Any], organisation: Organisation) -> None:
    console = sign_in(HANDLER)
    facts = sealing.facts().model_dump(mode="json") | {"conflict": "no"}
    envelope = sealing.as_text(sealing.draft(organisation, console.member))

    answer = console.ask("POST", "/reports", {"revision": None, "facts": facts, "envelope": envelope})

    assert (answer.status_code, answer.json["sentence"]) == (422, "Not as it must be: facts.conflict.")


def test_what_is_too_large_is_refused_unread(sign_in: Callable[[str], Any]) -> None:
    console = sign_in(HANDLER)

    answer = console.ask("POST", "/reports", {"envelope": "A" * MAX_REQUEST_BYTES})

    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_other_methods_addresses_and_hosts_are_refused_with_a_problem(client: FlaskClient) -> None:
    method = client.get("/desk/v1/sign-in")
    address = client.get("/desk/v1/secrets")
    host = client.post("/desk/v1/sign-in", headers={"Host": "elsewhere.example"})
    options = client.options("/desk/v1/sign-in")

    assert (method.status_code, method.json["code"], method.headers["Allow"]) == (405, "method_not_allowed", "POST")
    assert (address.status_code, address.json["code"]) == (404, "not_found")
    assert (host.status_code, host.json["code"]) == (400, "bad_request")
    assert options.status_code == 405


def test_nothing_of_the_desk_is_cached_framed_or_guessed_at(client: FlaskClient) -> None:
    for answer in (client.get("/desk/v1/secrets"), client.post("/desk/v1/sign-in/parameters", json={"name": "A"})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in answer.headers


class BrokenStore(Store):
    """A store whose database has gone, saying so with words that are nobody's business."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        raise RuntimeError("ZEBRA")
        yield  # type: ignore[unreachable]


def test_a_fault_of_ours_is_answered_without_detail_and_logged_without_words(
    sqlite_store: Store, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = desk_app(BrokenStore(sqlite_store.engine), clock, threading.Event()).test_client()

    with caplog.at_level(logging.DEBUG):
        answer = client.get("/desk/v1/directory", headers={"Authorization": "Bearer QUAGGA"})

    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    for word in ("ZEBRA", "QUAGGA"):
        assert word not in answer.text
        assert word not in caplog.text
    assert "desk_fault RuntimeError" in caplog.text
