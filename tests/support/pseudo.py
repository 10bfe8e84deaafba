"""A language nobody speaks: every text of the console in brackets and a third longer, to see what is not translated."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog

from console.translation import DOMAIN
from tests.texts import finished, template

PSEUDO = "pseudo"
LONGER = 4 / 3
_OUTSIDE_PLACES = re.compile(r"[^{}]+(?![^{]*\})")


def in_brackets(text: str) -> str:
    """⟦Ruun aawaayy⟧: vowels are doubled, and more is added where that is not a third."""
    longer = _OUTSIDE_PLACES.sub(lambda part: re.sub("([aeiou])", r"\1\1", part[0]), text)
    lacking = int(len(text) * LONGER) - len(longer)
    return f"⟦{longer}{'~' * max(0, lacking)}⟧"


def write_pseudo(folder: Path) -> None:
    """Write its catalogue where `speak` finds it."""
    catalogue = Catalog("en")
    for message in template():
        if isinstance(message.id, str) and message.id:
            catalogue.add(message.id, in_brackets(message.id))
        elif message.id:
            catalogue.add(message.id, tuple(map(in_brackets, message.id)))
    place = folder / PSEUDO / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / f"{DOMAIN}.mo").write_bytes(finished(catalogue) or b"")
