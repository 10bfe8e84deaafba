"""The README's picture of the menu is the menu's."""

from pathlib import Path

from ivr.line.menu import Menu, Nodes, nodes
from ivr.line.menu_map import END, START, draw, section
from ivr.line.prompts import load_prompts
from shared.domain.forces import FORCES
from shared.domain.vocabulary import Language

README = Path(__file__).parents[3] / "README.md"


def drawn(table: Nodes, language: Language = Language.EN) -> str:
    return draw(table, load_prompts().words[language])


def test_the_map_names_every_node_and_in_each_language_every_force_and_category(table: Nodes) -> None:
    words = load_prompts().words
    lists = [prompt for node in table.values() if isinstance(node, Menu) for prompt in node.listing.values()]

    for language in Language:
        text = " ".join(drawn(table, language).split())
        assert all(f"{name}: " in text for name in table)
        assert len(lists) > len(FORCES)
        assert all(words[language][prompt] in text for prompt in lists)


def test_the_map_says_what_each_key_is_for() -> None:
    text = drawn(nodes(welsh_reviewed=False))

    assert "  1  anonymous           → category" in text
    assert "  1 Metropolitan Police, 2 City of London → queue" in text
    assert "  *  leave quietly" in text


def test_the_map_follows_the_table() -> None:
    assert drawn(nodes(welsh_reviewed=False)) != drawn(nodes(welsh_reviewed=True))


def test_each_languages_menu_is_offered_in_that_language_by_the_other() -> None:
    english, welsh = section(load_prompts()).split("Gymraeg</summary>")

    assert '"I siarad Cymraeg, pwyswch 2.' in english
    assert '"For English, press 2.' in welsh


def test_the_readmes_maps_are_drawn_from_the_table_and_the_words() -> None:
    text = README.read_text("utf-8")

    inside = text.split(START, 1)[1].split(END, 1)[0].strip()

    assert inside == section(load_prompts()), "run: python -m ivr.line.menu_map"
