"""A real desk on a loopback port, an organisation to sign in to, and consoles that are quick about everything."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from console.app import Console, Pace, build_console
from console.settings import ConsoleSettings
from shared.store.database import Store
from tests.support.organisation import CHEAP, found_organisation
from tests.support.running_desk import RunningDesk

QUICK = Pace(deadline_ms=3_000, save_after_ms=30, retry_ms=60, back_off_ms=(40, 80), floor=CHEAP, reference_cost=CHEAP)


@pytest.fixture
def quick() -> Callable[..., Pace]:
    """The quick pace, with something changed."""
    return lambda **changed: replace(QUICK, **changed)


@pytest.fixture
def now() -> Callable[[], datetime]:
    return lambda: datetime.now(UTC).replace(year=2026, month=3, day=10)


@pytest.fixture
def service(sqlite_store: Store, now: Callable[[], datetime]) -> Iterator[RunningDesk]:
    running = RunningDesk(sqlite_store, now, found_organisation(sqlite_store))
    running.come_back()
    yield running
    running.go_away()


@pytest.fixture
def open_console(
    qapp: QApplication, service: RunningDesk, now: Callable[[], datetime], tmp_path: Path
) -> Iterator[Callable[..., Console]]:
    opened: list[Console] = []
    gc.freeze()  # at the end only what this test made is looked through

    def open_one(pace: Pace = QUICK, computer: str = "console") -> Console:
        settings = ConsoleSettings(service.url, service.organisation.root.public, tmp_path / computer)
        console = build_console(settings, now, pace)
        console.window.resize(1440, 900)
        console.window.show()
        console.window.activateWindow()
        opened.append(console)
        return console

    yield open_one
    for console in opened:
        console.close()
        console.window.deleteLater()
        _let_go(console)
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    opened.clear()
    gc.collect()
    gc.unfreeze()


def _let_go(console: Console) -> None:
    """Delete what Qt holds of a console's parts: functions connected to their signals keep them alive otherwise."""
    seen: set[int] = set()
    parts: list[object] = [console]
    while parts:
        part = parts.pop()
        if id(part) in seen or not type(part).__module__.startswith("console."):
            continue
        seen.add(id(part))
        parts.extend(getattr(part, "__dict__", {}).values())
        if isinstance(part, QObject) and isValid(part):
            part.deleteLater()


@pytest.fixture
def signed_in(open_console: Callable[..., Console], service: RunningDesk, qtbot: Any) -> Callable[..., Console]:
    def sign_in(name: str, pace: Pace = QUICK, computer: str = "console") -> Console:
        console = open_console(pace, computer)
        member = service.organisation.members[name]
        console.signing_in.begin(name, member.passphrase)
        qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)
        return console

    return sign_in


@pytest.fixture
def control() -> Callable[[Console, str], Any]:
    """Finds the one widget of an object name."""

    def find(console: Console, name: str) -> Any:
        found = console.window.findChildren(QWidget, name)
        assert len(found) == 1, f"{len(found)} widgets are called {name}"
        return found[0]

    return find
