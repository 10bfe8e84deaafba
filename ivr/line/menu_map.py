"""Draws the menu table as text for the README; knows only the table.

`python -m ivr.line.menu_map` prints the section to paste between the README's markers.
"""

import sys
from collections.abc import Mapping
from textwrap import wrap
from typing import assert_never

from ivr.line.menu import (
    ALWAYS,
    ENTRANCES,
    HEAR_AGAIN,
    HEARINGS,
    LEFT,
    QUEUE_FOR_ANYONE,
    QUEUE_FOR_WELSH,
    Choice,
    End,
    Menu,
    Node,
    Nodes,
    Queue,
    nodes,
)

START = "<!-- menu-map -->"
END = "<!-- /menu-map -->"
WIDTH = 100
HEARD_AGAIN = "hear again"
WITHOUT_CHOICE = {LEFT: "leave quietly", QUEUE_FOR_WELSH: "go on waiting", QUEUE_FOR_ANYONE: "whoever is free"}


def draw(table: Nodes) -> str:
    """Every node in order, its keys, what each sets and where it leads, as a fenced block of text."""
    always = ", ".join(f"{key} → {choice.then}" for key, choice in ALWAYS.items())
    lines = [
        f"at every menu: {always}, {HEAR_AGAIN} hears again ({HEARINGS} times at most);",
        "a key without meaning is asked again once; then, or after silence, the queue",
    ]
    for name, node in table.items():
        lines += ["", *_node(name, node)]
    return "\n".join(["```text", *lines, "```"])


def _node(name: str, node: Node) -> list[str]:
    match node:
        case Menu():
            own = {key: choice for key, choice in node.keys.items() if choice != ALWAYS.get(key)}
            return [f"{name}: {node.wait} s of silence → {node.silence}", *_keys(own)]
        case Queue():
            exits = {"answered": node.answered, "line lost": node.lost, "not queued": node.failed}
            exits |= {"nobody on duty": node.unattended, "too long": node.too_long}
            exits |= {"long for a Welsh speaker": node.asks} if node.asks else {}
            text = ", ".join(f"{why} → {then}" for why, then in exits.items())
            return [*wrap(f"{name}: {text}", WIDTH, subsequent_indent="  "), *_keys(node.keys)]
        case End():
            begins = "where the line takes no call, " if name in ENTRANCES else ""
            return [f"{name}: {begins}the call ends"]
    assert_never(node)


def _keys(keys: Mapping[str, Choice]) -> list[str]:
    if len(keys) > 1 and all(choice.force for choice in keys.values()):
        return _forces(keys)
    sets = {key: HEARD_AGAIN if key == HEAR_AGAIN else _sets(choice) for key, choice in keys.items()}
    width = max(map(len, sets.values()), default=0)
    return [f"  {key}  {sets[key]:<{width}}  → {choice.then}" for key, choice in keys.items()]


def _forces(keys: Mapping[str, Choice]) -> list[str]:
    """A list of forces in running text: they differ in nothing but the force."""
    (then,) = {choice.then for choice in keys.values()}
    text = ", ".join(f"{key}\xa0{choice.force}" for key, choice in keys.items()) + f"\xa0→\xa0{then}"
    lines = wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return [line.replace("\xa0", " ") for line in lines]  # a key and its force stay on one line


def _sets(choice: Choice) -> str:
    """What a key is for, by the ids it sets."""
    chosen = [
        choice.mode or "",
        choice.category or "",
        choice.force or choice.region or "",
        "unable to speak" if choice.unable_to_speak else "",
        "the other language" if choice.switch_language else "",
    ]
    return ", ".join(str(part) for part in chosen if part) or WITHOUT_CHOICE.get(choice.then, HEARD_AGAIN)


if __name__ == "__main__":
    sys.stdout.write(f"{START}\n{draw(nodes(welsh_reviewed=False))}\n{END}\n")
