"""Keys, seals and files are worked on in the pool, and their results come back on the Qt thread."""

import threading
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from console import (
    drafts_on_disk,
    enrolling,
    first_keys,
    highest_seen,
    keyring,
    looks,
    opened_keys,
    proof,
    sign_in,
    standing,
)
from console.app import Console
from console.workers import Workers
from shared.domain.newcomers import invite
from shared.domain.people import Particulars
from shared.domain.vocabulary import Category, Language, Mode, Role
from tests.support.organisation import HANDLER

WORK = (
    (sign_in, "derive"),
    (opened_keys, "open_bundle"),
    (opened_keys, "verify_directory"),
    (opened_keys, "open_role_wrap"),
    (keyring, "seal"),
    (highest_seen.HighestSeen, "version"),
    (highest_seen.HighestSeen, "remember"),
)


LATER_WORK = (
    (proof, "derive"),
    (proof, "open_bundle"),
    (standing, "keep_placement"),
    (drafts_on_disk.DraftFolder, "write"),
    (drafts_on_disk.DraftFolder, "remove"),
    (enrolling, "enrolment_proof"),
    (first_keys, "wrap_bundle"),
)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The names of the threads each piece of work was done on."""
    return watch_all(monkeypatch, WORK)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The same of what comes after signing in, and of a first sign-in."""
    return watch_all(monkeypatch, LATER_WORK)


def watch_all(monkeypatch: pytest.MonkeyPatch, work: tuple[tuple[Any, str], ...]) -> dict[str, set[str]]:
    seen: dict[str, set[str]] = {}

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def watch(*args: Any, **named: Any) -> Any:
            seen.setdefault(name, set()).add(threading.current_thread().name)
            return work(*args, **named)

        return watch

    for owner, name in work:
        monkeypatch.setattr(owner, name, watched(name, getattr(owner, name)))
    return seen


def test_nothing_secret_or_slow_is_done_on_the_qt_thread(
    threads: dict[str, set[str]], signed_in: Callable[..., Console], qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    assert console.keyring.keys is not None
    console.report.begin(console.keyring.keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)
    console.report.answer("what", "words")
    qtbot.waitUntil(lambda: not console.report.is_unsaved, timeout=20_000)

    assert set(threads) == {name for _, name in WORK}
    assert not any(threading.main_thread().name in names for names in threads.values())


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # the screen that is not there
def test_unlocking_a_window_that_was_moved_a_draft_kept_here_and_a_first_sign_in_hold_up_no_window(
    later: dict[str, set[str]],
    signed_in: Callable[..., Console],
    open_console: Callable[..., Console],
    service: Any,
    quick: Any,
    qtbot: Any,
) -> None:
    console = signed_in(HANDLER, quick(save_after_ms=60_000, keep_after_ms=30))
    console.standing.turn()
    console.drafting.begin_without_call()
    console.report.answer("what", "words")
    qtbot.waitUntil(lambda: console.report.is_kept, timeout=20_000)
    console.saving.save()
    qtbot.waitUntil(lambda: "remove" in later, timeout=20_000)
    console.guarding.lock()
    console.guarding._try(service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: not console.guarding.idle.is_locked, timeout=20_000)
    with service.store.begin() as tx:
        words = " ".join(invite(tx, Particulars("Tegan", (Role.AUDITOR,), (Language.EN,)), service.clock()).words)
    newcomer = open_console(computer="newcomer")
    newcomer.enrolling.open()
    newcomer.enrolling.begin("Tegan", words, *["known to nobody but Tegan"] * 2)
    qtbot.waitUntil(lambda: newcomer.session.words_of_keys != (), timeout=20_000)

    qtbot.waitUntil(lambda: set(later) == {name for _, name in LATER_WORK}, timeout=20_000)
    assert not any(threading.main_thread().name in names for names in later.values())


def test_a_look_and_a_page_of_keys_are_written_off_the_qt_thread(
    signed_in: Callable[..., Console], qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    console = signed_in(HANDLER)
    written: dict[str, threading.Thread] = {}

    def noted(name: str) -> Callable[..., Path]:
        def note(*_: Any) -> Path:
            written[name] = threading.current_thread()
            return tmp_path

        return note

    for name in ("keep_appearance", "write_keys"):
        monkeypatch.setattr(looks, name, noted(name))
    console.looks.next_theme()
    console.looks.print_keys()

    qtbot.waitUntil(lambda: set(written) == {"keep_appearance", "write_keys"}, timeout=20_000)
    assert threading.main_thread() not in written.values()


def test_results_and_failures_come_back_on_the_qt_thread(qapp: Any, qtbot: Any) -> None:
    workers, came = Workers(), []

    def fail() -> None:
        raise ValueError

    workers.run(lambda: 7, lambda result: came.append((result, threading.current_thread())), came.append)
    workers.run(fail, came.append, lambda wrong: came.append((type(wrong), threading.current_thread())))

    qtbot.waitUntil(lambda: len(came) == 2, timeout=20_000)
    assert set(came) == {(7, threading.main_thread()), (ValueError, threading.main_thread())}
    workers.close()


def test_what_was_worked_on_is_let_go_of_when_it_is_done(qapp: Any, qtbot: Any) -> None:
    class Passphrase(str):
        """Something a job is given, which must not stay with it."""

    workers, came, given = Workers(), [], Passphrase("for one moment")
    gone = weakref.ref(given)

    workers.run(partial(len, given), came.append, came.append)
    del given
    qtbot.waitUntil(lambda: len(came) == 1, timeout=20_000)

    qtbot.waitUntil(lambda: gone() is None, timeout=20_000)
    workers.close()


def test_nothing_comes_back_after_closing(qapp: Any) -> None:
    workers, came = Workers(), []
    workers.run(lambda: 7, came.append, came.append)

    workers.close()
    qapp.processEvents()

    assert came == []
