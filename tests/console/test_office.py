"""People, sessions, passphrases and the audit log in the console."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from sqlalchemy import insert

from console.app import Console
from console.dates import weekday_and_year
from console.link import PendingCall
from console.models.session import SessionState
from console.views.audit import WHOLE
from shared import audit
from shared.domain import proposals
from shared.domain.people import Member, member
from shared.domain.vocabulary import ProposalKind, Role
from shared.store.schema import person_role
from tests.support.organisation import ADMINISTRATOR, AUDITOR, BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR

Find = Callable[[Console, str], Any]
WAIT = 20_000


@pytest.fixture
def staffed(service: Any) -> Any:
    """Two more administrators: a supervisor and the auditor."""
    with service.store.begin() as tx:
        for name in (AUDITOR, SUPERVISOR):
            row = {"person_id": service.organisation.members[name].id, "role": Role.ADMINISTRATOR}
            tx.execute(insert(person_role), row)
    return service


def known(service: Any, name: str) -> Member:
    with service.store.read() as tx:
        return member(tx, service.organisation.members[name].id)


def choose(console: Console, control: Find, qtbot: Any, name: str) -> None:
    people = control(console, "people.list")
    qtbot.waitUntil(lambda: people.count() > 0, timeout=WAIT)
    for row in range(people.count()):
        if people.item(row).text().startswith(f"{name}\n"):
            people.setCurrentRow(row)
            return
    raise AssertionError(name)


def settled(console: Console, qtbot: Any, notice: str) -> None:
    qtbot.waitUntil(lambda: console.office.people.notice == notice, timeout=WAIT)


def test_an_administrator_begins_with_people_and_sees_who_is_what(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(ADMINISTRATOR)

    choose(console, control, qtbot, HANDLER)

    assert control(console, "people").isVisible()
    assert control(console, "people.name").text() == HANDLER
    assert control(console, "people.handset").text() == "+442079460101"
    assert control(console, "people.role.handler").isChecked()
    assert not control(console, "people.role.supervisor").isChecked()
    assert "report" not in control(console, "report.nothing_words").text()  # which is not theirs to write or read


def test_a_change_is_proposed_by_one_and_confirmed_by_another(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    first = signed_in(ADMINISTRATOR)
    choose(first, control, qtbot, HANDLER)
    control(first, "people.handset").setText("+44 20 7946 0102")
    control(first, "people.change").click()
    settled(first, qtbot, "Proposed. Another administrator has to confirm it.")
    qtbot.waitUntil(lambda: len(first.office.people.rows) == 1, timeout=WAIT)
    (row,) = first.office.people.rows
    assert row.what == f"Change {HANDLER}: handset +442079460101 to +442079460102"
    assert not control(first, f"proposal.{row.id}.confirm").isEnabled()

    second = signed_in(AUDITOR)
    qtbot.waitUntil(lambda: len(second.office.people.rows) == 1, timeout=WAIT)
    first.office.looking.setInterval(30)
    control(second, f"proposal.{row.id}.confirm").click()

    settled(second, qtbot, "Done.")
    assert known(staffed, HANDLER).particulars.handset == "+442079460102"
    qtbot.waitUntil(lambda: not first.office.people.rows, timeout=WAIT)  # seen without being asked for
    assert not first.window.findChildren(QWidget, f"proposal.{row.id}.confirm")
    choose(second, control, qtbot, HANDLER)
    qtbot.waitUntil(lambda: control(second, "people.warning").isVisible(), timeout=WAIT)
    assert "Somebody else's calls ring at this handset" in control(second, "people.warning").text()


def test_what_is_proposed_about_oneself_is_for_others_to_confirm_or_take_back(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    people = staffed.organisation.members
    with staffed.store.begin() as tx:
        about, kind = people[ADMINISTRATOR].id, ProposalKind.SUSPEND
        proposed = proposals.propose(tx, people[AUDITOR].id, kind, about, None, datetime.now(UTC))

    console = signed_in(ADMINISTRATOR)

    qtbot.waitUntil(lambda: len(console.office.people.rows) == 1, timeout=WAIT)
    for done in ("confirm", "withdraw"):
        assert not control(console, f"proposal.{proposed}.{done}").isEnabled()


def test_a_suspended_persons_console_is_at_its_sign_in_within_five_seconds(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    handler = signed_in(SECOND_HANDLER)
    one, other = (staffed.organisation.members[name].id for name in (ADMINISTRATOR, AUDITOR))
    about = staffed.organisation.members[SECOND_HANDLER].id

    with staffed.store.begin() as tx:
        proposed = proposals.propose(tx, one, ProposalKind.SUSPEND, about, None, staffed.clock())
        proposals.confirm(tx, other, (Role.ADMINISTRATOR,), proposed, staffed.clock())

    qtbot.waitUntil(lambda: handler.session.state is SessionState.SIGNED_OUT, timeout=20_000)
    assert handler.keyring.keys is None
    assert control(handler, "sign_in.name").isVisible()


def test_someone_is_signed_out_by_one_administrator_at_once(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    handler, console = signed_in(HANDLER), signed_in(ADMINISTRATOR)
    choose(console, control, qtbot, HANDLER)

    control(console, "people.out").click()
    asked = control(console, "people.out").text()
    control(console, "people.out").click()

    assert asked == f"Press again to sign {HANDLER} out everywhere"
    qtbot.waitUntil(lambda: handler.session.state is SessionState.SIGNED_OUT, timeout=20_000)


def test_what_stands_in_the_way_is_said_in_words(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(ADMINISTRATOR)
    choose(console, control, qtbot, HANDLER)
    control(console, "people.name").setText(SECOND_HANDLER.lower())

    control(console, "people.change").click()

    settled(console, qtbot, "There is a person of this name already.")
    assert control(console, "people.name").text() == SECOND_HANDLER.lower()  # what was typed stays


@pytest.mark.parametrize("handset", ["extension 5", "0113 496"])
def test_a_handset_that_is_none_is_not_even_sent(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any, handset: str
) -> None:
    console = signed_in(ADMINISTRATOR)
    choose(console, control, qtbot, HANDLER)
    control(console, "people.handset").setText(handset)

    control(console, "people.change").click()

    assert console.office.people.notice == "A handset is a number with +44 and so on, or a SIP address."


@pytest.mark.parametrize("name", [HANDLER, SUPERVISOR])
def test_others_have_no_way_to_people_or_the_log(
    signed_in: Callable[..., Console], service: Any, control: Find, name: str
) -> None:
    console = signed_in(name)

    console.office.open_people()
    console.office.open_audit()

    assert not control(console, "people").isVisible()
    assert not control(console, "audit").isVisible()


def test_an_auditor_reads_the_log_with_names_and_that_it_is_whole(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    signed_in(BOTH)
    console = signed_in(AUDITOR)

    entries = control(console, "audit.list")
    qtbot.waitUntil(lambda: entries.count() == 3, timeout=WAIT)

    assert entries.item(0).text().startswith("Tuesday 10 March 2026: 2 entries, digest ")
    assert [entries.item(row).text().strip() for row in (1, 2)] == [f"{BOTH} signed in (done)", f"{AUDITOR} signed in (done)"]  # fmt: skip # noqa: E501
    assert control(console, "audit.state").text() == WHOLE


def test_an_auditor_reads_back_through_every_day_there_is_and_is_told_when_it_cannot_be_read(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    today = service.clock().date()
    with service.store.begin() as tx:
        for ago in range(40, 0, -1):
            audit.record(tx, "command", audit.AuditVerb.SIGN_IN, None, audit.Outcome.DONE, today - timedelta(days=ago))
    console = signed_in(AUDITOR)
    entries, more = control(console, "audit.list"), control(console, "audit.earlier")
    qtbot.waitUntil(lambda: entries.count() == 62, timeout=WAIT)
    service.go_away()
    more.click()
    qtbot.waitUntil(lambda: control(console, "audit.notice").isVisible(), timeout=WAIT)
    service.come_back()

    more.click()
    more.click()  # impatience reads nothing twice

    qtbot.waitUntil(lambda: entries.count() == 82, timeout=WAIT)
    qtbot.waitUntil(lambda: not console.link.findChildren(PendingCall), timeout=WAIT)
    first = today - timedelta(days=40)
    assert entries.count() == 82
    assert entries.item(80).text().startswith(weekday_and_year(first))
    assert not more.isVisible() and not control(console, "audit.notice").isVisible()


# --- one's own --------------------------------------------------------------------------------------------------------


def test_ones_own_sessions_are_listed_and_ended_elsewhere(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    elsewhere, here = signed_in(HANDLER), signed_in(HANDLER)
    here.office.open_account()
    ends: list[QWidget] = []

    def listed() -> bool:
        ends[:] = [one for one in here.window.findChildren(QWidget) if one.objectName().endswith(".end")
                   and one.objectName().startswith("session.")]  # fmt: skip
        return len(ends) == 1

    qtbot.waitUntil(listed, timeout=WAIT)
    ends[0].click()  # type: ignore[attr-defined]

    qtbot.waitUntil(lambda: elsewhere.session.state is SessionState.SIGNED_OUT, timeout=20_000)
    assert here.session.state is SessionState.SIGNED_IN


def change(console: Console, control: Find, old: str, new: str, again: str | None = None) -> None:
    console.office.open_account()
    for name, words in (("account.old", old), ("account.new", new), ("account.again", new if again is None else again)):
        control(console, name).setText(words)
    control(console, "account.change").click()


def said(console: Console, control: Find, qtbot: Any) -> str:
    notice = control(console, "account.notice")
    qtbot.waitUntil(lambda: notice.isVisible() and not notice.text().startswith("Making"), timeout=WAIT)
    words: str = notice.text()
    return words


def test_a_new_passphrase_opens_the_same_keys_and_ends_the_other_sessions(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    member = service.organisation.members[HANDLER]
    elsewhere, here = signed_in(HANDLER), signed_in(HANDLER)

    change(here, control, member.passphrase, "a quiet night at the desk")

    assert said(here, control, qtbot) == "Changed. Your other sessions have ended."
    qtbot.waitUntil(lambda: elsewhere.session.state is SessionState.SIGNED_OUT, timeout=20_000)
    service.organisation.members[HANDLER] = replace(member, passphrase="a quiet night at the desk")
    keys = signed_in(HANDLER).keyring.keys
    assert keys is not None
    assert keys.own.reader.public == member.keys.reader
    here.guarding.lock()
    here.guarding._try("a quiet night at the desk")
    qtbot.waitUntil(lambda: not here.guarding.idle.is_locked, timeout=WAIT)


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("not the passphrase at all", "a quiet night at the desk", None, "does not open these keys"),
        ("", "a quiet night at the desk", None, "does not open these keys"),
        (None, "short", None, "14 to 128"),
        (None, "a quiet night at the desk", "a quiet night at the disk", "not alike"),
    ],
)
def test_nothing_changes_on_a_passphrase_that_cannot_be(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any,
    old: str | None, new: str, again: str | None, words: str,
) -> None:  # fmt: skip
    console = signed_in(HANDLER)

    change(console, control, service.organisation.members[HANDLER].passphrase if old is None else old, new, again)

    assert words in said(console, control, qtbot)


def test_nothing_typed_stays_behind_when_the_sheet_is_closed(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    console.office.open_account()
    qtbot.keyClicks(control(console, "account.old"), "something secret")

    qtbot.keyClick(control(console, "account.old"), Qt.Key.Key_Escape)

    assert not control(console, "account").isVisible()
    assert control(console, "account.old").text() == ""


def test_a_lock_hides_an_open_sheet_and_brings_it_back(
    signed_in: Callable[..., Console], staffed: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(ADMINISTRATOR)
    people = control(console, "people")
    assert people.isVisible()

    console.guarding.lock()

    assert not people.isVisible()
    console.guarding._try(staffed.organisation.members[ADMINISTRATOR].passphrase)
    qtbot.waitUntil(lambda: people.isVisible(), timeout=WAIT)
    assert control(console, "people") is people
