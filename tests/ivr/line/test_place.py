"""A place survives its journey through a URL, and nothing but a place comes back."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.line.menu import NODE_IDS, WELCOME
from ivr.line.place import KEYS, Heard, Place, rounds_waited
from shared.domain.forces import FORCES, REGIONS
from shared.domain.vocabulary import Category, Language, Mode

PLACES = st.builds(
    Place,
    node=st.sampled_from(sorted(NODE_IDS)),
    language=st.sampled_from(Language),
    mode=st.sampled_from(Mode),
    category=st.sampled_from(Category),
    region=st.sampled_from(["", *REGIONS]),
    force=st.sampled_from(["", *FORCES]),
    tries=st.integers(0, 3),
    unable_to_speak=st.booleans(),
    mistaken=st.booleans(),
)


@given(PLACES)
def test_a_place_comes_back_from_its_query_unchanged(place: Place) -> None:
    assert Place.from_query(dict(parse_qsl(place.to_query()))) == place


@given(st.dictionaries(st.sampled_from("nlmcrftuxw"), st.text()))
def test_any_query_is_a_place_of_the_menu(query: dict[str, str]) -> None:
    place = Place.from_query(query)

    assert place.node in NODE_IDS
    assert place.force in {"", *FORCES}
    assert place.region in {"", *REGIONS}
    assert place.tries >= 0


def test_a_new_caller_has_nothing_to_write_down() -> None:
    assert Place().to_query() == ""
    assert Place.from_query({}) == Place()


def test_what_is_unknown_becomes_a_new_callers() -> None:
    query = {"n": "nowhere", "l": "fr-FR", "m": "loud", "c": "other", "r": "atlantis", "f": "kent", "t": "-1"}

    assert Place.from_query(query) == Place(node=WELCOME, category=Category.OTHER, force="kent")


def test_the_longest_query_is_short_enough_for_any_address() -> None:
    place = Place(
        node="force_north_east_yorkshire",
        language=Language.CY,
        mode=Mode.CONFIDENTIAL,
        category=Category.DISCRIMINATORY_CONDUCT,
        region="north-east-yorkshire",
        force="northamptonshire",
        tries=2,
        unable_to_speak=True,
        mistaken=True,
    )

    assert len(place.to_query()) < 200


@given(st.text())
def test_whatever_is_heard_is_one_key_or_nothing(text: str) -> None:
    assert Heard(text).digits in ("", *KEYS)


@pytest.mark.parametrize(
    ("sent", "heard"), [("", ""), ("1", "1"), ("*", "*"), ("#", "#"), ("A", ""), (" 1", ""), ("²", ""), ("55", "5")]
)
def test_heard_keeps_the_first_key(sent: str, heard: str) -> None:
    assert Heard(sent).digits == heard


def test_a_telephone_number_sent_as_keys_is_not_kept() -> None:
    assert "7946" not in repr(Heard("02079460123"))
    assert "7946" not in repr(Heard("+442079460123"))


@given(st.text())
def test_any_round_of_the_wait_page_is_a_number_from_zero(text: str) -> None:
    assert rounds_waited({"w": text}) >= 0


def test_the_round_of_the_wait_page_is_read_from_the_query() -> None:
    assert rounds_waited({}) == 0
    assert rounds_waited({"w": "12"}) == 12
    assert rounds_waited({"w": "1" * 40}) == 0
