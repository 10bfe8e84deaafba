"""Finding an action by a few typed letters; it knows which words match and in what order, not what can be done now."""

from __future__ import annotations

from collections.abc import Iterable

from console.actions import Action


def found(actions: Iterable[Action], typed: str) -> tuple[Action, ...]:
    """The actions whose words hold every typed word, those first whose own words begin with what was typed."""
    wanted = typed.casefold().split()
    fitting = [action for action in actions if all(word in _searched(action) for word in wanted)]
    return tuple(sorted(fitting, key=lambda action: not action.words.casefold().startswith(typed.strip().casefold())))


def _searched(action: Action) -> str:
    return f"{action.words} {action.accessible} {action.place} {action.key}".casefold()
