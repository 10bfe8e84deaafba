"""Who is waiting, as it is shown: the longest first, and an offer only while it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from console.models.line import UNABLE_TO_SPEAK, LineModel
from console.words import clock_words
from shared.domain.vocabulary import Language, PresenceBecause, PresenceState
from shared.messages import Me, WaitingCall

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
ME = Me(presence=PresenceState.AVAILABLE, since=NOW)


def waiting(number: int, seconds: int, until: datetime | None = None, unable: bool = False) -> WaitingCall:
    return WaitingCall(
        id=f"{number:032x}",
        waiting_since=NOW - timedelta(seconds=seconds),
        language=Language.CY,
        unable_to_speak=unable,
        offered_to_me=until is not None,
        offered_until=until,
    )


def test_the_longest_wait_comes_first() -> None:
    line = LineModel()
    line.tick(NOW)

    line.show(ME, (waiting(1, 5), waiting(2, 65)))

    assert [row.waited for row in line.rows(50)] == ["1:05", "0:05"]


def test_a_row_says_language_and_that_the_caller_may_be_unable_to_speak() -> None:
    line = LineModel()
    line.tick(NOW)

    line.show(ME, (waiting(1, 5, unable=True),))

    assert (line.rows(50)[0].language, line.rows(50)[0].note) == ("Cymraeg", UNABLE_TO_SPEAK)


def test_an_offer_goes_when_its_time_is_over() -> None:
    line = LineModel()
    line.tick(NOW)
    line.show(ME, (waiting(1, 5, until=NOW + timedelta(seconds=10)),))
    assert line.offer is not None

    line.tick(NOW + timedelta(seconds=10))

    assert line.offer is None


def test_a_refusal_goes_once_one_stands_otherwise_and_other_news_stays() -> None:
    line, said = LineModel(), []
    for say in (line.refuse, line.tell):
        line.show(ME.model_copy(update={"presence": PresenceState.WRAP_UP}), ())
        say("Finish the call you have first.")
        line.show(ME.model_copy(update={"presence": PresenceState.WRAP_UP}), ())
        said.append(line.notice)
        line.show(ME, ())
        said.append(line.notice)

    assert said == ["Finish the call you have first.", "", *["Finish the call you have first."] * 2]


def test_the_banner_appears_only_when_a_connection_was_lost() -> None:
    line = LineModel()
    assert line.banner == ""

    line.set_reached(True)
    assert line.banner == ""

    line.set_reached(False)
    assert "cannot be reached" in line.banner


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0:00"), (0, "0:00"), (65, "1:05"), (3599, "59:59"), (3661, "1:01:01")]
)
def test_clocks_read_like_clocks(seconds: int, words: str) -> None:
    assert clock_words(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize("because", list(PresenceBecause))
def test_somebody_away_is_told_why_without_blame(because: PresenceBecause) -> None:
    line = LineModel()
    line.tick(NOW)

    line.show(Me(presence=PresenceState.MISSED, since=NOW, because=because), ())

    assert line.presence_words == "Away · 0:00"
    assert "missed" not in " ".join((line.presence_words, line.idle_words)).lower()
