"""How long callers listen: words counted at 150 a minute, and the silences the line waits for."""

from dataclasses import replace

import pytest

from ivr.line.dialogue import advance
from ivr.line.menu import CATEGORY, COMPLAINT, REGION, WELCOME, Menu, Nodes, force_node, nodes
from ivr.line.place import Heard, Place
from ivr.line.prompts import Prompts, Spoken
from ivr.line.twiml import menu_words
from shared.domain.forces import FORCES, REGIONS
from shared.domain.vocabulary import Language

WORDS_PER_SECOND = 150 / 60


def seconds(spoken: list[Spoken]) -> float:
    words = [word for part in spoken for word in part.text.split() if any(map(str.isalnum, word))]
    return len(words) / WORDS_PER_SECOND


def menu_seconds(table: Nodes, node: str, prompts: Prompts, language: Language = Language.EN) -> float:
    return seconds(menu_words(Place(node=node, language=language), menu_at(table, node), prompts))


def menu_at(table: Nodes, name: str) -> Menu:
    node = table[name]
    assert isinstance(node, Menu)
    return node


@pytest.mark.parametrize(
    ("parts", "by"), [(1, 4), (2, 10), (3, 24), (4, 38), (5, 50)], ids=["cymraeg", "who", "danger", "privacy", "keys"]
)
def test_the_welcome_says_each_thing_in_time(table: Nodes, prompts: Prompts, parts: int, by: float) -> None:
    words = menu_words(Place(), menu_at(table, WELCOME), prompts)

    assert seconds(words[:parts]) <= by


def test_the_welcome_says_nothing_after_its_keys(table: Nodes, prompts: Prompts) -> None:
    assert len(menu_words(Place(), menu_at(table, WELCOME), prompts)) == 5


@pytest.mark.parametrize("language", Language)
def test_a_silent_caller_is_in_the_queue_within_a_minute(
    table: Nodes, reviewed_prompts: Prompts, language: Language
) -> None:
    spoken = menu_seconds(table, WELCOME, reviewed_prompts, language)

    assert spoken + menu_at(table, WELCOME).wait <= 60


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("language", Language)
def test_someone_who_listens_to_everything_waits_two_minutes_at_most(
    reviewed_prompts: Prompts, language: Language, region: str
) -> None:
    table = nodes(welsh_reviewed=True)
    path = (WELCOME, CATEGORY, REGION, force_node(region))

    spoken = sum(menu_seconds(table, node, reviewed_prompts, language) for node in path)

    assert spoken + menu_at(table, path[-1]).wait <= 120


@pytest.mark.parametrize(("node", "by"), [(CATEGORY, 17), (REGION, 21)])
def test_the_longer_lists_are_short_enough(table: Nodes, prompts: Prompts, node: str, by: float) -> None:
    assert menu_seconds(table, node, prompts) <= by


@pytest.mark.parametrize("region", REGIONS)
def test_no_list_of_forces_takes_longer_than_sixteen_seconds(
    table: Nodes, reviewed_prompts: Prompts, region: str
) -> None:
    for language in Language:
        assert menu_seconds(table, force_node(region), reviewed_prompts, language) <= 16


def test_someone_with_a_complaint_is_in_the_queue_within_two_minutes(table: Nodes, prompts: Prompts) -> None:
    spoken = sum(menu_seconds(table, node, prompts) for node in (WELCOME, CATEGORY, COMPLAINT))

    assert spoken + menu_at(table, COMPLAINT).wait <= 120


def test_someone_who_knows_the_keys_is_in_the_queue_within_ten_seconds(table: Nodes) -> None:
    seconds_per_key = 2  # a key pressed and the answer to it
    place = Place()
    kent = FORCES["kent"]
    keys = "11" + REGIONS[kent.region].key + kent.key

    for key in keys:
        place = advance(table, place, Heard(key))

    assert place.force == "kent"
    assert len(keys) * seconds_per_key <= 10


def test_being_told_of_a_wrong_key_takes_no_more_than_three_seconds(table: Nodes, prompts: Prompts) -> None:
    place = Place(node=CATEGORY)
    plain = seconds(menu_words(place, menu_at(table, CATEGORY), prompts))

    told = seconds(menu_words(replace(place, mistaken=True), menu_at(table, CATEGORY), prompts))

    assert 0 < told - plain <= 3
