"""Erlang C and A against published and simulated examples, to every digit they give."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from shared.summary.erlang import erlang_a, erlang_c, load

VECTORS = json.loads((Path(__file__).parent / "erlang_vectors.json").read_text(encoding="utf-8"))
NAMES = {"pw": "waits", "sl": "within", "asa": "mean_wait", "occ": "occupancy", "p_abandon": "abandons",
         "mean_wait_all_s": "mean_wait"}  # fmt: skip


def vectors(model: str) -> list[dict]:
    return [vector for vector in VECTORS if vector["model"] == model]


def to_the_digits_of(expected: float, found: float) -> float:
    return float(round(Decimal(found), -Decimal(str(expected)).as_tuple().exponent))


def test_the_vectors_are_all_of_the_two_models() -> None:
    assert len(vectors("erlang_c")) + len(vectors("erlang_a")) == len(VECTORS) >= 9


@pytest.mark.parametrize("vector", vectors("erlang_c"))
def test_erlang_c_meets_every_example(vector: dict) -> None:
    given, expected = vector["inputs"], vector["outputs"]
    rate = given["calls"] / given["period_s"]

    found = erlang_c(rate, given["aht_s"], given["n"], given["T_s"])

    assert to_the_digits_of(expected["A"], load(rate, given["aht_s"])) == expected["A"]
    assert (found is not None) == expected["stable"]
    for name in NAMES.keys() & expected.keys():
        assert to_the_digits_of(expected[name], getattr(found, NAMES[name])) == expected[name]


@pytest.mark.parametrize("vector", vectors("erlang_a"))
def test_erlang_a_meets_every_example(vector: dict) -> None:
    given, expected = vector["inputs"], vector["outputs"]

    found = erlang_a(given["calls"] / given["period_s"], given["aht_s"], given["n"], given["mean_patience_s"])

    for name in NAMES.keys() & expected.keys():
        assert to_the_digits_of(expected[name], getattr(found, NAMES[name])) == expected[name]


def test_callers_without_patience_make_erlang_a_and_c_differ_most_where_few_answer() -> None:
    rate = 4 / 3600

    few = erlang_c(rate, 1200, 2, 20), erlang_a(rate, 1200, 2, 180)
    many = erlang_c(rate, 1200, 6, 20), erlang_a(rate, 1200, 6, 180)

    assert few[0].mean_wait > 20 * few[1].mean_wait
    assert many[0].mean_wait - many[1].mean_wait < 2


def test_a_line_without_calls_has_no_waits() -> None:
    found = erlang_a(0.0, 1200, 2, 180)

    assert (found.waits, found.abandons, found.mean_wait, found.occupancy) == (0, 0, 0, 0)
