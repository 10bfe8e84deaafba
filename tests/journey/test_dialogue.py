"""What callers hear when the line is closed, full, unattended or slow, and in Welsh, on the telephone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ivr.simulator.calls import CallState as Ear
from ivr.simulator.phone import Handset, Phone
from shared.domain import calls
from shared.domain.hours import DAYS_A_WEEK, Hours, Span
from shared.domain.limits import Capacity, Door, Patience
from shared.domain.line_by_hand import close_line
from shared.domain.london import LONDON, london_day
from shared.domain.vocabulary import CallOutcome, Category, ClosedWords, Disposition, Language, Measure, Mode, WelshCall
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_histogram, hour_count
from shared.summary.welsh import welsh_calls
from tests.support.dialogue import everyone_goes, with_settings
from tests.support.line import Exchange
from tests.support.on_duty import put_on_duty
from tests.support.transcripts import FOLDER, TRANSCRIPTS, transcript

SOON = Patience(longest=timedelta(minutes=6), welsh=timedelta(minutes=2))
EVENINGS = Hours(((Span.from_text("20:00-22:00"),),) * DAYS_A_WEEK)
DANGER = "If you are in danger now, hang up and dial 9 9 9"
ONLINE = "crimestoppers-uk.org"


def turned_away(line: Exchange) -> dict[CallOutcome, int]:
    return {row["outcome"]: row["n"] for row in line.rows(hour_count)}


def until_it_ends(phone: Phone) -> str:
    phone.listen_until(lambda: phone.state is Ear.ENDED, 900)
    return phone.says


def test_outside_its_hours_the_line_says_when_it_opens_and_what_to_do_meanwhile(exchange: Any) -> None:
    line = with_settings(exchange, door=Door(EVENINGS))

    said = until_it_ends(Phone(line.twilio).dial())

    assert "The independent line is closed now. It opens again today at 20:00." in said
    assert DANGER in said
    assert ONLINE in said
    assert turned_away(line) == {CallOutcome.CLOSED: 1}
    assert line.live == []


def test_a_line_closed_by_hand_says_why_and_when_it_opens_and_those_in_progress_wait_on(exchange: Any) -> None:
    waiting, _ = exchange.caller_in_queue()
    now = exchange.time.now()
    until = (now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    with exchange.store.begin() as tx:
        close_line(tx, random_id(), until, ClosedWords.TROUBLE, now)

    said = until_it_ends(Phone(exchange.twilio, "+442079460124").dial())

    at = until.astimezone(LONDON)
    assert "closed for now, because something of ours does not work. It opens again t" in said
    assert f"at {at.hour}:00." in said
    assert DANGER in said
    assert ONLINE in said
    assert turned_away(exchange)[CallOutcome.CLOSED] == 1
    assert waiting.state is Ear.WAITING


def test_who_is_turned_away_before_choosing_a_language_hears_both(exchange: Any) -> None:
    line = with_settings(exchange, welsh=True, door=Door(EVENINGS))

    said = until_it_ends(Phone(line.twilio).dial())

    assert said.index("is closed now") < said.index("ar gau nawr")


def test_in_a_flood_a_call_ends_in_words_and_those_in_progress_go_on(exchange: Any) -> None:
    line = with_settings(exchange, door=Door(capacity=Capacity(max_calls=2, starts_per_minute=60, burst=60)))
    waiting, _ = line.caller_in_queue()
    listening = Phone(line.twilio, "+442079460124").dial().listen(2)

    refused = [until_it_ends(Phone(line.twilio, f"+4420794602{n:02}").dial()) for n in range(40)]

    assert all("more people are ringing this line" in said and "9 9 9" in said for said in refused)
    assert (waiting.state, listening.state) == (Ear.WAITING, Ear.WAITING)
    assert turned_away(line)[CallOutcome.FLOOD] == 40
    assert len(line.live) == 2


def test_with_nobody_on_duty_a_caller_hears_so_instead_of_waiting(exchange: Any) -> None:
    everyone_goes(exchange)
    phone = Phone(exchange.twilio).dial().listen(1).press("0")

    said = until_it_ends(phone)

    assert "nobody is here to take calls just now. The line is open day and night." in said
    assert DANGER in said
    assert ONLINE in said
    assert exchange.outcomes == [CallOutcome.NOBODY_ON_DUTY]


def test_when_the_last_handler_goes_home_those_who_wait_hear_so(exchange: Any) -> None:
    phone, _ = exchange.caller_in_queue()

    everyone_goes(exchange, minutes_ago=0)
    said = until_it_ends(phone)

    assert "nobody is here to take calls just now" in said
    assert exchange.outcomes == [CallOutcome.NOBODY_ON_DUTY]


def test_no_wait_is_without_end(exchange: Any) -> None:
    line = with_settings(exchange, patience=SOON)
    phone, _ = line.caller_in_queue()
    began = line.time.now()

    said = until_it_ends(phone)

    assert timedelta(minutes=6) <= line.time.now() - began <= timedelta(minutes=8)
    assert "nobody is free to take your call" in said
    assert said.count("in danger now") >= 3  # at the welcome it was cut short; while waiting; at the end
    assert ONLINE in said
    assert line.outcomes == [CallOutcome.OVERFLOW]


def test_how_long_it_may_be_is_said_where_it_is_known(exchange: Any) -> None:
    unknown, _ = exchange.caller_in_queue()
    unknown.listen(20).hang_up()
    yesterday = london_day(exchange.time.now()) - timedelta(days=1)
    exchange.do(lambda tx: count(tx, day_histogram, 60, day=yesterday, measure=Measure.WAIT_ANSWERED, seconds=200))

    known, _ = exchange.caller_in_queue()

    assert "We cannot say how long it will be." in unknown.says
    assert known.listen(20).heard("Nine in ten callers have lately been answered within five minutes.")


def test_five_at_the_welcome_tells_of_the_danger_line_again_and_comes_first(exchange: Any) -> None:
    exchange.caller_in_queue("+442079460124")
    phone = Phone(exchange.twilio).dial().listen(1).press("5").listen(15)

    first = exchange.waiting()[0]

    assert first.call_sid == phone.call.sid  # type: ignore[union-attr]
    assert first.unable_to_speak
    assert phone.heard("If you cannot speak, stay on that call; on a mobile, press 5 5 when told.")
    assert phone.listen(20).heard("one press for yes, two for no")


def test_someone_with_a_complaint_hears_where_to_go_and_still_reaches_a_person(exchange: Any) -> None:
    phone = Phone(exchange.twilio).dial().listen(1).press("1").listen(1).press("6")

    phone.listen_until(lambda: bool(exchange.waiting()), 120)

    for name in ("Police Conduct", "Police Investigations and Review Commissioner", "Police Ombudsman", "1 0 1"):
        assert name in phone.says
    assert exchange.waiting()[0].category is Category.OTHER


# --- in Welsh ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def welsh(exchange: Any) -> Exchange:
    """A line with reviewed Welsh, an English speaker free, and no Welsh speaker on duty."""
    line = with_settings(exchange, welsh=True, patience=SOON)
    everyone_goes(line)
    put_on_duty(line.store, line.time.now())
    return line


def waiting_in_welsh(line: Exchange) -> Phone:
    phone = Phone(line.twilio).dial().listen(1).press("2").listen(1).press("3").listen(1).press("0").listen(2)
    assert line.waiting()[0].language is Language.CY
    return phone


def test_a_confidential_call_in_welsh_is_welsh_from_the_key_to_the_goodbye(welsh: Exchange) -> None:
    cerys = welsh.enrol("Cerys", "+442920180111", Language.CY)
    Handset(welsh.twilio, "+442920180111", answers_after=3.0, presses="1")
    phone = waiting_in_welsh(welsh)
    [call] = welsh.waiting()
    assert (call.mode, call.offered_to) == (Mode.CONFIDENTIAL, cerys)

    welsh.take(call, cerys)
    phone.listen_until(lambda: bool(phone.in_conference_with), 60).listen(30)
    welsh.do(calls.end_call, call.id, cerys, welsh.time.now())
    said = until_it_ends(phone)

    english = [spoken.words for spoken in phone.transcript if spoken.language != Language.CY]
    assert english == ["For English, press 2."]
    assert said.endswith("Hwyl fawr.")


@pytest.mark.parametrize(
    ("answer", "heard", "language"),
    [
        (lambda phone: phone.press("1"), "sy'n siarad Cymraeg, yn eich lle", Language.CY),
        (lambda phone: phone.press("2"), "The next person who is free will answer you, in English.", Language.EN),
        (lambda phone: phone.listen(12), "Bydd y person nesaf sy'n rhydd yn eich ateb", Language.EN),
        (lambda phone: phone.press("0"), "Bydd y person nesaf sy'n rhydd yn eich ateb", Language.EN),
    ],
    ids=["goes-on", "english", "silence", "person"],
)
def test_after_a_while_a_welsh_caller_is_asked_once_and_answers(
    welsh: Exchange, answer: Callable[[Phone], Phone], heard: str, language: Language
) -> None:
    phone = waiting_in_welsh(welsh)
    phone.listen_for("bydd y person agosaf yn ateb.")

    answer(phone).listen_for(heard, 30)
    phone.listen(60)

    assert welsh.waiting()[0].language is language
    assert phone.says.count("Nid oes siaradwr Cymraeg yn rhydd eto") == 1


def test_the_nearest_person_answers_and_the_year_knows_that_it_was_not_in_welsh(welsh: Exchange) -> None:
    phone = waiting_in_welsh(welsh)
    phone.listen_for("bydd y person agosaf yn ateb.").listen(15)
    asha, _ = welsh.handler()
    phone.listen(1)
    [call] = welsh.waiting()
    welsh.take(call, asha)
    phone.listen_until(lambda: bool(phone.in_conference_with), 60).listen(30).hang_up()
    phone.listen(2)
    welsh.do(lambda tx: calls.wrap_up(tx, call.id, asha, Disposition.ENQUIRY, welsh.time.now()))

    year = welsh.do(welsh_calls, london_day(welsh.time.now()).year)

    assert (year[WelshCall.OFFERED], year[WelshCall.ANSWERED_IN_ENGLISH]) == (1, 1)


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_transcripts_in_the_documentation_are_what_the_line_says(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")

    assert written == transcript(name), "run: python -m tests.support.transcripts --write"
