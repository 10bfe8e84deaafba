"""Review: read by someone else, released in a new envelope for the unit and never for its author."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from sqlalchemy import select

from console.app import Console
from console.models.review_lists import OWN
from shared.domain.vocabulary import PresenceState, ReportState
from shared.sealing.envelope import Envelope, check_signature, open_envelope
from shared.store.schema import envelope as envelope_table
from shared.store.schema import report
from shared.store.schema import wrap as wrap_table
from tests.support.in_review import ENTRY, Find, reading, submit
from tests.support.organisation import BOTH, HANDLER, KENT, KENT_ALTERNATE, SUPERVISOR


def released(service: Any) -> tuple[Any, Envelope]:
    with service.store.read() as tx:
        row = tx.execute(select(report)).one()
        kept = tx.execute(select(envelope_table)).one()
        wraps = {wrap.key_id: wrap.wrap for wrap in tx.execute(select(wrap_table)).all()}
    return row, Envelope(kept.header, kept.ciphertext, wraps, kept.signature, kept.signer)


def test_a_supervisor_reads_the_report_as_the_unit_will_see_it(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = signed_in(SUPERVISOR)

    reading(reviewer, control, qtbot)

    assert control(reviewer, "wording.entries.0").toPlainText() == ENTRY["text"]
    assert ("If police come to the door", "Nothing would happen.") in reviewer.review.internal
    assert control(reviewer, "review.unit").text() == "Kent Psd"


def test_a_release_is_sealed_to_the_unit_and_not_to_the_author(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)

    control(reviewer, "action.release").click()

    qtbot.waitUntil(lambda: reviewer.review.report is None, timeout=20_000)
    row, envelope = released(service)
    unit = service.organisation.units[KENT]
    author = service.organisation.members[HANDLER].keys.reader
    assert row.state is ReportState.RELEASED and row.unit_id == KENT
    assert set(envelope.wraps) == {unit.reader.key_id, service.organisation.supervisors.key_id}
    assert author.key_id not in envelope.wraps
    check_signature(envelope, service.organisation.directory.release.verify)
    document = json.loads(open_envelope(envelope, unit.reader, service.organisation.directory.release.verify))
    assert document["entries"][0]["text"] == ENTRY["text"]
    assert "Nothing would happen." not in json.dumps(document)


def test_the_reviewers_wording_is_what_leaves(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot, circle="1-2")
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)
    control(reviewer, "review.reworded").click()
    assert not control(reviewer, "action.release").isEnabled()  # a tick alone rewords nothing

    control(reviewer, "wording.entries.0").setPlainText("Someone in the force has cars repaired.")
    qtbot.waitUntil(control(reviewer, "action.release").isEnabled)  # once the new words have been read for hints
    control(reviewer, "action.release").click()

    qtbot.waitUntil(lambda: reviewer.review.report is None, timeout=20_000)
    _, envelope = released(service)
    unit = service.organisation.units[KENT]
    opened = open_envelope(envelope, unit.reader, service.organisation.directory.release.verify)
    assert b"Someone in the force" in opened and b"An officer has" not in opened


@pytest.mark.parametrize("flag", ["chief_officer", "works_in_unit"])
def test_a_conflict_of_interest_goes_to_the_alternate(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any, flag: str
) -> None:
    submit(signed_in(HANDLER), qtbot, **{flag: "yes"})
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)

    control(reviewer, "action.release").click()

    qtbot.waitUntil(lambda: reviewer.review.report is None, timeout=20_000)
    assert released(service)[0].unit_id == KENT_ALTERNATE


def test_ones_own_report_is_listed_but_cannot_be_opened(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    both = signed_in(BOTH)

    submit(both, qtbot)

    qtbot.waitUntil(lambda: len(both.review.in_review) == 1, timeout=20_000)
    own = both.review.in_review[0]
    assert own.detail.startswith(OWN)
    assert not control(both, f"review.{own.id}").isEnabled()


def test_a_force_without_a_unit_cannot_be_released_to(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot, force="cheshire")
    reviewer = signed_in(SUPERVISOR)

    reading(reviewer, control, qtbot)

    assert not control(reviewer, "action.release").isEnabled()
    assert control(reviewer, "review.unit").text() == "No unit may receive it yet"


def test_closing_a_review_leaves_nothing_of_it(signed_in: Callable[..., Console], control: Find, qtbot: Any) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = signed_in(SUPERVISOR)
    reading(reviewer, control, qtbot)

    control(reviewer, "action.close_review").click()

    assert ENTRY["text"] not in repr(vars(reviewer.review))
    qtbot.waitUntil(lambda: not reviewer.window.findChildren(QPlainTextEdit, "wording.entries.0"))


def test_a_call_that_was_taken_comes_before_a_review(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    both = signed_in(BOTH)
    reading(both, control, qtbot)
    both.desk.set_presence(PresenceState.AVAILABLE)
    qtbot.waitUntil(lambda: both.line.presence is PresenceState.AVAILABLE, timeout=20_000)
    service.a_call_waits()
    qtbot.waitUntil(lambda: both.line.offer is not None, timeout=20_000)
    assert not control(both, "place.call").isVisible()

    both.desk.answer()

    qtbot.waitUntil(control(both, "place.call").isVisible, timeout=20_000)
    assert both.review.report is not None
