"""Nothing is sealed for a key that is suspended, and whoever would is told so before it is tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from console.app import Console
from console.keyring import KeySuspended
from console.newcomers import OWN_SUSPENDED
from console.putting import asked_of
from console.renewing import Renewing
from console.reviewing import SUSPENDED
from shared.domain.key_changes import lift_suspension, suspend_key
from shared.domain.vocabulary import Lane, ReportState
from shared.question_messages import QuestionCard
from shared.sealing.questions import Question, seal_question
from tests.console.test_reviewing import reading, released, submit
from tests.support.organisation import BOTH, ESSEX, FOUNDED, HANDLER, KENT, KENT_ALTERNATE, SUPERVISOR
from tests.support.sealed_reports import as_text

Find = Callable[[Console, str], Any]
WAIT = 20_000


@pytest.fixture
def renew() -> Iterator[Callable[[Console], None]]:
    """Has a console renew its token at once, and take what comes with it."""
    begun: list[Renewing] = []

    def at_once(console: Console) -> None:
        begun.append(Renewing(console.link, renew_ms=10, try_again_ms=10))
        begun[-1].suspended.connect(console.signing_in.suspend)
        begun[-1].suspended.connect(lambda _: begun[-1].stop())
        begun[-1].start()

    yield at_once
    for one in begun:
        one.stop()


def suspend(service: Any, key_id: str) -> None:
    with service.store.begin() as tx:
        suspend_key(tx, key_id, ["a" * 32], FOUNDED)


def test_a_suspended_unit_is_released_nothing_and_its_alternate_still_takes_what_is_about_it(
    signed_in: Callable[..., Console], service: Any, control: Find, renew: Callable[[Console], None], qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    suspend(service, service.organisation.units[KENT].reader.public.key_id)
    renew(reviewer)
    qtbot.waitUntil(lambda: bool(reviewer.keyring.keys and reviewer.keyring.keys.suspended), timeout=WAIT)

    control(reviewer, "action.release").click()
    told = reviewer.review.notice
    later = signed_in(BOTH)
    reading(later, control, qtbot)

    assert told == control(later, "review.unit").text() == SUSPENDED
    assert not control(later, "action.release").isEnabled()
    with service.store.read():
        row, _ = released(service)
    assert row.state is ReportState.IN_REVIEW
    keys = later.keyring.keys
    assert keys is not None
    assert [unit.id for unit in keys.recipients("kent", Lane.ORDINARY, True, FOUNDED)] == [KENT_ALTERNATE]
    assert reviewer.signing_in.proof is not None
    assert reviewer.signing_in.proof.suspended == keys.suspended

    with service.store.begin() as tx:
        everyone = [member.id for member in service.organisation.members.values()]
        lift_suspension(tx, next(iter(keys.suspended)), everyone, FOUNDED)
    renew(later)
    qtbot.waitUntil(lambda: bool(later.keyring.keys and not later.keyring.keys.suspended), timeout=WAIT)
    control(later, "review.reworded").click()  # drawn anew
    assert control(later, "review.unit").text() == "Kent Psd"


def test_whose_own_key_is_suspended_is_told_so_and_goes_on_writing(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    suspend(service, service.organisation.members[HANDLER].keys.reader.key_id)

    console = signed_in(HANDLER)

    qtbot.waitUntil(lambda: console.line.notice == OWN_SUSPENDED, timeout=WAIT)
    submit(console, qtbot)


def test_the_list_can_only_take_away(signed_in: Callable[..., Console], service: Any) -> None:
    console = signed_in(SUPERVISOR)
    organisation = service.organisation
    author = organisation.members[HANDLER]
    before = console.keyring.keys
    assert before is not None

    listed = {organisation.units[KENT].reader.public.key_id, author.keys.reader.key_id, "0" * 32}
    console.signing_in.suspend(frozenset(listed | {organisation.supervisors.key_id}))

    keys = console.keyring.keys
    assert keys is not None
    assert {unit.id for unit in keys.directory.units} == {ESSEX, KENT_ALTERNATE}
    assert set(keys.directory.people) < set(before.directory.people)
    assert keys.directory.roles == before.directory.roles  # a role's key is made anew instead
    for refused in (
        lambda: keys.seal_withdrawal(b"d" * 32, "OFFICIAL", KENT, FOUNDED),
        lambda: keys.recipients("kent", Lane.ORDINARY, False, FOUNDED),
        lambda: keys.give_draft("", None, author.id),
    ):
        with pytest.raises(KeySuspended):
            refused()


def test_what_a_suspended_unit_asks_is_put_to_nobody(signed_in: Callable[..., Console], service: Any) -> None:
    unit, keys = service.organisation.units[KENT], signed_in(HANDLER).keyring.keys
    assert keys is not None
    asked = seal_question(Question("AAAA-BBBB", "When?"), KENT, keys.directory.desk_key(), unit.answers)
    card = QuestionCard(id="a" * 32, unit_id=KENT, received_on=FOUNDED, sealed=as_text(asked))

    suspended = replace(keys, suspended=frozenset({unit.reader.public.key_id}))

    assert asked_of("AAAA-BBBB", (card,), keys) == ("When?",)
    assert asked_of("AAAA-BBBB", (card,), suspended) == ()
