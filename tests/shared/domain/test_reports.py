"""A report's way from draft to release, on both databases, with envelopes as consoles seal them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from shared.domain.errors import (
    DirectoryOutOfDate,
    EnvelopeRefused,
    ForceUnknown,
    NotReworded,
    OwnReport,
    Refusal,
    ReportIncomplete,
    ReportNotFound,
    ReportNotInThatState,
    StaleReport,
    UnitUnknown,
)
from shared.domain.vocabulary import Circle, DeliveryState, Lane, ReportState
from shared.messages import ReportFacts
from shared.sealing.envelope import Envelope, open_envelope, rewrap
from shared.sealing.header import EnvelopeKind
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import with_unit
from shared.store.database import Store
from shared.store.schema import audit_entry, delivery, envelope, person, report, wrap
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    BOTH,
    ESSEX,
    EXPIRES,
    FOUNDED,
    HANDLER,
    KENT,
    KENT_ALTERNATE,
    SECOND_HANDLER,
    SUPERVISOR,
    found_organisation,
    new_unit,
)
from tests.support.report_desk import ReportDesk


@pytest.fixture
def desk(store: Store, clock: Any) -> ReportDesk:
    return ReportDesk(store, found_organisation(store), clock)


def test_a_draft_is_kept_sealed_with_its_facts_and_a_london_date(desk: ReportDesk) -> None:
    saved = desk.start()

    (row,) = desk.rows(report)
    assert (row.id, row.revision, row.state) == (saved.id, saved.revision, ReportState.DRAFT)
    assert row.author_id == desk.organisation.members[HANDLER].id
    assert row.started_on == date(2026, 3, 10)
    assert (row.submitted_on, row.released_on) == (None, None)
    assert sealing.WORDS not in desk.rows(envelope)[0].ciphertext


def test_a_save_replaces_the_envelope_and_its_wraps(desk: ReportDesk) -> None:
    author = desk.organisation.members[HANDLER]
    saved = desk.start()
    newer = sealing.draft(desk.organisation, author, b"and then")

    again = desk.save(saved, newer)

    assert again.id == saved.id
    assert again.revision != saved.revision
    assert [row.digest for row in desk.rows(envelope)] == [newer.digest]
    assert {row.key_id for row in desk.rows(wrap)} == set(newer.wraps)
    assert open_envelope(desk.read(again, HANDLER, False), author.private.reader, None) == b"and then"


def test_a_stale_save_is_refused_and_loses_nothing(desk: ReportDesk) -> None:
    author = desk.organisation.members[HANDLER]
    first = desk.start()
    newest = sealing.draft(desk.organisation, author, b"typed at the first console")
    second = desk.save(first, newest)

    with pytest.raises(StaleReport):
        desk.save(first, sealing.draft(desk.organisation, author, b"typed at another console"))

    assert desk.rows(report)[0].revision == second.revision
    assert [row.digest for row in desk.rows(envelope)] == [newest.digest]


def test_the_same_request_twice_is_carried_out_once(desk: ReportDesk) -> None:
    author = desk.organisation.members[HANDLER]
    first = sealing.draft(desk.organisation, author)
    newer = sealing.draft(desk.organisation, author)
    sent = sealing.review(desk.organisation)
    leaves = sealing.release(desk.organisation, KENT)

    started = [desk.start(envelope=first) for _ in range(2)]
    saved = [desk.save(started[0], newer) for _ in range(2)]
    signed = sealing.signed(sealing.facts(), sent, author)
    submitted = [desk.submit(saved[0], envelope=sent, facts=signed) for _ in range(2)]
    released = [desk.release(submitted[0], envelope=leaves) for _ in range(2)]

    for answers in (started, saved, submitted, released):
        assert answers[0] == answers[1]
    assert len(desk.rows(report)) == len(desk.rows(delivery)) == len(desk.rows(audit_entry)) == 1


def test_nobody_saves_submits_or_reads_anothers_draft(desk: ReportDesk) -> None:
    saved = desk.start(HANDLER)
    other = desk.organisation.members[SECOND_HANDLER]

    with pytest.raises(ReportNotFound):
        desk.save(saved, sealing.draft(desk.organisation, other), SECOND_HANDLER)
    with pytest.raises(ReportNotFound):
        desk.submit(saved, SECOND_HANDLER)
    with pytest.raises(ReportNotFound):
        desk.read(saved, SECOND_HANDLER, supervisor=False)
    with pytest.raises(ReportNotFound):
        desk.read(saved, SUPERVISOR, supervisor=True)


def test_an_envelope_with_an_extra_or_a_missing_reader_is_refused(desk: ReportDesk) -> None:
    organisation, author = desk.organisation, desk.organisation.members[HANDLER]
    supervisors, stranger = organisation.supervisors, ReaderKey.generate().public
    in_review = desk.in_review()
    extra = rewrap(sealing.release(organisation, KENT), supervisors, stranger)
    missing = sealing.release(organisation, KENT).without_wrap(supervisors.key_id)

    for wrong in (
        sealing.sealed(EnvelopeKind.DRAFT, [author.keys.reader, supervisors.public, stranger]),
        sealing.sealed(EnvelopeKind.DRAFT, [author.keys.reader]),
        sealing.sealed(EnvelopeKind.DRAFT, [supervisors.public]),
        sealing.sealed(EnvelopeKind.REVIEW, [author.keys.reader, supervisors.public]),
    ):
        with pytest.raises(EnvelopeRefused):
            desk.start(envelope=wrong)
    for wrong in (extra, missing):
        with pytest.raises(EnvelopeRefused):
            desk.release(in_review, envelope=wrong)

    assert [row.state for row in desk.rows(report)] == [ReportState.IN_REVIEW]


def test_a_submitted_report_is_for_the_supervisors_alone(desk: ReportDesk) -> None:
    saved = desk.in_review()

    assert set(desk.read(saved, SUPERVISOR, supervisor=True).wraps) == {desk.organisation.supervisors.key_id}
    assert {row.key_id for row in desk.rows(wrap)} == {desk.organisation.supervisors.key_id}
    with pytest.raises(ReportNotFound):
        desk.read(saved, HANDLER, supervisor=False)
    with pytest.raises(EnvelopeRefused):
        author = desk.organisation.members[HANDLER]
        both = [author.keys.reader, desk.organisation.supervisors.public]
        envelope = sealing.sealed(EnvelopeKind.REVIEW, both)
        desk.submit(desk.start(), envelope=envelope, facts=sealing.signed(sealing.facts(), envelope, author))


@pytest.mark.parametrize(
    "missing",
    [{"force_id": None}, {"mode": "unset"}, {"category": "unset"}, {"circle": "not_asked"}, {"flags_signature": None}],
)
def test_an_incomplete_report_is_not_submitted(desk: ReportDesk, missing: dict[str, object]) -> None:
    saved = desk.start()
    envelope = sealing.review(desk.organisation)
    whole = sealing.signed(sealing.facts(), envelope, desk.organisation.members[HANDLER])

    with pytest.raises(ReportIncomplete):
        desk.submit(saved, envelope=envelope, facts=ReportFacts.model_validate(whole.model_dump() | missing))

    assert desk.rows(report)[0].state is ReportState.DRAFT


def test_flags_that_the_author_did_not_sign_are_refused(desk: ReportDesk) -> None:
    saved = desk.start()
    envelope, another = sealing.review(desk.organisation), sealing.review(desk.organisation)
    author, colleague = (desk.organisation.members[name] for name in (HANDLER, SECOND_HANDLER))
    signed = sealing.signed(sealing.facts(), envelope, author)

    for wrong in (
        sealing.signed(sealing.facts(), envelope, colleague),
        sealing.signed(sealing.facts(), another, author),
        signed.model_copy(update={"conflict": True}),
        signed.model_copy(update={"circle": Circle.MORE}),
        signed.model_copy(update={"flags_signature": "AAAA"}),
    ):
        with pytest.raises(EnvelopeRefused):
            desk.submit(saved, envelope=envelope, facts=wrong)


def test_a_force_that_is_not_on_the_list_is_refused(desk: ReportDesk) -> None:
    with pytest.raises(ForceUnknown):
        desk.start(facts=sealing.facts(force_id="atlantis"))


def test_a_returned_report_is_with_its_author_again(desk: ReportDesk) -> None:
    author = desk.organisation.members[HANDLER]
    remarks = sealing.draft(desk.organisation, author, b"please widen the second entry")

    returned = desk.give_back(desk.in_review(), remarks)

    own = desk.read(returned, HANDLER, supervisor=False)
    assert set(own.wraps) == {author.keys.reader.key_id}
    assert open_envelope(own, author.private.reader, None) == b"please widen the second entry"
    with pytest.raises(ReportNotFound):
        desk.read(returned, SUPERVISOR, supervisor=True)
    again = desk.submit(desk.save(returned, sealing.draft(desk.organisation, author)))
    assert desk.rows(report)[0].revision == again.revision


def test_a_released_report_waits_in_the_outbox_and_can_be_opened_by_its_unit(desk: ReportDesk) -> None:
    released = desk.release(desk.in_review())

    (row,), (sent,), (stored,) = desk.rows(report), desk.rows(delivery), desk.rows(envelope)
    assert (row.state, row.unit_id, row.released_on) == (ReportState.RELEASED, KENT, date(2026, 3, 10))
    assert (sent.report_id, sent.unit_id, sent.state) == (released.id, KENT, DeliveryState.WAITING)
    assert sent.digest == stored.digest
    wraps = {row.key_id: row.wrap for row in desk.rows(wrap)}
    whole = Envelope(stored.header, stored.ciphertext, wraps, stored.signature, stored.signer)
    unit = desk.organisation.units[KENT]
    assert open_envelope(whole, unit.reader, desk.organisation.release.public) == sealing.WORDS


def test_nobody_at_the_desk_is_given_a_released_report(desk: ReportDesk) -> None:
    released = desk.release(desk.in_review())

    for who, supervisor in ((HANDLER, False), (SUPERVISOR, True), (BOTH, True)):
        with pytest.raises(ReportNotFound):
            desk.read(released, who, supervisor)


def test_what_a_person_signed_does_not_outlive_the_release(desk: ReportDesk) -> None:
    desk.release(desk.in_review())

    assert desk.rows(report)[0].flags_signature is None
    assert [row.signer for row in desk.rows(envelope)] == [desk.organisation.release.key_id]


def test_the_hour_of_release_is_written_nowhere(desk: ReportDesk) -> None:
    desk.release(desk.in_review())

    midnight = {(row.not_before.hour, row.not_before.minute, row.not_before.second) for row in desk.rows(delivery)}
    assert midnight == {(0, 0, 0)}


def test_a_supervisor_cannot_release_or_return_their_own_report(desk: ReportDesk) -> None:
    own = desk.in_review(BOTH)
    author = desk.organisation.members[BOTH]

    with pytest.raises(OwnReport):
        desk.release(own, who=BOTH)
    with pytest.raises(OwnReport):
        desk.give_back(own, sealing.draft(desk.organisation, author), who=BOTH)

    assert desk.release(own, who=SUPERVISOR).id == own.id


def test_a_draft_cannot_be_released(desk: ReportDesk) -> None:
    with pytest.raises(ReportNotFound):
        desk.release(desk.start())


def test_a_released_report_cannot_be_released_again_or_returned(desk: ReportDesk) -> None:
    released = desk.release(desk.in_review())
    author = desk.organisation.members[HANDLER]

    with pytest.raises(ReportNotInThatState):
        desk.release(released)
    with pytest.raises(ReportNotInThatState):
        desk.give_back(released, sealing.draft(desk.organisation, author))
    with pytest.raises(ReportNotInThatState):
        desk.save(released, sealing.draft(desk.organisation, author))


def test_a_release_is_signed_with_the_release_key_and_sealed_anew(desk: ReportDesk) -> None:
    organisation, in_review = desk.organisation, desk.in_review()
    readers = [organisation.units[KENT].reader.public, organisation.supervisors.public]

    for wrong in (
        sealing.sealed(EnvelopeKind.REPORT, readers, SigningKey.generate(), KENT),
        sealing.sealed(EnvelopeKind.REPORT, readers, organisation.members[SUPERVISOR].private.signing, KENT),
        sealing.sealed(EnvelopeKind.REPORT, readers, organisation.release, ESSEX),
        sealing.sealed(EnvelopeKind.REVIEW, readers, organisation.release),
    ):
        with pytest.raises(EnvelopeRefused):
            desk.release(in_review, envelope=wrong)


def test_an_envelope_id_belongs_to_one_report(desk: ReportDesk) -> None:
    author = desk.organisation.members[HANDLER]
    taken = sealing.draft(desk.organisation, author)
    desk.start(envelope=taken)
    other = desk.start()

    with pytest.raises(EnvelopeRefused):
        desk.save(other, taken)
    with pytest.raises(Refusal):
        desk.start(BOTH, envelope=taken)


def test_a_report_goes_only_to_a_unit_that_serves_its_force(desk: ReportDesk) -> None:
    in_review = desk.in_review()

    for unit_id in (ESSEX, KENT_ALTERNATE):
        with pytest.raises(UnitUnknown):
            desk.release(in_review, unit_id)


def test_a_conflict_of_interest_goes_to_the_alternate_alone(desk: ReportDesk) -> None:
    in_review = desk.in_review(conflict=True)

    with pytest.raises(UnitUnknown):
        desk.release(in_review, KENT)

    desk.release(in_review, KENT_ALTERNATE)
    assert [row.unit_id for row in desk.rows(delivery)] == [KENT_ALTERNATE]


def test_a_unit_whose_key_has_expired_receives_nothing(desk: ReportDesk) -> None:
    organisation, in_review = desk.organisation, desk.in_review()
    expired = new_unit(KENT, ("kent",), KENT_ALTERNATE, expires=desk.clock().date() - timedelta(days=1))
    organisation.units[KENT] = expired
    organisation.publish(desk.store, with_unit(organisation.directory, expired.entry, FOUNDED, EXPIRES))

    with pytest.raises(UnitUnknown):
        desk.release(in_review)


def test_an_expired_directory_stops_release_and_never_drafting(desk: ReportDesk) -> None:
    in_review = desk.in_review()
    desk.clock.now += timedelta(days=400)

    with pytest.raises(DirectoryOutOfDate):
        desk.release(in_review)

    assert desk.submit(desk.start()).id


def test_what_one_or_two_people_know_leaves_only_reworded(desk: ReportDesk) -> None:
    in_review = desk.in_review(circle=Circle.ONE_OR_TWO)

    with pytest.raises(NotReworded):
        desk.release(in_review)

    desk.release(in_review, reworded=True)
    assert [row.outcome for row in desk.rows(audit_entry)] == ["done.reworded"]


def test_a_refused_release_leaves_no_delivery_and_no_entry(desk: ReportDesk) -> None:
    in_review = desk.in_review()

    with pytest.raises(EnvelopeRefused):
        desk.release(in_review, envelope=sealing.review(desk.organisation))

    assert desk.rows(delivery) == desk.rows(audit_entry) == []
    assert desk.read(in_review, SUPERVISOR, supervisor=True)


def test_the_audit_log_tells_of_returns_and_releases_and_of_no_draft(desk: ReportDesk) -> None:
    author, supervisor = desk.organisation.members[HANDLER], desk.organisation.members[SUPERVISOR]
    returned = desk.give_back(desk.in_review(), sealing.draft(desk.organisation, author))
    released = desk.release(desk.submit(desk.save(returned, sealing.draft(desk.organisation, author))))

    told = {(row.actor_id, row.verb, row.object_id, row.outcome) for row in desk.rows(audit_entry)}

    assert told == {
        (supervisor.id, "report.return", released.id, "done"),
        (supervisor.id, "report.release", released.id, "done"),
    }


def test_a_report_of_someone_suspended_can_still_be_reviewed(desk: ReportDesk) -> None:
    in_review = desk.in_review()
    with desk.store.begin() as tx:
        tx.execute(update(person).values(active=False))

    assert desk.release(in_review).id == in_review.id


def test_without_the_callers_own_yes_nothing_is_submitted(desk: ReportDesk) -> None:
    with pytest.raises(ReportIncomplete):
        desk.in_review(agreed=False)


@pytest.mark.parametrize(("urgent", "lane"), [(True, Lane.URGENT), (False, Lane.ORDINARY)])
def test_an_author_who_signs_that_it_is_urgent_puts_it_in_the_urgent_lane(
    desk: ReportDesk, urgent: bool, lane: Lane
) -> None:
    desk.in_review(urgent=urgent)

    [row] = desk.rows(report)
    assert row.lane is lane
