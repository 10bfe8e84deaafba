"""A sentence with something filled in that still knows what it was made of, so that it can be said in another language.

It knows no language itself.
"""

from __future__ import annotations

from collections.abc import Mapping


class Filled(str):
    """Reads as any text does. `template` has a {named} place for each of `values`."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Filled:
        """Raises KeyError for a place that nothing is given for."""
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made
