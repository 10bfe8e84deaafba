"""Every screen and sheet of the console, in every theme, with text as usual and at twice its size; to be looked at."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from console.app import Console
from console.appearance import Appearance, Theme
from shared.domain import parties
from shared.domain.live_parties import party_of_person
from shared.domain.newcomers import invite
from shared.domain.people import Particulars
from shared.domain.reports import start_draft
from shared.domain.vocabulary import Category, Language, Mode, Role
from shared.summary.sheet import Edition
from tests.support.door import KEY
from tests.support.fitting import what_does_not_fit
from tests.support.organisation import ADMINISTRATOR, AUDITOR, BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR
from tests.support.sealed_reports import draft, facts
from tests.support.studio import ANSWERS, ENTRIES, HEIGHT, WIDTH, Studio, at_rest, press, wait_for

LOOKS = {
    f"{theme.value}.{percent}": (Appearance(theme, percent), *size)
    for theme in Theme
    for percent, size in ((100, (WIDTH, HEIGHT)), (200, (1280, 720)))
}
TRIES = 10
LONG = "They said that " + "it went on for a good many months and was never once written down, " * 12
COLLEAGUE_LEG = "CA" + "d" * 32
ADDED = "Gwen"
NEWCOMER = Particulars("Tegan", (Role.HANDLER,), (Language.EN,), "+442079460199")

Snap = Callable[[Console, str], None]


def photograph_every_screen(studio: Studio, folder: Path) -> None:
    """Write `<screen>.<look>.png` for all of them, and say what does not fit."""
    folder.mkdir(parents=True, exist_ok=True)

    def snap(console: Console, name: str) -> None:
        sys.stdout.write(f"{name}\n")
        with studio.clock.stopped():
            for look, (appearance, width, height) in LOOKS.items():
                console.window.dress(appearance.tokens)
                console.window.resize(width, height)
                misfits = _settled(console)
                console.window.grab().save(str(folder / f"{name}.{look}.png"))
                sys.stdout.writelines(f"    {look}: {misfit}\n" for misfit in misfits)
            console.window.dress(Appearance().tokens)
            console.window.resize(WIDTH, HEIGHT)

    visit_every_screen(studio, snap)


def _settled(console: Console) -> list[str]:
    """What does not fit once everything has found its place."""
    for _ in range(TRIES):
        QApplication.processEvents()
        if not (misfits := what_does_not_fit(console.window)):
            break
    return misfits


def visit_every_screen(studio: Studio, snap: Snap) -> None:
    """Go through all of them; `snap` is called at each with the console and the screen's name."""
    handler = studio.sit_down(HANDLER)
    for scene in (
        _line,
        _call,
        _report,
        _helped,
        _wrap_up,
        _sheets,
        _review,
        _decided_by_two,
        _first_sign_in,
        _others,
        _away,
    ):
        scene(studio, handler, snap)
    _sign_in(studio, snap)


def go(console: Console, action: str) -> None:
    """Use an action that has a key and no button."""
    console.window.findChildren(QShortcut, f"way.{action}")[0].activated.emit()


def _sign_in(studio: Studio, snap: Snap) -> None:
    door = studio.open_window(HANDLER)
    snap(door, "sign_in")
    door.signing_in.begin(HANDLER, "not the passphrase at all")
    wait_for(lambda: bool(door.session.problem))
    snap(door, "sign_in_refused")
    studio.desk.go_away()
    studio.desk.second_factor = KEY
    studio.desk.come_back()
    door.signing_in.begin(HANDLER, studio.desk.organisation.members[HANDLER].passphrase)
    code = door.window.findChildren(QWidget, "sign_in.code")[0]
    wait_for(code.isVisible)
    snap(door, "sign_in_code")
    door.window.findChildren(QWidget, "sign_in.none_yet")[0].click()  # type: ignore[attr-defined]
    wait_for(lambda: door.session.second_factor is not None)
    snap(door, "sign_in_set_up")


def _line(studio: Studio, handler: Console, snap: Snap) -> None:
    snap(handler, "offline")
    studio.desk.a_call_waits(category=Category.PERSONAL_ADVANTAGE, force_id="kent")
    press(handler, "available")
    wait_for(lambda: handler.line.offer is not None)
    for number in range(5, 9):
        silent, welsh = number % 2 == 0, number % 3 == 0
        studio.desk.a_call_waits(
            f"CA{number}" + "0" * 31, unable_to_speak=silent, language=Language.CY if welsh else Language.EN
        )
        studio.clock.ahead += timedelta(seconds=2)
    wait_for(lambda: len(handler.line.calls) == 5)
    handler.window.go_line()
    snap(handler, "offer")
    go(handler, "lock")
    snap(handler, "locked")
    passphrase = handler.window.findChildren(QLineEdit, "locked.passphrase")[0]
    passphrase.setText(studio.desk.organisation.members[HANDLER].passphrase)
    handler.window.findChildren(QWidget, "locked.unlock")[0].click()  # type: ignore[attr-defined]
    wait_for(lambda: not handler.guarding.idle.is_locked and handler.keyring.keys is not None)


def _call(studio: Studio, handler: Console, snap: Snap) -> None:
    press(handler, "answer")
    wait_for(lambda: handler.call.call is not None)
    snap(handler, "ringing")
    studio.desk.the_handset_is_answered()
    wait_for(lambda: handler.report.is_open)
    handler.window.go_call()
    snap(handler, "talking")
    press(handler, "hold")
    wait_for(lambda: handler.call.may("resume"))
    handler.window.go_call()
    snap(handler, "held")
    press(handler, "resume")
    wait_for(lambda: handler.call.may("hold"))
    press(handler, "end")
    snap(handler, "end_asked")


def _report(studio: Studio, handler: Console, snap: Snap) -> None:
    press(handler, "submit")
    snap(handler, "problems")
    first = handler.report.content["entries"][0]
    answers = ANSWERS | {"entries": [first | {"text": text} for text in (*ENTRIES, LONG)]}
    for field_id, value in answers.items():
        handler.report.answer(field_id, value)
    handler.report.opened.emit()
    wait_for(lambda: not handler.report.is_unsaved)
    for section in handler.report.form.sections:
        if any(field.id in handler.report.asked for field in section.fields):
            handler.window.report.go_to_section(section.id)
            snap(handler, f"report_{section.id}")
    handler.window.report.go_to_field("read_back")
    snap(handler, "read_back")
    pointing = first | {"text": "My husband, a sergeant at the north station, saw it at 14:32 from our window."}
    handler.report.answer("entries", [pointing, first | {"text": LONG}])
    handler.report.opened.emit()
    press(handler, "hints")
    wait_for(lambda: bool(handler.wording.hints.open))
    snap(handler, "hints")


def _helped(studio: Studio, handler: Console, snap: Snap) -> None:
    colleague = studio.sit_down(SECOND_HANDLER)
    press(colleague, "available")
    wait_for(lambda: len(handler.together.choices) == 1)
    press(handler, "bring_in")
    handler.window.go_call()
    snap(handler, "bring_in")
    handler.window.findChildren(QWidget, f"ask.{handler.together.choices[0].id}")[0].click()  # type: ignore[attr-defined]
    wait_for(lambda: colleague.together.asked is not None)
    with studio.desk.store.begin() as tx:
        party = party_of_person(tx, studio.desk.organisation.members[SECOND_HANDLER].id)
        assert party is not None
        parties.party_comes(tx, party.id, COLLEAGUE_LEG, studio.clock())
    wait_for(lambda: handler.together.taker is not None)
    handler.window.go_call()
    snap(handler, "consulting")
    snap(colleague, "consulted")
    press(handler, "let_go")
    press(handler, "training")
    at_rest(handler)
    handler.window.go_call()
    snap(handler, "training")
    colleague.close()


def _wrap_up(studio: Studio, handler: Console, snap: Snap) -> None:
    studio.desk.the_caller_hangs_up()
    wait_for(lambda: handler.call.may("outcome"))
    handler.window.go_call()
    press(handler, "outcome_report")
    snap(handler, "wrap_up")


def _sheets(studio: Studio, handler: Console, snap: Snap) -> None:
    handler.window.keys.toggle()
    snap(handler, "keys")
    handler.window.keys.put_away()
    handler.window.palette_sheet.toggle()
    snap(handler, "palette")
    QTest.keyClicks(handler.window.focusWidget(), "text")
    snap(handler, "palette_typed")
    handler.window.palette_sheet.put_away()
    go(handler, "account")
    at_rest(handler)
    snap(handler, "account")
    _put_sheets_away(handler)


def _put_sheets_away(console: Console) -> None:
    for sheet in console.window.findChildren(QWidget):
        if sheet.property("look") == "sheet" and sheet.isVisible():
            sheet.put_away()  # type: ignore[attr-defined]


def _review(studio: Studio, handler: Console, snap: Snap) -> None:
    first = handler.report.content["entries"][0]
    handler.report.answer("entries", [first | {"text": text} for text in ENTRIES])
    handler.report.opened.emit()
    handler.report.answer("read_back", "yes")  # as it is now
    press(handler, "submit")
    wait_for(lambda: not handler.report.is_open)
    snap(handler, "submitted")
    reviewer = studio.sit_down(SUPERVISOR)
    wait_for(lambda: bool(reviewer.review.in_review))
    snap(reviewer, "supervisor")
    _open_review(reviewer)
    snap(reviewer, "review")
    press(reviewer, "remark")
    box = reviewer.window.focusWidget()
    if isinstance(box, QPlainTextEdit):
        box.setPlainText("Please say how they know, without who told them.")
    snap(reviewer, "review_remark")
    press(reviewer, "reject")
    wait_for(lambda: reviewer.review.ask is not None and not reviewer.review.busy)
    snap(reviewer, "review_asked")
    reviewer.close()


def _open_review(reviewer: Console) -> None:
    wait_for(lambda: bool(reviewer.review.in_review))
    reviewer.reviewing.open(reviewer.review.in_review[0].id)
    wait_for(lambda: reviewer.review.report is not None)


def _decided_by_two(studio: Studio, handler: Console, snap: Snap) -> None:
    second = studio.sit_down(BOTH)
    _open_review(second)
    wait_for(lambda: second.review.ask is not None)
    snap(second, "review_by_two")
    with studio.desk.store.begin() as tx:
        author = studio.desk.organisation.members[SECOND_HANDLER]
        begun = studio.clock() - timedelta(days=1)
        start_draft(tx, author.id, facts(mode=Mode.ANONYMOUS), draft(studio.desk.organisation, author), begun)
    press(second, "oversight")
    snap(second, "oversight")
    _put_sheets_away(second)
    for action in ("left_drafts", "line_now", "summary", "outbox"):
        go(second, action)
        at_rest(second)
        snap(second, action)
        _put_sheets_away(second)
    go(second, "summary")
    second.office.summary.choose(None, second.office.summary.day, Edition.INTERNAL)
    wait_for(lambda: second.office.summary.sheet is None or bool(second.office.summary.published()))
    at_rest(second)
    snap(second, "summary_since_launch")
    _put_sheets_away(second)
    second.close()


def _first_sign_in(studio: Studio, handler: Console, snap: Snap) -> None:
    with studio.desk.store.begin() as tx:
        words = " ".join(invite(tx, NEWCOMER, studio.clock()).words)
    door = studio.open_window("newcomer")
    door.enrolling.open()
    snap(door, "first_sign_in")
    door.enrolling.begin(NEWCOMER.name, words, "short", "short")
    snap(door, "first_sign_in_refused")
    door.enrolling.begin(NEWCOMER.name, words, "known to nobody else", "known to nobody else")
    wait_for(lambda: bool(door.session.words_of_keys))
    snap(door, "first_sign_in_waits")
    door.close()


def _others(studio: Studio, handler: Console, snap: Snap) -> None:
    for name, action in ((AUDITOR, "audit"), (ADMINISTRATOR, "people")):
        other = studio.sit_down(name)
        snap(other, name_of_screen(action, "desk"))
        go(other, action)
        at_rest(other)
        snap(other, name_of_screen(action, "sheet"))
        if name == ADMINISTRATOR:
            _added(other, snap)
        other.close()


def _added(administrator: Console, snap: Snap) -> None:
    people, office = administrator.window.findChildren(QWidget), administrator.office
    named = {part.objectName(): part for part in people}
    if not office.people_view.isVisible():
        office.open_people()
    named["people.new"].click()  # type: ignore[attr-defined]
    snap(administrator, "people_new")
    named["people.name"].setText(ADDED)  # type: ignore[attr-defined]
    for box in (f"people.role.{Role.AUDITOR}", f"people.language.{Language.EN}", "people.make"):
        named[box].click()  # type: ignore[attr-defined]
    wait_for(lambda: office.people.given is not None)
    at_rest(administrator)
    snap(administrator, "people_given")


def name_of_screen(action: str, part: str) -> str:
    """Of somebody who does little else."""
    return f"only_{action}_{part}"


def _away(studio: Studio, handler: Console, snap: Snap) -> None:
    studio.desk.go_away()
    wait_for(lambda: bool(handler.line.banner))
    snap(handler, "away")
    studio.desk.come_back()
    wait_for(lambda: handler.line.reached)
