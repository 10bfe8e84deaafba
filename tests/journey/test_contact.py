"""A confidential call, the whole way in virtual time on each database: the caller's details follow the report."""

import json
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from pydantic import BaseModel
from sqlalchemy import select

from ivr.desk.app import desk_app
from ivr.desk.routing import DeskSettings
from ivr.simulator.phone import Handset, Phone
from shared.domain.vocabulary import Category, Disposition, EnvelopeStage, Mode, PresenceState, ReportState
from shared.force_side.cli import main
from shared.force_side.unit_file import unit_file_text
from shared.force_side.unit_keys import UnitKeys, keys_to_bytes
from shared.forms import Content, ReleaseFacts, contact_sheet, disseminated, load_form, prefill
from shared.messages import ReportFacts, SaveReport, SealedReport, SetPresence, WrapUp
from shared.outbox.courier import Courier
from shared.outbox.transports.folder import FolderTransport
from shared.sealing.canonical import canonical_json, from_base64url, to_base64url
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import envelope, report, wrap
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
from tests.support.sealed_reports import (
    as_text,
    contact,
    contact_signature,
    draft,
    facts,
    release,
    releasing,
    review,
    signed,
)

FORM = load_form("report.v1")
DETAILS = {
    "contact_consent": "yes",
    "contact_name": "Given",
    "contact_details": "given@mail.example",
    "contact_times": "Evenings; no message",
}
SAID = "An officer is believed to sell information."


@dataclass
class SignedIn:
    """A console, as the desk sees it."""

    client: FlaskClient
    member: Member
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        keys = {"name": self.member.name, "authentication_key": to_base64url(self.member.authentication_key)}
        self.token = self.client.post("/desk/v1/sign-in", json=keys).get_json()["token"]

    def does(self, method: str, path: str, message: BaseModel | None = None) -> Any:
        body = message.model_dump(mode="json") if message else None
        headers = {"Authorization": f"Bearer {self.token}"}
        answered = self.client.open(f"/desk/v1{path}", method=method, json=body, headers=headers)
        assert answered.status_code < 300, answered.get_json()
        return answered.get_json(silent=True)


@dataclass
class Unit:
    """The force's desk, as its command is typed there."""

    folder: Path
    organisation: Organisation

    def __post_init__(self) -> None:
        secrets, root = self.organisation.units[KENT], self.organisation.root
        keys = UnitKeys(KENT, secrets.reader, secrets.answers)
        (self.folder / "keys.json").write_bytes(keys_to_bytes(keys, None))
        (self.folder / "directory.json").write_bytes(sign_directory(self.organisation.directory, root))
        written = unit_file_text(KENT, root.public, "directory.json", "keys.json")
        (self.folder / "unit.toml").write_text(written, encoding="utf-8")
        self.inbox.mkdir()

    @property
    def inbox(self) -> Path:
        return self.folder / "in"

    def types(self, *words: str) -> str:
        shown = CliRunner().invoke(main, ["--unit-file", str(self.folder / "unit.toml"), *words])
        assert shown.exit_code == 0, shown.output
        return shown.stdout


@dataclass
class Journey:
    """Everyone that a confidential caller's details pass, or do not."""

    line: Any
    organisation: Organisation
    unit: Unit
    handler: SignedIn
    supervisor: SignedIn
    courier: Courier

    @property
    def author(self) -> Member:
        return self.organisation.members[HANDLER]

    def delivers(self) -> None:
        while self.courier.step():
            pass

    def readers(self) -> dict[EnvelopeStage, set[str]]:
        columns = select(envelope.c.stage, wrap.c.key_id).join_from(envelope, wrap)
        found: dict[EnvelopeStage, set[str]] = {}
        with self.line.store.read() as tx:
            for stage, key_id in tx.execute(columns):
                found.setdefault(stage, set()).add(key_id)
        return found


@pytest.fixture
def journey(exchange_on_both: Any, tmp_path: Path) -> Journey:
    line = exchange_on_both
    organisation = found_organisation(line.store)
    app = desk_app(line.store, line.time.now, threading.Event(), DeskSettings(sign_in_cost=CHEAP))
    handler, supervisor = (SignedIn(app.test_client(), organisation.members[name]) for name in (HANDLER, SUPERVISOR))
    (tmp_path / "unit").mkdir()
    unit = Unit(tmp_path / "unit", organisation)
    courier = Courier(line.store, {KENT: FolderTransport(unit.inbox)}, line.time.now)
    return Journey(line, organisation, unit, handler, supervisor, courier)


def test_a_confidential_callers_details_reach_the_unit_once_it_says_ours_and_nobody_else(journey: Journey) -> None:
    organisation, unit = journey.organisation, journey.unit
    author_key, unit_key = journey.author.keys.reader.key_id, organisation.units[KENT].reader.key_id
    call_id = _answers_a_confidential_call(journey)
    report_id = _submits(journey, call_id)
    in_review = journey.readers()[EnvelopeStage.CONTACT]
    _releases(journey, report_id)

    journey.delivers()
    unanswered = _names(unit)
    said = unit.types("open", str(unit.inbox))
    journey.delivers()
    opened, waiting = _names(unit), journey.readers()[EnvelopeStage.CONTACT]
    unit.types("answer", str(unit.inbox / unanswered[0]), "--ours")
    journey.delivers()
    shown = unit.types("open", str(unit.inbox), "--json")

    assert in_review == waiting == {author_key, unit_key}
    assert unanswered == opened
    assert len(opened) == 1
    assert "contact details will follow once you answer" in " ".join(said.split())
    assert DETAILS["contact_details"] not in said
    assert _names(unit) == [unanswered[0], unanswered[0].replace(".candour", ".contact.candour")]
    first, second = (json.loads(line) for line in shown.splitlines())
    assert (first["report"]["reported_by"], second["report_digest"]) == ("confidential", first["digest"])
    rows = {row["id"]: row["text"] for row in second["contact"]["sections"][0]["fields"]}
    assert rows == DETAILS | {"contact_consent": "Yes"}
    assert journey.readers() == {EnvelopeStage.RELEASED: {unit_key}, EnvelopeStage.CONTACT: {unit_key}}
    with journey.line.store.read() as tx:
        assert tx.execute(select(report.c.state, report.c.author_id)).all() == [(ReportState.OURS, None)]


def _names(unit: Unit) -> list[str]:
    return sorted(path.name for path in unit.inbox.glob("*.candour"))


def _content() -> Content:
    content = prefill(FORM, Mode.CONFIDENTIAL, Category.PARTNER_ABUSE, "kent") | DETAILS
    content["entries"][0]["text"] = SAID
    return content


def _facts() -> ReportFacts:
    return facts(mode=Mode.CONFIDENTIAL)


def _answers_a_confidential_call(journey: Journey) -> str:
    line, handler = journey.line, journey.handler
    Handset(line.twilio, HANDSETS[HANDLER], answers_after=3.0, presses="1")
    handler.does("PUT", "/presence", SetPresence(state=PresenceState.AVAILABLE))
    phone = Phone(line.twilio).dial().listen(1).press("3").listen(1).press("0")
    phone.listen_until(lambda: bool(line.waiting()), 30)
    [call] = line.waiting()
    assert call.mode is Mode.CONFIDENTIAL
    handler.does("POST", f"/calls/{call.id}/take")
    phone.listen_until(lambda: HANDSETS[HANDLER] in phone.in_conference_with, 30).listen(60)
    return str(call.id)


def _submits(journey: Journey, call_id: str) -> str:
    """The details are sealed apart from the first save on; the call is wrapped up in between."""
    organisation, author, handler = journey.organisation, journey.author, journey.handler
    begun = SaveReport(
        revision=None,
        facts=_facts(),
        envelope=as_text(draft(organisation, author, b"{}")),
        contact=as_text(contact(organisation, author, words=canonical_json(DETAILS))),
        call_id=call_id,
    )
    saved = handler.does("POST", "/reports", begun)
    assert journey.readers()[EnvelopeStage.CONTACT] == {author.keys.reader.key_id}
    handler.does("POST", f"/calls/{call_id}/end")
    journey.line.time.advance(5)
    handler.does("POST", f"/calls/{call_id}/wrap-up", WrapUp(disposition=Disposition.REPORT))
    reviewed = review(organisation, canonical_json(_content()))
    sheet = contact_sheet(FORM, _content(), ReleaseFacts(Mode.CONFIDENTIAL, Category.PARTNER_ABUSE, "kent", date.max))
    details = contact(organisation, author, KENT, words=canonical_json(sheet))
    submitted = SaveReport(
        revision=saved["revision"],
        facts=signed(_facts(), reviewed, author),
        envelope=as_text(reviewed),
        contact=as_text(details),
    )
    handler.does("POST", f"/reports/{saved['id']}/submit", submitted)
    return str(saved["id"])


def _releases(journey: Journey, report_id: str) -> None:
    """The supervisor signs the details without a wrap to open them with."""
    organisation = journey.organisation
    shown = SealedReport.model_validate(journey.supervisor.does("GET", f"/reports/{report_id}"))
    details = _envelope(shown.contact or "")
    assert details.wraps == {}
    leaving = ReleaseFacts(Mode.CONFIDENTIAL, Category.PARTNER_ABUSE, "kent", date(2026, 3, 10), details.digest.hex())
    document = canonical_json(disseminated(FORM, _content(), leaving))
    released = releasing(
        organisation.members[SUPERVISOR], shown.card.revision, KENT, release(organisation, KENT, document)
    ).model_copy(update={"contact_signature": to_base64url(contact_signature(organisation, details))})
    journey.supervisor.does("POST", f"/reports/{report_id}/release", released)


def _envelope(text: str) -> Envelope:
    return envelope_from_bytes(from_base64url(text))
