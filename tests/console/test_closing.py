"""Closing the window never loses what was typed without saying so."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from console.app import Console
from console.models.call import SURE_AFTER
from shared.domain.vocabulary import Category, Language, Mode, PresenceState
from tests.support.organisation import HANDLER


def write(console: Console) -> None:
    assert console.keyring.keys is not None
    console.report.begin(console.keyring.keys.person_id, None, Language.EN, Mode.UNSET, Category.UNSET, None)
    console.report.answer("what", "just typed")


def test_closing_waits_until_the_report_is_saved(signed_in: Callable[..., Console], qtbot: Any) -> None:
    console = signed_in(HANDLER)
    write(console)

    console.window.close()
    assert console.window.isVisible()

    qtbot.waitUntil(lambda: not console.window.isVisible(), timeout=20_000)
    assert not console.report.is_unsaved


def test_closing_a_second_time_leaves_without_saving(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    service.go_away()
    write(console)
    console.window.close()
    assert "Close it again" in console.line.notice

    console.window.close()

    assert not console.window.isVisible()


def test_closing_at_the_sign_in_says_that_a_report_would_be_lost(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    service.go_away()
    write(console)
    console.signing_in.be_over("Your session has ended.")
    console.report.mark_kept(0, "no space")

    console.window.close()
    said = console.session.problem
    visible = console.window.isVisible()
    console.window.close()

    assert visible and "Sign in again to save it" in said
    assert not console.window.isVisible()


def test_closing_in_a_call_is_asked_twice_as_signing_out_is(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    console.desk.set_presence(PresenceState.AVAILABLE)
    service.a_call_waits()
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    console.desk.answer()
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=20_000)

    console.window.close()

    assert console.window.isVisible()
    assert "your telephone goes on" in console.line.notice
    said_at = monotonic()
    qtbot.waitUntil(lambda: monotonic() > said_at + SURE_AFTER.total_seconds(), timeout=20_000)
    console.window.close()

    assert not console.window.isVisible()
