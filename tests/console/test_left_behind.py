"""A draft left behind, through real consoles: two supervisors agree, a handler goes on with it, its author is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from console.app import Console
from shared.domain.reports import start_draft
from shared.domain.vocabulary import Mode
from tests.support.organisation import BOTH, HANDLER, SECOND_HANDLER, SUPERVISOR
from tests.support.sealed_reports import draft, facts

Find = Callable[[Console, str], Any]
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def _open_sheet(console: Console, qtbot: Any) -> None:
    console.left_behind.open()
    qtbot.waitUntil(lambda: bool(console.left_behind.drafts.rows), timeout=5_000)


def test_two_supervisors_give_a_draft_left_behind_to_a_handler_and_its_author_is_told(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    members = service.organisation.members
    with service.store.begin() as tx:
        envelope = draft(service.organisation, members[HANDLER])
        start_draft(tx, members[HANDLER].id, facts(mode=Mode.ANONYMOUS), envelope, NOW)
    first, second = signed_in(SUPERVISOR, computer="first"), signed_in(BOTH, computer="second")

    _open_sheet(first, qtbot)
    control(first, "left_drafts.ask").click()
    qtbot.waitUntil(lambda: first.left_behind.drafts.rows[0].may_leave, timeout=5_000)
    gives_alone = control(first, "left_drafts.give").isVisible()
    _open_sheet(second, qtbot)
    control(second, "left_drafts.confirm").click()
    qtbot.waitUntil(lambda: second.left_behind.drafts.rows[0].may_give, timeout=5_000)
    takers = [taker.name for taker in second.left_behind.drafts.takers]
    control(second, "left_drafts.takers").setCurrentRow(takers.index(SECOND_HANDLER))
    control(second, "left_drafts.give").click()
    qtbot.waitUntil(lambda: f"by {SECOND_HANDLER}" in second.left_behind.drafts.rows[0].words, timeout=5_000)

    bryn, asha = signed_in(SECOND_HANDLER, computer="third"), signed_in(HANDLER, computer="fourth")
    qtbot.waitUntil(lambda: len(bryn.review.own_open) == 1, timeout=5_000)
    qtbot.waitUntil(lambda: "gave a draft of yours" in asha.line.notice, timeout=5_000)
    assert not gives_alone
    assert asha.review.own_open == ()
