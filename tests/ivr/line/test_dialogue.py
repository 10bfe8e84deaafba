"""What each key, any text and silence do, wherever a caller is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line.dialogue import advance, answered, handed_on, handler_lost, keep_waiting, not_taken
from ivr.line.menu import (
    CATEGORY,
    COMPLAINT,
    GOODBYE,
    LEFT,
    NODE_IDS,
    NOT_TAKEN,
    QUEUE,
    QUEUE_AGAIN,
    QUEUE_HANDED_ON,
    REGION,
    WELCOME,
    End,
    Menu,
    Nodes,
    Queue,
    force_node,
    nodes,
)
from ivr.line.place import KEYS, Heard, Place
from shared.domain.forces import FORCES, REGIONS, Force
from shared.domain.vocabulary import Category, Language, Mode

TABLES = st.sampled_from([nodes(welsh_reviewed=False), nodes(welsh_reviewed=True)])
PLACES = st.builds(
    Place,
    node=st.sampled_from([*sorted(NODE_IDS), "nowhere"]),
    language=st.sampled_from(Language),
    region=st.sampled_from(["", *REGIONS]),
    tries=st.integers(0, 9),
    mistaken=st.booleans(),
)


def press(table: Nodes, keys: str, place: Place | None = None) -> Place:
    """The place after pressing these keys one after the other; a space is silence."""
    here = place or Place()
    for key in keys:
        here = advance(table, here, Heard(key.strip()))
    return here


def test_a_silent_caller_reaches_a_person_with_nothing_chosen(table: Nodes) -> None:
    assert press(table, " ") == Place(node=QUEUE)


@pytest.mark.parametrize("node", sorted(NODE_IDS))
def test_one_silence_anywhere_leads_to_a_person_or_an_end(table: Nodes, node: str) -> None:
    after = advance(table, Place(node=node), Heard())

    assert not isinstance(table[after.node], Menu)


@given(TABLES, PLACES, st.text())
def test_anything_heard_anywhere_lands_on_a_known_node(table: Nodes, place: Place, text: str) -> None:
    assert advance(table, place, Heard(text)).node in table


@given(TABLES, st.text(alphabet=KEYS, min_size=18, max_size=18))
def test_no_keys_whatever_keep_a_caller_in_the_menu(table: Nodes, keys: str) -> None:
    assert not isinstance(table[press(table, keys).node], Menu)


@pytest.mark.parametrize("force", FORCES.values(), ids=list(FORCES))
def test_every_force_is_five_keys_at_most_from_the_welcome(table: Nodes, force: Force) -> None:
    keys = "11" + REGIONS[force.region].key + force.key

    place = press(table, keys)

    assert len(keys) <= 5
    assert place == Place(
        node=QUEUE,
        mode=Mode.ANONYMOUS,
        category=Category.INFORMATION_FOR_REWARD,
        region=force.region,
        force=force.id,
    )


def test_three_gives_ones_name_to_the_investigators(table: Nodes) -> None:
    assert press(table, "3") == Place(node=CATEGORY, mode=Mode.CONFIDENTIAL)


def test_five_at_the_welcome_queues_someone_who_may_be_unable_to_speak(table: Nodes) -> None:
    assert press(table, "5") == Place(node=QUEUE, unable_to_speak=True)


def test_five_in_the_list_of_categories_is_a_category(table: Nodes) -> None:
    assert press(table, "15") == Place(node=REGION, mode=Mode.ANONYMOUS, category=Category.DISCRIMINATORY_CONDUCT)


def test_until_the_welsh_is_reviewed_two_leads_straight_to_a_welsh_speaker() -> None:
    assert press(nodes(welsh_reviewed=False), "2") == Place(node=QUEUE, language=Language.CY)


def test_once_the_welsh_is_reviewed_two_leads_to_the_welsh_menu() -> None:
    table = nodes(welsh_reviewed=True)

    place = press(table, "2")

    assert (place.node, place.language) == (WELCOME, Language.CY)
    assert press(table, "1182", place).language is Language.CY


def test_someone_who_pressed_two_by_mistake_gets_back_to_english() -> None:
    place = press(nodes(welsh_reviewed=True), "22")

    assert (place.node, place.language) == (WELCOME, Language.EN)


def test_a_complaint_is_told_where_to_go_and_still_offered_a_person(table: Nodes) -> None:
    place = press(table, "16")

    assert place == Place(node=COMPLAINT, mode=Mode.ANONYMOUS, category=Category.OTHER)
    assert press(table, " ", place).node == QUEUE


@pytest.mark.parametrize("keys", ["10", "110", "1120", "11 ", "112 "])
def test_zero_and_silence_take_what_was_chosen_to_the_queue(table: Nodes, keys: str) -> None:
    before = press(table, keys[:-1])

    assert press(table, keys) == replace(before, node=QUEUE)


@pytest.mark.parametrize("keys", ["*", "1*", "16*", "11*", "112*", " *", "5*"])
def test_star_leaves_quietly_from_anywhere(table: Nodes, keys: str) -> None:
    assert press(table, keys).node == LEFT


def test_hash_says_it_again_twice_and_then_leads_to_a_person(table: Nodes) -> None:
    heard_again = [press(table, "1" + "#" * times) for times in (1, 2, 3)]

    assert [(place.node, place.tries) for place in heard_again] == [(CATEGORY, 1), (CATEGORY, 2), (QUEUE, 0)]
    assert heard_again[-1].mode is Mode.ANONYMOUS


def test_a_key_without_meaning_is_said_so_once_and_the_second_leads_to_a_person(table: Nodes) -> None:
    once = press(table, "19")
    twice = press(table, "199")

    assert (once.node, once.mistaken) == (CATEGORY, True)
    assert twice == Place(node=QUEUE, mode=Mode.ANONYMOUS)


def test_a_second_meaningless_key_leads_to_a_person_even_after_hearing_again(table: Nodes) -> None:
    assert press(table, "19#9").node == QUEUE
    assert press(table, "1#99").node == QUEUE


def test_tries_are_counted_anew_at_each_node(table: Nodes) -> None:
    place = press(table, "##1")

    assert (place.node, place.tries, place.mistaken) == (CATEGORY, 0, False)


def test_choosing_another_region_forgets_the_force(table: Nodes) -> None:
    place = Place(node=REGION, region="south-east", force="kent")

    assert press(table, "1", place) == Place(node=force_node("london"), region="london")


@pytest.mark.parametrize("key", [*"012346789", " "])
def test_other_keys_and_silence_keep_a_waiting_callers_place(table: Nodes, key: str) -> None:
    waiting = Place(node=QUEUE, force="kent")

    assert press(table, key, waiting) == waiting


def test_five_while_waiting_says_that_someone_may_be_unable_to_speak(table: Nodes) -> None:
    assert press(table, "5", Place(node=QUEUE)) == Place(node=QUEUE, unable_to_speak=True)


def test_someone_unable_to_speak_stays_so_whatever_else_is_pressed(table: Nodes) -> None:
    place = press(table, "5#0", Place(node=QUEUE))

    assert place.unable_to_speak


def test_the_wait_page_goes_on_after_silence_and_begins_again_after_a_key(table: Nodes) -> None:
    waiting = Place(node=QUEUE)

    assert keep_waiting(table, waiting, Heard(), 4) == (waiting, 4)
    assert keep_waiting(table, waiting, Heard("0"), 4) == (waiting, 4)
    assert keep_waiting(table, waiting, Heard("#"), 4) == (waiting, 0)
    assert keep_waiting(table, waiting, Heard("*"), 4)[0].node == LEFT


def test_after_the_conversation_comes_goodbye_with_what_was_chosen(table: Nodes) -> None:
    waiting = Place(node=QUEUE, force="kent", language=Language.CY)

    assert answered(table, waiting) == replace(waiting, node=GOODBYE)
    assert handler_lost(table, waiting) == replace(waiting, node=QUEUE_AGAIN)
    assert handed_on(table, waiting) == replace(waiting, node=QUEUE_HANDED_ON)
    assert not_taken(table, waiting) == replace(waiting, node=NOT_TAKEN)


@given(TABLES, PLACES)
def test_leaving_a_queue_leads_to_a_known_node_from_anywhere(table: Nodes, place: Place) -> None:
    assert isinstance(table[answered(table, place).node], End)
    assert isinstance(table[handler_lost(table, place).node], Queue)
    assert isinstance(table[handed_on(table, place).node], Queue)
    assert isinstance(table[not_taken(table, place).node], End)


def test_an_unknown_node_begins_again_with_what_was_chosen(table: Nodes) -> None:
    place = advance(table, Place(node="nowhere", mode=Mode.ANONYMOUS), Heard("3"))

    assert place == Place(node=WELCOME, mode=Mode.ANONYMOUS)
