"""Contact details leave only after *ours*, once, whatever happens to the courier, and for the unit alone."""

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from shared.domain import contact
from shared.domain.london import start_of
from shared.domain.vocabulary import DeliveryState, ReportState, Verdict
from shared.outbox import lanes
from shared.outbox.answers import accept_answer
from shared.outbox.batches import timetable
from shared.outbox.failpoints import Failpoint
from shared.outbox.troubles import Reason
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import open_envelope, rewrap
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.errors import NotForThisReader
from shared.sealing.keys import ReaderKey
from shared.store.database import Store, truncate_wal
from shared.store.schema import audit_entry, day_count

OURS = (Verdict.OPENED, Verdict.OURS)
WAY_OUT = (
    Failpoint.LEASED, Failpoint.WRITTEN_ASIDE, Failpoint.RENAMED, Failpoint.SENT, Failpoint.NOTED, Failpoint.DELIVERED,
)  # fmt: skip


class Killed(BaseException):
    """The power went."""


def _files(sent) -> list[str]:
    return sorted([f"{sent.delivery_id}.candour", f"{sent.delivery_id}.contact.candour"])


def _answered(post, *verdicts: Verdict, sealed_for: str = "kent-acu"):
    sent = post.releases_confidential(sealed_for)
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *verdicts)
    post.works()
    return sent


def test_before_ours_the_unit_is_sent_the_report_alone(post) -> None:
    sent = _answered(post, Verdict.OPENED)

    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}.candour"]
    assert post.contact_row(sent) is None
    assert post.contact_readers(sent) == {post.author_key.key_id, post.units["kent-acu"].reader.key_id}


def test_after_ours_contact_details_lie_beside_the_report_for_the_unit_alone(post) -> None:
    sent = _answered(post, *OURS)

    unit = post.units["kent-acu"]
    assert unit.received() == _files(sent)
    there = envelope_from_bytes((unit.folder / f"{sent.delivery_id}.contact.candour").read_bytes())
    assert open_envelope(there, unit.reader, post.release_key.public) == b'{"document":"contact"}'
    assert set(there.wraps) == {unit.reader.key_id}
    for stranger in (post.author_key, post.supervisors, post.units["essex-psd"].reader, ReaderKey.generate()):
        with pytest.raises(NotForThisReader):
            open_envelope(there, stranger, post.release_key.public)


def test_after_ours_nobody_but_the_unit_could_open_what_is_kept(post) -> None:
    sent = _answered(post, *OURS)

    assert post.contact_readers(sent) == {post.units["kent-acu"].reader.key_id}
    assert post.readers(sent) == {post.units["kent-acu"].reader.key_id}
    assert post.report(sent).author_id is None


def test_after_not_ours_they_are_kept_from_that_unit(post) -> None:
    sent = _answered(post, Verdict.OPENED, Verdict.NOT_OURS)

    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}.candour"]
    assert post.contact_readers(sent) == {post.author_key.key_id}


def test_an_anonymous_report_is_followed_by_nothing(post) -> None:
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)
    post.works()

    assert post.contact_row(sent) is None
    assert post.units["kent-acu"].received() == [f"{sent.delivery_id}.candour"]


def test_details_that_the_unit_cannot_open_wait_for_their_author(post, clock) -> None:
    sent = _answered(post, *OURS, sealed_for="essex-psd")
    unit = post.units["kent-acu"]
    waited = post.report(sent)
    before = unit.received()
    with post.store.begin() as tx:
        waiting = contact.contact_waiting(tx, post.author, sent.report_id)
        readdressed = rewrap(waiting, post.author_key, unit.reader.public)
        contact.readdress_contact(tx, post.author, sent.report_id, readdressed, clock())
    post.works()

    assert (waited.contact_waits, waited.author_id, waited.state) == (True, post.author, ReportState.OURS)
    assert before == [f"{sent.delivery_id}.candour"]
    assert unit.received() == _files(sent)
    assert post.contact_readers(sent) == {unit.reader.key_id}
    assert (post.report(sent).contact_waits, post.report(sent).author_id) == (False, None)


def test_a_delivery_of_details_that_rests_tells_no_time(post) -> None:
    row = post.contact_row(_answered(post, *OURS))

    assert (row.state, row.attempts, row.not_before) == (DeliveryState.DELIVERED, 1, start_of(date(2026, 3, 10)))
    assert (row.lease_holder, row.lease_until) == (None, None)


def test_details_do_not_wait_for_a_batch(post) -> None:
    sent = post.releases_confidential()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)

    post.works(post.courier(timetable=timetable(["15:00"])))

    assert post.contact_row(sent).state is DeliveryState.DELIVERED


def test_details_are_not_counted_and_not_answered(post) -> None:
    sent = _answered(post, *OURS)
    post.units["kent-acu"].answers(sent.contact.digest, *OURS)

    post.works()

    assert post.contact_row(sent).state is DeliveryState.DELIVERED
    with post.store.read() as tx:
        counted = {row.value: row.n for row in tx.execute(select(day_count))}  # of the report alone
        assert counted == {"delivered": 1, "opened": 1, "ours": 1, "kent": 1}
        assert Counter(tx.execute(select(audit_entry.c.outcome)).scalars()) == {"opened": 1, "ours": 1}


def test_details_under_whose_name_another_file_lies_are_parked_for_a_person(post) -> None:
    sent = post.releases_confidential()
    post.works()
    unit = post.units["kent-acu"]
    (unit.folder / f"{sent.delivery_id}.contact.candour").write_bytes(b"something else")
    unit.answers(sent.envelope.digest, *OURS)

    post.works()

    row = post.contact_row(sent)
    assert (row.state, row.reason) == (DeliveryState.PARKED, Reason.ANOTHER_FILE_THERE.value)
    assert post.row(sent).state is DeliveryState.OURS


@pytest.mark.parametrize("failpoint", [*WAY_OUT, Failpoint.ANSWER_ACCEPTED, Failpoint.ANSWER_KEPT])
def test_a_courier_killed_on_the_way_loses_and_doubles_no_details(post, clock, failpoint: Failpoint) -> None:
    sent = post.releases_confidential()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)
    killed = Counter[Failpoint]()

    def power_cut(at: Failpoint) -> None:
        if at is failpoint and not killed[at]:
            killed[at] += 1
            raise Killed

    with pytest.raises(Killed):
        post.works(post.courier(power_cut))
    clock.advance(301)
    post.works()

    assert post.units["kent-acu"].received() == _files(sent)
    there = (post.units["kent-acu"].folder / f"{sent.delivery_id}.contact.candour").read_bytes()
    assert envelope_from_bytes(there).digest == sent.contact.digest
    assert post.contact_row(sent).state is DeliveryState.DELIVERED
    assert not list(post.units["kent-acu"].folder.glob(".*.part"))


def test_two_couriers_never_hold_the_same_details(post, clock) -> None:
    sent = post.releases_confidential()
    post.works()
    for written in _written_answers(post, sent):
        with post.store.begin() as tx:
            accept_answer(tx, "kent-acu", written, clock())

    with post.store.begin() as tx:
        lanes.line_up(tx, clock(), random.Random(1))
        first = lanes.lease(tx, "kent-acu", clock())
    with post.store.begin() as tx:
        second = lanes.lease(tx, "kent-acu", clock())

    assert first is not None
    assert first.name == f"{sent.delivery_id}.contact"
    assert second is None


def _written_answers(post, sent) -> list[bytes]:
    unit = post.units["kent-acu"]
    return [sign_answer(verdict, sent.envelope.digest, unit.id, unit.answering) for verdict in OURS]


def test_after_ours_the_authors_wrap_is_in_no_file(sqlite_store: Store, make_post, tmp_path) -> None:
    post = make_post(sqlite_store)
    sent = post.releases_confidential()
    withheld = sent.contact.wraps[post.author_key.key_id]
    truncate_wal(sqlite_store)
    pieces = [withheld[start : start + 64] for start in range(0, len(withheld), 64)]
    assert sum(piece in _database(tmp_path) for piece in pieces) >= len(pieces) - 2
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)

    post.works()

    assert not [piece for piece in pieces if piece in _database(tmp_path)]


def _database(tmp_path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.glob("candour.db*"))
