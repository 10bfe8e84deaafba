"""The README's picture of the menu is the menu's."""

from pathlib import Path

import pytest

from ivr.line.menu import Nodes, nodes
from ivr.line.menu_map import END, START, draw
from shared.domain.forces import FORCES

README = Path(__file__).parents[3] / "README.md"


def test_the_map_names_every_node_and_every_force(table: Nodes) -> None:
    lines = draw(table).splitlines()

    assert all(any(line.startswith(f"{name}: ") for line in lines) for name in table)
    assert all(force in draw(table) for force in FORCES)


def test_the_map_says_what_each_key_is_for() -> None:
    drawn = draw(nodes(welsh_reviewed=False))

    assert "  1  anonymous           → category" in drawn
    assert "  1 metropolitan, 2 city-of-london → queue" in drawn
    assert "  *  leave quietly" in drawn


def test_the_map_follows_the_table() -> None:
    assert draw(nodes(welsh_reviewed=False)) != draw(nodes(welsh_reviewed=True))


def test_the_readmes_map_is_drawn_from_the_table() -> None:
    text = README.read_text("utf-8")
    if START not in text:
        pytest.skip("the README has no menu map")

    section = text.split(START, 1)[1].split(END, 1)[0].strip()

    assert section == draw(nodes(welsh_reviewed=False)), "run: python -m ivr.line.menu_map"
