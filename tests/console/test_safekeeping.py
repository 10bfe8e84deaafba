"""Drafts that cannot be lost: kept here while the service is away, home after a kill, and never two made into one."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from console.app import Console
from console.drafts_on_disk import DraftFolder, new_name
from console.keeping import KEEP_AFTER_MS
from console.link import PendingCall
from console.models.report import KEPT_AWAY, SaveState
from console.recovering import NOT_TAKEN, RECOVERED, UNREADABLE
from console.saving import RETRY_MS, SAVE_AFTER_MS
from shared.domain.vocabulary import Role
from shared.store.schema import person_role
from tests.support.drafts import begin, files, kept, opened, reports, saved
from tests.support.organisation import BOTH, HANDLER, SECOND_HANDLER

Find = Callable[[Console, str], Any]


@pytest.fixture
def pace(quick: Any) -> Any:
    return quick(keep_after_ms=40)


def end(console: Console, qtbot: Any) -> None:
    """As a kill does: with nothing on its way that could arrive once the service is back."""
    qtbot.waitUntil(lambda: not console.link.findChildren(PendingCall), timeout=20_000)
    console.close()


# --- kept here --------------------------------------------------------------------------------------------------------


def test_what_is_typed_while_the_service_is_away_is_on_this_computer_within_three_seconds(
    signed_in: Callable[..., Console], service: Any, quick: Any, control: Find, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(save_after_ms=SAVE_AFTER_MS, retry_ms=RETRY_MS, keep_after_ms=KEEP_AFTER_MS))
    begin(console)
    service.go_away()
    began = time.monotonic()

    qtbot.keyClicks(control(console, "field.what"), "needle")

    kept(console, qtbot)
    assert time.monotonic() - began < 3
    qtbot.waitUntil(lambda: control(console, "report.status").text() == KEPT_AWAY, timeout=20_000)
    assert len(files(tmp_path)) == 1
    assert b"needle" not in files(tmp_path)[0].read_bytes()


def test_what_the_service_has_is_not_kept_here(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "while away")
    kept(console, qtbot)

    service.come_back()

    saved(console, qtbot)
    qtbot.waitUntil(lambda: files(tmp_path) == [], timeout=20_000)


def test_a_report_that_is_kept_here_may_be_put_away_for_the_next(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "the first caller's")
    kept(console, qtbot)

    begin(console, "the second caller's")

    kept(console, qtbot)
    assert len(files(tmp_path)) == 2
    assert console.report.content["what"] == "the second caller's"


def test_trouble_with_the_disk_is_said_in_words_and_the_text_stays(
    signed_in: Callable[..., Console], service: Any, pace: Any, control: Find, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    (tmp_path / "console" / "drafts").write_bytes(b"in the way")
    service.go_away()

    begin(console)
    qtbot.keyClicks(control(console, "field.what"), "only here")

    qtbot.waitUntil(lambda: "this computer could not" in control(console, "report.status").text(), timeout=20_000)
    assert control(console, "field.what").toPlainText() == "only here"
    (tmp_path / "console" / "drafts").unlink()
    kept(console, qtbot)
    qtbot.waitUntil(lambda: control(console, "report.status").text() == KEPT_AWAY, timeout=20_000)


def test_a_window_closes_once_what_is_in_it_is_kept_here(
    signed_in: Callable[..., Console], service: Any, pace: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "just typed")

    console.window.close()

    qtbot.waitUntil(lambda: not console.window.isVisible(), timeout=20_000)
    assert console.report.is_kept


def test_signing_out_need_not_wait_for_what_is_kept_here_and_leaves_nothing_in_the_form(
    signed_in: Callable[..., Console], service: Any, pace: Any, control: Find, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "just typed")
    kept(console, qtbot)

    control(console, "action.sign_out").click()

    assert console.keyring.keys is None
    assert not console.report.is_open
    assert control(console, "field.what").toPlainText() == ""
    assert len(files(tmp_path)) == 1


# --- home again -------------------------------------------------------------------------------------------------------


def test_what_a_killed_console_kept_is_saved_and_open_again_at_the_next_sign_in(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "typed before the kill")
    kept(console, qtbot)
    end(console, qtbot)
    service.come_back()

    again = signed_in(HANDLER, pace)

    opened(again, "typed before the kill", qtbot)
    assert len(reports(service)) == 1
    assert again.line.notice == RECOVERED
    qtbot.waitUntil(lambda: files(tmp_path) == [], timeout=20_000)


def left_by_a_killed_console(console: Console, service: Any, text: str, qtbot: Any) -> None:
    service.go_away()
    begin(console, text)
    kept(console, qtbot)
    end(console, qtbot)
    service.come_back()


def test_a_supervisor_who_writes_reports_too_gets_theirs_back(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    left_by_a_killed_console(signed_in(BOTH, pace), service, "in both roles", qtbot)

    again = signed_in(BOTH, pace)

    opened(again, "in both roles", qtbot)
    qtbot.waitUntil(lambda: files(tmp_path) == [], timeout=20_000)


def test_one_who_writes_no_reports_any_more_is_told_where_theirs_is(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    left_by_a_killed_console(signed_in(BOTH, pace), service, "as a handler", qtbot)
    with service.store.begin() as tx:
        theirs = person_role.c.person_id == service.organisation.members[BOTH].id, person_role.c.role == Role.HANDLER
        tx.execute(delete(person_role).where(*theirs))

    again = signed_in(BOTH, pace)

    words = NOT_TAKEN.format(sentence="Your role does not include this.")
    qtbot.waitUntil(lambda: again.line.notice == words, timeout=20_000)
    assert len(files(tmp_path)) == 1


def test_every_draft_that_was_kept_comes_home(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    for text in ("one", "two", "three"):
        begin(console, text)
        kept(console, qtbot)
    end(console, qtbot)
    service.come_back()

    again = signed_in(HANDLER, pace)

    qtbot.waitUntil(lambda: len(again.review.own_open) == 3, timeout=20_000)
    qtbot.waitUntil(lambda: files(tmp_path) == [], timeout=20_000)


def test_a_save_whose_answer_was_lost_before_a_kill_makes_no_second_report(
    signed_in: Callable[..., Console], service: Any, quick: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(keep_after_ms=40, retry_ms=60_000))
    service.lose_next_answer()
    begin(console, "first words")
    qtbot.waitUntil(lambda: console.report.state is SaveState.AWAY, timeout=20_000)
    console.report.answer("what", "first words and more")
    kept(console, qtbot)
    end(console, qtbot)
    assert len(reports(service)) == 1

    again = signed_in(HANDLER, quick(keep_after_ms=40))

    opened(again, "first words and more", qtbot)
    assert len(reports(service)) == 1


def test_a_file_nobody_can_read_is_said_and_stops_nothing_else(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "whole")
    kept(console, qtbot)
    end(console, qtbot)
    DraftFolder(tmp_path / "console" / "drafts").write("0" + new_name(), b"torn")
    service.come_back()

    again = signed_in(HANDLER, pace)

    opened(again, "whole", qtbot)
    assert again.line.notice == f"{RECOVERED}\n{UNREADABLE}"
    assert [path.read_bytes() for path in files(tmp_path)] == [b"torn"]


def test_somebody_elses_draft_is_left_alone(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "not for Bryn")
    kept(console, qtbot)
    end(console, qtbot)
    service.come_back()

    other = signed_in(SECOND_HANDLER, pace)

    qtbot.waitUntil(lambda: not other.drafting._held, timeout=20_000)
    assert other.line.notice == ""
    assert len(files(tmp_path)) == 1
    assert reports(service) == []


def test_a_report_is_not_sent_twice_when_its_author_signs_in_again(
    signed_in: Callable[..., Console], service: Any, pace: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, pace)
    service.go_away()
    begin(console, "still here")
    kept(console, qtbot)
    console.signing_in.end("Your session has ended. Please sign in again.")
    service.come_back()

    console.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)

    saved(console, qtbot)
    qtbot.waitUntil(lambda: not console.drafting._held and files(tmp_path) == [], timeout=20_000)
    assert len(reports(service)) == 1


def test_what_was_typed_as_a_session_ended_is_kept_for_its_author_though_another_signs_in(
    signed_in: Callable[..., Console], service: Any, quick: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(keep_after_ms=60_000, save_after_ms=60_000))
    begin(console, "half a sentence")
    console.signing_in.end("Your session has ended. Please sign in again.")

    console.signing_in.begin(SECOND_HANDLER, service.organisation.members[SECOND_HANDLER].passphrase)

    qtbot.waitUntil(lambda: console.line.reached and not console.report.is_open, timeout=20_000)
    qtbot.waitUntil(lambda: len(files(tmp_path)) == 1, timeout=20_000)


# --- without a call ---------------------------------------------------------------------------------------------------


def test_a_report_can_be_begun_without_a_call(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    console.window.show_desk()

    control(console, "action.new_report").click()

    qtbot.keyClicks(control(console, "field.what"), "from a note on paper")
    saved(console, qtbot)
    assert len(reports(service)) == 1


def test_what_is_typed_while_an_old_copy_cannot_be_taken_away_is_kept_all_the_same(
    signed_in: Callable[..., Console], quick: Any, tmp_path: Path, qtbot: Any
) -> None:
    console = signed_in(HANDLER, quick(keep_after_ms=40, save_after_ms=60_000))
    begin(console)
    console.report.answer("what", "first")
    kept(console, qtbot)
    copy = next((tmp_path / "console" / "drafts").iterdir())
    copy.unlink()
    copy.mkdir()  # what cannot be taken away

    def type_on() -> None:
        if not console.report.is_unsaved:
            console.report.answer("what", "first and second")

    console.report.state_changed.connect(type_on)
    console.saving.save()
    qtbot.waitUntil(lambda: console.report.content["what"] == "first and second", timeout=20_000)
    console.workers._pool.waitForDone()
    console.report.state_changed.disconnect(type_on)
    copy.rmdir()

    kept(console, qtbot)
    assert console.report.saved_edits > 0
