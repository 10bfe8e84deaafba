"""Where callers are sent whose matter is for others."""

from datetime import date

import pytest

from shared.domain.signposts import (
    SIGNPOSTS,
    SUPPORT_LINES,
    Basis,
    Nation,
    SignpostUnsound,
    Support,
    SupportLine,
    read_signposts,
    read_support_lines,
    support_words,
)

A_LINE = """
[[support]]
name = "A line"
nation = "Scotland"
kind = "emotional support"
telephone = "0808 157 0999"
"""


def test_every_nation_has_its_signpost() -> None:
    assert {post.nation for post in SIGNPOSTS} == set(Nation) - {Nation.ENGLAND, Nation.WALES}


def test_the_bodies_of_each_nation_are_named() -> None:
    said = " ".join(post.to for post in SIGNPOSTS)

    assert all(name in said for name in ("IOPC", "PIRC", "PONI", "101", "999"))


def test_every_way_on_that_is_spoken_was_read_at_its_source() -> None:
    assert {post.basis for post in SIGNPOSTS} == {Basis.READ}


def test_every_support_line_was_published_where_it_says_or_has_been_rung() -> None:
    assert SUPPORT_LINES
    assert all(line.checked or line.published for line in SUPPORT_LINES)


def test_every_nation_has_a_line_for_domestic_abuse_and_all_have_one_to_talk_to() -> None:
    domestic = {line.nation for line in SUPPORT_LINES if line.kind is Support.DOMESTIC_ABUSE}
    everywhere = {line.kind for line in SUPPORT_LINES if line.nation is Nation.UNITED_KINGDOM}

    assert domestic == {Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND}
    assert everywhere == {Support.EMOTIONAL_SUPPORT, Support.YOUNG_PEOPLE}


def test_a_handler_is_told_of_a_line_that_nobody_has_rung() -> None:
    [published] = read_support_lines(A_LINE + 'published = "somewhere"\n')
    [rung] = read_support_lines(A_LINE + "checked = 2026-10-01\n")

    assert "nobody here has rung it" in support_words(published)[1]
    assert support_words(rung) == ("Emotional support, Scotland", "A line: 0808 157 0999")


def test_a_support_line_is_taken_with_the_date_on_which_it_was_rung() -> None:
    [line] = read_support_lines(A_LINE + "checked = 2026-10-01\n")

    assert line == SupportLine("A line", Nation.SCOTLAND, Support.EMOTIONAL_SUPPORT, "0808 157 0999", date(2026, 10, 1))


@pytest.mark.parametrize("rest", ["", 'checked = "lately"\n', "checked = 2026-10-01\nother = 1\n"])
def test_a_support_line_that_nobody_has_read_of_or_rung_is_refused(rest: str) -> None:
    with pytest.raises(SignpostUnsound, match="A line"):
        read_support_lines(A_LINE + rest)


def test_a_signpost_to_nowhere_known_is_refused() -> None:
    with pytest.raises(SignpostUnsound, match="signpost moon"):
        read_signposts('[[signpost]]\nid = "moon"\nnation = "Moon"\nwhen = ""\nto = ""\nspoken = []\nbasis = "read"\n')
