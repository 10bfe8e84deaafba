"""The menu proven by walking its table."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.line import dialogue, menu, place
from ivr.line.menu import (
    ALWAYS,
    CATEGORY_KEYS,
    COMPLAINT,
    ENTRANCES,
    GOODBYE,
    HOURS,
    LEAVE,
    LEFT,
    NODE_IDS,
    PERSON,
    WELCOME,
    WELSH_WAIT,
    End,
    Menu,
    Nodes,
    Queue,
    force_node,
    nodes,
)
from ivr.line.prompts import Prompts
from shared.domain.forces import FORCES, REGIONS
from shared.domain.signposts import SIGNPOSTS
from shared.domain.vocabulary import Category, Language


def exits(table: Nodes, name: str) -> Iterator[str]:
    """Every node that follows this one."""
    node = table[name]
    match node:
        case Menu():
            yield node.silence
            yield from (choice.then for choice in node.keys.values())
        case Queue():
            yield from (node.answered, node.lost, node.handed_on, node.failed, node.unattended, node.too_long)
            yield from filter(None, [node.asks])
            yield from (choice.then for choice in node.keys.values())
        case End():
            return


def reachable(table: Nodes, start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += exits(table, name)
    return seen


def test_every_node_is_reachable_from_where_calls_begin(table: Nodes) -> None:
    assert set().union(*(reachable(table, entrance) for entrance in ENTRANCES)) == set(table)


def test_where_the_line_takes_no_call_the_end_is_spoken_to_everyone(table: Nodes) -> None:
    for entrance in set(ENTRANCES) - {WELCOME}:
        end = table[entrance]
        assert isinstance(end, End)
        assert end.in_every_language


def test_every_end_but_goodbye_names_the_danger_line_and_the_other_way(table: Nodes, reviewed_prompts: Prompts) -> None:
    for name in set(table) - {LEFT, GOODBYE}:
        end = table[name]
        if isinstance(end, End):
            for language in Language:
                said = " ".join(reviewed_prompts.say(prompt, language).text for prompt in end.say if prompt != HOURS)
                assert "9 9 9" in said, name
                assert reviewed_prompts.online in said, name


def test_no_two_ends_say_the_same(table: Nodes) -> None:
    ends = [node.say for node in table.values() if isinstance(node, End)]

    assert len({say[0] for say in ends}) == len(ends)


def test_whoever_is_asked_for_the_language_is_asked_once(table: Nodes) -> None:
    asked = [node for node in table.values() if isinstance(node, Queue) and node.asks]
    answers = exits(table, WELSH_WAIT)

    assert {node.asks for node in asked} == {WELSH_WAIT}
    assert not [after for after in answers if getattr(table[after], "asks", "")]


def test_every_signpost_of_the_vocabulary_is_spoken(table: Nodes, prompts: Prompts) -> None:
    complaint = table[COMPLAINT]
    assert isinstance(complaint, Menu)
    for post in SIGNPOSTS:
        said = prompts.words[Language.EN][f"signpost_{post.id}"]
        assert f"signpost_{post.id}" in complaint.say
        assert all(name in said for name in post.spoken)


def test_every_exit_is_a_node_of_the_table(table: Nodes) -> None:
    assert all(after in table for name in table for after in exits(table, name))


def test_every_menu_leads_to_a_person_and_to_an_honest_end(table: Nodes) -> None:
    for name in (name for name, node in table.items() if isinstance(node, Menu)):
        kinds = {type(table[after]) for after in reachable(table, name)}
        assert kinds >= {Queue, End}, name


def test_silence_leads_from_every_menu_straight_to_the_queue(table: Nodes) -> None:
    assert all(isinstance(table[node.silence], Queue) for node in table.values() if isinstance(node, Menu))


def test_zero_is_a_person_and_star_leaves_at_every_menu(table: Nodes) -> None:
    for node in (node for node in table.values() if isinstance(node, Menu)):
        assert isinstance(table[node.keys[PERSON].then], Queue)
        assert isinstance(table[node.keys[LEAVE].then], End)


def test_star_leaves_every_queue_and_zero_does_not_lose_ones_turn(table: Nodes) -> None:
    for node in (node for node in table.values() if isinstance(node, Queue)):
        assert isinstance(table[node.keys[LEAVE].then], End)
        assert PERSON not in node.keys


def test_the_nodes_are_the_same_before_and_after_the_welsh_review() -> None:
    assert set(nodes(welsh_reviewed=False)) == set(nodes(welsh_reviewed=True)) == NODE_IDS


def test_every_category_region_and_force_has_a_key(table: Nodes) -> None:
    choices = [choice for node in table.values() if not isinstance(node, End) for choice in node.keys.values()]

    assert {choice.category for choice in choices if choice.category} == set(Category) - {Category.UNSET}
    assert {choice.region for choice in choices if choice.region} == set(REGIONS)
    assert {choice.force for choice in choices if choice.force} == set(FORCES)


def test_the_menu_keys_of_categories_are_those_of_the_vocabulary() -> None:
    text = Path(menu.__file__).parents[2].joinpath("shared/vocabulary/categories.toml").read_text("utf-8")

    keys = {row["key"]: row["id"] for row in tomllib.loads(text)["category"]}

    assert keys == {key: choice.category for key, choice in CATEGORY_KEYS.items()}


def test_a_force_is_asked_for_in_its_own_region(table: Nodes) -> None:
    for force in FORCES.values():
        node = table[force_node(force.region)]
        assert isinstance(node, Menu)
        assert node.keys[force.key].force == force.id


def test_every_key_of_a_list_is_spoken_and_every_spoken_key_works(table: Nodes) -> None:
    for node in (node for node in table.values() if isinstance(node, Menu) and node.listing):
        assert set(node.listing) == set(node.keys) - set(ALWAYS)


def test_every_prompt_a_node_names_exists(table: Nodes, prompts: Prompts) -> None:
    for node in table.values():
        match node:
            case Menu():
                named = {*node.say, *node.listing.values(), *node.closing}
            case Queue():
                named = set(node.greeting)
            case End():
                named = set(node.say) - {HOURS}
        assert all(named <= set(words) for words in prompts.words.values())


@pytest.mark.parametrize("module", [dialogue, menu, place])
def test_the_dialogue_imports_only_the_standard_library_and_our_vocabulary(module: object) -> None:
    ours = {"ivr.line.menu", "ivr.line.place", "shared.domain.vocabulary", "shared.domain.forces"}
    ours |= {"shared.domain.signposts"}
    source = Path(str(module.__dict__["__file__"])).read_text("utf-8")

    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(str(node.module))

    assert {name for name in imported - ours if name.split(".")[0] not in sys.stdlib_module_names} == set()
