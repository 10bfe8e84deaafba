"""Taking and passing on waiting calls, and saying where a caller was sent, through a real console."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import select

from console.app import Console
from shared.domain.vocabulary import CallState, Disposition, Language, PresenceState
from shared.store.schema import live_call, passed_offer
from tests.support.organisation import HANDLER, SECOND_HANDLER, SUPERVISOR

Find = Callable[[Console, str], Any]


@pytest.fixture
def asha(signed_in: Callable[..., Console], qtbot: Any) -> Console:
    console = signed_in(HANDLER)
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=5_000)
    return console


def test_any_waiting_call_can_be_taken_and_not_only_the_longest(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.a_call_waits()
    service.a_call_waits("CA" + "e" * 32)
    qtbot.waitUntil(lambda: len(asha.line.calls) == 2, timeout=5_000)
    wanted = asha.line.calls[1].id

    control(asha, f"waiting.{wanted}.take").click()

    qtbot.waitUntil(lambda: asha.call.call is not None, timeout=5_000)
    assert asha.call.call.id == wanted


def test_a_call_in_a_language_one_does_not_speak_is_not_there_to_take_and_says_whom_it_waits_for(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.a_call_waits(language=Language.CY)
    qtbot.waitUntil(lambda: len(asha.line.calls) == 1, timeout=5_000)
    welsh = asha.line.calls[0].id
    alone = control(asha, "action.take_waiting").isVisible(), control(asha, f"waiting.{welsh}.take").isVisible()
    service.a_call_waits("CA" + "e" * 32)
    qtbot.waitUntil(lambda: len(asha.line.calls) == 2, timeout=5_000)
    row = control(asha, f"waiting.{welsh}")
    words = [label.text() for label in row.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: control(asha, "action.take_waiting").isVisible(), timeout=5_000)
    asha.desk.take_waiting()

    qtbot.waitUntil(lambda: asha.call.call is not None, timeout=5_000)
    assert alone == (False, False)
    assert "For someone who speaks Cymraeg" in words
    assert asha.call.call.language is Language.EN


def test_whoever_knows_the_caller_passes_the_offer_on_for_good(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.a_call_waits()
    qtbot.waitUntil(lambda: asha.line.offer is not None, timeout=5_000)

    control(asha, "action.know_them").click()

    qtbot.waitUntil(lambda: asha.line.offer is None and len(asha.line.calls) == 1, timeout=5_000)
    assert asha.line.presence is PresenceState.AVAILABLE
    with service.store.read() as tx:
        assert list(tx.execute(select(passed_offer.c.for_good)).scalars()) == [True]


def test_a_signposted_call_is_filed_once_it_is_said_to_whom(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.a_call_waits()
    qtbot.waitUntil(lambda: asha.line.offer is not None, timeout=5_000)
    asha.desk.answer()
    qtbot.waitUntil(lambda: asha.call.call is not None, timeout=5_000)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: asha.call.has_begun, timeout=5_000)
    service.the_caller_hangs_up()
    qtbot.waitUntil(lambda: asha.call.may("outcome"), timeout=5_000)
    left = control(asha, "together.left").text()

    control(asha, "action.outcome_signposted").click()
    waits = asha.call.call.state is CallState.WRAP_UP and control(asha, "signpost.scotland").isVisible()
    finish = control(asha, "action.finish").isEnabled()
    qtbot.keyClick(control(asha, "signpost.scotland"), Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: asha.call.call is None, timeout=5_000)
    assert (waits, finish) == (True, False)
    assert left.endswith("of wrap-up left")
    with service.store.read() as tx:
        filed = tx.execute(select(live_call.c.disposition, live_call.c.signposted_to)).one()
    assert tuple(filed) == (Disposition.SIGNPOSTED, "scotland")


def test_a_supervisor_signs_the_chosen_colleague_out_with_a_second_press(
    asha: Console, signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    supervisor = signed_in(SUPERVISOR)
    signed_in(SECOND_HANDLER)
    qtbot.waitUntil(lambda: len(supervisor.line.colleagues) == 2, timeout=5_000)
    people, button = control(supervisor, "floor.colleague"), control(supervisor, "floor.sign_out")
    before = button.isEnabled()

    people.setCurrentIndex(people.findText(f"{SECOND_HANDLER}, ", Qt.MatchFlag.MatchStartsWith))
    button.click()
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut))
    left = button.text()
    button.click()
    asked = button.text()
    button.click()

    qtbot.waitUntil(lambda: len(supervisor.line.colleagues) == 1, timeout=5_000)
    assert not before
    assert left == "Sign them out everywhere"  # it stays a press away only while it is where the person is
    assert asked == f"Press again to sign {SECOND_HANDLER} out everywhere"
    assert supervisor.line.colleagues[0].name == HANDLER
    assert people.currentIndex() == 0 and not button.isEnabled()  # nobody else is signed out by a press too many


def test_a_supervisor_gives_the_longest_waiting_call_to_whoever_is_chosen_and_available(
    asha: Console, signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    supervisor = signed_in(SUPERVISOR)
    service.a_call_waits()
    qtbot.waitUntil(lambda: asha.line.offer is not None and len(supervisor.line.calls) == 1, timeout=5_000)
    bryn = signed_in(SECOND_HANDLER)
    qtbot.waitUntil(lambda: len(supervisor.line.colleagues) == 2, timeout=5_000)
    people, give = control(supervisor, "floor.colleague"), control(supervisor, "floor.give")
    people.setCurrentIndex(people.findText(f"{SECOND_HANDLER}, ", Qt.MatchFlag.MatchStartsWith))
    before = give.isEnabled()
    bryn.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(give.isEnabled, timeout=5_000)
    give.setFocus()

    give.click()

    qtbot.waitUntil(lambda: bryn.line.offer is not None and bryn.line.offer.handed, timeout=5_000)
    assert not before
    assert people.currentText() == f"{SECOND_HANDLER}, available"

    bryn.desk.set_presence(PresenceState.BREAK)

    qtbot.waitUntil(lambda: not give.isEnabled(), timeout=5_000)
    assert supervisor.window.focusWidget() is people  # and not on the button that signs somebody out


def test_a_supervisor_sees_a_call_in_any_language_and_gives_it_to_nobody_who_does_not_speak_it(
    asha: Console, signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    supervisor = signed_in(SUPERVISOR)
    service.a_call_waits(language=Language.CY)
    qtbot.waitUntil(lambda: len(supervisor.line.calls) == 1 and bool(supervisor.line.colleagues), timeout=5_000)
    people, give = control(supervisor, "floor.colleague"), control(supervisor, "floor.give")
    people.setCurrentIndex(people.findText(f"{HANDLER}, ", Qt.MatchFlag.MatchStartsWith))
    [row] = supervisor.line.rows(50)
    for_welsh = give.isEnabled()
    service.a_call_waits("CA" + "e" * 32)

    qtbot.waitUntil(give.isEnabled, timeout=5_000)

    call = supervisor.line.longest_for(supervisor.line.colleagues[0].id)
    assert (for_welsh, row.for_others) == (False, "")
    assert call is not None and call.language is Language.EN
