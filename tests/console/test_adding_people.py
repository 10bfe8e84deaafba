"""Somebody new, from an administrator's console to their own: words that are shown once and told to no service."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from console.administration import MADE, RENEWED
from console.app import Console
from console.appearance import Appearance
from console.link import PendingCall
from shared.domain.newcomers import newcomers
from shared.domain.vocabulary import Language, Role
from shared.sealing.enrolling import enrolment_proof, stored_proof
from shared.store.schema import newcomer
from tests.support.fitting import what_does_not_fit
from tests.support.organisation import ADMINISTRATOR, HANDLER

Find = Callable[[Console, str], Any]
NAME, WAIT = "Tegan", 20_000


@pytest.fixture
def console(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> Console:
    made = signed_in(ADMINISTRATOR)
    qtbot.waitUntil(lambda: control(made, "people.list").count() > 0, timeout=WAIT)
    return made


def fill_in(console: Console, control: Find, name: str = NAME) -> None:
    control(console, "people.new").click()
    control(console, "people.name").setText(name)
    for box in ("people.role.handler", f"people.language.{Language.CY}"):
        control(console, box).click()
    control(console, "people.handset").setText("+44 20 7946 0199")


def shown(console: Console, control: Find) -> str:
    return " ".join(control(console, "given_words").text().split())


def kept(service: Any) -> bytes:
    with service.store.read() as tx:
        return bytes(tx.execute(select(newcomer.c.stored_proof)).scalar_one())


def test_an_administrator_adds_somebody_who_makes_their_keys_with_the_words_shown_once(
    console: Console, open_console: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    fill_in(console, control)
    assert not control(console, "people.suspend").isVisible()  # of nobody yet
    control(console, "people.make").click()
    qtbot.waitUntil(lambda: control(console, "given_words").isVisible(), timeout=WAIT)
    words = shown(console, control)

    assert kept(service) == stored_proof(enrolment_proof(words))
    assert control(console, "given.title").text() == f"Words for {NAME}"
    assert console.office.people.notice == MADE
    with service.store.read() as tx:
        [coming] = newcomers(tx)
    told = coming.particulars
    assert (told.name, told.roles, told.languages) == (NAME, (Role.HANDLER,), (Language.CY,))
    assert told.handset == "+442079460199"
    control(console, "given.done").click()
    assert not control(console, "given").isVisible() and shown(console, control) == ""

    door = open_console(computer="newcomer")
    door.enrolling.open()
    door.enrolling.begin(NAME, words, "known to nobody else", "known to nobody else")
    qtbot.waitUntil(lambda: bool(door.session.words_of_keys), timeout=WAIT)


def test_lost_words_are_made_anew_and_escape_leaves_none_on_the_screen(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    console.window.dress(Appearance(percent=200).tokens)
    console.window.resize(1280, 720)
    fill_in(console, control)
    control(console, "people.make").click()
    qtbot.waitUntil(lambda: len(console.office.people.newcomers) == 1, timeout=WAIT)
    lost, [row] = shown(console, control), console.office.people.newcomers
    assert "No first sign-in yet" in row.notes[1] and "11 March" in row.notes[1]
    qtbot.waitUntil(lambda: what_does_not_fit(console.window) == [], timeout=5_000)

    control(console, f"newcomer.{row.id}.new_words").click()
    qtbot.waitUntil(lambda: shown(console, control) != lost, timeout=WAIT)

    assert kept(service) == stored_proof(enrolment_proof(shown(console, control)))
    assert console.office.people.notice == RENEWED
    QTest.keyClick(control(console, "given.done"), Qt.Key.Key_Escape)
    assert not control(console, "people").isVisible() and shown(console, control) == ""
    console.office.open_people()
    assert not control(console, "given").isVisible()


def test_what_is_missing_or_taken_is_said_and_what_was_typed_stays(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    control(console, "people.new").click()
    control(console, "people.make").click()
    assert console.office.people.notice == "A name is needed. Tick at least one role. Tick at least one language."
    control(console, "people.name").setText(NAME)
    control(console, "people.role.handler").click()
    control(console, "people.make").click()
    assert console.office.people.notice == "Tick at least one language."
    control(console, "people.leave").click()
    assert control(console, "people.name").text() and control(console, "people.suspend").isVisible()

    fill_in(console, control, HANDLER.upper())
    control(console, "people.make").click()

    taken = "There is a person of this name already."
    qtbot.waitUntil(lambda: console.office.people.notice == taken, timeout=WAIT)
    assert control(console, "people.name").text() == HANDLER.upper()
    assert not control(console, "given").isVisible()


def test_words_that_come_after_signing_out_are_shown_to_nobody(
    console: Console, service: Any, control: Find, qtbot: Any
) -> None:
    answer = service.hold_back("/newcomers", answered=True)
    fill_in(console, control)
    control(console, "people.make").click()
    qtbot.waitUntil(lambda: service.held_back == 1, timeout=WAIT)

    console.signing_in.end()
    qtbot.waitUntil(lambda: console.session.person is None, timeout=WAIT)
    answer.set()

    qtbot.waitUntil(lambda: not console.link.findChildren(PendingCall), timeout=WAIT)
    assert console.office.people.given is None
