"""The line as it stands, over the desk's API, and opening and closing it by hand; on both databases."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from ivr.desk.line_now import THE_DIRECTORY, read_line
from shared.domain import calls
from shared.domain.hours import ALWAYS_OPEN, DAYS_A_WEEK, Hours, Span
from shared.domain.key_changes import suspend_key
from shared.domain.london import LONDON
from shared.domain.people import current_directory
from shared.domain.questions import take_question
from shared.domain.vocabulary import (
    CallState,
    Category,
    ClosedWords,
    DeliveryState,
    Language,
    Mode,
    PresenceState,
    ReportState,
)
from shared.line_messages import LineNow
from shared.sealing.questions import Question, seal_question
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import live_call, provider_purge, report
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER, KENT, SECOND_HANDLER, SUPERVISOR, Organisation
from tests.support.released import release_directly

HOUR = timedelta(hours=1)
SignIn = Callable[[str], Any]


def look(store: Store, now: datetime, hours: Hours = ALWAYS_OPEN) -> LineNow:
    with store.read() as tx:
        return read_line(tx, now, hours, 7)


def rings(store: Store, now: datetime, language: Language = Language.EN, **different: Any) -> None:
    sid = "CA" + random_id()
    with store.begin() as tx:
        calls.arrive(tx, sid, language, now)
        calls.queue_call(tx, sid, language, Mode.CONFIDENTIAL, Category.PARTNER_ABUSE, "kent", False, now)
        changed = {"state": CallState.WAITING} | different
        tx.execute(update(live_call).where(live_call.c.call_sid == sid).values(changed))


def test_a_quiet_line_has_nothing_on_it(store: Store, organisation: Organisation, clock: Any) -> None:
    seen = look(store, clock.now)

    assert (seen.in_menu, seen.waiting, seen.calls, seen.people) == (0, (), (), ())
    assert (seen.trouble.parked, seen.trouble.unanswered, seen.trouble.purges_overdue) == (0, 0, 0)
    assert seen.trouble.drafts == ()
    assert (seen.hours.open, seen.hours.until, seen.hours.by_hand) == (True, None, False)


def test_who_waits_is_seen_by_language_and_since_when_the_first_to_be_answered_first(
    store: Store, organisation: Organisation, clock: Any
) -> None:
    begun = clock.now
    rings(store, begun)
    clock.advance(30)
    rings(store, clock.now, Language.CY)
    rings(store, clock.now, state=CallState.MENU)

    seen = look(store, clock.now)

    assert [(one.language, one.since) for one in seen.waiting] == [(Language.EN, begun), (Language.CY, clock.now)]
    assert seen.in_menu == 1


def test_a_call_in_progress_shows_who_has_it_and_none_of_the_callers_choices(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    handler, supervisor = sign_in(HANDLER), sign_in(SUPERVISOR)
    answered = clock.now - HOUR
    with_it = {"state": CallState.TALKING, "handler_id": handler.member.id, "answered_at": answered}
    rings(store, clock.now, help_asked=True, **with_it)

    told = supervisor.ask("GET", "/line")

    [call] = told.json["calls"]
    assert (call["state"], call["by"], call["asks_help"]) == ("talking", HANDLER, True)
    assert not {"kent", "partner_abuse", "confidential"} & set(json.dumps(told.json).replace('"', " ").split())
    assert sorted(one["name"] for one in told.json["people"]) == sorted([HANDLER, SUPERVISOR])


def test_people_are_by_name_with_what_they_do_and_since_when(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    second, first, third = sign_in(SECOND_HANDLER), sign_in(HANDLER), sign_in(SUPERVISOR)
    begun = clock.now
    third.ask("PUT", "/presence", {"state": "offline"})
    for one in (second, first):
        one.ask("PUT", "/presence", {"state": "available"})
        clock.advance(60)

    people = look(store, clock.now).people

    assert [one.name for one in people] == sorted([HANDLER, SECOND_HANDLER, SUPERVISOR])
    assert {one.presence for one in people if one.name != SUPERVISOR} == {PresenceState.AVAILABLE}
    assert [(one.presence, one.since) for one in people if one.name == SUPERVISOR] == [(None, None)]  # takes no calls
    assert min(one.since for one in people if one.since) == begun


def test_trouble_is_counted_and_no_report_is_named(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    parked = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.PARKED)
    late = release_directly(store, organisation, ReportState.RELEASED, DeliveryState.DELIVERED)
    owed = {
        "leg_sid": "CA" + random_id(), "not_before": clock.now, "deadline": clock.now - HOUR, "attempts": 3,
        "deleted": False, "not_found": 0,
    }  # fmt: skip
    with store.begin() as tx:
        tx.execute(insert(provider_purge), owed)
    clock.advance(timedelta(days=10).total_seconds())

    told = sign_in(SUPERVISOR).ask("GET", "/line")

    trouble = told.json["trouble"]
    assert (trouble["parked"], trouble["unanswered"], trouble["purges_overdue"]) == (1, 1, 1)
    assert not [one for one in (parked, late) if one.report_id in told.text or one.delivery_id in told.text]


def test_a_units_question_that_nobody_has_read_is_counted(store: Store, organisation: Organisation, clock: Any) -> None:
    supervisors, signing = organisation.directory.supervisors_key(), organisation.units[KENT].answers
    with store.begin() as tx:
        take_question(tx, KENT, seal_question(Question("AAAA-BBBB", "When?"), KENT, supervisors, signing), clock.now)

    assert look(store, clock.now).trouble.questions == 1


def test_drafts_begun_before_today_are_counted_for_their_author_with_the_oldest_date(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    handler = sign_in(HANDLER)
    for _ in range(2):
        envelope = sealing.as_text(sealing.draft(organisation, handler.member))
        facts = sealing.facts().model_dump(mode="json")
        handler.ask("POST", "/reports", {"revision": None, "facts": facts, "envelope": envelope})
    today = look(store, clock.now).trouble.drafts
    oldest = clock.now.date() - timedelta(days=3)
    with store.begin() as tx:
        tx.execute(update(report).values(started_on=oldest))

    [drafts] = look(store, clock.now).trouble.drafts

    assert today == ()
    assert (drafts.author, drafts.drafts, drafts.oldest) == (HANDLER, 2, oldest)


def test_a_suspended_key_is_told(store: Store, organisation: Organisation, clock: Any) -> None:
    unit = organisation.directory.unit(KENT)
    with store.begin() as tx:
        suspend_key(tx, unit.reader.key_id, ["a" * 32], clock().date())

    [told] = look(store, clock()).trouble.keys

    assert (told.whose, told.suspended, told.expired) == (unit.name, True, False)


def test_keys_are_told_thirty_days_before_they_run_out_the_first_first(
    store: Store, organisation: Organisation, clock: Any
) -> None:
    with store.read() as tx:
        directory = current_directory(tx)
    last = min([directory.expires, *(unit.expires for unit in directory.units)])
    at = datetime(last.year, last.month, last.day, 12, tzinfo=LONDON)

    before = look(store, at - timedelta(days=31)).trouble.keys
    soon = look(store, at - timedelta(days=30)).trouble.keys
    over = look(store, at + timedelta(days=1)).trouble.keys

    assert before == ()
    assert soon
    assert {one.expires for one in soon[:1]} == {last}
    assert not soon[0].expired
    assert over[0].expired
    known = {THE_DIRECTORY, *(unit.name for unit in directory.units)}
    assert {one.whose for one in over} <= known
    assert KENT in {unit.id for unit in directory.units}


def test_a_supervisor_closes_the_line_and_goes_back_to_the_usual_hours(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    supervisor = sign_in(SUPERVISOR)
    until = (clock.now + HOUR).isoformat()

    closed = supervisor.ask("PUT", "/line/hours", {"open": False, "until": until, "words": "closed_trouble"})
    during = look(store, clock.now).hours
    usual = supervisor.ask("DELETE", "/line/hours")
    afterwards = look(store, clock.now).hours

    assert (closed.status_code, usual.status_code) == (204, 204)
    assert (during.open, during.by_hand, during.words) == (False, True, ClosedWords.TROUBLE)
    assert (afterwards.open, afterwards.by_hand) == (True, False)


def test_the_hours_are_told_with_what_follows(store: Store, organisation: Organisation, clock: Any) -> None:
    office = Hours(((Span.from_text("09:00-17:30"),),) * DAYS_A_WEEK)
    day = clock.now.astimezone(LONDON)

    noon, night = (look(store, day.replace(hour=hour, minute=0), office).hours for hour in (12, 20))

    assert noon.open
    assert noon.until == day.replace(hour=17, minute=30, second=0, microsecond=0)
    assert not night.open
    assert night.until is not None
    assert night.until.astimezone(LONDON).hour == 9


def test_opened_by_hand_the_line_is_told_until_when_by_hand_whatever_follows(
    store: Store, organisation: Organisation, clock: Any, sign_in: SignIn
) -> None:
    supervisor, until = sign_in(SUPERVISOR), (clock.now + HOUR).replace(second=0, microsecond=0)
    supervisor.ask("PUT", "/line/hours", {"open": False, "until": until.isoformat()})
    supervisor.ask("PUT", "/line/hours", {"open": True, "until": until.isoformat()})

    seen = look(store, clock.now).hours

    assert (seen.open, seen.by_hand, seen.until) == (True, True, until)


def test_a_time_too_far_ahead_is_refused_in_words(clock: Any, sign_in: SignIn, organisation: Organisation) -> None:
    until = (clock.now + 25 * HOUR).isoformat()

    refused = sign_in(SUPERVISOR).ask("PUT", "/line/hours", {"open": False, "until": until})

    assert refused.status_code == 422
    assert refused.json["code"] == "time_not_ahead"


@pytest.mark.parametrize(("method", "path"), [("GET", "/line"), ("PUT", "/line/hours"), ("DELETE", "/line/hours")])
def test_a_handler_neither_sees_the_line_nor_closes_it(
    sign_in: SignIn, organisation: Organisation, method: str, path: str
) -> None:
    assert sign_in(HANDLER).ask(method, path, {}).status_code == 403
