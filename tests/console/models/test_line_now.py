"""The line as it stands, in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from console.models.line_now import CALLS, CLOSED_WORDS, NOBODY_WAITS, LineNowModel, times_ahead, when_words
from ivr.desk.line_now import _WITH_SOMEBODY
from shared import line_messages
from shared.domain.vocabulary import CallState, ClosedWords, Language, PresenceState
from shared.line_messages import CallNow, DraftsNow, HoursNow, KeyNow, LineNow, PersonNow, TroubleNow, WaitingNow

NOW = datetime(2026, 7, 3, 13, 5, 20, tzinfo=UTC)  # 14:05 in London
OPEN = HoursNow(open=True, until=None, by_hand=False, words=ClosedWords.CLOSED)
WELL = TroubleNow(parked=0, unanswered=0, purges_overdue=0, keys=(), drafts=())


def shown(**different: Any) -> LineNowModel:
    usual = {
        "at": NOW, "hours": OPEN, "in_menu": 0, "waiting": (), "calls": (), "people": (), "trouble": WELL,
    }  # fmt: skip
    model = LineNowModel()
    model.show(LineNow(**{**usual, **different}))
    return model


def waits(seconds: int, language: Language = Language.EN, unable: bool = False) -> WaitingNow:
    return WaitingNow(language=language, since=NOW - timedelta(seconds=seconds), unable_to_speak=unable)


def test_every_state_of_a_call_with_somebody_and_all_words_for_callers_have_words() -> None:
    assert set(CALLS) == set(_WITH_SOMEBODY)
    assert set(CLOSED_WORDS) == set(ClosedWords)


def test_a_quiet_line_says_so() -> None:
    model = shown()

    assert model.hours == "The line is open."
    assert model.queue == NOBODY_WAITS
    assert (model.waiting, model.calls, model.people, model.trouble, model.help_wanted) == ((), (), (), (), "")


def test_who_waits_is_told_by_language_with_the_longest_wait() -> None:
    model = shown(waiting=(waits(245), waits(61, Language.CY), waits(5, unable=True)), in_menu=1)

    assert model.queue == "3 callers waiting: 2 English, 1 Cymraeg. The longest wait is 4:05. 1 caller in the menu."
    assert model.waiting == ("4:05  English", "1:01  Cymraeg", "0:05  English, may be unable to speak")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((True, 16, False), "The line is open until 17:00."),
        ((True, 20, True), "The line is open by hand until 21:00; the usual hours follow."),
        ((False, 16, False), "The line is closed. It opens at 17:00."),
        ((False, 25, True), "The line is closed by hand. It opens tomorrow at 02:00. Callers are told: “{hear}”."),
    ],
)
def test_the_hours_are_told_with_what_follows(hours: tuple[bool, int, bool], words: str) -> None:
    is_open, hour, by_hand = hours
    until = datetime(2026, 7, 3, tzinfo=UTC) + timedelta(hours=hour)
    told = HoursNow(open=is_open, until=until, by_hand=by_hand, words=ClosedWords.TROUBLE)

    assert shown(hours=told).hours == words.format(hear=CLOSED_WORDS[ClosedWords.TROUBLE])


def test_calls_and_people_are_told_with_since_when_and_who_wants_help() -> None:
    since = NOW - timedelta(minutes=30)
    model = shown(
        calls=(
            CallNow(state=CallState.TALKING, by="Asha", since=since, asks_help=True),
            CallNow(state=CallState.RINGING, by="Bryn", since=None, asks_help=False),
        ),
        people=(
            PersonNow(id="1" * 32, name="Asha", presence=PresenceState.ON_CALL, since=since),
            PersonNow(id="2" * 32, name="Carys", presence=None, since=None),
        ),
    )

    assert model.calls == ("Asha: talking since 13:35. Asks for help", "Bryn: their telephone rings")
    assert [row.words for row in model.people] == ["Asha: on a call since 13:35", "Carys: takes no calls"]
    assert model.help_wanted == "Help is wanted by Asha."


def test_trouble_is_a_sentence_each() -> None:
    trouble = TroubleNow(
        parked=1,
        unanswered=2,
        purges_overdue=3,
        questions=1,
        keys=(
            KeyNow(whose="Surrey", expires=date(2026, 7, 20), expired=False, suspended=True),
            KeyNow(whose="Kent", expires=date(2026, 7, 20), expired=False),
            KeyNow(whose="Essex", expires=date(2026, 7, 1), expired=True),
        ),
        drafts=(DraftsNow(author="Asha", drafts=2, oldest=date(2026, 6, 1)),),
    )

    assert shown(trouble=trouble).trouble == (
        "1 delivery put aside. The outbox says why.",
        "2 deliveries unanswered for too long. The outbox says whose.",
        "The telephone provider has not deleted 3 call records in time. An administrator has to look.",
        "1 question from a unit that nobody has read.",
        "Surrey: suspended. Nothing can be released with it.",
        "Kent: good until Monday 20 July. An administrator has to renew it.",
        "Essex: out of date since Wednesday 1 July. Nothing can be released with it.",
        "Asha has 2 drafts not submitted, the oldest of Monday 1 June.",
    )


def test_the_times_to_choose_are_the_half_hours_of_the_next_day_on_londons_clocks() -> None:
    times = times_ahead(NOW)

    assert [words for words, _ in times[:2]] == ["14:30", "15:00"]
    assert "midnight" in [words for words, _ in times]
    assert times[-1][0] == "tomorrow at 14:00"
    assert all(NOW < time <= NOW + timedelta(hours=24) for _, time in times)


def test_a_time_next_week_is_told_with_its_date() -> None:
    assert when_words(NOW + timedelta(days=3), NOW) == "Monday at 14:05"
    assert when_words(NOW + timedelta(days=9), NOW) == "Sunday 12 July at 14:05"


def test_a_time_nearly_a_year_away_is_told_with_its_year() -> None:
    assert when_words(NOW + timedelta(days=299), NOW) == "Wednesday 28 April at 14:05"
    assert when_words(NOW + timedelta(days=300), NOW) == "Thursday 29 April 2027 at 14:05"


# --- nobody is ranked -------------------------------------------------------------------------------------------------

RANKING = ("handled", "answered", "taken", "rank", "score", "average", "fastest", "slowest", "target", "best")


def fields_of(message: type[BaseModel]) -> set[str]:
    return set(message.model_fields)


def test_no_message_about_a_person_or_their_call_has_a_place_for_a_count_or_an_average() -> None:
    assert fields_of(PersonNow) == {"id", "name", "presence", "since"}
    assert fields_of(CallNow) == {"state", "by", "since", "asks_help"}
    messages = [one for one in vars(line_messages).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    names = {field for message in messages for field in fields_of(message)}
    assert not {field for field in names if set(field.split("_")) & set(RANKING)}


def test_people_stay_in_the_order_of_their_names_whatever_they_do() -> None:
    states = (PresenceState.MISSED, PresenceState.AVAILABLE, PresenceState.ON_CALL)
    people = tuple(
        PersonNow(id=str(n) * 32, name=name, presence=state, since=NOW - timedelta(hours=n))
        for n, (name, state) in enumerate(zip(("Asha", "Bryn", "Carys"), states, strict=True))
    )

    assert [row.words.split(":")[0] for row in shown(people=people).people] == ["Asha", "Bryn", "Carys"]
