"""The idle lock: when it comes, when it waits, and that it costs nobody anything."""

import gc
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.app import Console
from console.guarding import TOO_MANY
from console.idle_lock import IdleLock
from console.models.session import SessionState
from shared.domain.sessions import end_sessions_of, open_sessions
from shared.domain.vocabulary import CallState, PresenceState
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.organisation import PrivateBundle, RoleSecret
from tests.support.organisation import BOTH, HANDLER

Find = Callable[[Console, str], Any]
LONG = 60_000
AT_ONCE = 1


@pytest.fixture
def handler(signed_in: Callable[..., Console]) -> Console:
    return signed_in(HANDLER)


def unlock(console: Console, control: Find, qtbot: Any, passphrase: str) -> None:
    qtbot.keyClicks(control(console, "locked.passphrase"), passphrase)
    qtbot.keyClick(control(console, "locked.passphrase"), Qt.Key.Key_Return)


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_lock(qapp: QApplication) -> Any:
    made: list[IdleLock] = []

    def make(state: Callable[[], CallState | None], idle_ms: int) -> IdleLock:
        made.append(IdleLock(state, idle_ms))
        made[-1].start()
        return made[-1]

    yield make
    for lock in made:
        lock.stop()


def test_a_desk_nobody_touches_locks(make_lock: Any, qtbot: Any) -> None:
    lock = make_lock(lambda: None, AT_ONCE)

    qtbot.waitUntil(lambda: lock.is_locked, timeout=2_000)


@pytest.mark.parametrize("state", [CallState.RINGING, CallState.CONNECTING, CallState.TALKING, CallState.HELD])
def test_it_waits_for_the_end_of_a_live_call(make_lock: Any, qtbot: Any, state: CallState) -> None:
    now: list[CallState | None] = [state]
    lock = make_lock(lambda: now[0], AT_ONCE)
    qtbot.waitUntil(lambda: not lock._timer.isActive(), timeout=2_000)
    assert not lock.is_locked

    now[0] = CallState.WRAP_UP
    lock.follow_call()

    qtbot.waitUntil(lambda: lock.is_locked, timeout=2_000)


def test_a_key_begins_the_wait_anew(make_lock: Any, qapp: QApplication) -> None:
    lock = make_lock(lambda: None, LONG)
    lock._timer.setInterval(LONG)
    before = lock._timer.timerId()

    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    target = QWidget()
    qapp.sendEvent(target, key)

    assert lock._timer.isActive()
    assert lock._timer.timerId() != before
    target.deleteLater()


def test_asked_for_during_a_call_it_comes_as_the_call_ends(make_lock: Any) -> None:
    now: list[CallState | None] = [CallState.TALKING]
    lock = make_lock(lambda: now[0], LONG)

    assert not lock.lock_now()
    now[0] = CallState.WRAP_UP
    lock.follow_call()

    assert lock.is_locked


def test_whoever_is_brought_into_a_colleagues_call_is_not_locked_out_of_it(handler: Console) -> None:
    assert handler.line.me is not None
    handler.line.show(handler.line.me.model_copy(update={"presence": PresenceState.ON_CALL}), ())

    handler.guarding.lock()
    assert not handler.guarding.idle.is_locked
    handler.line.show(handler.line.me.model_copy(update={"presence": PresenceState.BREAK}), ())

    assert handler.guarding.idle.is_locked


# --- what it hides, and that all of it comes back ---------------------------------------------------------------------


def test_a_locked_desk_shows_nothing_but_its_lock(handler: Console, service: Any, control: Find, qtbot: Any) -> None:
    other = QWidget()
    other.setWindowTitle("Something of a report")
    other.show()

    handler.guarding.lock()

    seen = [label.text() for label in handler.window.findChildren(QLabel) if label.isVisible() and label.text()]
    assert sorted(seen) == sorted(["Candour", "This desk is locked. Everything is as you left it.", "Passphrase"])
    assert handler.window.windowTitle() == "Candour"
    assert not other.isVisible()
    unlock(handler, control, qtbot, service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: not handler.guarding.idle.is_locked, timeout=20_000)
    assert other.isVisible()
    other.close()
    other.deleteLater()


def test_unlocking_brings_back_the_report_the_focus_and_the_title(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    handler.drafting.begin_without_call()
    qtbot.waitUntil(lambda: handler.report.is_open, timeout=20_000)
    field = control(handler, "field.what")
    field.setFocus()
    qtbot.keyClicks(field, "Number plates")
    title = handler.window.windowTitle()
    handler.guarding.lock()
    assert not field.isVisible()

    unlock(handler, control, qtbot, service.organisation.members[HANDLER].passphrase)

    qtbot.waitUntil(lambda: field.isVisible(), timeout=20_000)
    assert field.toPlainText() == "Number plates"
    assert field.hasFocus()
    assert handler.window.windowTitle() == title
    assert handler.keyring.keys is not None


def private_keys_in_memory() -> int:
    """Of this test's console: what there was before is not looked at (`gc.freeze`)."""
    gc.collect()
    return sum(isinstance(one, (ReaderKey, SigningKey, PrivateBundle, RoleSecret)) for one in gc.get_objects())


def test_a_locked_desk_holds_no_private_key_and_unlocking_makes_them_again(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    niamh = signed_in(BOTH)
    niamh.drafting.begin_without_call()
    niamh.report.answer("what", "Number plates")
    before = niamh.keyring.keys
    assert before is not None
    held, public = set(before.roles), before.own.reader.public
    del before
    qtbot.waitUntil(lambda: not niamh.report.is_unsaved and not niamh.drafting.is_held, timeout=20_000)
    assert private_keys_in_memory() > 0

    niamh.guarding.lock()

    assert niamh.keyring.keys is None
    qtbot.waitUntil(lambda: private_keys_in_memory() == 0, timeout=20_000)
    unlock(niamh, control, qtbot, service.organisation.members[BOTH].passphrase)
    qtbot.waitUntil(lambda: niamh.keyring.keys is not None, timeout=20_000)
    keys = niamh.keyring.keys
    assert keys is not None
    assert (set(keys.roles), keys.own.reader.public) == (held, public)
    niamh.report.answer("what", "Number plates of two cars")
    qtbot.waitUntil(lambda: not niamh.report.is_unsaved, timeout=20_000)


def test_what_is_not_with_the_service_yet_is_saved_first_and_then_the_keys_go(
    handler: Console, service: Any, qtbot: Any
) -> None:
    qtbot.waitUntil(lambda: not handler.drafting.is_held, timeout=20_000)
    service.go_away()
    handler.drafting.begin_without_call()
    handler.report.answer("what", "Number plates")

    handler.guarding.lock()
    assert handler.keyring.keys is not None
    service.come_back()

    qtbot.waitUntil(lambda: handler.keyring.keys is None, timeout=20_000)
    assert handler.guarding.idle.is_locked
    assert handler.report.stored is not None


def test_signing_out_at_the_lock_ends_the_session_with_the_service_too(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    qtbot.waitUntil(lambda: not handler.drafting.is_held, timeout=20_000)
    handler.guarding.lock()
    assert handler.keyring.keys is None

    control(handler, "locked.sign_out").click()

    def sessions() -> int:
        with service.store.read() as tx:
            return len(open_sessions(tx, service.organisation.members[HANDLER].id, service.clock()))

    qtbot.waitUntil(lambda: sessions() == 0, timeout=20_000)


def test_no_key_leads_past_the_lock(handler: Console, control: Find, qtbot: Any) -> None:
    handler.guarding.lock()

    for key, modifier in (
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    ):
        qtbot.keyClick(control(handler, "locked.passphrase"), key, modifier)

    assert control(handler, "place.locked").isVisible()
    assert not handler.window.keys.isVisible()
    assert not handler.window.palette_sheet.isVisible()


def test_a_wrong_passphrase_does_not_unlock_and_the_fifth_signs_out(
    handler: Console, control: Find, qtbot: Any
) -> None:
    handler.guarding.lock()
    for number in range(5):
        unlock(handler, control, qtbot, "not the passphrase at all")
        qtbot.waitUntil(lambda tried=number + 1: handler.guarding._wrong == tried, timeout=20_000)

    assert handler.session.state is SessionState.SIGNED_OUT
    assert handler.session.problem == TOO_MANY
    assert handler.keyring.keys is None
    assert control(handler, "sign_in.name").isVisible()


def test_an_offer_is_told_at_the_lock_and_nothing_of_it(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    control(handler, "action.available").click()
    qtbot.waitUntil(lambda: handler.line.presence == "available", timeout=20_000)
    handler.guarding.lock()

    service.a_call_waits()

    qtbot.waitUntil(lambda: control(handler, "locked.call").isVisible(), timeout=20_000)
    assert control(handler, "locked.call").text() == "A call is waiting. Unlock to answer it."
    assert handler.line.presence == "available"  # locking changes nobody's presence


def test_a_session_ended_elsewhere_goes_from_the_lock_to_the_sign_in(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    handler.guarding.lock()
    with service.store.begin() as tx:
        end_sessions_of(tx, service.organisation.members[HANDLER].id, service.clock())

    qtbot.waitUntil(lambda: control(handler, "sign_in.name").isVisible(), timeout=20_000)  # promised within 5 seconds
    assert handler.keyring.keys is None
    assert "ended" in handler.session.problem


def sessions(service: Any, name: str) -> int:
    with service.store.read() as tx:
        return len(open_sessions(tx, service.organisation.members[name].id, service.clock()))


def test_the_fifth_wrong_passphrase_ends_the_session_with_the_service_too(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    handler.guarding.lock()

    for number in range(5):
        unlock(handler, control, qtbot, "not the passphrase at all")
        qtbot.waitUntil(lambda tried=number + 1: handler.guarding._wrong == tried, timeout=20_000)

    qtbot.waitUntil(lambda: sessions(service, HANDLER) == 0, timeout=3_000)
    assert handler.session.problem == TOO_MANY


def test_signing_out_while_a_passphrase_is_tried_leaves_the_next_lock_open_to_one(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    passphrase = service.organisation.members[HANDLER].passphrase
    handler.guarding.lock()
    unlock(handler, control, qtbot, passphrase)

    control(handler, "locked.sign_out").click()
    handler.signing_in.begin(HANDLER, passphrase)
    qtbot.waitUntil(lambda: handler.line.reached, timeout=20_000)
    handler.guarding.lock()

    assert control(handler, "locked.passphrase").isEnabled()
    assert handler.guarding.idle.is_locked
    unlock(handler, control, qtbot, passphrase)
    qtbot.waitUntil(lambda: not handler.guarding.idle.is_locked, timeout=3_000)


def test_a_copy_from_a_report_is_not_to_be_had_from_a_locked_desk(handler: Console, control: Find, qtbot: Any) -> None:
    handler.drafting.begin_without_call()
    control(handler, "field.what").setPlainText("Number plates")
    control(handler, "field.what").selectAll()
    control(handler, "field.what").copy()
    board = QApplication.clipboard()
    assert board.text() == "Number plates"

    handler.guarding.lock()

    assert board.text() == ""


def told(part: QAccessibleInterface | None) -> list[str]:
    """All that another program on this computer can be told of a part and what is in it, shown or not."""
    if part is None or not part.isValid():
        return []
    words = [part.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Value)]
    return words + [text for number in range(part.childCount()) for text in told(part.child(number))]


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # the screen that is not there
@pytest.mark.parametrize("apart", [False, True])
def test_nothing_behind_the_lock_is_told_to_other_programs(
    handler: Console, service: Any, control: Find, qapp: QApplication, qtbot: Any, apart: bool
) -> None:
    if apart:
        handler.standing.turn()
    handler.drafting.begin_without_call()
    control(handler, "field.what").setPlainText("Number plates")
    desk = QAccessible.queryAccessibleInterface(qapp)
    assert "Number plates" in told(desk)

    handler.guarding.lock()

    assert not {"Number plates", HANDLER} & set(told(desk))
    unlock(handler, control, qtbot, service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: control(handler, "place.report").isVisible(), timeout=20_000)
    assert "Number plates" in told(desk)
    assert handler.window.stands_apart is apart
    assert handler.window.apart.isVisible() is apart


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # the screen that is not there
def test_a_desk_that_stood_apart_is_whole_again_after_signing_out_at_the_lock(
    handler: Console, service: Any, control: Find, qtbot: Any
) -> None:
    handler.standing.turn()
    handler.guarding.lock()

    control(handler, "locked.sign_out").click()

    assert not handler.window.apart.isVisible()
    handler.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: handler.line.reached, timeout=20_000)
    assert control(handler, "place.report").isVisible()
    assert control(handler, "place.line").isVisible()
