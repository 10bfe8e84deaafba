"""A confidential caller's contact details in the store: whose they are at each step, on both databases."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from shared.audit import AuditVerb
from shared.domain import contact, reports
from shared.domain.consent import withdraw_consent
from shared.domain.errors import EnvelopeRefused, ReportNotFound, ReportNotInThatState
from shared.domain.holding import hold_report, take_up_report
from shared.domain.key_changes import suspend_key
from shared.domain.london import london_day
from shared.domain.review import release_report, return_report
from shared.domain.vocabulary import EnvelopeStage, Mode, ReportState
from shared.messages import ReportFacts, Saved
from shared.sealing.contact_address import sign_address
from shared.sealing.envelope import Envelope, open_envelope, rewrap
from shared.sealing.errors import NotForThisReader
from shared.sealing.header import EnvelopeKind
from shared.store.database import Store
from shared.store.schema import audit_entry, delivery, envelope, report, suspended_key, wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    ESSEX,
    HANDLER,
    KENT,
    KENT_ALTERNATE,
    SECOND_HANDLER,
    SUPERVISOR,
    Member,
    Organisation,
    found_organisation,
)

CONFIDENTIAL = sealing.facts(mode=Mode.CONFIDENTIAL)
CONFLICT = sealing.facts(mode=Mode.CONFIDENTIAL, conflict=True)


@dataclass
class Desk:
    """The verbs of a confidential report, each in a transaction of its own."""

    store: Store
    organisation: Organisation
    clock: Any

    @property
    def author(self) -> Member:
        return self.organisation.members[HANDLER]

    def details(self, *unit_ids: str) -> Envelope:
        return sealing.contact(self.organisation, self.author, *unit_ids)

    def start(self, details: Envelope | None, facts: ReportFacts = CONFIDENTIAL) -> Saved:
        draft = sealing.draft(self.organisation, self.author)
        with self.store.begin() as tx:
            return reports.start_draft(tx, self.author.id, facts, draft, self.clock(), details)

    def save(self, saved: Saved, details: Envelope | None, facts: ReportFacts = CONFIDENTIAL) -> Saved:
        draft = sealing.draft(self.organisation, self.author)
        with self.store.begin() as tx:
            return reports.save_draft(tx, self.author.id, saved.id, saved.revision, facts, draft, details)

    def submit(self, saved: Saved, details: Envelope | None, facts: ReportFacts = CONFIDENTIAL) -> Saved:
        review = sealing.review(self.organisation)
        signed = sealing.signed(facts, review, self.author)
        with self.store.begin() as tx:
            return reports.submit_report(
                tx, self.author.id, saved.id, saved.revision, signed, review, self.clock(), details
            )

    def in_review(self, details: Envelope, facts: ReportFacts = CONFIDENTIAL) -> Saved:
        return self.submit(self.start(None, facts), details, facts)

    def release(
        self,
        saved: Saved,
        signature: bytes | None,
        unit_id: str = KENT,
        address: bytes | None = None,
        addressed: bool = True,
    ) -> Saved:
        with self.store.read() as tx:
            kept = contact.contact_to_sign(tx, saved.id)
        if kept is not None and address is None and addressed:
            address = sealing.contact_address(self.organisation, kept, unit_id)
        report, who = sealing.release(self.organisation, unit_id), self.organisation.members[SUPERVISOR]
        with self.store.begin() as tx:
            return release_report(
                tx,
                who.id,
                saved.id,
                saved.revision,
                unit_id,
                report,
                sealing.release_word(who, report),
                self.clock(),
                signature,
                contact_address=address,
            )

    def hold(self, saved: Saved) -> Saved:
        now, who = self.clock(), self.organisation.members[SUPERVISOR]
        with self.store.begin() as tx:
            return hold_report(tx, who.id, saved.id, saved.revision, london_day(now) + timedelta(days=1), now)

    def beside(self, saved: Saved, name: str, supervisor: bool) -> Envelope | None:
        person_id = self.organisation.members[name].id
        with self.store.read() as tx:
            row, _ = reports.readable(tx, saved.id, person_id, supervisor)
            return contact.contact_beside(tx, row, person_id)

    def readdress(self, saved: Saved, details: Envelope, name: str = HANDLER) -> None:
        with self.store.begin() as tx:
            person_id = self.organisation.members[name].id
            contact.readdress_contact(tx, person_id, saved.id, details, self.clock())

    def kept(self) -> list[Any]:
        with self.store.read() as tx:
            return list(tx.execute(select(envelope).where(envelope.c.stage == EnvelopeStage.CONTACT)))

    def readers(self) -> set[str]:
        of_contact = select(envelope.c.id).where(envelope.c.stage == EnvelopeStage.CONTACT)
        with self.store.read() as tx:
            return set(tx.execute(select(wrap.c.key_id).where(wrap.c.envelope_id.in_(of_contact))).scalars())

    def waits(self) -> bool:
        with self.store.read() as tx:
            return any(tx.execute(select(report.c.contact_waits)).scalars())


@pytest.fixture
def desk(store: Store, clock: Any) -> Desk:
    return Desk(store, found_organisation(store), clock)


def test_while_a_report_is_written_contact_details_are_for_its_author_alone(desk: Desk) -> None:
    saved = desk.start(desk.details())

    own = desk.beside(saved, HANDLER, supervisor=False)

    assert desk.readers() == {desk.author.keys.reader.key_id}
    assert own is not None
    assert open_envelope(own, desk.author.private.reader, None) == sealing.DETAILS
    with pytest.raises(NotForThisReader):
        open_envelope(own, desk.organisation.supervisors, None)


def test_each_save_replaces_them_and_one_without_any_deletes_them(desk: Desk) -> None:
    newer = desk.details()
    saved = desk.save(desk.start(desk.details()), newer)
    after_newer = [row.digest for row in desk.kept()]

    desk.save(saved, None, sealing.facts(mode=Mode.ANONYMOUS))

    assert after_newer == [newer.digest]
    assert (desk.kept(), desk.readers()) == ([], set())


def test_an_anonymous_report_has_no_contact_details(desk: Desk) -> None:
    for facts in (sealing.facts(), sealing.facts(mode=Mode.UNSET)):
        with pytest.raises(EnvelopeRefused):
            desk.start(desk.details(), facts)

    with pytest.raises(EnvelopeRefused):
        desk.submit(desk.start(None), desk.details(KENT), sealing.facts())


def test_contact_details_with_other_readers_are_refused(desk: Desk) -> None:
    organisation, own, unit = desk.organisation, desk.author.keys.reader, desk.organisation.units[KENT].reader.public
    supervisors = organisation.supervisors.public
    drafts = ([own, supervisors], [supervisors], [own, unit])
    submitted = (
        [unit],
        [own, supervisors],
        [own, unit, supervisors],
        [own, organisation.units[ESSEX].reader.public],
    )
    saved = desk.start(None)

    for readers in drafts:
        with pytest.raises(EnvelopeRefused):
            desk.save(saved, sealing.sealed(EnvelopeKind.CONTACT, readers))
    for readers in submitted:
        with pytest.raises(EnvelopeRefused):
            desk.submit(saved, sealing.sealed(EnvelopeKind.CONTACT, readers))

    assert desk.kept() == []


@pytest.mark.parametrize("how", ["expired unit", "expired directory", "suspended"])
def test_no_details_are_sealed_to_a_key_that_cannot_be_used_and_they_wait_for_one_that_can(
    desk: Desk, how: str
) -> None:
    organisation, good = desk.organisation, desk.organisation.directory
    key_id, yesterday = organisation.units[KENT].reader.key_id, london_day(desk.clock()) - timedelta(days=1)
    if how == "suspended":
        with desk.store.begin() as tx:
            suspend_key(tx, key_id, [desk.author.id], yesterday)
    else:
        units = tuple(unit.model_copy(update={"expires": yesterday}) for unit in good.units)
        changed: dict[str, Any] = {"units": units} if how == "expired unit" else {"expires": yesterday}
        organisation.publish(desk.store, good.model_copy(update={"version": good.version + 1, **changed}))

    with pytest.raises(EnvelopeRefused):
        desk.submit(desk.start(None), desk.details(KENT))
    saved = desk.submit(desk.start(None), desk.details())
    with desk.store.begin() as tx:
        tx.execute(delete(suspended_key))
    organisation.publish(desk.store, good.model_copy(update={"version": good.version + 2}))
    signed = desk.beside(saved, SUPERVISOR, supervisor=True)
    assert signed is not None
    desk.release(saved, sealing.contact_signature(organisation, signed))

    assert desk.readers() == {desk.author.keys.reader.key_id}
    assert desk.waits()


def test_waiting_details_are_sealed_to_no_key_that_has_expired(desk: Desk) -> None:
    organisation, good = desk.organisation, desk.organisation.directory
    details = desk.details()
    saved = desk.submit(desk.start(None), details)
    desk.release(saved, sealing.contact_signature(organisation, details))
    yesterday = london_day(desk.clock()) - timedelta(days=1)
    units = tuple(unit.model_copy(update={"expires": yesterday}) for unit in good.units)
    organisation.publish(desk.store, good.model_copy(update={"version": good.version + 1, "units": units}))
    with desk.store.begin() as tx:
        waiting = contact.contact_waiting(tx, desk.author.id, saved.id)
    anew = rewrap(waiting, desk.author.private.reader, organisation.units[KENT].reader.public)

    with pytest.raises(EnvelopeRefused):
        desk.readdress(saved, anew)
    organisation.publish(desk.store, good.model_copy(update={"version": good.version + 2}))
    desk.readdress(saved, anew)

    assert desk.readers() == {desk.author.keys.reader.key_id, organisation.units[KENT].reader.key_id}


def test_what_is_not_unsigned_contact_details_is_refused(desk: Desk) -> None:
    own = [desk.author.keys.reader]

    for wrong in (
        sealing.sealed(EnvelopeKind.DRAFT, own),
        sealing.sealed(EnvelopeKind.CONTACT, own, desk.author.private.signing),  # it would name its author
    ):
        with pytest.raises(EnvelopeRefused):
            desk.start(wrong)


def test_an_id_belongs_to_one_envelope_for_ever(desk: Desk) -> None:
    details = desk.details()
    desk.start(details)

    with pytest.raises(EnvelopeRefused):
        desk.start(details)


def test_in_review_they_are_for_the_author_and_the_unit_and_a_supervisor_can_only_sign_them(desk: Desk) -> None:
    details = desk.details(KENT)
    saved = desk.in_review(details)

    shown = desk.beside(saved, SUPERVISOR, supervisor=True)

    assert desk.readers() == {desk.author.keys.reader.key_id, desk.organisation.units[KENT].reader.key_id}
    assert shown is not None
    assert (shown.digest, dict(shown.wraps)) == (details.digest, {})


def test_a_held_report_still_shows_a_supervisor_that_there_are_details_and_is_released_with_them(desk: Desk) -> None:
    details = desk.details(KENT)
    held = desk.hold(desk.in_review(details))

    shown = desk.beside(held, SUPERVISOR, supervisor=True)

    assert shown is not None
    assert (shown.digest, dict(shown.wraps)) == (details.digest, {})
    with desk.store.begin() as tx:
        who = desk.organisation.members[SUPERVISOR].id
        taken_up = take_up_report(tx, who, held.id, held.revision, desk.clock())
    desk.release(taken_up, sealing.contact_signature(desk.organisation, shown))
    assert [row.signer for row in desk.kept()] == [desk.organisation.release.key_id]


def test_a_returned_report_brings_its_author_the_details_again(desk: Desk) -> None:
    saved, who = desk.in_review(desk.details(KENT)), desk.organisation.members[SUPERVISOR]
    remarks = sealing.draft(desk.organisation, desk.author, b"remarks")
    with desk.store.begin() as tx:
        returned = return_report(tx, who.id, saved.id, saved.revision, remarks, desk.clock())

    own = desk.beside(returned, HANDLER, supervisor=False)

    assert own is not None
    assert set(own.wraps) == {desk.author.keys.reader.key_id}
    assert desk.readers() >= {desk.author.keys.reader.key_id}
    desk.save(returned, desk.details())
    assert desk.readers() == {desk.author.keys.reader.key_id}


def test_a_release_needs_the_charitys_signature_over_them(desk: Desk) -> None:
    details, another = desk.details(KENT), desk.details(KENT)
    saved = desk.in_review(details)

    for wrong in (None, b"short", b"\0" * 64, sealing.contact_signature(desk.organisation, another)):
        with pytest.raises(EnvelopeRefused):
            desk.release(saved, wrong)
    desk.release(saved, sealing.contact_signature(desk.organisation, details))

    assert [row.signer for row in desk.kept()] == [desk.organisation.release.key_id]
    assert desk.waits() is False


def test_a_signature_over_nothing_is_refused(desk: Desk) -> None:
    saved = desk.submit(desk.start(None), None)

    with pytest.raises(EnvelopeRefused):
        desk.release(saved, sealing.contact_signature(desk.organisation, desk.details(KENT)))


def test_a_release_queues_the_report_and_not_the_details(desk: Desk) -> None:
    details = desk.details(KENT)
    desk.release(desk.in_review(details), sealing.contact_signature(desk.organisation, details))

    with desk.store.read() as tx:
        assert details.digest not in set(tx.execute(select(delivery.c.digest)).scalars())


def test_with_a_conflict_of_interest_they_wait_for_the_unit_that_was_chosen(desk: Desk) -> None:
    organisation, details = desk.organisation, desk.details()
    with pytest.raises(EnvelopeRefused):
        desk.in_review(desk.details(KENT), CONFLICT)
    saved = desk.in_review(details, CONFLICT)
    desk.release(saved, sealing.contact_signature(organisation, details), KENT_ALTERNATE)
    waited = desk.waits()
    alternate = organisation.units[KENT_ALTERNATE].reader
    with desk.store.begin() as tx:
        waiting = contact.contact_waiting(tx, desk.author.id, saved.id)

    desk.readdress(saved, rewrap(waiting, desk.author.private.reader, alternate.public))

    assert (waited, desk.waits()) == (True, False)
    assert desk.readers() == {desk.author.keys.reader.key_id, alternate.key_id}
    with desk.store.read() as tx:
        row = tx.execute(select(report).where(report.c.id == saved.id)).one()
    assert (row.state, row.author_id) == (ReportState.RELEASED, desk.author.id)


def test_details_wait_only_with_the_charitys_word_on_where_they_go(desk: Desk) -> None:
    organisation, details = desk.organisation, desk.details()
    saved, signature = desk.in_review(details, CONFLICT), sealing.contact_signature(organisation, details)
    right = sealing.contact_address(organisation, details, KENT_ALTERNATE)

    for wrong in (
        b"",
        b"\0" * 64,
        sealing.contact_address(organisation, details, KENT),
        sealing.contact_address(organisation, desk.details(), KENT_ALTERNATE),
        sign_address(details.digest, KENT_ALTERNATE, desk.author.private.signing),
    ):
        with pytest.raises(EnvelopeRefused):
            desk.release(saved, signature, KENT_ALTERNATE, wrong)
    with pytest.raises(EnvelopeRefused):
        desk.release(saved, signature, KENT_ALTERNATE, addressed=False)
    desk.release(saved, signature, KENT_ALTERNATE, right)

    with desk.store.begin() as tx:
        assert contact.address_of_waiting(tx, desk.author.id, saved.id) == right


def test_only_the_author_readdresses_them_and_only_these_for_this_unit(desk: Desk) -> None:
    organisation, details = desk.organisation, desk.details()
    saved = desk.in_review(details, CONFLICT)
    desk.release(saved, sealing.contact_signature(organisation, details), KENT_ALTERNATE)
    alternate, kent = organisation.units[KENT_ALTERNATE].reader.public, organisation.units[KENT].reader.public
    right = rewrap(details, desk.author.private.reader, alternate)

    with pytest.raises(ReportNotFound):
        desk.readdress(saved, right, SECOND_HANDLER)
    for wrong in (
        details,
        desk.details(KENT_ALTERNATE),
        rewrap(details, desk.author.private.reader, kent),
        rewrap(right, desk.author.private.reader, organisation.supervisors.public),
    ):
        with pytest.raises(EnvelopeRefused):
            desk.readdress(saved, wrong)
    assert desk.waits() is True

    desk.readdress(saved, right)
    with pytest.raises(ReportNotFound):
        desk.readdress(saved, right)


def test_consent_taken_back_before_release_deletes_the_details_and_is_audited_by_date(desk: Desk) -> None:
    saved = desk.in_review(desk.details(KENT))

    with desk.store.begin() as tx:
        later = withdraw_consent(tx, desk.author.id, saved.id, desk.clock())
        again = withdraw_consent(tx, desk.author.id, saved.id, desk.clock())

    assert (desk.kept(), desk.readers()) == ([], set())
    assert later.revision != saved.revision and again == later
    with desk.store.read() as tx:
        verbs = tx.execute(select(audit_entry.c.verb).where(audit_entry.c.object_id == saved.id)).scalars().all()
        mode = tx.execute(select(report.c.mode)).scalar_one()
    assert (list(verbs), mode) == ([AuditVerb.WITHDRAW_CONSENT], Mode.ANONYMOUS)


def test_consent_can_be_taken_back_while_the_report_is_held(desk: Desk) -> None:
    held = desk.hold(desk.in_review(desk.details(KENT)))

    with desk.store.begin() as tx:
        withdraw_consent(tx, desk.author.id, held.id, desk.clock())

    assert (desk.kept(), desk.readers()) == ([], set())


def test_consent_is_taken_back_by_the_author_alone_and_not_from_a_draft(desk: Desk) -> None:
    saved = desk.in_review(desk.details(KENT))
    draft = desk.start(desk.details())

    with desk.store.begin() as tx:
        with pytest.raises(ReportNotFound):
            withdraw_consent(tx, desk.organisation.members[SUPERVISOR].id, saved.id, desk.clock())
        with pytest.raises(ReportNotInThatState):
            withdraw_consent(tx, desk.author.id, draft.id, desk.clock())

    assert len(desk.kept()) == 2
