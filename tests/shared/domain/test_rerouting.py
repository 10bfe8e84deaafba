"""A disowned report goes to another unit once two supervisors ask; that the first has read it stays on record."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from shared.domain.errors import (
    EnvelopeRefused,
    OwnReport,
    ReportNotInThatState,
    SecondSupervisorNeeded,
    StaleReport,
    UnitUnknown,
)
from shared.domain.rerouting import ask_to_reroute, asked_for, readable_to_reroute, reroute_report
from shared.domain.vocabulary import DeliveryKind, DeliveryState, ReportState
from shared.sealing.envelope import open_envelope
from shared.store.schema import audit_entry, delivery, report, reroute_ask
from tests.support.organisation import BOTH, ESSEX, KENT, KENT_ALTERNATE, SUPERVISOR, found_organisation
from tests.support.released import Released, release_directly
from tests.support.sealed_reports import release

NOW = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)


@pytest.fixture
def organisation(store):
    return found_organisation(store)


@pytest.fixture
def disowned(store, organisation) -> Released:
    """By Kent, which has read it."""
    return release_directly(store, organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS)


def _ask(store, organisation, who: str, report_id: str, unit_id: str = ESSEX) -> int:
    with store.begin() as tx:
        return ask_to_reroute(tx, organisation.members[who].id, report_id, unit_id, NOW)


def _reroute(
    store, organisation, who: str, report_id: str, envelope, unit_id: str = ESSEX, revision: str | None = None
):
    with store.begin() as tx:
        seen = tx.execute(select(report.c.revision).where(report.c.id == report_id)).scalar_one()
        person = organisation.members[who].id
        return reroute_report(tx, person, report_id, revision or seen, ESSEX, envelope, NOW)


def _deliveries(store, report_id: str) -> dict[str, DeliveryState]:
    with store.read() as tx:
        of_report = delivery.c.report_id == report_id, delivery.c.kind == DeliveryKind.REPORT
        return dict(map(tuple, tx.execute(select(delivery.c.unit_id, delivery.c.state).where(*of_report))))


def test_one_supervisor_alone_reads_and_sends_nothing(store, organisation, disowned) -> None:
    assert _ask(store, organisation, SUPERVISOR, disowned.report_id) == 1
    assert _ask(store, organisation, SUPERVISOR, disowned.report_id) == 1

    with pytest.raises(SecondSupervisorNeeded), store.begin() as tx:
        readable_to_reroute(tx, organisation.members[SUPERVISOR].id, disowned.report_id)
    with pytest.raises(SecondSupervisorNeeded):
        _reroute(store, organisation, SUPERVISOR, disowned.report_id, release(organisation, ESSEX))


def test_two_who_ask_for_the_same_may_read_it_and_send_it(store, organisation, disowned) -> None:
    _ask(store, organisation, SUPERVISOR, disowned.report_id)
    _ask(store, organisation, BOTH, disowned.report_id)
    with store.begin() as tx:
        _, sealed = readable_to_reroute(tx, organisation.members[BOTH].id, disowned.report_id)
    words = open_envelope(sealed, organisation.supervisors, organisation.release.public)
    anew = release(organisation, ESSEX, words)

    first = _reroute(store, organisation, BOTH, disowned.report_id, anew)
    again = _reroute(store, organisation, BOTH, disowned.report_id, anew)

    assert first == again
    assert _deliveries(store, disowned.report_id) == {KENT: DeliveryState.NOT_OURS, ESSEX: DeliveryState.WAITING}
    with store.read() as tx:
        row = tx.execute(select(report).where(report.c.id == disowned.report_id)).one()
        verbs = list(
            tx.execute(select(audit_entry.c.verb).where(audit_entry.c.object_id == disowned.report_id)).scalars()
        )
        asks = tx.execute(select(reroute_ask)).all()
    assert (row.state, row.unit_id) == (ReportState.RELEASED, ESSEX)
    assert sorted(verbs) == ["report.reroute", "report.reroute.ask", "report.reroute.ask"]
    assert asks == []


def test_supervisors_who_ask_for_different_units_have_not_agreed(store, organisation, disowned) -> None:
    _ask(store, organisation, SUPERVISOR, disowned.report_id, ESSEX)
    _ask(store, organisation, BOTH, disowned.report_id, KENT_ALTERNATE)

    with pytest.raises(SecondSupervisorNeeded):
        _reroute(store, organisation, SUPERVISOR, disowned.report_id, release(organisation, ESSEX))

    _ask(store, organisation, BOTH, disowned.report_id, ESSEX)
    with store.read() as tx:
        assert asked_for(tx, disowned.report_id) == (ESSEX, 2)


def test_the_unit_that_has_read_it_is_not_asked_again(store, organisation, disowned) -> None:
    with pytest.raises(UnitUnknown):
        _ask(store, organisation, SUPERVISOR, disowned.report_id, KENT)


def test_its_author_has_no_say(store, organisation) -> None:
    own = release_directly(store, organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS, author=BOTH)

    with pytest.raises(OwnReport):
        _ask(store, organisation, BOTH, own.report_id)


@pytest.mark.parametrize("state", [ReportState.RELEASED, ReportState.OPENED, ReportState.OURS, ReportState.IN_REVIEW])
def test_only_a_disowned_report_is_rerouted(store, organisation, state: ReportState) -> None:
    other = release_directly(store, organisation, state, DeliveryState.DELIVERED)

    with pytest.raises(ReportNotInThatState):
        _ask(store, organisation, SUPERVISOR, other.report_id)


def test_what_is_sent_is_sealed_for_that_unit_and_new(store, organisation, disowned) -> None:
    _ask(store, organisation, SUPERVISOR, disowned.report_id)
    _ask(store, organisation, BOTH, disowned.report_id)

    for wrong in (release(organisation, KENT_ALTERNATE), disowned.envelope):
        with pytest.raises(EnvelopeRefused):
            _reroute(store, organisation, BOTH, disowned.report_id, wrong)
    with pytest.raises(StaleReport):
        _reroute(store, organisation, BOTH, disowned.report_id, release(organisation, ESSEX), revision="0" * 32)


def test_with_a_conflict_only_the_alternate_may_be_asked(store, organisation) -> None:
    conflict = release_directly(
        store, organisation, ReportState.NOT_OURS, DeliveryState.NOT_OURS, unit_id=ESSEX, conflict=True
    )

    with pytest.raises(UnitUnknown):
        _ask(store, organisation, SUPERVISOR, conflict.report_id, KENT)
    assert _ask(store, organisation, SUPERVISOR, conflict.report_id, KENT_ALTERNATE) == 1


def test_nothing_the_first_unit_was_sent_names_the_second(store, organisation, disowned) -> None:
    _ask(store, organisation, SUPERVISOR, disowned.report_id)
    _ask(store, organisation, BOTH, disowned.report_id)
    anew = release(organisation, ESSEX)

    _reroute(store, organisation, BOTH, disowned.report_id, anew)

    with store.read() as tx:
        to_kent = tx.execute(select(delivery).where(delivery.c.unit_id == KENT)).all()
    assert len(to_kent) == 1
    assert ESSEX.encode() not in disowned.envelope.header
    assert KENT.encode() not in anew.header
    assert anew.about.envelope_id != disowned.envelope.about.envelope_id
