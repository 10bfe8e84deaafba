"""A sentence with something filled in, and what it was made of."""

import pytest

from shared.filled import Filled


def test_what_is_filled_in_reads_as_text_and_knows_what_it_was_made_of() -> None:
    sentence = Filled("There is room for {limit} at most.", limit=8)

    assert sentence == "There is room for 8 at most."
    assert (sentence.template, sentence.values) == ("There is room for {limit} at most.", {"limit": 8})


def test_a_place_that_nothing_is_given_for_is_refused() -> None:
    with pytest.raises(KeyError):
        Filled("There is room for {limit} at most.", count=8)
