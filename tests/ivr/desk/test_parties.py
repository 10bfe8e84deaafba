"""Others in a call at the desk: who may be asked, what each board tells, and the draft that goes along."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, update

from shared.domain import legs, parties
from shared.domain.consoles import GRACE, people_gone
from shared.domain.live_parties import party_of_person
from shared.domain.vocabulary import CallState
from shared.sealing.envelope import open_envelope, rewrap
from shared.store.database import Store
from shared.store.schema import desk_session, live_call, live_party, report, wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR, Organisation

LEG, ROOM, COLLEAGUE_LEG = "CA" + "b" * 32, "CF" + "c" * 32, "CA" + "d" * 32


@dataclass
class Floor:
    """Asha talks with a caller; Bryn is available."""

    store: Store
    clock: Any
    asha: Any
    bryn: Any
    call_id: str = ""

    def talk(self, sid: str) -> None:
        for console in (self.asha, self.bryn):
            console.ask("PUT", "/presence", {"state": "available"})
            self.clock.advance(1)
        with self.store.read() as tx:
            self.call_id = tx.execute(select(live_call.c.id)).scalar_one()
        self.asha.ask("POST", f"/calls/{self.call_id}/take")
        with self.store.begin() as tx:
            conference = tx.execute(select(live_call.c.conference)).scalar_one()
            legs.handset_accepts(tx, conference, LEG, self.clock())
            legs.handset_joined(tx, conference, ROOM, LEG, self.clock())
            legs.caller_joins(tx, sid, conference, self.clock())

    def does(self, console: Any, what: str, body: dict[str, Any] | None = None) -> tuple[int, str | None]:
        answer = console.ask("POST", f"/calls/{self.call_id}/{what}", body)
        return answer.status_code, answer.json["code"] if answer.status_code >= 400 else None

    def comes(self, person_id: str) -> None:
        with self.store.begin() as tx:
            party = party_of_person(tx, person_id)
            assert party is not None
            parties.party_comes(tx, party.id, COLLEAGUE_LEG, self.clock())

    def row(self) -> Any:
        with self.store.read() as tx:
            return tx.execute(select(live_call)).one()


@pytest.fixture
def floor(store: Store, clock: Any, sign_in: Callable[[str], Any], caller_waits: Callable[[], str]) -> Floor:
    made = Floor(store, clock, sign_in(HANDLER), sign_in(SECOND_HANDLER))
    made.talk(caller_waits())
    return made


def board_of(console: Any) -> Any:
    events = console.follow()
    _, snapshot = events.next()
    events.close()
    return snapshot["board"]


def test_a_handler_in_a_conversation_sees_who_can_come(floor: Floor, sign_in: Callable[[str], Any]) -> None:
    sign_in(SUPERVISOR)  # has no telephone, and cannot
    niamh = sign_in(BOTH)

    seen = board_of(floor.asha)["to_ask"]
    other = board_of(floor.bryn)["to_ask"]

    assert {(one["name"], one["supervisor"]) for one in seen} >= {(SECOND_HANDLER, False)}
    assert all(one["name"] != SUPERVISOR for one in seen)
    assert other == []
    assert niamh.member.name == BOTH


def test_whoever_is_asked_sees_by_whom_and_nothing_that_was_chosen(floor: Floor) -> None:
    asked = floor.does(floor.asha, "consult", {"person_id": floor.bryn.member.id})

    seen = board_of(floor.bryn)["asked"]

    assert asked == (204, None)
    assert set(seen) == {"id", "party_id", "by", "state", "language", "unable_to_speak"}
    assert (seen["by"], seen["state"]) == (HANDLER, "ringing")


def test_a_telephone_outside_is_rung_only_from_the_list(floor: Floor) -> None:
    assert floor.does(floor.asha, "bring-in", {"listed": "anyone"}) == (422, "not_on_the_list")
    assert floor.does(floor.asha, "bring-in", {"listed": "+442079460170"}) == (422, "message_refused")


def test_a_break_for_a_reason_that_is_not_on_the_list_is_refused(sign_in: Callable[[str], Any]) -> None:
    answer = sign_in(HANDLER).ask("PUT", "/presence", {"state": "break", "reason": "golf"})

    assert (answer.status_code, answer.json["code"]) == (422, "not_on_the_list")


@pytest.mark.parametrize("seconds", [9, 121])
def test_how_long_an_offer_stands_has_its_limits(sign_in: Callable[[str], Any], seconds: int) -> None:
    assert sign_in(HANDLER).ask("PUT", "/presence/answer-time", {"seconds": seconds}).status_code == 422


def test_offers_stand_as_long_as_a_person_said(
    sign_in: Callable[[str], Any], caller_waits: Callable[[], str], store: Store, clock: Any
) -> None:
    asha = sign_in(HANDLER)
    asha.ask("PUT", "/presence/answer-time", {"seconds": 90})
    asha.ask("PUT", "/presence", {"state": "available"})
    caller_waits()

    with store.read() as tx:
        until = tx.execute(select(live_call.c.offered_until)).scalar_one()
    assert (until - clock()).total_seconds() == 90


def _draft(floor: Floor, organisation: Organisation) -> tuple[str, str, Any]:
    envelope = sealing.draft(organisation, floor.asha.member)
    message = {
        "revision": None,
        "facts": sealing.facts().model_dump(mode="json"),
        "envelope": sealing.as_text(envelope),
        "call_id": floor.call_id,
    }
    saved = floor.asha.ask("POST", "/reports", message).json
    return saved["id"], saved["revision"], envelope


def _handed_over(floor: Floor, organisation: Organisation, report_id: str, revision: str, envelope: Any) -> Any:
    taker = floor.bryn.member
    given = rewrap(envelope, floor.asha.member.private.reader, taker.private.reader.public)
    draft = {"id": report_id, "revision": revision, "envelope": sealing.as_text(given)}
    return floor.does(floor.asha, "hand-over", {"person_id": taker.id, "report": draft})


def test_the_draft_goes_along_with_the_call(floor: Floor, organisation: Organisation) -> None:
    report_id, revision, envelope = _draft(floor, organisation)
    floor.does(floor.asha, "consult", {"person_id": floor.bryn.member.id})
    floor.comes(floor.bryn.member.id)

    assert _handed_over(floor, organisation, report_id, revision, envelope) == (204, None)

    with floor.store.read() as tx:
        assert tx.execute(select(report.c.author_id)).scalar_one() == floor.bryn.member.id
        keys = set(tx.execute(select(wrap.c.key_id)).scalars())
    assert keys == {floor.bryn.member.private.reader.key_id, organisation.supervisors.key_id}
    opened = floor.bryn.ask("GET", f"/reports/{report_id}")
    assert opened.status_code == 200
    assert floor.asha.ask("GET", f"/reports/{report_id}").status_code == 404
    assert (floor.row().draft_id, floor.row().handler_id) == (report_id, floor.bryn.member.id)
    assert open_envelope(envelope, floor.asha.member.private.reader, None)


def test_a_draft_for_the_wrong_person_moves_neither_call_nor_draft(floor: Floor, organisation: Organisation) -> None:
    report_id, revision, envelope = _draft(floor, organisation)
    floor.does(floor.asha, "consult", {"person_id": floor.bryn.member.id})
    floor.comes(floor.bryn.member.id)
    draft = {"id": report_id, "revision": revision, "envelope": sealing.as_text(envelope)}

    told = floor.does(floor.asha, "hand-over", {"person_id": floor.bryn.member.id, "report": draft})

    assert told == (422, "envelope_refused")
    assert floor.row().handler_id == floor.asha.member.id
    with floor.store.read() as tx:
        assert tx.execute(select(report.c.author_id)).scalar_one() == floor.asha.member.id


def test_a_draft_saved_meanwhile_stays_and_so_does_the_call(floor: Floor, organisation: Organisation) -> None:
    report_id, _, envelope = _draft(floor, organisation)
    floor.does(floor.asha, "consult", {"person_id": floor.bryn.member.id})
    floor.comes(floor.bryn.member.id)

    told = _handed_over(floor, organisation, report_id, "0" * 32, envelope)

    assert told == (409, "stale_report")
    assert floor.row().handler_id == floor.asha.member.id


def test_a_call_is_not_handed_to_somebody_else_than_was_meant(floor: Floor) -> None:
    floor.does(floor.asha, "consult", {"person_id": floor.bryn.member.id})
    floor.comes(floor.bryn.member.id)

    told = floor.does(floor.asha, "hand-over", {"person_id": floor.asha.member.id})

    assert told == (409, "nobody_to_hand_to")
    assert floor.row().handler_id == floor.asha.member.id
    with floor.store.read() as tx:
        assert tx.execute(select(live_party.c.id)).scalar_one()


def test_an_outcome_is_on_its_handlers_board_until_it_is_written(floor: Floor) -> None:
    floor.does(floor.asha, "end")

    filed = floor.does(floor.asha, "wrap-up", {"disposition": "hoax", "then": "break"})
    board = board_of(floor.asha)
    taken_back = floor.does(floor.asha, "take-back")

    assert filed == taken_back == (204, None)
    assert [one["disposition"] for one in board["filed"]] == ["hoax"]
    assert (board["my_call"], board["me"]["presence"]) == (None, "break")
    assert floor.row().state is CallState.WRAP_UP


def test_nobody_else_takes_an_outcome_back(floor: Floor) -> None:
    floor.does(floor.asha, "end")
    floor.does(floor.asha, "wrap-up", {"disposition": "hoax"})

    assert floor.does(floor.bryn, "take-back") == (403, "call_not_yours")


def test_callers_are_sent_on_to_places_on_the_list(floor: Floor) -> None:
    floor.does(floor.asha, "end")

    told = floor.does(floor.asha, "wrap-up", {"disposition": "signposted", "signposted_to": "somewhere"})

    assert told == (422, "not_on_the_list")


def test_a_supervisor_sees_who_asks_for_help_and_comes(floor: Floor, sign_in: Callable[[str], Any]) -> None:
    niamh = sign_in(BOTH)
    floor.does(floor.asha, "help")

    colleagues = board_of(niamh)["colleagues"]
    came = floor.does(niamh, "help/answer")

    assert {one["name"]: one["asks_help"] for one in colleagues}[HANDLER] == floor.call_id
    assert came == (204, None)
    assert board_of(niamh)["asked"]["by"] == HANDLER


def test_a_console_that_follows_is_noted_and_one_that_is_gone_is_missed(floor: Floor, store: Store, clock: Any) -> None:
    board_of(floor.bryn)
    with store.begin() as tx:
        tx.execute(update(desk_session).values(followed_at=clock()))
    clock.advance(GRACE.total_seconds() + 1)

    with store.read() as tx:
        assert people_gone(tx, clock()) == [floor.bryn.member.id]  # and not who is in a call
