"""A first sign-in: keys are made at one's own console, wait for two who confirm them, and nothing is half made."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select, update

from console.administration import VOUCHED
from console.app import Console
from console.enrolling import NOT_ALIKE, NOT_KNOWN, WORDS_AS_PASSPHRASE
from console.models.session import SessionState
from ivr.taking_in import take_in
from shared.domain.newcomers import invite, newcomer_named
from shared.domain.people import Particulars
from shared.domain.vocabulary import Language, Role
from shared.sealing.directory import RoleName
from shared.sealing.keys import ReaderKey
from shared.store.database import Store
from shared.store.schema import desk_session, newcomer, person
from tests.support.organisation import ADMINISTRATOR, HANDLER

NAME, PASSPHRASE = "Tegan", "known to nobody but Tegan"
Find = Callable[[Console, str], Any]
TEGAN = Particulars(NAME, (Role.HANDLER,), (Language.EN,), "+442079460199")


@pytest.fixture
def words(sqlite_store: Store, service: Any, now: Callable[[], datetime]) -> str:
    """What an administrator was shown, once."""
    with sqlite_store.begin() as tx:
        return " ".join(invite(tx, TEGAN, now()).words)


def enrol(console: Console, control: Find, words: str, new: str = PASSPHRASE, again: str = PASSPHRASE) -> None:
    if console.session.state is SessionState.SIGNED_OUT:
        control(console, "sign_in.first").click()
    for field, text in (("name", NAME), ("words", words), ("new", new), ("again", again)):
        control(console, f"enrolment.{field}").setText(text)
    control(console, "enrolment.make").click()


def waits(console: Console, qtbot: Any) -> tuple[str, ...]:
    qtbot.waitUntil(lambda: console.session.state is SessionState.WAITING, timeout=20_000)
    return console.session.words_of_keys


def problem(console: Console, qtbot: Any) -> str:
    qtbot.waitUntil(lambda: console.session.problem != "", timeout=20_000)
    return console.session.problem


def confirmed(store: Store, service: Any) -> None:
    """What those who confirm a newcomer do, at the service's own keyboard."""
    with store.begin() as tx:
        held = tuple(service.organisation.role_secrets.values())
        take_in(tx, newcomer_named(tx, NAME), held, (), service.organisation.root, service.clock().date())


def test_the_first_sign_in_makes_keys_which_wait_and_once_confirmed_open_the_desk(
    open_console: Callable[..., Console],
    signed_in: Callable[..., Console],
    service: Any,
    sqlite_store: Store,
    control: Find,
    qtbot: Any,
    words: str,
) -> None:
    console, colleague, news = open_console(), signed_in(HANDLER, computer="colleague"), []

    enrol(console, control, words.upper())
    shown = waits(console, qtbot)

    with sqlite_store.read() as tx:
        assert shown == newcomer_named(tx, NAME).words  # what an administrator is shown, worked out apart
        assert tx.execute(select(person.c.id).where(person.c.name == NAME)).all() == []
    assert control(console, "key_words").text().split() == list(shown)
    assert control(console, "enrolment.words").text() == control(console, "enrolment.new").text() == ""

    qtbot.keyClick(control(console, "waiting.back"), Qt.Key.Key_Return)
    assert control(console, "sign_in.name").isVisible()
    console.signing_in.begin(NAME, PASSPHRASE)
    assert waits(console, qtbot) == shown
    assert console.keyring.keys is None
    with sqlite_store.read() as tx:
        assert len(tx.execute(select(desk_session.c.id)).all()) == 1  # the colleague's alone

    confirmed(sqlite_store, service)
    control(console, "waiting.back").click()
    console.signing_in.begin(NAME, PASSPHRASE)
    qtbot.waitUntil(lambda: console.line.reached, timeout=20_000)
    assert console.keyring.keys is not None
    assert set(console.keyring.keys.roles) == {RoleName.DESK}

    colleague.signing_in.end()
    colleague.office.newcomers.news.connect(news.append)
    colleague.signing_in.begin(HANDLER, service.organisation.members[HANDLER].passphrase)
    qtbot.waitUntil(lambda: news != [], timeout=20_000)
    assert NAME in news[0]


def test_what_is_wrong_is_said_and_can_be_put_right(
    open_console: Callable[..., Console], sqlite_store: Store, control: Find, qtbot: Any, words: str
) -> None:
    console = open_console()

    enrol(console, control, words, new="too short", again="too short")
    assert console.session.problem == "A passphrase has 14 to 128 characters."
    enrol(console, control, words, again="another passphrase")
    assert console.session.problem == NOT_ALIKE
    enrol(console, control, words, new=words, again=words)
    assert console.session.problem == WORDS_AS_PASSPHRASE
    enrol(console, control, " ".join(words.split()[:-1]))
    assert "the words that were written down" in problem(console, qtbot)
    for name in ("new", "again"):  # one wrong word does not cost them
        assert control(console, f"enrolment.{name}").text() == PASSPHRASE
    enrol(console, control, words)

    assert len(waits(console, qtbot)) == 12


def test_a_first_sign_in_that_was_cut_off_leaves_nothing_and_begins_again(
    open_console: Callable[..., Console], service: Any, sqlite_store: Store, control: Find, qtbot: Any, words: str
) -> None:
    console = open_console()
    gone: list[bool] = []

    def cut_off() -> None:
        if console.session.state is SessionState.DERIVING and not gone:
            gone.append(True)
            service.go_away()

    console.session.changed.connect(cut_off)

    enrol(console, control, words)
    assert problem(console, qtbot) == NOT_KNOWN
    with sqlite_store.read() as tx:
        row = tx.execute(select(newcomer)).one()
    assert (row.salt, row.authentication_hash, row.private_bundle, row.reader_public) == (None,) * 4

    service.come_back()
    enrol(console, control, words)
    assert len(waits(console, qtbot)) == 12


def test_of_two_consoles_at_once_one_makes_the_keys_and_the_other_is_told(
    open_console: Callable[..., Console], sqlite_store: Store, control: Find, qtbot: Any, words: str
) -> None:
    owner, thief = open_console(), open_console(computer="elsewhere")

    enrol(thief, control, words, "a passphrase of the thief", "a passphrase of the thief")
    enrol(owner, control, words)
    qtbot.waitUntil(
        lambda: {owner.session.state, thief.session.state} == {SessionState.WAITING, SessionState.FIRST}
        and "" not in {owner.session.problem + "".join(owner.session.words_of_keys),
                       thief.session.problem + "".join(thief.session.words_of_keys)},
        timeout=20_000,
    )  # fmt: skip

    quicker, slower = (owner, thief) if owner.session.words_of_keys else (thief, owner)
    assert "Keys were made with these words already" in slower.session.problem
    with sqlite_store.read() as tx:
        assert newcomer_named(tx, NAME).words == quicker.session.words_of_keys


def test_an_administrator_hears_the_words_of_the_keys_there_are_whatever_the_service_says(
    open_console: Callable[..., Console],
    signed_in: Callable[..., Console],
    sqlite_store: Store,
    control: Find,
    qtbot: Any,
    words: str,
) -> None:
    console = open_console()
    enrol(console, control, words)
    shown = waits(console, qtbot)
    with sqlite_store.read() as tx:
        newcomer_id = newcomer_named(tx, NAME).id

    owen = signed_in(ADMINISTRATOR, computer="administrator")
    qtbot.waitUntil(lambda: len(owen.office.people.newcomers) == 1, timeout=20_000)
    assert control(owen, f"key_words.{newcomer_id}").text().split() == list(shown)
    control(owen, f"newcomer.{newcomer_id}.vouch").click()
    qtbot.waitUntil(lambda: owen.office.people.notice == VOUCHED, timeout=20_000)
    qtbot.waitUntil(lambda: not owen.office.people.newcomers[0].may_vouch, timeout=20_000)
    assert f"Heard by {ADMINISTRATOR}." in owen.office.people.newcomers[0].notes

    with sqlite_store.begin() as tx:  # a service that would have others take its own key for theirs
        tx.execute(update(newcomer).values(reader_public=ReaderKey.generate().public.raw))
    owen.office.administration.refresh()
    qtbot.waitUntil(lambda: " ".join(owen.office.people.newcomers[0].words).split() != list(shown), timeout=20_000)
    control(console, "waiting.back").click()
    console.signing_in.begin(NAME, PASSPHRASE)
    assert waits(console, qtbot) == shown

    away = control(owen, f"newcomer.{newcomer_id}.turn_away")
    away.click()
    assert away.text() == f"Press again to turn {NAME} away" and owen.office.people.newcomers
    away.click()
    qtbot.waitUntil(lambda: owen.office.people.newcomers == (), timeout=20_000)
    control(console, "waiting.back").click()
    console.signing_in.begin(NAME, PASSPHRASE)
    assert problem(console, qtbot).startswith("That is not right.")


def test_words_that_were_typed_and_not_used_cannot_be_undone_back(
    open_console: Callable[..., Console], control: Find, qtbot: Any, words: str
) -> None:
    console = open_console()
    control(console, "sign_in.name").setText(NAME)
    control(console, "sign_in.first").click()
    assert control(console, "enrolment.name").text() == NAME  # and it is not asked for again
    qtbot.keyClicks(control(console, "enrolment.words"), words)
    box = control(console, "enrolment.words")
    assert box.text() == words and box.verticalScrollBar().maximum() == 0  # all of them in sight

    control(console, "enrolment.back").click()

    for name in ("words", "new", "again", "name"):
        control(console, f"enrolment.{name}").undo()
        assert control(console, f"enrolment.{name}").text() == ""
