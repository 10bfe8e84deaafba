"""A reference for ringing again, from the offer to the second call: its words are shown once and are nowhere after."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from console.app import Console
from console.models.reference import FOUND, TAKEN, Step
from console.referring import FIELD
from shared.store.schema import reference
from tests.support.organisation import HANDLER, SECOND_HANDLER

Find = Callable[[Console, str], Any]


@pytest.fixture
def console(signed_in: Callable[..., Console]) -> Console:
    made = signed_in(HANDLER)
    made.drafting.begin_without_call()
    made.window.show_desk()
    return made


def at(console: Console, step: Step, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.reference.step is step, timeout=20_000)


def read_out(console: Console, control: Find, qtbot: Any) -> str:
    control(console, "action.give_reference").click()
    at(console, Step.READING, qtbot)
    words: str = control(console, "reference.words").text()
    return words


def kept(service: Any) -> list[Any]:
    with service.store.read() as tx:
        return list(tx.execute(select(reference)).all())


def everything_shown(console: Console) -> str:
    from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

    window = console.window
    labels = [label.text() for label in window.findChildren(QLabel)]
    lines = [line.text() for line in window.findChildren(QLineEdit)]
    return "\n".join([*labels, *lines, *(text.toPlainText() for text in window.findChildren(QPlainTextEdit))])


def is_in(words: str, text: str) -> bool:
    """Whether any two of them stand together, however parted; one alone may be a word of the text's own."""
    return any(re.search(rf"\b{first}\W{{1,6}}{second}\b", text) for first, second in pairwise(words.split()))


def test_a_reference_is_offered_from_the_first_second_of_a_report(console: Console, control: Find) -> None:
    assert control(console, "action.give_reference").isVisible()
    assert control(console, "action.refuse_reference").isVisible()


def test_its_words_are_read_out_and_the_report_gets_its_mark(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    words = read_out(console, control, qtbot)

    control(console, "action.confirm_reference").click()

    assert len(words.split()) == 5
    assert control(console, "reference.hint").text() == TAKEN
    assert control(console, f"field.{FIELD}").text() == console.report.content[FIELD]
    assert len(kept(service)) == 1


def test_its_words_are_shown_once_and_are_nowhere_after(console: Console, control: Find, qtbot: Any) -> None:
    words = read_out(console, control, qtbot)

    control(console, "action.confirm_reference").click()

    assert not is_in(words, everything_shown(console))
    assert console.reference.words == ()
    assert not is_in(words, str(console.report.content))


def test_the_service_never_gets_the_words_or_the_mark(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    words = read_out(console, control, qtbot)
    control(console, "action.confirm_reference").click()
    qtbot.waitUntil(lambda: console.report.stored is not None and not console.report.is_unsaved, timeout=20_000)

    with service.store.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())

    assert not is_in(words, dump)
    assert console.report.content[FIELD] not in dump


def test_a_caller_who_wants_none_is_not_asked_again(console: Console, service: Any, control: Find, qtbot: Any) -> None:
    read_out(console, control, qtbot)

    control(console, "action.refuse_reference").click()

    assert not control(console, "reference.hint").isVisible()
    assert not console.report.content.get(FIELD)
    qtbot.waitUntil(lambda: kept(service) == [], timeout=20_000)


def test_a_caller_who_rings_again_marks_the_new_report_like_the_old_one(
    console: Console, signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    words = read_out(console, control, qtbot)
    control(console, "action.confirm_reference").click()
    later = signed_in(SECOND_HANDLER)
    later.drafting.begin_without_call()
    later.window.show_desk()

    control(later, "action.enter_reference").click()
    qtbot.keyClicks(control(later, "reference.entry"), words.upper())
    qtbot.keyClick(control(later, "reference.entry"), "\r")

    at(later, Step.MARKED, qtbot)
    assert control(later, "reference.hint").text() == FOUND
    assert later.report.content[FIELD] == console.report.content[FIELD]
    assert control(later, "reference.entry").text() == ""


def test_a_wrong_reference_is_said_calmly_and_can_be_tried_again(console: Console, control: Find, qtbot: Any) -> None:
    control(console, "action.enter_reference").click()
    qtbot.keyClicks(control(console, "reference.entry"), "acorn acorn acorn acorn acorn")
    qtbot.keyClick(control(console, "reference.entry"), "\r")

    qtbot.waitUntil(lambda: "No reference has these words" in console.reference.hint, timeout=20_000)
    assert control(console, "reference.entry").isEnabled()
    assert not console.report.content.get(FIELD)


def test_a_service_that_is_away_gives_no_reference_and_says_so(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.go_away()

    control(console, "action.give_reference").click()

    qtbot.waitUntil(lambda: "cannot be reached" in console.reference.hint, timeout=20_000)
    assert console.reference.step is Step.OFFER


def test_nothing_of_a_reference_stays_for_the_next_caller(console: Console, control: Find, qtbot: Any) -> None:
    words = read_out(console, control, qtbot)

    console.drafting.put_away()

    assert console.reference.step is Step.CLOSED
    assert words not in everything_shown(console)
