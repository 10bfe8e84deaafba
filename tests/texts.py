"""Gathers what the console says, brings every catalogue of it up to date, and makes them ready to be used.

Run as ``python -m tests.texts [LANGUAGE]``; a language without a catalogue gets one. What is marked `fuzzy` in a
catalogue is a draft: it is not said until the mark is taken away.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from console.actions import TABLE
from console.translation import CATALOGUES, DOMAIN
from shared.forms import checking
from shared.outbox.troubles import WORDS

ROOT = Path(__file__).parents[1]
MARKS = {"tr": None, "ntr": (1, 2)}
# Where refusals and errors that the console shows are worded: as `sentence` or `words` of a class.
WORDED_IN = ("shared/domain", "shared/sealing", "ivr/desk")
_SENTENCE = re.compile(r"^[A-Z].*[a-z][.]$")
_HEADER = "# What the console says. What stands in {braces} is filled in: put it where the sentence wants it."
_DRAWN = datetime(2026, 1, 1, tzinfo=UTC)  # one day for all, so that drawing the same again changes nothing


def template() -> Catalog:
    """Every text that the console can say, in the order of its files."""
    drawn = Catalog(creation_date=_DRAWN)
    for name, _, text, _, _ in sorted(extract_from_dir(ROOT / "console", keywords=MARKS), key=lambda one: one[:2]):
        drawn.add(text, locations=[(f"console/{name}", 0)])
    for text in (words for action in TABLE for words in (action.words, action.accessible)):
        drawn.add(text, locations=[("console/actions.py", 0)])
    for name, text in worded_below():
        drawn.add(text, locations=[(name, 0)])
    return drawn


def worded_below() -> Iterator[tuple[str, str]]:
    """What the service and the business under it have worded for the console to show, each with its file."""
    for folder in WORDED_IN:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for sentence in _worded(ast.parse(path.read_text(encoding="utf-8"))):
                yield path.relative_to(ROOT).as_posix(), sentence
    for sentence in vars(checking).values():
        if isinstance(sentence, str) and _SENTENCE.fullmatch(sentence):
            yield "shared/forms/checking.py", sentence
    for sentence in WORDS.values():
        yield "shared/outbox/troubles.py", sentence
    for path in sorted((ROOT / "shared/identity_hints").glob("patterns.*.toml")):
        for kind in tomllib.loads(path.read_text(encoding="utf-8")).get("kind", ()):
            yield path.relative_to(ROOT).as_posix(), kind["title"]
            yield path.relative_to(ROOT).as_posix(), kind["explanation"]


def _worded(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.ClassDef(body=lines):
                yield from filter(None, map(_sentence_of_a_kind, lines))
            case ast.keyword(arg="sentence", value=ast.Constant(value=str(text))):
                yield text
            case ast.Tuple(elts=[ast.Constant(value=str()), ast.Constant(value=str(text))]) if _SENTENCE.fullmatch(
                text
            ):
                yield text  # a code and its sentence


def _sentence_of_a_kind(line: ast.stmt) -> str:
    match line:
        case ast.Assign(targets=[ast.Name(id="sentence" | "words")], value=ast.Constant(value=str(text))):
            return text
        case ast.AnnAssign(target=ast.Name(id="sentence" | "words"), value=ast.Constant(value=str(text))):
            return text
    return ""


def begun(language: str) -> Catalog:
    """An empty catalogue. Raises babel.UnknownLocaleError for a language that nobody knows the plurals of."""
    return Catalog(Locale.parse(language), header_comment=_HEADER, project="Candour", creation_date=_DRAWN, fuzzy=False)


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file; without line numbers, which change with every edit."""
    file = BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    return file.getvalue()


def finished(catalogue: Catalog) -> bytes | None:
    """A catalogue as the console reads it, without its drafts; None while nothing in it is finished."""
    if not any(translations(message) and not message.fuzzy for message in catalogue if message.id):
        return None
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def catalogues(folder: Path = CATALOGUES) -> dict[str, Catalog]:
    """Those there are, by language."""
    paths = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return {path.parent.parent.name: read(path) for path in paths}


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def translations(message: Message) -> list[str]:
    """What is written for a text so far: for one that counts, a text for each of the language's numbers."""
    found = (message.string,) if isinstance(message.string, str) else message.string or ()
    return [text for text in found if text]


def places(text: str) -> set[str]:
    """The {named} places in a text."""
    return set(re.findall(r"\{(\w*)\}", text))


def misplaced(message: Message) -> bool:
    """Whether a translation has other places than its text: then what belongs there would be lost."""
    texts = [message.id] if isinstance(message.id, str) else list(message.id)
    needed, allowed = set.intersection(*map(places, texts)), set.union(*map(places, texts))
    return any(not needed <= places(text) <= allowed for text in translations(message))


def bring_up_to_date(folder: Path, begin: Iterable[str] = ()) -> dict[str, Catalog]:
    """Every catalogue in the folder, and an empty one for each language to begin, with the texts there are now."""
    drawn, kept = template(), catalogues(folder)
    for language in begin:
        kept.setdefault(language, begun(language))
    for language, catalogue in kept.items():
        catalogue.update(drawn)
        place = folder / language / "LC_MESSAGES"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{DOMAIN}.po").write_bytes(written(catalogue))
        compiled = finished(catalogue)
        (place / f"{DOMAIN}.mo").unlink(missing_ok=True)
        if compiled is not None:
            (place / f"{DOMAIN}.mo").write_bytes(compiled)
    return kept


def _report(language: str, catalogue: Catalog) -> None:
    texts = [message for message in catalogue if message.id]
    drafts = sum(1 for message in texts if message.fuzzy)
    said = sum(1 for message in texts if translations(message) and not message.fuzzy)
    sys.stdout.write(f"{language}: {said} of {len(texts)} texts said, {drafts} in draft\n")
    for message in filter(misplaced, texts):
        sys.stdout.write(f"{language}: what stands in braces is not that of the text: {message.id}\n")


def main(arguments: list[str]) -> None:
    try:
        kept = bring_up_to_date(CATALOGUES, arguments)
    except (UnknownLocaleError, ValueError):
        raise SystemExit(f"texts: {' '.join(arguments)} is not the code of a language, such as cy.") from None
    for language, catalogue in kept.items():
        _report(language, catalogue)
    if not kept:
        sys.stdout.write("There is no catalogue yet: make texts LANGUAGE=cy begins one.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
