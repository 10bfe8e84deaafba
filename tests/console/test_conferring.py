"""Others in a call at the desk, through two real consoles: asked, joined, handed over with the draft, taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from console.app import Console
from console.appearance import Appearance
from console.attention import WAITING, Attention
from console.link import PendingCall
from console.models.line import LineModel
from shared.domain import parties
from shared.domain.consoles import let_the_gone_rest
from shared.domain.live_parties import party_of_person
from shared.domain.vocabulary import CallState, Disposition, Language, PartyState, PresenceState
from shared.forms import FieldKind
from shared.messages import WaitingCall
from shared.store.schema import desk_session
from tests.support.organisation import BOTH, HANDLER, SECOND_HANDLER

Find = Callable[[Console, str], Any]
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
COLLEAGUE_LEG = "CA" + "d" * 32


def talking(console: Console, service: Any, qtbot: Any, **choices: Any) -> None:
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)
    service.a_call_waits(**choices)
    qtbot.waitUntil(lambda: console.line.offer is not None, timeout=20_000)
    console.desk.answer()
    qtbot.waitUntil(lambda: console.call.call is not None, timeout=20_000)
    service.the_handset_is_answered()
    qtbot.waitUntil(lambda: console.call.has_begun, timeout=20_000)


@pytest.fixture
def asha(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> Console:
    console = signed_in(HANDLER)
    talking(console, service, qtbot)
    return console


@pytest.fixture
def bryn(asha: Console, signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any) -> Console:
    """On the line with Asha, whose caller is on hold."""
    console = signed_in(SECOND_HANDLER)
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: len(asha.together.choices) == 1, timeout=20_000)
    control(asha, "action.bring_in").click()
    control(asha, f"ask.{asha.together.choices[0].id}").click()
    qtbot.waitUntil(lambda: console.together.asked is not None, timeout=20_000)
    with service.store.begin() as tx:
        party = party_of_person(tx, service.organisation.members[SECOND_HANDLER].id)
        assert party is not None
        parties.party_comes(tx, party.id, COLLEAGUE_LEG, service.clock())
    qtbot.waitUntil(lambda: asha.together.taker is not None, timeout=20_000)
    return console


def test_whoever_is_asked_is_told_by_whom_and_who_hears_whom(asha: Console, bryn: Console, control: Find) -> None:
    assert control(asha, "together.who").text().startswith("Bryn is with you; the caller is on hold")
    assert control(bryn, "together.asked").text() == (
        "You are with Asha. The caller is on hold and hears neither of you."
    )


def test_joining_everyone_is_said_to_both(asha: Console, bryn: Console, control: Find, qtbot: Any) -> None:
    control(asha, "action.join_all").click()

    qtbot.waitUntil(lambda: asha.call.call.state is CallState.TALKING, timeout=20_000)
    qtbot.waitUntil(lambda: bryn.together.asked.state is PartyState.JOINED, timeout=20_000)
    assert "tell the caller so" in control(asha, "together.who").text()


def test_a_call_is_handed_over_with_what_was_written(asha: Console, bryn: Console, control: Find, qtbot: Any) -> None:
    asha.report.answer("summary", "What was said so far.")

    control(asha, "action.hand_over").click()

    qtbot.waitUntil(lambda: bryn.report.is_open, timeout=8_000)
    assert bryn.report.content["summary"] == "What was said so far."
    assert bryn.report.author == bryn.session.person.id
    qtbot.waitUntil(lambda: not asha.report.is_open and asha.call.call is None, timeout=20_000)
    assert bryn.call.call.state is CallState.TALKING


def test_what_was_given_can_be_written_on_and_saved(asha: Console, bryn: Console, control: Find, qtbot: Any) -> None:
    asha.report.answer("summary", "So far.")
    control(asha, "action.hand_over").click()
    qtbot.waitUntil(lambda: bryn.report.is_open, timeout=8_000)

    bryn.report.answer("summary", "So far, and more.")

    qtbot.waitUntil(lambda: not bryn.report.is_unsaved, timeout=20_000)


def test_a_call_without_a_report_is_filed_in_one_action_and_taken_back_in_one(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.the_caller_hangs_up()
    qtbot.waitUntil(lambda: asha.call.may("outcome"), timeout=20_000)

    control(asha, "action.outcome_silent").click()
    qtbot.waitUntil(lambda: asha.call.call is None, timeout=20_000)
    words = control(asha, "together.filed").text()
    control(asha, "action.take_back").click()

    qtbot.waitUntil(lambda: asha.call.may("outcome"), timeout=20_000)
    assert words.startswith("Filed as Silent.")
    assert asha.line.presence is PresenceState.WRAP_UP


def test_a_break_can_be_asked_for_before_the_outcome_is_chosen(
    asha: Console, service: Any, control: Find, qtbot: Any
) -> None:
    service.the_caller_hangs_up()
    qtbot.waitUntil(lambda: asha.call.may("outcome"), timeout=20_000)

    control(asha, "action.finish_break").click()
    asha.desk.choose(Disposition.ABUSIVE)

    qtbot.waitUntil(lambda: asha.line.presence is PresenceState.BREAK, timeout=20_000)


def test_muting_is_shown_and_taken_back_with_the_same_key(asha: Console, control: Find, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: asha.window.isActiveWindow())
    for words in ("Stop muting", "Mute"):
        QTest.keyClick(asha.window.focusWidget() or asha.window, Qt.Key.Key_F10)
        qtbot.waitUntil(lambda words=words: control(asha, "action.mute").text() == words, timeout=20_000)
        muted = words == "Stop muting"
        assert control(asha, "together.own").text() == (muted * "Your telephone is muted: nobody hears you.")


def test_whom_to_bring_in_is_chosen_by_key_where_the_list_opens(
    asha: Console, signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    signed_in(SECOND_HANDLER).desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: len(asha.together.choices) == 1, timeout=20_000)
    asha.window.activateWindow()
    qtbot.waitUntil(lambda: asha.window.isActiveWindow())

    QTest.keyClick(asha.window.focusWidget() or asha.window, Qt.Key.Key_B, CTRL_ALT)
    qtbot.waitUntil(lambda: asha.together.choosing)
    signed_in(BOTH).desk.set_presence(PresenceState.AVAILABLE)  # so that all are listed anew
    qtbot.waitUntil(lambda: len(asha.together.choices) == 2, timeout=20_000)
    first = asha.window.focusWidget()
    assert first is control(asha, f"ask.{asha.together.choices[0].id}")
    QTest.keyClick(first, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: len(asha.together.parties) == 1, timeout=20_000)
    assert asha.window.focusWidget() is control(asha, "action.bring_in")


def test_a_handler_is_told_how_to_ask_a_caller_who_cannot_speak(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)

    talking(console, service, qtbot, unable_to_speak=True)

    assert "one key for yes, two for no" in control(console, "call.hint").text()
    assert control(console, "by_key").isVisible()


def test_questions_for_yes_and_no_can_be_shown_alone_and_gone_through_by_key(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot, unable_to_speak=True)
    qtbot.waitUntil(lambda: console.report.is_open, timeout=5_000)

    kinds = {field.id: field.kind for field in console.report.form.fields}
    asked = console.report.asked
    written = next(f"row.{field}" for field in kinds if field in asked and kinds[field] is FieldKind.LONG_TEXT)

    control(console, "by_key.only").click()
    for_words = control(console, written).isVisibleTo(console.window.report)
    gone_to = []
    for _ in range(2):
        control(console, "by_key.next").click()
        gone_to.append(console.window.report._focused_field())
    control(console, "by_key.only").click()

    assert for_words is False
    assert len(set(gone_to)) == 2
    assert {kinds[field] for field in gone_to} <= {FieldKind.YES_NO_NOT_ASKED, FieldKind.CHOICE}
    assert control(console, written).isVisibleTo(console.window.report)


def test_a_person_whose_console_was_gone_is_told_so(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    console.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: console.line.presence is PresenceState.AVAILABLE, timeout=20_000)

    with service.store.begin() as tx:
        long_ago = service.clock().replace(year=2025)
        tx.execute(desk_session.update().values(followed_at=long_ago))
        let_the_gone_rest(tx, service.clock())

    qtbot.waitUntil(lambda: console.line.presence is PresenceState.OFFLINE, timeout=20_000)
    assert control(console, "call.hint").text().startswith("This desk was not connected for a while")


def test_a_call_in_hand_is_there_again_at_the_next_sign_in(
    asha: Console, signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    asha.report.answer("summary", "Half a sentence")
    qtbot.waitUntil(lambda: not asha.report.is_unsaved, timeout=20_000)
    begun = asha.call.call.answered_at
    asha.close()

    again = signed_in(HANDLER)

    qtbot.waitUntil(lambda: again.report.is_open, timeout=8_000)
    assert (again.call.call.state, again.call.call.answered_at) == (CallState.TALKING, begun)
    assert again.report.content["summary"] == "Half a sentence"
    with service.store.read() as tx:
        assert tx.execute(select(desk_session.c.followed_at)).first() is not None


def test_an_offer_calls_once_and_says_nothing_of_the_call(now: Callable[[], Any]) -> None:
    line, said = LineModel(), []
    attention = Attention(line, said.append)
    offer = WaitingCall(
        id="a" * 32, waiting_since=now(), language=Language.CY, unable_to_speak=True, offered_to_me=True,
        offered_until=None,
    )  # fmt: skip

    line.show(None, (offer,))
    line.show(None, (offer,))

    assert said == [WAITING] == ["A call is waiting"]
    assert attention is not None


def test_where_text_is_large_the_bars_scroll_and_leave_the_questions_their_room(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    talking(console, service, qtbot, unable_to_speak=True)
    area, bars = control(console, "report.scroll"), control(console, "report.bars")
    beside = not area.isAncestorOf(bars)

    console.window.dress(Appearance(percent=200).tokens)
    console.window.resize(1280, 720)

    qtbot.waitUntil(lambda: area.isAncestorOf(bars), timeout=5_000)
    assert beside


def test_a_hand_over_that_waited_for_a_save_is_to_the_colleague_who_was_there_or_to_nobody(
    asha: Any, bryn: Console, service: Any, control: Find, qtbot: Any
) -> None:
    answer = service.hold_back("/reports")
    asha.report.answer("summary", "What was said so far.")
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=20_000)
    control(asha, "action.hand_over").click()

    somebody_else = asha.together.parties[0].model_copy(update={"id": "5" * 32})
    call = asha.together.call.model_copy(update={"parties": (somebody_else,)})
    asha.together.show(call, (), None, ())
    answer.set()

    qtbot.waitUntil(lambda: not asha.report.is_unsaved, timeout=20_000)
    qtbot.waitUntil(lambda: not asha.link.findChildren(PendingCall), timeout=20_000)
    assert asha.report.is_open
    assert not bryn.report.is_open
