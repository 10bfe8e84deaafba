"""What the console says, in the language chosen for it: English as it stands in the source, others from catalogues.

The language is chosen once, before anything that holds texts is imported, so that tables of them are translated where
they stand. This knows no settings and no screen; what is read to callers and sent to units is never translated here.
"""

from __future__ import annotations

from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from shared.filled import Filled

ENGLISH: Final = "en"
DOMAIN: Final = "console"
CATALOGUES: Final = Path(__file__).parent / "locale"

_spoken: NullTranslations = NullTranslations()


def languages(catalogues: Path = CATALOGUES) -> tuple[str, ...]:
    """Those the console can speak: English, and each that has a finished catalogue."""
    found = sorted(path.parent.parent.name for path in catalogues.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *found)


def speak(language: str, catalogues: Path = CATALOGUES) -> None:
    """Say everything in this language, one of `languages()`, from here on."""
    global _spoken
    _spoken = NullTranslations() if language == ENGLISH else translation(DOMAIN, catalogues, [language])


def tr(text: str) -> str:
    """This text in the language spoken; in English where its catalogue has none. What varies is a {named} place."""
    return _spoken.gettext(text) if text else ""


def said(sentence: str) -> str:
    """A sentence that the service or the business under it has worded, in the language spoken.

    The template of texts has all of these that are fixed, and what others are made of; what is not in it, such as a
    form's own words, stays as it is.
    """
    return tr(sentence.template).format(**sentence.values) if isinstance(sentence, Filled) else tr(sentence)


def ntr(one: str, many: str, count: int) -> str:
    """The text for this many, by the rule of the language spoken. A {count} in it is still to be filled in."""
    return _spoken.ngettext(one, many, count)
