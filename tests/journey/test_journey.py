"""The whole way in virtual time, on each database: the telephone, the desk's API, the seal, the courier, the force."""

import json
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import BaseModel
from sqlalchemy import select

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from ivr.simulator.phone import Handset, Phone
from shared.domain.vocabulary import CallOutcome, Disposition, PresenceState, ReportState, Verdict
from shared.force_side.reports import answer, open_report
from shared.force_side.unit_keys import UnitKeys
from shared.messages import SaveReport, SetPresence, WrapUp
from shared.outbox.courier import Courier
from shared.outbox.transports.folder import FolderTransport
from shared.sealing.canonical import to_base64url
from shared.store.schema import day_count, envelope, live_call, receipt, report, wrap
from shared.summary.counts import counts_of
from shared.summary.periods import Span, of
from tests.support.organisation import (
    CHEAP,
    HANDLER,
    HANDSETS,
    KENT,
    SUPERVISOR,
    Member,
    Organisation,
    found_organisation,
)
from tests.support.sealed_reports import as_text, draft, facts, release, releasing, review, signed

WORDS = json.dumps({"entries": [{"number": 1, "text": "An officer is believed to sell information."}]}).encode()


@dataclass
class Desk:
    """The desk as consoles reach it, and whoever is signed in."""

    client: FlaskClient

    def sign_in(self, member: Member) -> "SignedIn":
        keys = {"name": member.name, "authentication_key": to_base64url(member.authentication_key)}
        answered = self.client.post("/desk/v1/sign-in", json=keys)
        assert answered.status_code == 200
        return SignedIn(self.client, {"Authorization": f"Bearer {answered.get_json()['token']}"})


@dataclass
class SignedIn:
    client: FlaskClient
    headers: dict[str, str]

    def does(self, method: str, path: str, message: BaseModel | None = None) -> Any:
        body = message.model_dump(mode="json") if message else None
        answered = self.client.open(f"/desk/v1{path}", method=method, json=body, headers=self.headers)
        assert answered.status_code < 300, answered.get_json()
        return answered.get_json(silent=True)


@pytest.fixture
def organisation(exchange_on_both: Any) -> Organisation:
    return found_organisation(exchange_on_both.store)


@pytest.fixture
def desk(exchange_on_both: Any, organisation: Organisation) -> Desk:
    line = exchange_on_both
    app = desk_app(
        line.store, line.time.now, threading.Event(), DeskSettings(sign_in_cost=CHEAP, undo_within=timedelta(0))
    )
    return Desk(app.test_client())


def test_one_call_travels_from_the_telephone_to_the_force(
    exchange_on_both: Any, organisation: Organisation, desk: Desk, tmp_path: Path
) -> None:
    line = exchange_on_both
    handler, supervisor = (desk.sign_in(organisation.members[name]) for name in (HANDLER, SUPERVISOR))
    Handset(line.twilio, HANDSETS[HANDLER], answers_after=3.0, presses="1")
    courier = Courier(line.store, {KENT: FolderTransport(tmp_path)}, line.time.now)

    # A caller chooses, waits, is offered, answered, and talks.
    handler.does("PUT", "/presence", SetPresence(state=PresenceState.AVAILABLE))
    phone = Phone(line.twilio).dial().listen(1)
    for key in "1122":
        phone.press(key).listen(1)
    phone.listen_until(lambda: bool(line.waiting()), 30)
    [call] = line.waiting()
    handler.does("POST", f"/calls/{call.id}/take")
    phone.listen_until(lambda: HANDSETS[HANDLER] in phone.in_conference_with, 30).listen(60)

    # The handler writes, the caller leaves, the call is wrapped up.
    author = organisation.members[HANDLER]
    begun = SaveReport(
        revision=None, facts=facts(), envelope=as_text(draft(organisation, author, WORDS)), call_id=call.id
    )
    saved = handler.does("POST", "/reports", begun)
    phone.hang_up().listen(2)
    handler.does("POST", f"/calls/{call.id}/wrap-up", WrapUp(disposition=Disposition.REPORT))
    reviewed = review(organisation, WORDS)
    submitted = SaveReport(
        revision=saved["revision"], facts=signed(facts(), reviewed, author), envelope=as_text(reviewed)
    )
    saved = handler.does("POST", f"/reports/{saved['id']}/submit", submitted)

    # A supervisor releases it; the courier brings it to the unit, which opens it and says that it is theirs.
    released_one = release(organisation, KENT, WORDS)
    released = releasing(organisation.members[SUPERVISOR], saved["revision"], KENT, released_one)
    supervisor.does("POST", f"/reports/{saved['id']}/release", released)
    _until_idle(courier)
    [delivered] = tmp_path.glob("*.candour")
    unit = organisation.units[KENT]
    keys = UnitKeys(KENT, unit.reader, unit.answers)
    opened = open_report(delivered, keys, organisation.release.public)
    for verdict in (Verdict.OPENED, Verdict.OURS):
        answer(delivered, opened.digest, verdict, keys)
    _until_idle(courier)

    assert opened.document == json.loads(WORDS)
    with line.store.read() as tx:
        assert tx.execute(select(live_call)).all() == []
        assert tx.execute(select(report.c.state, report.c.author_id)).all() == [(ReportState.OURS, None)]
        assert {row.verdict for row in tx.execute(select(receipt))} == {Verdict.OPENED, Verdict.OURS}
        assert [row.key_id for row in tx.execute(select(wrap))] == [unit.reader.key_id]
        assert len(tx.execute(select(envelope)).all()) == 1
        figures = counts_of(tx, of(Span.DAY, call.arrived_at.date()))
        counted = {row.dimension: row.value for row in tx.execute(select(day_count)) if row.n == 1}
    assert (figures.total.arrived, figures.total.offered, figures.total.by_outcome[CallOutcome.ANSWERED]) == (1, 1, 1)
    assert {"mode": "anonymous", "force": "kent", "disposition": "report"}.items() <= counted.items()


def _until_idle(courier: Courier) -> None:
    while courier.step():
        pass
