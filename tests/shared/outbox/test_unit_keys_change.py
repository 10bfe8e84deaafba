"""A unit's keys change, or are suspended, while its reports are on their way: none is lost, none goes astray."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from shared.domain.people import current_directory, publish_directory
from shared.domain.vocabulary import DeliveryState, Verdict
from shared.outbox.troubles import Reason
from shared.sealing.envelope import open_envelope
from shared.sealing.envelope_file import envelope_from_bytes
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.signed_directory import sign_directory, with_unit
from shared.store.schema import suspended_key


def changes_keys(post, overlap_days: int | None) -> tuple[ReaderKey, SigningKey]:
    """The unit has new keys from today on, in the directory too; returned are those it had."""
    unit = post.units["kent-acu"]
    before = unit.reader, unit.answering
    unit.reader, unit.answering = ReaderKey.generate(), SigningKey.generate()
    today = post.clock().date()
    until = None if overlap_days is None else today + timedelta(days=overlap_days)
    with post.store.begin() as tx:
        keys = current_directory(tx)
        newer = with_unit(keys, unit.entry(("kent",)), today, keys.expires, overlap_until=until)
        publish_directory(tx, newer.version, sign_directory(newer, SigningKey.generate()))
    return before


def test_a_report_sealed_to_the_earlier_key_still_reaches_the_unit_and_is_still_answered(post) -> None:
    sent = post.releases("kent-acu", words=b'{"for":"kent"}')
    reader, answering = changes_keys(post, overlap_days=30)

    post.works()
    there = envelope_from_bytes((post.units["kent-acu"].folder / f"{sent.delivery_id}.candour").read_bytes())
    post.units["kent-acu"].answers(there.digest, Verdict.OPENED, signing=answering)
    post.units["kent-acu"].answers(there.digest, Verdict.OURS)  # with the present key
    post.works()

    assert open_envelope(there, reader, post.release_key.public) == b'{"for":"kent"}'
    assert post.row(sent).state is DeliveryState.OURS
    assert post.readers(sent) == {reader.key_id}


def test_without_an_overlap_what_was_sealed_before_waits_for_a_person(post) -> None:
    sent = post.releases("kent-acu")
    changes_keys(post, overlap_days=None)

    post.works()

    assert (post.row(sent).state, post.row(sent).reason) == (DeliveryState.PARKED, Reason.NO_WRAP_FOR_UNIT.value)
    assert post.units["kent-acu"].received() == []


def test_nothing_is_sent_to_a_suspended_key_and_other_units_are_not_delayed(post) -> None:
    sent, other = post.releases("kent-acu"), post.releases("essex-psd")
    suspended = {"key_id": post.units["kent-acu"].reader.key_id, "suspended_on": post.clock().date()}
    with post.store.begin() as tx:
        tx.execute(insert(suspended_key), suspended)

    post.works()

    assert post.row(sent).state is DeliveryState.PARKED
    assert post.units["kent-acu"].received() == []
    assert post.row(other).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("verdict", [Verdict.OPENED, Verdict.OURS])
def test_an_answer_under_a_suspended_units_key_counts_for_nothing(post, verdict: Verdict) -> None:
    sent = post.releases("kent-acu")
    post.works()
    with post.store.begin() as tx:
        key_id = post.units["kent-acu"].reader.key_id
        tx.execute(insert(suspended_key), {"key_id": key_id, "suspended_on": post.clock().date()})

    post.units["kent-acu"].answers(sent.envelope.digest, verdict)
    post.works()

    assert post.row(sent).state is DeliveryState.DELIVERED
