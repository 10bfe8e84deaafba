"""What a person does with a draft at a console, and what is left of it on the disk and in the store."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from console.app import Console
from console.models.report import SaveState
from shared.store.schema import report


def begin(console: Console, text: str = "") -> None:
    console.drafting.begin_without_call()
    if text:
        console.report.answer("what", text)


def saved(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.report.state is SaveState.SAVED and not console.report.is_unsaved, timeout=20_000)


def kept(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.report.is_kept, timeout=20_000)


def files(tmp_path: Path, computer: str = "console") -> list[Path]:
    return list((tmp_path / computer / "drafts").glob("*"))


def reports(service: Any) -> list[Any]:
    with service.store.read() as tx:
        return list(tx.execute(select(report)).all())


def opened(console: Console, text: str, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: console.report.content.get("what") == text, timeout=20_000)
