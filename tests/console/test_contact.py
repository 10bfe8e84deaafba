"""A confidential caller's details: for their author and the unit, never for a reviewer, and gone with the mode."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.app import Console
from console.consent import DELETED
from console.contact import contact_values, sheet_for_unit, values_from, without_contact
from console.keyring import KeySuspended, ReleaseBlocked
from console.models.report import CONTACT_DELETED
from shared.domain.vocabulary import Category, EnvelopeStage, Language, Mode, ReportState
from shared.forms import load_form
from shared.sealing.envelope import Envelope, open_envelope
from shared.store.schema import envelope as envelope_table
from shared.store.schema import wrap as wrap_table
from tests.support.organisation import FOUNDED, HANDLER, KENT, KENT_ALTERNATE, SUPERVISOR

Find = Callable[[Console, str], Any]
DETAILS = {
    "contact_consent": "yes",
    "contact_name": "Given",
    "contact_details": "given@mail.example",
    "contact_times": "Evenings; no message",
}
ENTRY = {"text": "Cars are repaired.", "source": "2", "assessment": "D", "handling": "C", "condition": "Ask first."}
WHOLE: dict[str, Any] = DETAILS | {
    "mode": "confidential",
    "force": "kent",
    "category": "personal_advantage",
    "harm": "none_known",
    "circle": "6-20",
    "unique": "no",
    "chief_officer": "no",
    "works_in_unit": "no",
    "door": "Nothing.",
    "read_back": "yes",
    "may_be_sent": "yes",
    "entries": [ENTRY | {"rationale": ""}],
}


def write(console: Console, **changed: Any) -> None:
    keys = console.keyring.keys
    assert keys is not None
    console.report.begin(keys.person_id, None, Language.EN, Mode.CONFIDENTIAL, Category.UNSET, None)
    for field_id, value in (WHOLE | changed).items():
        console.report.answer(field_id, value)


def submit(console: Console, qtbot: Any, **changed: Any) -> None:
    write(console, **changed)
    console.drafting.submit()
    assert console.report.problems == ()
    qtbot.waitUntil(lambda: not console.report.is_open, timeout=20_000)


def saved(console: Console, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not console.report.is_unsaved, timeout=20_000)


def reading(reviewer: Console, qtbot: Any) -> Console:
    qtbot.waitUntil(lambda: len(reviewer.review.in_review) == 1, timeout=20_000)
    reviewer.reviewing.open(reviewer.review.in_review[0].id)
    qtbot.waitUntil(lambda: reviewer.review.report is not None and reviewer.review.hints_settled, timeout=20_000)
    return reviewer


def kept(service: Any, stage: EnvelopeStage) -> Envelope | None:
    with service.store.read() as tx:
        row = tx.execute(select(envelope_table).where(envelope_table.c.stage == stage)).one_or_none()
        if row is None:
            return None
        wraps = tx.execute(select(wrap_table).where(wrap_table.c.envelope_id == row.id)).all()
    return Envelope(row.header, row.ciphertext, {w.key_id: w.wrap for w in wraps}, row.signature, row.signer)


def test_a_draft_keeps_details_from_the_supervisors(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    console = signed_in(HANDLER)

    write(console)
    saved(console, qtbot)

    contact, draft = kept(service, EnvelopeStage.CONTACT), kept(service, EnvelopeStage.DRAFT)
    assert contact is not None and draft is not None
    assert set(contact.wraps) == {service.organisation.members[HANDLER].keys.reader.key_id}
    assert b"given@mail.example" not in open_envelope(draft, service.organisation.supervisors, None)


def test_submitted_details_are_for_the_author_and_the_unit(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)

    contact, unit = kept(service, EnvelopeStage.CONTACT), service.organisation.units[KENT]
    assert contact is not None
    author = service.organisation.members[HANDLER].keys.reader
    assert set(contact.wraps) == {author.key_id, unit.reader.key_id}
    sheet = json.loads(open_envelope(contact, unit.reader, None))
    assert sheet["document"] == "contact"
    assert "given@mail.example" in json.dumps(sheet)


def test_details_are_sealed_to_no_key_that_has_expired_or_is_suspended_and_the_report_is_handed_in(
    signed_in: Callable[..., Console], service: Any, qtbot: Any
) -> None:
    organisation = service.organisation
    known, author = organisation.directory, organisation.members[HANDLER].keys.reader
    units = tuple(unit.model_copy(update={"expires": FOUNDED}) for unit in known.units)
    organisation.publish(service.store, known.model_copy(update={"version": known.version + 1, "units": units}))

    submit(signed_in(HANDLER), qtbot)

    contact = kept(service, EnvelopeStage.CONTACT)
    assert contact is not None and set(contact.wraps) == {author.key_id}
    keys = signed_in(HANDLER).keyring.keys
    assert keys is not None
    for refusing in (keys, replace(keys, signed=known, suspended=frozenset({known.unit(KENT).reader.key_id}))):
        with pytest.raises((ReleaseBlocked, KeySuspended)):
            refusing.seal_contact_for(contact, KENT, None, date(2026, 3, 10))


def test_a_release_signs_details_that_its_reviewer_cannot_open(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = reading(signed_in(SUPERVISOR), qtbot)
    assert "given@mail.example" not in repr(reviewer.review.content)

    control(reviewer, "action.release").click()

    qtbot.waitUntil(lambda: reviewer.review.report is None, timeout=20_000)
    contact = kept(service, EnvelopeStage.CONTACT)
    assert contact is not None
    assert contact.signer == service.organisation.directory.release.verify.key_id


def test_a_returned_report_brings_the_details_back_to_its_author(
    signed_in: Callable[..., Console], control: Find, qtbot: Any
) -> None:
    author = signed_in(HANDLER)
    submit(author, qtbot)
    reviewer = reading(signed_in(SUPERVISOR), qtbot)
    reviewer.review.set_remarks("Please widen the dates.")
    reviewer.reviewing.send_back()
    qtbot.waitUntil(lambda: len(author.review.own_open) == 1, timeout=20_000)
    qtbot.waitUntil(lambda: author.review.own_open[0].detail.startswith("Came back"), timeout=20_000)

    author.drafting.open(author.review.own_open[0].id)

    qtbot.waitUntil(lambda: author.report.is_open, timeout=20_000)
    assert {name: author.report.content[name] for name in DETAILS} == DETAILS


def test_becoming_anonymous_destroys_the_details(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    console = signed_in(HANDLER)
    write(console)
    saved(console, qtbot)
    assert kept(service, EnvelopeStage.CONTACT) is not None

    console.report.answer("mode", "anonymous")
    assert control(console, "details.asked").isVisibleTo(console.window)
    assert console.report.is_confidential
    control(console, "details.delete").click()

    saved(console, qtbot)
    assert kept(service, EnvelopeStage.CONTACT) is None
    assert control(console, "field.contact_details").text() == ""
    assert "given@mail.example" not in repr(console.report.content)


@pytest.mark.parametrize("consent", ["no", "not_asked"])
def test_without_consent_the_unit_gets_no_sheet(consent: str) -> None:
    form = load_form("report.v1")
    day = date(2026, 3, 10)

    assert sheet_for_unit(form, WHOLE | {"contact_consent": consent}, day) is None


def test_details_come_out_of_both_shapes_as_they_went_in() -> None:
    form = load_form("report.v1")
    day = date(2026, 3, 10)

    assert contact_values(form, WHOLE) == DETAILS
    assert values_from(form, contact_values(form, WHOLE)) == DETAILS
    assert values_from(form, sheet_for_unit(form, WHOLE, day)) == DETAILS
    assert not set(without_contact(form, WHOLE)) & set(DETAILS)


def test_the_status_line_says_that_details_are_deleted(signed_in: Callable[..., Console], qtbot: Any) -> None:
    console = signed_in(HANDLER)
    write(console)
    saved(console, qtbot)

    console.report.answer("mode", "anonymous")
    console.report.become_anonymous()

    qtbot.waitUntil(lambda: console.report.status_words == CONTACT_DELETED, timeout=20_000)


def test_the_unit_is_told_that_details_will_follow(signed_in: Callable[..., Console], service: Any, qtbot: Any) -> None:
    submit(signed_in(HANDLER), qtbot)
    reviewer = reading(signed_in(SUPERVISOR), qtbot)

    document = reviewer.review.document(date(2026, 3, 10))

    contact = kept(service, EnvelopeStage.CONTACT)
    assert document is not None and contact is not None
    assert document["contact"] == {"digest": contact.digest.hex()}


def test_with_a_conflict_of_interest_the_author_seals_details_for_the_unit_that_was_chosen(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    submit(signed_in(HANDLER), qtbot, chief_officer="yes")
    before = kept(service, EnvelopeStage.CONTACT)
    reviewer = reading(signed_in(SUPERVISOR), qtbot)

    control(reviewer, "action.release").click()

    alternate = service.organisation.units[KENT_ALTERNATE].reader.key_id
    author = service.organisation.members[HANDLER].keys.reader.key_id
    qtbot.waitUntil(lambda: alternate in getattr(kept(service, EnvelopeStage.CONTACT), "wraps", ()), timeout=20_000)
    after = kept(service, EnvelopeStage.CONTACT)
    assert before is not None and after is not None
    assert set(before.wraps) == {author}
    assert (set(after.wraps), after.digest) == ({author, alternate}, before.digest)


def test_a_caller_may_take_their_consent_back_until_the_report_is_released(
    signed_in: Callable[..., Console], service: Any, control: Find, qtbot: Any
) -> None:
    author = signed_in(HANDLER)
    submit(author, qtbot)
    qtbot.waitUntil(lambda: any(card.state is ReportState.IN_REVIEW for card in author.review.cards), timeout=20_000)
    report_id = author.review.cards[0].id
    button = control(author, f"consent.{report_id}")
    control(author, "action.new_report").click()  # the caller rings, and another report is open
    qtbot.waitUntil(lambda: author.report.is_open and button.isVisible(), timeout=20_000)

    button.click()
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusOut))
    button.click()
    assert kept(service, EnvelopeStage.CONTACT) is not None
    button.click()

    qtbot.waitUntil(lambda: kept(service, EnvelopeStage.CONTACT) is None, timeout=20_000)
    qtbot.waitUntil(lambda: author.line.notice == DELETED, timeout=20_000)
    qtbot.waitUntil(lambda: not control(author, "consent").isVisibleTo(author.window), timeout=20_000)
