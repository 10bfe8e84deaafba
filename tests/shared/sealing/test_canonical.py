import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing.canonical import (
    NotCanonical,
    canonical_json,
    framed,
    from_base64url,
    parse_canonical,
    to_base64url,
)

documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(documents)
def test_what_is_written_reads_back(document: object) -> None:
    assert parse_canonical(canonical_json(document), limit=1_000_000) == document


@pytest.mark.parametrize(
    "written",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1,"a":1}',
        b'{"a":"\\u0041"}',
        b'{"a":NaN}',
        b'{"a":1e2}',
        b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b"",
        b"[" * 100_000,
    ],
)
def test_another_spelling_is_refused(written: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(written, limit=1_000_000)


def test_what_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(NotCanonical):
        parse_canonical(b'"aaaa"', limit=5)


@given(st.binary(max_size=70))
def test_base64url_has_one_spelling(raw: bytes) -> None:
    text = to_base64url(raw)

    assert from_base64url(text) == raw
    assert "=" not in text


@pytest.mark.parametrize("text", ["A", "AB==", "AB", "A B", "AA\n", "A+/A", "é", "AAAA="])
def test_base64url_misspelt_is_refused(text: str) -> None:
    with pytest.raises(NotCanonical):
        from_base64url(text)


@given(st.lists(st.binary(max_size=9), min_size=1, max_size=4), st.lists(st.binary(max_size=9), min_size=1, max_size=4))
def test_no_two_lists_of_parts_are_framed_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)
