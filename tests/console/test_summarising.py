"""Summaries in the console: looked at by supervisors, the same figures as the service's, put away as a file."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCalendarWidget
from sqlalchemy import insert

from console.app import Console
from console.appearance import Appearance
from console.models.summary import LARGE
from shared.domain.vocabulary import CallOutcome, Channel, Dimension
from shared.store.columns import random_id
from shared.store.schema import day_count, finished_call
from shared.summary.periods import Span, of
from shared.summary.sheet import Edition
from shared.summary.since_launch import Launch, since_launch_sheet
from tests.support.fitting import what_does_not_fit
from tests.support.organisation import HANDLER, SUPERVISOR
from tests.support.running_desk import LAUNCH

Find = Callable[[Console, str], Any]
WAIT = 20_000


def came(service: Any, day: date, n: int) -> None:
    row = {
        "day": day, "hour_start": datetime(day.year, day.month, day.day, 14, tzinfo=UTC),
        "outcome": CallOutcome.ANSWERED, "offered": True,
    }  # fmt: skip
    with service.store.begin() as tx:
        tx.execute(insert(finished_call), [{"id": random_id(), **row} for _ in range(n)])


@pytest.fixture
def looking(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> Console:
    """A supervisor's console with yesterday's summary on it: seven calls, all answered."""
    console = signed_in(SUPERVISOR)
    came(service, console.office.summary.day, 7)
    console.office.open_summary()
    qtbot.waitUntil(lambda: console.office.summary.sheet is not None, timeout=WAIT)
    return console


def test_yesterday_is_shown_with_its_figures_bars_and_tables(looking: Console, control: Find) -> None:
    summary = looking.office.summary

    assert [one.value for one in summary.large()][:2] == ["7", "7"]
    assert len(summary.large()) == len(LARGE)
    assert sum(bar.whole for bar in summary.bars("hour")) == 7
    assert "INTERNAL" in control(looking, "summary.marking").text()
    assert "14:00" in control(looking, "summary.hour").accessibleName()
    assert control(looking, "summary.table").rowCount() > 0


def test_every_table_of_the_sheet_can_be_read(looking: Console, control: Find) -> None:
    box, table = control(looking, "summary.section"), control(looking, "summary.table")
    shown = {}

    for place in range(box.count()):
        box.setCurrentIndex(place)
        shown[box.itemText(place)] = {table.item(row, 0).text() for row in range(table.rowCount())}

    rows = looking.office.summary.sheet.rows
    of = {(row.section, row.of): row for row in rows}
    assert set(shown) == {row.section.replace("_", " ") for row in rows}
    assert {title: len(names) for title, names in shown.items()} == {
        title: sum(1 for section, _ in of if section.replace("_", " ") == title) for title in shown
    }
    assert "Calls, as published" in shown["measure"]
    assert "Kent Police" in shown["force"]


def test_another_period_is_asked_for_and_the_last_answer_shown(looking: Console, control: Find, qtbot: Any) -> None:
    summary = looking.office.summary
    control(looking, "summary.span").setCurrentIndex(2)
    control(looking, "summary.span").activated.emit(2)

    control(looking, "summary.before").click()

    qtbot.waitUntil(lambda: "(month)" in summary.sheet.title, timeout=WAIT)
    assert summary.span is Span.MONTH
    qtbot.waitUntil(lambda: f"{summary.period.first.day} " in summary.sheet.title, timeout=WAIT)


def test_any_period_begins_as_the_one_before_and_steps_by_its_own_length(
    looking: Console, control: Find, qtbot: Any
) -> None:
    summary, span, last = looking.office.summary, control(looking, "summary.span"), control(looking, "summary.last")
    summary.choose(Span.WEEK, date(2026, 3, 4), Edition.INTERNAL)
    hidden_before = not last.isVisible()

    span.setCurrentIndex(span.findData(Span.PERIOD.value))
    span.activated.emit(span.currentIndex())
    began_as = (summary.day, summary.last)
    typed(qtbot, last, "10/3/2026")
    qtbot.waitUntil(lambda: summary.sheet is not None and "10 March" in summary.sheet.title, timeout=WAIT)
    control(looking, "summary.before").click()
    stepped = (summary.day, summary.last)
    typed(qtbot, control(looking, "summary.day"), "7 March 2026")

    assert hidden_before and last.isVisible()
    assert began_as == (date(2026, 3, 2), date(2026, 3, 8))
    assert stepped == (date(2026, 2, 21), date(2026, 3, 1))
    assert (summary.day, summary.last) == (date(2026, 3, 7), date(2026, 3, 7))  # it never ends before it begins


def typed(qtbot: Any, box: Any, words: str) -> None:
    """All of it marked and written over, as fast or as slowly as it may be; then Enter."""
    qtbot.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(box, words)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.fixture
def asked(looking: Console) -> list[date]:
    """The days the service is asked for from now on."""
    days: list[date] = []
    looking.office.summary.wanted.connect(lambda: days.append(looking.office.summary.day))
    return days


def test_a_day_is_typed_as_people_write_it_and_asked_for_once_it_is_finished(
    looking: Console, control: Find, qtbot: Any, asked: list[date]
) -> None:
    box, notice = control(looking, "summary.day"), control(looking, "summary.notice")
    before = looking.office.summary.day

    for words in ("25 October 2025", "26/10/2025", "2025-10-27", "28th oct 2025"):
        typed(qtbot, box, words)
    finished = list(asked)
    typed(qtbot, box, "31/02/2026")
    refused = notice.text()
    qtbot.keyClick(box, Qt.Key.Key_Escape)

    assert finished == [date(2025, 10, day) for day in (25, 26, 27, 28)]
    assert before not in finished
    assert "“31/02/2026” was not read as a day" in refused
    assert box.currentText() == "28 October 2025"
    assert not notice.isVisible()
    assert asked == finished


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the screen that is not there
def test_arrows_turn_the_part_the_cursor_is_in_and_the_calendar_opens(
    looking: Console, control: Find, qtbot: Any, asked: list[date]
) -> None:
    box = control(looking, "summary.day")
    typed(qtbot, box, "31 January 2026")

    qtbot.keyClick(box, Qt.Key.Key_Up)
    box.lineEdit().setCursorPosition(3)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = box.findChild(QCalendarWidget)
    opened = (calendar.isVisible(), calendar.selectedDate(), calendar.accessibleName())
    calendar.clicked.emit(QDate(2026, 1, 9))

    assert asked == [date(2026, 1, 31), date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 9)]
    assert opened == (True, QDate(2026, 1, 1), "A day of the period")
    assert not calendar.isVisible()
    assert box.lineEdit().accessibleName() == box.accessibleName() == "A day of the period"


def test_what_may_not_leave_is_said_in_words(looking: Console, control: Find, qtbot: Any) -> None:
    looking.office.summary.choose(Span.DAY, looking.office.summary.day, Edition.EXTERNAL)

    qtbot.waitUntil(lambda: looking.office.summary.sheet is None, timeout=WAIT)

    assert "by the calendar month" in control(looking, "summary.notice").text()
    for name in ("every", "section", "table", "save.csv"):
        assert not control(looking, f"summary.{name}").isVisible(), name


def test_for_outside_there_are_tables_and_no_heading_without_its_bars(
    looking: Console, control: Find, qtbot: Any, service: Any
) -> None:
    summary = looking.office.summary
    month = of(Span.MONTH, summary.day).before()
    came(service, month.first, 40)
    drawn = ("hour", "over.hour", "reports", "over.reports", "legend")
    assert all(control(looking, f"summary.{name}").isVisible() for name in drawn)

    summary.choose(Span.MONTH, month.first, Edition.EXTERNAL)
    qtbot.waitUntil(lambda: summary.sheet is not None and summary.sheet.edition is Edition.EXTERNAL, timeout=WAIT)

    assert not any(control(looking, f"summary.{name}").isVisible() for name in drawn)
    assert control(looking, "summary.table").rowCount() > 0


def count(service: Any, day: date, dimension: Dimension, value: str, n: int) -> None:
    with service.store.begin() as tx:
        tx.execute(insert(day_count), {"day": day, "dimension": dimension, "value": value, "n": n})


def test_the_table_since_the_launch_is_the_commands_own_each_line_with_its_words(
    looking: Console, control: Find, qtbot: Any, service: Any, tmp_path: Path
) -> None:
    summary, day = looking.office.summary, looking.office.summary.day
    count(service, day, Dimension.CHANNEL, Channel.ONLINE, 5)
    count(service, day, Dimension.TAKEN, "metropolitan", 7)
    count(service, day, Dimension.TAKEN, "kent", 2)
    looking.window.dress(Appearance(percent=200).tokens)
    looking.window.resize(1280, 720)
    span = control(looking, "summary.span")

    span.setCurrentIndex(span.findText("Since the launch"))
    span.activated.emit(span.currentIndex())

    qtbot.waitUntil(lambda: bool(summary.published()), timeout=WAIT)
    with service.store.read() as tx:
        theirs = since_launch_sheet(tx, Launch("metropolitan", LAUNCH), day)
    assert [(row.section, row.of, row.figure, row.value) for row in summary.sheet.rows] == list(map(tuple, theirs.rows))
    shown = {line.id: control(looking, f"summary.line.{line.id}").text() for line in summary.published()}
    assert shown == {
        "calls": "7", "online": "5", "passed_on": "9", "first_force": "7", "other_forces": "2", "investigations": "0",
    }  # fmt: skip
    assert "pieces passed on, without those for Metropolitan Police" in summary.published()[4].words
    assert control(looking, "summary.adds_up").text().startswith("9 is not 0 + 2: +7\n")
    qtbot.waitUntil(lambda: what_does_not_fit(looking.window) == [], timeout=5_000)

    looking.office.summarising.papers = lambda: tmp_path
    control(looking, "summary.save.csv").click()
    written = tmp_path / f"candour-internal-launch-{day.isoformat()}.csv"
    qtbot.waitUntil(written.is_file, timeout=WAIT)


def test_nothing_since_the_launch_and_too_few_quarters_for_outside_are_said_in_words(
    looking: Console, control: Find, qtbot: Any
) -> None:
    summary, notice = looking.office.summary, control(looking, "summary.notice")

    summary.choose(None, summary.day.replace(year=2020), Edition.INTERNAL)
    qtbot.waitUntil(lambda: "Nothing has been counted since the launch" in notice.text(), timeout=WAIT)
    summary.choose(None, summary.day, Edition.EXTERNAL)

    qtbot.waitUntil(lambda: "not yet been there to the end of a quarter" in notice.text(), timeout=WAIT)
    assert not control(looking, "summary.launch").isVisible()


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "text", "json"])
def test_a_file_is_put_where_documents_are(
    looking: Console, control: Find, qtbot: Any, tmp_path: Path, form: str
) -> None:
    looking.office.summarising.papers = lambda: tmp_path

    control(looking, f"summary.save.{form}").click()
    qtbot.waitUntil(lambda: control(looking, "summary.notice").text().startswith("Written to"), timeout=WAIT)

    [path] = [path for path in tmp_path.iterdir() if path.name.startswith("candour-internal-day-")]
    assert path.stat().st_size > 0


def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_named(
    looking: Console, control: Find, qtbot: Any, tmp_path: Path
) -> None:
    notice, made, barred = control(looking, "summary.notice"), tmp_path / "people" / "Documents", tmp_path / "a file"
    barred.write_text("in the way")

    looking.office.summarising.papers = lambda: made
    control(looking, "summary.save.csv").click()
    qtbot.waitUntil(lambda: str(made) in notice.text(), timeout=WAIT)
    looking.office.summarising.papers = lambda: barred / "Documents"
    control(looking, "summary.save.csv").click()

    qtbot.waitUntil(lambda: "could not be written" in notice.text(), timeout=WAIT)
    assert len(list(made.iterdir())) == 1
    assert str(barred / "Documents") in notice.text()


def test_nothing_of_it_is_left_after_signing_out(looking: Console, control: Find, qtbot: Any) -> None:
    looking.signing_in.end()

    qtbot.waitUntil(lambda: looking.office.summary.sheet is None, timeout=WAIT)
    assert control(looking, "summary.table").rowCount() == 0
    assert not control(looking, "summary").isVisible()


def test_a_handler_has_no_figures(signed_in: Callable[..., Console]) -> None:
    console = signed_in(HANDLER)

    console.office.open_summary()

    assert not console.office.summary_view.isVisible()
    assert not any(way.isEnabled() for way in console.window.findChildren(QShortcut, "way.summary"))
