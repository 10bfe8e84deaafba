"""Goes through every screen of the console in the language of `pseudo`, and says what is not in it and what is cut.

Run as ``python -m tests.support.in_pseudo FOLDER`` with the catalogue written there, in a process of its own: a console
speaks one language. It writes what it found as JSON, and with ``--pictures`` a picture of each screen into the folder.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from console.translation import speak

speak("pseudo", Path(sys.argv[1]) / "catalogues")  # before anything that has texts is imported

from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from console.app import FORM, Console  # noqa: E402
from shared.domain.forces import FORCES  # noqa: E402
from shared.domain.signposts import SIGNPOSTS  # noqa: E402
from shared.forms import dissemination, load_form  # noqa: E402
from tests import every_screen  # noqa: E402
from tests.support import studio as scenery  # noqa: E402
from tests.support.fitting import what_does_not_fit  # noqa: E402
from tests.support.interface_texts import texts_of  # noqa: E402
from tests.support.organisation import ROLES  # noqa: E402

SIZE = 1280, 720
SETTLED_TRIES = 15
_TRANSLATED = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")
_KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)*(?:F\d+|Enter|Return|[A-Z0-9=-])")
_BETWEEN = re.compile(r": | · |, |\n| – ")
_NUMBERED = re.compile(r" \d+$| \*$")
AROUND = " .,:·\n"
_QUOTED = re.compile(r"“[^”]*”")

# What a person reads that is not the console's own, by the name of a widget or of what it stands in.
NOT_OURS = (
    "aloud.",  # read to the caller or to 999, and lines as they are published
    "summary.",  # figures, with the names they have in the files that leave
    "sign_in.secret",  # letters and digits to copy
    "key_words",  # of a person's keys, as they are compared aloud
    "given_words",  # for a first sign-in, as they are passed on
)
INVENTED = {every_screen.NEWCOMER.name, every_screen.ADDED, *ROLES}
NAMES = {"Candour", "Cymraeg", "PDF", "CSV", "JSON", "Kent Professional Standards", *INVENTED}


def strings(part: Any) -> Iterator[str]:
    """Every text in a table."""
    if isinstance(part, str):
        yield part
    elif is_dataclass(part):
        for field in fields(part):
            yield from strings(getattr(part, field.name))
    elif isinstance(part, Mapping):
        yield from strings(list(part.values()))
    elif isinstance(part, list | tuple | set | frozenset):
        for one in part:
            yield from strings(one)


# The form's questions, the notes to a unit, forces, where callers are sent, and what is written in the report here.
NOTES = [text for name, text in vars(dissemination).items() if name.endswith("_NOTE")]
WRITTEN = [scenery.ANSWERS, scenery.ENTRIES, every_screen.LONG]
TABLES = {text.strip(AROUND) for text in strings([load_form(FORM), NOTES, FORCES, SIGNPOSTS, WRITTEN])} | NAMES


def bare(text: str) -> str:
    """What of a text is not in brackets."""
    before = ""
    while before != text:
        before, text = text, _TRANSLATED.sub("", text)
    return text


def is_known(text: str) -> bool:
    """Whether nothing of this had to be translated: it is a name, a key, or from a table that has its own language."""
    plain = text.strip(AROUND)
    if not _WORD.search(plain) or {plain, _NUMBERED.sub("", plain)} & TABLES or _KEY.fullmatch(plain):
        return True
    return any(is_known(plain[: gap.start()]) and is_known(plain[gap.end() :]) for gap in _BETWEEN.finditer(plain))


def is_ours(widget: QWidget) -> bool:
    above: Any = widget
    while above is not None:
        if above.objectName().startswith(NOT_OURS):
            return False
        above = above.parentWidget()
    return True


def settled(console: Console) -> list[str]:
    """What does not fit once every widget has found its place."""
    misfits: list[str] = []
    for _ in range(SETTLED_TRIES):
        QApplication.processEvents()
        misfits = what_does_not_fit(console.window)
        if not misfits:
            break
    return misfits


def main(folder: Path, pictures: bool) -> None:
    application = QApplication([])
    application.setStyle("fusion")
    screens: list[str] = []
    untranslated: dict[str, str] = {}
    cut: dict[str, str] = {}
    count = 0

    def look(console: Console, name: str) -> None:
        nonlocal count
        screens.append(name)
        for widget, text in texts_of(console.window):
            count += 1
            if not is_known(_QUOTED.sub("", bare(text))) and is_ours(widget):
                untranslated.setdefault(text, f"{name}, {widget.objectName() or type(widget).__name__}")
        console.window.resize(*SIZE)
        for misfit in settled(console):
            cut.setdefault(misfit, name)
        if pictures:
            console.window.grab().save(str(folder / f"{name}.png"))

    studio = scenery.Studio(folder)
    every_screen.visit_every_screen(studio, look)
    studio.close()
    found = {"screens": screens, "texts": count, "untranslated": untranslated, "cut": cut}
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--pictures" in sys.argv)
