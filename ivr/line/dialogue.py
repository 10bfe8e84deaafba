"""Where a caller goes next: one pure, total function over the menu table; knows no words, TwiML or store."""

from dataclasses import replace
from typing import assert_never

from ivr.line.menu import (
    CLOSED,
    FLOOD,
    HEAR_AGAIN,
    HEARINGS,
    OTHER_LANGUAGE,
    QUEUE,
    WELCOME,
    Choice,
    End,
    Menu,
    Nodes,
    Queue,
)
from ivr.line.place import Heard, Place
from shared.domain.vocabulary import CallOutcome, ClosedWords


def advance(nodes: Nodes, place: Place, heard: Heard) -> Place:
    """The place after hearing a key or silence. Pure; any place and key lead to a node of the table."""
    if place.node not in nodes:
        return _go(place, WELCOME)
    node = nodes[place.node]
    match node:
        case Menu():
            return _at_menu(node, place, heard.digits)
        case Queue():
            return _in_queue(node, place, heard.digits)
        case End():
            return place
    assert_never(node)


def keep_waiting(nodes: Nodes, place: Place, heard: Heard, rounds: int) -> tuple[Place, int]:
    """The place and the round of the wait page to speak: `rounds`, or 0 again after a key that means something."""
    after = advance(nodes, place, heard)
    node = nodes[after.node]
    acted = isinstance(node, Queue) and (heard.digits in node.keys or after.node != place.node)
    return after, 0 if acted else rounds


def turned_away(outcome: CallOutcome, words: ClosedWords = ClosedWords.CLOSED) -> Place:
    """The place of a caller who is not let in; `words` are what a closed line says."""
    return _go(Place(), CLOSED[words] if outcome is CallOutcome.CLOSED else FLOOD)


def wait_is_over(nodes: Nodes, place: Place, outcome: CallOutcome) -> Place:
    """The place of a caller whom nobody answers: nobody is on duty, or nobody was free for too long."""
    queue = _queue_at(nodes, place)
    return _go(place, queue.unattended if outcome is CallOutcome.NOBODY_ON_DUTY else queue.too_long)


def asked_for_the_language(nodes: Nodes, place: Place) -> Place:
    """The place of a caller who has waited long for a Welsh speaker; the same where they have been asked before."""
    asks = _queue_at(nodes, place).asks
    return _go(place, asks) if asks else place


def answered(nodes: Nodes, place: Place) -> Place:
    """The place of a caller whose conversation is over."""
    return _go(place, _queue_at(nodes, place).answered)


def handler_lost(nodes: Nodes, place: Place) -> Place:
    """The place of a caller whose handler's line dropped: the queue again, with an apology."""
    return _go(place, _queue_at(nodes, place).lost)


def handed_on(nodes: Nodes, place: Place) -> Place:
    """The place of a caller whose handler gives them to somebody else: the queue again, and nothing to be sorry for."""
    return _go(place, _queue_at(nodes, place).handed_on)


def not_taken(nodes: Nodes, place: Place) -> Place:
    """The place of a caller whose call cannot be queued or stored."""
    return _go(place, _queue_at(nodes, place).failed)


def _at_menu(node: Menu, place: Place, key: str) -> Place:
    if not key:
        return _go(place, node.silence)
    if key == HEAR_AGAIN:
        return _ask_again(node, place, mistaken=False)
    choice = node.keys.get(key)
    if choice is None:
        return _go(place, node.silence) if place.mistaken else _ask_again(node, place, mistaken=True)
    chosen = _choose(place, choice)
    if choice.then == place.node:
        return _ask_again(node, chosen, mistaken=False)
    return _go(chosen, choice.then)


def _ask_again(node: Menu, place: Place, mistaken: bool) -> Place:
    """Ask the same node again, unless it was spoken often enough: then whoever calls goes to a person."""
    if place.tries + 1 >= HEARINGS:
        return _go(place, node.silence)
    return replace(place, tries=place.tries + 1, mistaken=mistaken)


def _in_queue(node: Queue, place: Place, key: str) -> Place:
    choice = node.keys.get(key)
    return place if choice is None else _go(_choose(place, choice), choice.then)


def _queue_at(nodes: Nodes, place: Place) -> Queue:
    node = nodes.get(place.node)
    if isinstance(node, Queue):
        return node
    queue = nodes[QUEUE]
    assert isinstance(queue, Queue)
    return queue


def _choose(place: Place, choice: Choice) -> Place:
    """What the key sets, laid over what was chosen before."""
    return replace(
        place,
        language=OTHER_LANGUAGE[place.language] if choice.switch_language else place.language,
        mode=place.mode if choice.mode is None else choice.mode,
        category=place.category if choice.category is None else choice.category,
        region=place.region if choice.region is None else choice.region,
        force=place.force if choice.force is None else choice.force,
        unable_to_speak=place.unable_to_speak or choice.unable_to_speak,
    )


def _go(place: Place, node: str) -> Place:
    return replace(place, node=node, tries=0, mistaken=False)
