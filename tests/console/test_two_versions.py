"""Two versions of one report: both kept, either gone on with, and never one written into the other."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from console.app import Console
from console.models.versions import Other
from console.recovering import TWO_VERSIONS
from shared.store.schema import report
from tests.support.drafts import begin, files, kept, opened, reports, saved
from tests.support.organisation import HANDLER

Find = Callable[[Console, str], Any]


@pytest.fixture
def pace(quick: Any) -> Any:
    return quick(keep_after_ms=40)


@pytest.fixture
def two(signed_in: Callable[..., Console], service: Any, pace: Any, qtbot: Any) -> tuple[Console, Console]:
    """One person's draft open at two consoles: `here` goes on from a revision that `there` has saved over."""
    here = signed_in(HANDLER, pace)
    begin(here, "in the beginning")
    saved(here, qtbot)
    there = signed_in(HANDLER, pace, "another computer")
    qtbot.waitUntil(lambda: len(there.review.own_open) == 1, timeout=20_000)
    there.drafting.open(there.review.own_open[0].id)
    opened(there, "in the beginning", qtbot)
    there.report.answer("what", "written there")
    saved(there, qtbot)
    return here, there


def test_a_version_saved_elsewhere_is_kept_before_it_is_saved_over(
    two: tuple[Console, Console], service: Any, control: Find, tmp_path: Path, qtbot: Any
) -> None:
    here, _ = two

    here.report.answer("what", "written here")

    qtbot.waitUntil(lambda: here.safekeeping.versions.other is Other.ELSEWHERE, timeout=20_000)
    saved(here, qtbot)
    assert here.report.content["what"] == "written here"
    qtbot.waitUntil(lambda: len(files(tmp_path)) == 1, timeout=20_000)
    assert "two versions" in control(here, "versions.words").text()
    assert control(here, "versions.words").isVisible()


def test_the_other_version_is_one_key_away_and_back_again(
    two: tuple[Console, Console], control: Find, tmp_path: Path, qtbot: Any
) -> None:
    here, _ = two
    here.report.answer("what", "written here")
    qtbot.waitUntil(lambda: here.safekeeping.versions.other is Other.ELSEWHERE, timeout=20_000)
    saved(here, qtbot)

    control(here, "action.other_version").click()
    opened(here, "written there", qtbot)
    saved(here, qtbot)
    assert control(here, "field.what").toPlainText() == "written there"
    control(here, "action.other_version").click()

    opened(here, "written here", qtbot)
    saved(here, qtbot)
    qtbot.waitUntil(lambda: len(files(tmp_path)) == 1, timeout=20_000)


def test_the_other_version_goes_once_one_is_submitted(two: tuple[Console, Console], tmp_path: Path, qtbot: Any) -> None:
    here, _ = two
    here.report.answer("what", "written here")
    qtbot.waitUntil(lambda: here.safekeeping.versions.other is Other.ELSEWHERE, timeout=20_000)
    saved(here, qtbot)

    here.drafting.submitted.emit()

    qtbot.waitUntil(lambda: files(tmp_path) == [], timeout=20_000)


def test_a_kept_draft_is_never_sent_over_a_newer_version(
    two: tuple[Console, Console], signed_in: Callable[..., Console], service: Any, pace: Any, control: Find, qtbot: Any
) -> None:
    here, there = two
    there.close()
    service.go_away()
    here.report.answer("what", "written while away")
    kept(here, qtbot)
    here.close()
    service.come_back()

    again = signed_in(HANDLER, pace)

    opened(again, "written there", qtbot)
    qtbot.waitUntil(lambda: again.safekeeping.versions.other is Other.HERE, timeout=20_000)
    assert again.line.notice == TWO_VERSIONS
    control(again, "action.other_version").click()
    opened(again, "written while away", qtbot)
    assert len(reports(service)) == 1


def test_a_version_that_cannot_be_kept_is_not_saved_over(
    two: tuple[Console, Console], control: Find, tmp_path: Path, qtbot: Any
) -> None:
    here, there = two
    rmtree(tmp_path / "console" / "drafts", ignore_errors=True)
    (tmp_path / "console" / "drafts").write_bytes(b"in the way")

    here.report.answer("what", "written here")

    qtbot.waitUntil(lambda: "cannot be kept" in control(here, "report.status").text(), timeout=20_000)
    there.drafting.put_away()
    there.drafting.open(there.review.own_open[0].id)
    opened(there, "written there", qtbot)


def test_a_text_whose_report_has_moved_on_becomes_a_draft_of_its_own(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    here = signed_in(HANDLER, pace)
    begin(here, "in the beginning")
    saved(here, qtbot)
    service.go_away()
    here.report.answer("what", "added while away")
    kept(here, qtbot)
    here.close()
    with service.store.begin() as tx:
        tx.execute(report.update().values(state="in_review"))
    service.come_back()

    again = signed_in(HANDLER, pace)

    opened(again, "added while away", qtbot)
    assert sorted(row.state for row in reports(service)) == ["draft", "in_review"]
