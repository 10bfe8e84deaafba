"""Dates as people say them, kept with the precision they have."""

from datetime import date

import pytest

from shared.forms.dates import date_words, days_of, understood


@pytest.mark.parametrize(
    ("typed", "kept", "words"),
    [
        ("10 March 2026", "2026-03-10", "10 March 2026"),
        ("10/3/2026", "2026-03-10", "10 March 2026"),
        ("1st Feb 2026", "2026-02-01", "1 February 2026"),
        ("2026-03-10", "2026-03-10", "10 March 2026"),
        ("March 2026", "2026-03", "March 2026"),
        ("3/2026", "2026-03", "March 2026"),
        ("about March 2026", "2026-03~", "about March 2026"),
        ("around 2026", "2026~", "about 2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_a_date_is_understood_as_it_was_said(typed: str, kept: str, words: str) -> None:
    assert (understood(typed), date_words(kept)) == (kept, words)


@pytest.mark.parametrize("typed", ["", "last week", "30 February 2026", "13/13/2026", "Ju 2026", "2026-00", "10 March"])
def test_what_is_no_date_is_left_to_whoever_wrote_it(typed: str) -> None:
    assert understood(typed) is None
    assert date_words(typed) == typed


def test_a_month_may_mean_any_of_its_days() -> None:
    assert days_of("2024-02~") == (date(2024, 2, 1), date(2024, 2, 29))
    assert days_of("2026") == (date(2026, 1, 1), date(2026, 12, 31))
    assert days_of(["2026"]) is None
