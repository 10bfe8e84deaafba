"""What the console says can be said in another language: all of it, with nothing lost on the way."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from console.opening import speak_in_qt
from console.translation import ENGLISH, languages, ntr, said, speak, tr
from shared.domain.errors import Refusal
from shared.filled import Filled
from shared.sealing.errors import SealingError
from tests.support.pseudo import in_brackets, write_pseudo
from tests.texts import DOMAIN, bring_up_to_date, catalogues, finished, misplaced, template

CONSOLE = Path("console")

# Said before a language is chosen, to whoever sets a console up; or no text at all.
BEFORE = ("settings.py", "opening.py")
NO_TEXTS = ("style/sheet.py", "style/tokens.py", "leavings.py", "translation.py", "actions.py")
PLAIN = {
    "unknown form",  # an error of ours, never shown
    " is repeated",  # the same
    "Candour keys.pdf",  # the name of a file
    "d MMMM yyyy",  # Qt's, which names the months itself
    "{name}: {state}",  # nothing but what is filled in
    "Candour",
    "Cymraeg",  # a language's own name
    *("GET", "POST", "PUT", "DELETE", "GB", "PDF", "CSV", "JSON", "AEIOU"),
    *("Return", "Enter"),  # names of keys
    *("Row", "Result", "Layout", "BoxEditor", "Editor", "GrowingText", "TextEditor"),  # of types
}
# What is looked up by its value: the table of actions, and sentences that come from elsewhere.
LOOKED_UP = {"tr(action.words)", "tr(action.accessible)"}
_LIKE_A_SENTENCE = re.compile(r"[^\W\d_]{2,}.*\s\S*[^\W\d_]|^[A-Z][^\W\d_]+[^\w]*$|[^\W\d_]{2,}…$", re.DOTALL)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak(ENGLISH)


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(CONSOLE.rglob("*.py")):
        yield path.relative_to(CONSOLE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(module: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def not_text(module: ast.Module) -> set[int]:
    """Strings that nobody is shown: docstrings, annotations, and those that are marked."""
    parts: list[ast.AST] = [*calls(module, "tr", "ntr", "Signal", "cast")]
    for node in ast.walk(module):
        match node:
            case ast.Expr(value=ast.Constant()):
                parts.append(node)
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=annotation) if annotation is not None:
                parts.append(annotation)
            case ast.FunctionDef(returns=returns) if returns is not None:
                parts.append(returns)
    return {id(inside) for part in parts for inside in ast.walk(part)}


def unmarked(module: ast.Module) -> Iterator[str]:
    passed = not_text(module)
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in passed and _LIKE_A_SENTENCE.search(text):
                yield text


def test_every_sentence_in_the_console_is_marked_as_a_text() -> None:
    found = {
        (name, text)
        for name, module in modules()
        if name not in (*BEFORE, *NO_TEXTS)
        for text in unmarked(module)
        if text not in PLAIN
    }

    assert not found, "wrap these in tr(…), with what varies as {places} for .format"


def test_every_text_is_written_where_it_is_marked_so_that_it_can_be_gathered() -> None:
    found = {
        ast.unparse(call)
        for name, module in modules()
        if name != "translation.py"
        for call in calls(module, "tr", "ntr")
        for text in call.args[: 1 if isinstance(call.func, ast.Name) and call.func.id == "tr" else 2]
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str))
    }

    assert found == LOOKED_UP


def test_nothing_that_has_texts_is_imported_before_the_language_is_chosen() -> None:
    program = "import sys, console.opening; print(*(name for name in sys.modules if name.startswith('console.')))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    files = {name.removeprefix("console.").replace(".", "/") + ".py" for name in loaded}
    assert {name for name, module in modules() if name in files and any(calls(module, "tr", "ntr"))} == {
        "translation.py"
    }


def test_qt_s_own_few_words_are_in_the_language_too_where_qt_has_them(qapp: QApplication) -> None:
    before = QLocale()

    speak_in_qt(qapp, "de")
    german = QCoreApplication.translate("QWidgetTextControl", "&Copy")
    months = QLocale().monthName(3)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
    speak_in_qt(qapp, ENGLISH)

    assert (german, months) == ("&Kopieren", "März")
    assert QLocale().name() == "en_GB"
    QLocale.setDefault(before)


def test_every_catalogue_says_what_its_texts_need_and_is_ready_as_it_stands() -> None:
    for language, catalogue in catalogues().items():
        path = CONSOLE / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
        assert [message.id for message in catalogue if message.id and misplaced(message)] == [], language
        assert (path.read_bytes() if path.exists() else None) == finished(catalogue), "make texts"


@pytest.mark.parametrize(
    ("text", "translation", "lost"),
    [
        ("Sign {name} out", "Allgofnodi {name}", False),
        ("{by} asks {whom}", "{whom}: {by}", False),
        ("Sign {name} out", "Allgofnodi", True),
        ("Sign {name} out", "Allgofnodi {enw}", True),
        (("{count} place", "{count} places"), ("{count} lle", "{count} o leoedd"), False),
        (("One asks {unit}", "{count} ask {unit}"), ("Un: {unit}", "{count}: {unit}"), False),
        (("One asks {unit}", "{count} ask {unit}"), ("Un: {unit}", "{count}"), True),
    ],
)
def test_what_is_filled_in_has_its_place_in_every_translation(
    text: str | tuple[str, str], translation: str | tuple[str, ...], lost: bool
) -> None:
    assert misplaced(Message(text, translation)) is lost


def test_a_language_is_spoken_once_a_text_of_it_is_finished_and_english_where_none_is(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path, ["cy"])
    path = tmp_path / "cy" / "LC_MESSAGES" / f"{DOMAIN}.po"
    begun = languages(tmp_path)
    text = path.read_text(encoding="utf-8")
    text = text.replace('msgid "Sign in"\nmsgstr ""', 'msgid "Sign in"\nmsgstr "Mewngofnodi"')
    text = text.replace('msgid "Hold"\nmsgstr ""', '#, fuzzy\nmsgid "Hold"\nmsgstr "Dal"')
    path.write_text(text, encoding="utf-8")

    bring_up_to_date(tmp_path)

    assert (begun, languages(tmp_path)) == (("en",), ("en", "cy"))
    speak("cy", tmp_path)
    assert (tr("Sign in"), tr("Hold"), tr("")) == ("Mewngofnodi", "Hold", "")
    assert ntr("{count} to do", "{count} to do", 2) == "{count} to do"
    speak(ENGLISH)
    assert tr("Sign in") == "Sign in"


def test_what_the_service_and_the_forms_checks_have_worded_is_looked_up_too(tmp_path: Path) -> None:
    write_pseudo(tmp_path)
    speak("pseudo", tmp_path)

    taken = "A colleague has just taken this call."
    room = Filled("There is room for {limit} at most.", limit=8)

    assert said(taken) == in_brackets(taken)
    assert said(room) == in_brackets(room.template).format(limit=8)
    assert said("Worded by nobody here.") == "Worded by nobody here."


def test_texts_are_gathered_with_their_numbers_the_table_of_actions_and_every_refusal() -> None:
    drawn = template()
    texts = {message.id for message in drawn if isinstance(message.id, str)}
    words = {kind.sentence for kind in kinds(Refusal)} | {kind.words for kind in kinds(SealingError)}

    assert drawn.get(("{count} place could point to a person", "{count} places could point to a person"))
    assert {"Sign in", "Answer the call that is offered", "There is nothing at this address."} <= texts
    assert len(words) > 80 and words <= texts


def kinds(kind: Any) -> Iterator[Any]:
    """Those of the service, the console and what both are made of, but not of what a force has."""
    for one in kind.__subclasses__():
        if one.__module__.startswith(("shared.domain", "shared.sealing", "ivr.desk", "console")):
            yield one
        yield from kinds(one)


@pytest.mark.timeout(300)  # seven consoles, and every screen of each
def test_no_screen_has_a_text_that_is_not_translated_and_none_is_cut_where_texts_are_longer(tmp_path: Path) -> None:
    write_pseudo(tmp_path / "catalogues")

    walk = subprocess.run(
        [sys.executable, "-m", "tests.support.in_pseudo", str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert walk.returncode == 0, walk.stderr
    found = json.loads(walk.stdout)
    assert len(found["screens"]) > 30 and found["texts"] > 10_000
    assert found["untranslated"] == {}
    assert found["cut"] == {}
