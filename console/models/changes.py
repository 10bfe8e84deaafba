"""What changed in a report since a reviewer returned it, in words. Pure; it knows neither who changed it nor when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from console.translation import tr
from shared.forms import Field, Form
from shared.forms.content import is_answered
from shared.forms.dissemination import words_of


@dataclass(frozen=True, slots=True)
class Changed:
    """One answer that is not as it was; ``words`` say how."""

    label: str
    words: str = field(repr=False)


def changes(form: Form, before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Changed, ...]:
    """Every answer that differs, in the form's order."""
    return tuple(one for each in form.fields for one in _changes_of(each, before.get(each.id), now.get(each.id)))


def _changes_of(one: Field, before: Any, now: Any) -> Iterator[Changed]:
    if one.entry:
        yield from _rows_changed(one, _rows(before), _rows(now))
    elif before != now:
        yield from _changed(one, one.label, before, now)


def _rows_changed(one: Field, before: Sequence[Any], now: Sequence[Any]) -> Iterator[Changed]:
    for place in range(max(len(before), len(now))):
        label = f"{one.label} {place + 1}"
        if place >= len(before):
            yield Changed(label, tr("added"))
        elif place >= len(now):
            yield Changed(label, tr("taken out"))
        else:
            for part in one.entry:
                was, is_now = before[place].get(part.id), now[place].get(part.id)
                at = label if part.id == "text" else f"{label}: {part.label}"
                if was != is_now:
                    yield from _changed(part, at, was, is_now)


def _changed(one: Field, label: str, before: Any, now: Any) -> Iterator[Changed]:
    had, has = is_answered(one, before), is_answered(one, now)
    if had and has:
        yield Changed(
            label, tr("was “{before}”, is now “{now}”").format(before=words_of(one, before), now=words_of(one, now))
        )
    elif had:
        yield Changed(label, tr("taken out; it was “{before}”").format(before=words_of(one, before)))
    elif has:
        yield Changed(label, tr("now “{now}”").format(now=words_of(one, now)))


def _rows(value: Any) -> Sequence[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
