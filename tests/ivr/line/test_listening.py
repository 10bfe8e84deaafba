"""How long callers listen, on the real audio: every file that a caller could hear, in both languages."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from ivr.line.app import LineSettings, line_app
from ivr.line.audio import Shelf, Source, audio_hash, words_hash
from ivr.line.listening import (
    EVERYTHING_SECONDS,
    SILENT_CALLER_SECONDS,
    menu_seconds,
    spoken_seconds,
    ways_to_the_queue,
    with_every_voice,
)
from ivr.line.menu import CATEGORY, REGION, WELCOME, Menu, Nodes, force_node, nodes
from ivr.line.place import Place
from ivr.line.prompts import Prompts
from ivr.line.twiml import menu_words
from ivr.simulator.calls import CallState
from ivr.simulator.clock import VirtualTime
from ivr.simulator.in_process import AUTH_TOKEN, LINE_NUMBER, PUBLIC_URL, local_twilio
from ivr.simulator.phone import Phone
from ivr.simulator.twiml_engine import Twilio
from ivr.wav import SILENCE
from shared.domain.forces import FORCES, REGIONS
from shared.domain.vocabulary import Language
from shared.store.database import Store
from tests.support.on_duty import put_on_duty


@pytest.fixture(scope="module")
def heard(prompts: Prompts) -> Prompts:
    return with_every_voice(prompts)


@pytest.fixture(scope="module")
def whole() -> Nodes:
    return nodes(welsh_reviewed=True)


def menu_at(table: Nodes, name: str) -> Menu:
    node = table[name]
    assert isinstance(node, Menu)
    return node


@pytest.mark.parametrize("language", Language)
def test_every_way_to_the_queue_is_short_enough(whole: Nodes, heard: Prompts, language: Language) -> None:
    ways = list(ways_to_the_queue(whole, heard, language))

    assert (
        [way.limit for way in ways] == [SILENT_CALLER_SECONDS, EVERYTHING_SECONDS, EVERYTHING_SECONDS] == [60, 120, 120]
    )
    assert not [way for way in ways if way.too_long]


@pytest.mark.parametrize("language", Language)
def test_the_welcome_and_its_parts_are_in_time(whole: Nodes, heard: Prompts, language: Language) -> None:
    words = menu_words(Place(language=language), menu_at(whole, WELCOME), heard)

    takes = [spoken_seconds(spoken, heard.shelf) for spoken in words]

    assert takes[0] <= 4  # the other language is offered
    assert sum(takes[:2]) <= 10  # who we are
    assert sum(takes[:3]) <= 24  # danger
    assert sum(takes) <= 53  # the keys


@pytest.mark.parametrize("language", Language)
def test_every_utterance_of_the_menu_is_measured_on_audio(whole: Nodes, heard: Prompts, language: Language) -> None:
    for node in (WELCOME, CATEGORY, REGION, *map(force_node, REGIONS)):
        spoken = menu_words(Place(node=node, language=language), menu_at(whole, node), heard)

        assert all(words.audio for words in spoken)
        assert menu_seconds(whole, node, heard, language) == pytest.approx(
            sum(spoken_seconds(words, heard.shelf) for words in spoken)
        )


def test_words_without_audio_are_counted_at_150_a_minute(prompts: Prompts) -> None:
    english = Language.EN
    goodbye = SILENCE * 4000
    shelf = Shelf({audio_hash(goodbye): goodbye}, {words_hash(english, "Goodbye."): audio_hash(goodbye)})
    partly = prompts.with_audio(shelf, PUBLIC_URL)

    assert spoken_seconds(partly.say("leaving", english), shelf) == 0.5
    assert spoken_seconds(prompts.say("leaving", english), shelf) == 60 / 150


# --- the same through the telephone, every file played from the line's own address ---


@pytest.fixture
def twilio(sqlite_store: Store) -> Iterator[Twilio]:
    time = VirtualTime(datetime.fromisoformat("2026-03-10T14:00:00+00:00"))
    put_on_duty(sqlite_store, time.now())
    settings = LineSettings(PUBLIC_URL, (AUTH_TOKEN,), LINE_NUMBER, audio=frozenset(Source))
    with local_twilio(line_app(sqlite_store, settings, time.now), clock=time) as running:
        yield running


def waits(phone: Phone) -> bool:
    return phone.state is CallState.WAITING


def seconds_since_the_first_word(phone: Phone) -> float:
    return (phone.twilio.clock.now() - phone.transcript[0].at).total_seconds()


def test_a_silent_caller_is_in_the_queue_within_a_minute_of_the_first_word(twilio: Twilio) -> None:
    phone = Phone(twilio).dial()

    phone.listen_until(lambda: waits(phone))

    assert 50 < seconds_since_the_first_word(phone) <= 60
    assert phone.heard("If you are in danger now, hang up and dial 9 9 9.")


def test_someone_who_listens_to_everything_waits_two_minutes_at_most(twilio: Twilio) -> None:
    phone = Phone(twilio).dial()

    phone.listen_for("force's investigators, press 3").press("1")
    phone.listen_for("anything else, 6").press("1")
    phone.listen_for("Not listed, 0").press(REGIONS["midlands"].key)
    phone.listen_until(lambda: waits(phone))

    assert 100 < seconds_since_the_first_word(phone) <= 120


def test_someone_who_knows_the_keys_is_in_the_queue_within_ten_seconds(twilio: Twilio) -> None:
    kent = FORCES["kent"]
    phone = Phone(twilio).dial()

    for key in ("1", "1", REGIONS[kent.region].key, kent.key):
        phone.listen(2).press(key)

    assert waits(phone)
    assert seconds_since_the_first_word(phone) <= 10
    assert phone.listen(5).heard("About Kent")
