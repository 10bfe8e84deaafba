"""A unit's question through real consoles: read by a supervisor, put to the caller with that mark and to no other."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from console.app import Console
from console.models.questions import EMPTY
from console.models.reference import FOUND, FOUND_AND_ASKED, Step
from shared.domain.questions import take_question
from shared.sealing.questions import Question, seal_question
from shared.store.schema import question
from tests.support.organisation import HANDLER, KENT, SUPERVISOR

Find = Callable[[Console, str], Any]
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
TEXT = "Which of the two gates did the car use?"
OTHER = "Was it before or after the inspection?"


def _asks(service: Any, mark: str, text: str) -> None:
    unit, organisation = service.organisation.units[KENT], service.organisation
    sealed = seal_question(Question(mark, text), KENT, organisation.directory.supervisors_key(), unit.answers)
    with service.store.begin() as tx:
        take_question(tx, KENT, sealed, NOW)


def _gives_a_reference(console: Console, control: Find, qtbot: Any) -> tuple[str, str]:
    """The words that are read out, and the mark in the report."""
    console.drafting.begin_without_call()
    console.window.show_desk()
    control(console, "action.give_reference").click()
    qtbot.waitUntil(lambda: console.reference.step is Step.READING, timeout=20_000)
    words = control(console, "reference.words").text()
    control(console, "action.confirm_reference").click()
    return words, str(console.report.content["follow_up"])


def _rings_again(console: Console, words: str, control: Find, qtbot: Any) -> None:
    console.drafting.forget()
    console.drafting.begin_without_call()
    control(console, "action.enter_reference").click()
    qtbot.keyClicks(control(console, "reference.entry"), words)
    qtbot.keyClick(control(console, "reference.entry"), "\r")
    qtbot.waitUntil(lambda: console.reference.step is Step.MARKED, timeout=20_000)


def test_a_question_is_read_first_and_then_put_to_the_caller_it_is_for(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    handler, supervisor = signed_in(HANDLER), signed_in(SUPERVISOR, computer="second")
    words, mark = _gives_a_reference(handler, control, qtbot)
    _asks(service, mark, TEXT)
    _asks(service, "AAAA-BBBB", OTHER)

    supervisor.questioning.open()
    qtbot.waitUntil(lambda: len(supervisor.questioning.model.rows) == 2, timeout=20_000)
    shown = control(supervisor, "questions.list")
    rows = [shown.item(row).text() for row in range(2)]
    _rings_again(handler, words, control, qtbot)
    too_early = control(handler, "reference.questions").text()
    for left in (1, 0):
        control(supervisor, "questions.accept").click()
        qtbot.waitUntil(lambda left=left: len(supervisor.questioning.model.rows) == left, timeout=20_000)
    _rings_again(handler, words, control, qtbot)
    qtbot.waitUntil(lambda: bool(handler.reference.questions), timeout=20_000)

    assert sorted(row.splitlines()[1] for row in rows) == sorted([TEXT, OTHER])
    assert not any(mark in row for row in rows)
    assert (too_early, supervisor.questioning.model.summary) == ("", EMPTY)
    assert control(handler, "reference.questions").text() == TEXT
    assert control(handler, "reference.hint").text() == FOUND_AND_ASKED
    assert TEXT not in str(handler.report.content)
    with service.store.read() as tx:  # nothing says that it was put
        assert [row.state.value for row in tx.execute(select(question))] == ["accepted", "accepted"]
    handler.drafting.forget()
    assert control(handler, "reference.questions").text() == ""


def test_a_rejected_question_is_put_to_nobody(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    handler, supervisor = signed_in(HANDLER), signed_in(SUPERVISOR, computer="second")
    words, mark = _gives_a_reference(handler, control, qtbot)
    _asks(service, mark, TEXT)

    supervisor.questioning.open()
    qtbot.waitUntil(lambda: len(supervisor.questioning.model.rows) == 1, timeout=20_000)
    control(supervisor, "questions.reject").click()
    qtbot.waitUntil(lambda: supervisor.questioning.model.summary == EMPTY, timeout=20_000)
    _rings_again(handler, words, control, qtbot)

    assert control(handler, "reference.hint").text() == FOUND
    assert handler.questioning.view.isVisible() is False
    with service.store.read() as tx:
        assert tx.execute(select(question.c.sealed)).scalar_one() is None
