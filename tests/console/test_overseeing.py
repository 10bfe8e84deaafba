"""The line as it stands, in a supervisor's console: read while it is shown, and opened and closed by hand."""

import inspect
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from console import overseeing
from console.app import Console
from console.appearance import Appearance
from console.models import line_now as words
from console.models.line_now import NO_CALLS, NO_TROUBLE, NOBODY_HERE, LineNowModel
from console.views import hours_by_hand
from console.views import line_now as view
from console.views.signing_out import SIGN_OUT
from shared.domain.line_by_hand import word_by_hand
from shared.domain.vocabulary import CallState, ClosedWords, Language, PresenceState
from shared.line_messages import CallNow, HoursNow, LineNow, PersonNow, TroubleNow, WaitingNow
from shared.store.schema import desk_session
from tests.support.organisation import HANDLER, SUPERVISOR

Find = Callable[[Console, str], Any]
WAIT = 5_000


def looking(signed_in: Callable[..., Console], qtbot: Any) -> Console:
    console = signed_in(SUPERVISOR)
    console.overseeing.open()
    qtbot.waitUntil(lambda: console.overseeing.model.line is not None, timeout=WAIT)
    return console


def rows(console: Console, find: Find, name: str) -> list[str]:
    entries = find(console, name)
    return [entries.item(place).text() for place in range(entries.count())]


def test_a_quiet_line_says_so_in_words(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> None:
    console = looking(signed_in, qtbot)

    assert control(console, "line_now.hours").text() == "The line is open."
    assert rows(console, control, "line_now.calls") == [NO_CALLS]
    assert rows(console, control, "line_now.trouble") == [NO_TROUBLE]
    assert rows(console, control, "line_now.people")[0].startswith(SUPERVISOR)
    assert NOBODY_HERE not in rows(console, control, "line_now.people")
    assert not control(console, "line_now.sign_out").isEnabled()


def test_closing_asks_for_a_second_press_and_the_line_takes_no_new_calls(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any, now: Any
) -> None:
    console = looking(signed_in, qtbot)
    words = control(console, "line_now.words")
    words.setCurrentIndex(words.findData(ClosedWords.TROUBLE.value))

    control(console, "line_now.close").click()
    asked = control(console, "line_now.close").text()
    control(console, "line_now.close").click()
    qtbot.waitUntil(lambda: console.overseeing.model.by_hand, timeout=WAIT)

    assert asked.startswith("Press again: close until ")
    with service.store.read() as tx:
        said = word_by_hand(tx, now())
    assert said is not None
    assert (said.by_hand.open, said.words) == (False, ClosedWords.TROUBLE)
    assert "closed by hand" in control(console, "line_now.hours").text()

    control(console, "line_now.usual").click()
    qtbot.waitUntil(lambda: not console.overseeing.model.by_hand, timeout=WAIT)
    assert not control(console, "line_now.usual").isEnabled()


def test_one_press_closes_nothing_and_another_choice_takes_it_back(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any, now: Any
) -> None:
    console = looking(signed_in, qtbot)

    control(console, "line_now.close").click()
    control(console, "line_now.until").setCurrentIndex(3)

    assert control(console, "line_now.close").text() == hours_by_hand.CLOSE
    with service.store.read() as tx:
        assert word_by_hand(tx, now()) is None


def test_somebody_is_signed_out_from_the_sheet(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    signed_in(HANDLER, computer="another")
    console = looking(signed_in, qtbot)
    people = control(console, "line_now.people")
    place = next(n for n, words in enumerate(rows(console, control, "line_now.people")) if words.startswith(HANDLER))
    people.setCurrentRow(place)

    button = control(console, "line_now.sign_out")
    button.click()
    asked = button.text()
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut))
    left_alone = button.text()
    button.click()
    button.click()
    qtbot.waitUntil(lambda: console.overseeing.model.notice == overseeing.SIGNED_OUT, timeout=WAIT)

    with service.store.read() as tx:
        left = set(tx.execute(select(desk_session.c.person_id)).scalars())
    assert left == {service.organisation.members[SUPERVISOR].id}
    assert (asked, left_alone) == (f"Press again to sign {HANDLER} out everywhere", SIGN_OUT)


def test_it_is_read_again_by_itself_while_it_is_shown_and_not_after(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = looking(signed_in, qtbot)
    console.overseeing.timer.setInterval(20)
    before = console.overseeing.model.line
    qtbot.waitUntil(lambda: console.overseeing.model.line is not before, timeout=WAIT)

    console.overseeing.view.put_away()

    qtbot.waitUntil(lambda: not console.overseeing.timer.isActive(), timeout=WAIT)


def test_while_the_service_is_away_what_is_shown_is_called_old(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = looking(signed_in, qtbot)
    service.go_away()

    console.overseeing.refresh()

    stale = control(console, "line_now.stale")
    qtbot.waitUntil(lambda: stale.text().startswith("What is shown may be old."), timeout=WAIT)
    assert console.overseeing.model.line is not None


def test_nobody_but_a_supervisor_opens_it(signed_in: Callable[..., Console], control: Find) -> None:
    console = signed_in(HANDLER)

    console.overseeing.open()

    assert not control(console, "line_now").isVisible()
    [way] = console.window.findChildren(QShortcut, "way.line_now")
    assert not way.isEnabled()


def test_whoever_is_chosen_stays_chosen_and_nobody_is_chosen_in_their_place(qtbot: Any, now: Any) -> None:
    parent, model = QWidget(), LineNowModel()
    qtbot.addWidget(parent)
    sheet = view.LineNowView(parent, model, LIGHT_TOKENS, now)
    model.show(busy(now(), people=("Asha", "Bryn", "Carys")))
    sheet._people.setCurrentRow(1)

    model.show(busy(now(), people=("Aled", "Asha", "Bryn", "Carys")))
    still = sheet._chosen()
    model.show(busy(now(), people=("Aled", "Asha", "Carys")))

    assert still == person_id("Bryn")
    assert sheet._chosen() == ""


def test_five_hundred_waiting_and_two_hundred_people_stall_nothing(qtbot: Any, now: Any) -> None:
    parent, model = QWidget(), LineNowModel()
    qtbot.addWidget(parent)
    parent.resize(1440, 900)
    sheet = view.LineNowView(parent, model, LIGHT_TOKENS, now)
    parent.show()
    sheet.toggle()
    at, longest = now(), 0.0

    for second in range(5):
        names = tuple(f"Given{n:03}" for n in range(200))
        line = busy(at + timedelta(seconds=5 * second), waiting=500, people=names)
        begun = time.process_time()
        model.show(line)
        longest = max(longest, time.process_time() - begun)

    assert sheet._waiting.count() == 500
    assert longest < 0.25  # of a busy machine; the bench has the goal


def test_nothing_that_ranks_or_counts_people_is_written_anywhere_in_the_view() -> None:
    texts = " ".join(inspect.getsource(module).lower() for module in (view, hours_by_hand, words, overseeing))

    for word in ("calls handled", "handled by", "per hour", "leaderboard", "ranking", "fastest", "average"):
        assert word not in texts


# --- what is seen -----------------------------------------------------------------------------------------------------

LIGHT_TOKENS = Appearance().tokens


def person_id(name: str) -> str:
    return name.encode().hex().ljust(32, "0")[:32]


def busy(at: Any, waiting: int = 0, people: tuple[str, ...] = ()) -> LineNow:
    since = at - timedelta(minutes=4)
    return LineNow(
        at=at,
        hours=HoursNow(open=True, until=None, by_hand=False, words=ClosedWords.CLOSED),
        in_menu=0,
        waiting=tuple(
            WaitingNow(language=Language.EN, since=since - timedelta(seconds=n), unable_to_speak=False)
            for n in range(waiting)
        ),
        calls=tuple(CallNow(state=CallState.TALKING, by=name, since=since, asks_help=False) for name in people),
        people=tuple(
            PersonNow(id=person_id(name), name=name, presence=PresenceState.ON_CALL, since=since) for name in people
        ),
        trouble=TroubleNow(parked=0, unanswered=0, purges_overdue=0, keys=(), drafts=()),
    )
