"""Draws the menu table as text for the README, in each language the line speaks; knows the table and its words.

`python -m ivr.line.menu_map` prints the section to paste between the README's markers.
"""

import sys
from collections.abc import Mapping
from textwrap import shorten, wrap
from typing import assert_never

from ivr.line.menu import (
    ALWAYS,
    ENTRANCES,
    HEAR_AGAIN,
    HEARINGS,
    LEFT,
    OTHER_LANGUAGE,
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
from ivr.line.prompts import Prompts, load_prompts
from shared.domain.vocabulary import Language

START = "<!-- menu-map -->"
END = "<!-- /menu-map -->"
WIDTH = 100
HEARD_AGAIN = "hear again"
LANGUAGE_KEY = "language_key"
TITLES = {Language.EN: "The menu in English", Language.CY: "Y ddewislen yn Gymraeg"}
Words = Mapping[str, str]
WITHOUT_CHOICE = {LEFT: "leave quietly", QUEUE_FOR_WELSH: "go on waiting", QUEUE_FOR_ANYONE: "whoever is free"}


def section(prompts: Prompts) -> str:
    """The map in every language, folded away; Welsh as it is once its words are reviewed."""
    reviewed = {Language.EN: Language.CY in prompts.reviewed, Language.CY: True}
    drawn = {language: draw(nodes(welsh), _spoken(prompts, language)) for language, welsh in reviewed.items()}
    return "\n\n".join(
        f"<details><summary>{TITLES[language]}</summary>\n\n{text}\n\n</details>" for language, text in drawn.items()
    )


def _spoken(prompts: Prompts, language: Language) -> Words:
    """A language's words, and the one sentence that its menu says in the other."""
    return {**prompts.words[language], LANGUAGE_KEY: prompts.words[OTHER_LANGUAGE[language]][LANGUAGE_KEY]}


def draw(table: Nodes, words: Words) -> str:
    """Every node in order, how what it says begins, its keys and where each leads, as a fenced block of text.

    ``words`` are one language's, by prompt.
    """
    always = ", ".join(f"{key} → {choice.then}" for key, choice in ALWAYS.items())
    lines = [
        f"at every menu: {always}, {HEAR_AGAIN} hears again ({HEARINGS} times at most);",
        "a key without meaning is asked again once; then, or after silence, the queue",
    ]
    for name, node in table.items():
        lines += ["", *_node(name, node, words)]
    return "\n".join(["```text", *lines, "```"])


def _node(name: str, node: Node, words: Words) -> list[str]:
    match node:
        case Menu():
            own = {key: choice for key, choice in node.keys.items() if choice != ALWAYS.get(key)}
            names = {key: words[prompt] for key, prompt in node.listing.items()}
            return [f"{name}: {node.wait} s of silence → {node.silence}", *_said(node.say, words), *_keys(own, names)]
        case Queue():
            exits = {"answered": node.answered, "line lost": node.lost, "handed on": node.handed_on}
            exits |= {"not queued": node.failed, "nobody on duty": node.unattended, "too long": node.too_long}
            exits |= {"long for a Welsh speaker": node.asks} if node.asks else {}
            text = ", ".join(f"{why} → {then}" for why, then in exits.items())
            return [*wrap(f"{name}: {text}", WIDTH, subsequent_indent="  "), *_keys(node.keys, {})]
        case End():
            begins = "where the line takes no call, " if name in ENTRANCES else ""
            return [f"{name}: {begins}the call ends", *_said(node.say, words)]
    assert_never(node)


def _said(say: tuple[str, ...], words: Words) -> list[str]:
    """How what a node says begins, as it is said."""
    spoken = " ".join(words[prompt] for prompt in say if prompt in words)
    return [f'  "{shorten(spoken, WIDTH - 4, placeholder=" …")}"']


def _keys(keys: Mapping[str, Choice], names: Mapping[str, str]) -> list[str]:
    if len(keys) > 1 and all(choice.force for choice in keys.values()):
        return _forces(keys, names)
    sets = {key: HEARD_AGAIN if key == HEAR_AGAIN else names.get(key) or _sets(choice) for key, choice in keys.items()}
    width = max(map(len, sets.values()), default=0)
    return [f"  {key}  {sets[key]:<{width}}  → {choice.then}" for key, choice in keys.items()]


def _forces(keys: Mapping[str, Choice], names: Mapping[str, str]) -> list[str]:
    """A list of forces in running text: they differ in nothing but the force."""
    (then,) = {choice.then for choice in keys.values()}
    text = ", ".join(f"{key} {names[key]}".replace(" ", "\xa0") for key in keys) + f"\xa0→\xa0{then}"
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
    sys.stdout.write(f"{START}\n{section(load_prompts())}\n{END}\n")
