"""A draft left behind is read by two supervisors who agree, and by nobody before; its author is told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from shared.domain import draft_recovery as recovery
from shared.domain.errors import (
    AuthorIsHere,
    EnvelopeRefused,
    OwnRecovery,
    OwnReport,
    RecoveryNotConfirmed,
    RecoveryNotFound,
    ReportNotFound,
    StaleReport,
    TakerCannotWrite,
)
from shared.domain.reports import readable, save_draft, start_draft
from shared.domain.sessions import begin_session
from shared.domain.vocabulary import EnvelopeStage, Mode, Role
from shared.sealing.envelope import open_envelope, rewrap
from shared.sealing.signed_directory import with_person
from shared.store.schema import audit_entry, draft_recovery, envelope, person, person_role
from tests.support.organisation import (
    BOTH,
    EXPIRES,
    FOUNDED,
    HANDLER,
    SECOND_HANDLER,
    SUPERVISOR,
    found_organisation,
    new_member,
)
from tests.support.sealed_reports import WORDS, contact, draft, facts

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


@pytest.fixture
def organisation(store):
    return found_organisation(store)


@pytest.fixture
def who(organisation):
    return {name: member.id for name, member in organisation.members.items()}


@pytest.fixture
def left(store, organisation, who):
    """Asha's draft, with the details of a confidential caller; she is not signed in."""
    asha = organisation.members[HANDLER]
    with store.begin() as tx:
        said = facts(mode=Mode.CONFIDENTIAL)
        return start_draft(tx, who[HANDLER], said, draft(organisation, asha), NOW, contact(organisation, asha))


def _do(store, what, *said):
    with store.begin() as tx:
        return what(tx, *said, NOW)


def _agree(store, who, left) -> None:
    _do(store, recovery.ask_to_recover, who[SUPERVISOR], left.id)
    _do(store, recovery.confirm_recovery, who[BOTH], left.id)


def _given_to(organisation, sealed, name):
    return rewrap(sealed, organisation.supervisors, organisation.members[name].keys.reader)


def test_no_supervisor_reads_a_draft_before_a_second_has_confirmed(store, who, left) -> None:
    for name in (SUPERVISOR, BOTH):
        with pytest.raises(RecoveryNotFound):
            _do(store, recovery.readable_to_recover, who[name], left.id)
    _do(store, recovery.ask_to_recover, who[SUPERVISOR], left.id)
    _do(store, recovery.ask_to_recover, who[BOTH], left.id)
    with pytest.raises(RecoveryNotConfirmed):
        _do(store, recovery.readable_to_recover, who[SUPERVISOR], left.id)
    with pytest.raises(OwnRecovery):
        _do(store, recovery.confirm_recovery, who[SUPERVISOR], left.id)


def test_once_two_agree_the_draft_goes_to_a_handler_and_its_author_sees_so(store, organisation, who, left) -> None:
    _agree(store, who, left)
    row, sealed = _do(store, recovery.readable_to_recover, who[SUPERVISOR], left.id)
    given = _given_to(organisation, sealed, SECOND_HANDLER)

    _do(store, recovery.give_recovered, who[SUPERVISOR], left.id, row.revision, who[SECOND_HANDLER], given)

    assert list(sealed.wraps) == [organisation.supervisors.key_id]
    with store.read() as tx:
        _, theirs = readable(tx, left.id, who[SECOND_HANDLER], supervisor=False)
        with pytest.raises(ReportNotFound):
            readable(tx, left.id, who[HANDLER], supervisor=False)
        assert recovery.recovered_from(tx, who[HANDLER]) == [NOW.date()]
        assert recovery.recovered_from(tx, who[SECOND_HANDLER]) == []
        entries = list(tx.execute(select(audit_entry.c.verb)).scalars())
        asks = tx.execute(select(draft_recovery)).all()
        stages = list(tx.execute(select(envelope.c.stage)).scalars())
    assert open_envelope(theirs, organisation.members[SECOND_HANDLER].private.reader, None) == WORDS
    assert sorted(entries) == ["report.recover", "report.recover.ask", "report.recover.confirm"]
    assert (asks, stages) == ([], [EnvelopeStage.DRAFT])
    with store.begin() as tx:
        recovery.note_recovered(tx, who[HANDLER])
        assert recovery.recovered_from(tx, who[HANDLER]) == []


def test_an_author_who_is_signed_in_keeps_their_draft(store, who, left) -> None:
    _agree(store, who, left)
    with store.begin() as tx:
        begin_session(tx, tx.execute(select(person).where(person.c.id == who[HANDLER])).one(), NOW)

    for step in (recovery.ask_to_recover, recovery.confirm_recovery, recovery.readable_to_recover):
        with pytest.raises(AuthorIsHere):
            _do(store, step, who[SUPERVISOR], left.id)


def test_an_author_who_came_back_and_wrote_on_has_ended_it(store, organisation, who, left) -> None:
    _agree(store, who, left)
    with store.begin() as tx:
        anew = draft(organisation, organisation.members[HANDLER])
        save_draft(tx, who[HANDLER], left.id, left.revision, facts(), anew)

    with pytest.raises(RecoveryNotFound):
        _do(store, recovery.readable_to_recover, who[SUPERVISOR], left.id)


def test_nobody_recovers_their_own(store, organisation, who) -> None:
    with store.begin() as tx:
        own = start_draft(tx, who[BOTH], facts(), draft(organisation, organisation.members[BOTH]), NOW)

    with pytest.raises(OwnReport):
        _do(store, recovery.ask_to_recover, who[BOTH], own.id)


def test_what_is_given_is_the_same_draft_for_a_handler_who_is_here(store, organisation, who, left) -> None:
    _agree(store, who, left)
    row, sealed = _do(store, recovery.readable_to_recover, who[BOTH], left.id)
    another = draft(organisation, organisation.members[SECOND_HANDLER])

    for taker, given, revision, refusal in (
        (SECOND_HANDLER, another, row.revision, EnvelopeRefused),
        (SECOND_HANDLER, sealed, row.revision, EnvelopeRefused),
        (SECOND_HANDLER, _given_to(organisation, sealed, SECOND_HANDLER), "0" * 32, StaleReport),
        (SUPERVISOR, _given_to(organisation, sealed, SUPERVISOR), row.revision, TakerCannotWrite),
        (HANDLER, _given_to(organisation, sealed, HANDLER), row.revision, TakerCannotWrite),
    ):
        with pytest.raises(refusal):
            _do(store, recovery.give_recovered, who[BOTH], left.id, revision, who[taker], given)


def test_a_suspended_authors_draft_is_listed_for_others_and_can_be_left_to_them(store, who, left) -> None:
    with store.begin() as tx:
        tx.execute(person.update().where(person.c.id == who[HANDLER]).values(active=False))
    _agree(store, who, left)

    with store.read() as tx:
        (listed,) = recovery.left_drafts(tx, who[SUPERVISOR], NOW + timedelta(hours=1))
    _do(store, recovery.decline_recovery, who[BOTH], left.id)

    assert (listed.author, listed.author_active, listed.confidential, listed.confirmed) == (HANDLER, False, True, True)
    with pytest.raises(RecoveryNotFound):
        _do(store, recovery.readable_to_recover, who[SUPERVISOR], left.id)


def test_an_author_who_only_supervises_now_has_left_their_draft_though_signed_in(store, who, left) -> None:
    with store.begin() as tx:
        row = tx.execute(select(person).where(person.c.id == who[HANDLER])).one()
        begin_session(tx, row, NOW)
        tx.execute(update(person_role).where(person_role.c.person_id == row.id).values(role=Role.SUPERVISOR))

    listed = _do(store, recovery.left_drafts, who[SUPERVISOR])
    own = _do(store, recovery.left_drafts, who[HANDLER])
    _agree(store, who, left)

    assert ([one.report_id for one in listed], own) == ([left.id], [])
    with pytest.raises(OwnReport):
        _do(store, recovery.ask_to_recover, who[HANDLER], left.id)


def test_an_author_with_new_keys_is_given_their_own_draft_back(store, organisation, who, left) -> None:
    asha = new_member(HANDLER, (Role.HANDLER,))
    with store.begin() as tx:
        row = tx.execute(select(person).where(person.c.id == who[HANDLER])).one()
        begin_session(tx, row, NOW)
        publics = {"reader_public": asha.keys.reader.raw, "verify_public": asha.keys.verify.raw}
        tx.execute(update(person).where(person.c.id == row.id).values(publics))
    entry = asha.keys.entry().model_copy(update={"id": who[HANDLER]})
    organisation.publish(store, with_person(organisation.directory, entry, FOUNDED, EXPIRES))

    with store.read() as tx, pytest.raises(ReportNotFound):
        readable(tx, left.id, who[HANDLER], supervisor=False)
    _agree(store, who, left)
    row, sealed = _do(store, recovery.readable_to_recover, who[SUPERVISOR], left.id)
    given = rewrap(sealed, organisation.supervisors, asha.keys.reader)
    with store.begin() as tx:
        recovery.give_recovered(tx, who[SUPERVISOR], left.id, row.revision, who[HANDLER], given, NOW)

    with store.read() as tx:
        _, mine = readable(tx, left.id, who[HANDLER], supervisor=False)
        assert recovery.recovered_from(tx, who[HANDLER]) == []
    assert WORDS in open_envelope(mine, asha.private.reader, None)
    with pytest.raises(AuthorIsHere):
        _do(store, recovery.ask_to_recover, who[SUPERVISOR], left.id)
