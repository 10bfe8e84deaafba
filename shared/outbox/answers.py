"""A unit's answer, believed or not, and what follows from it; after *ours* nobody but the unit can open the report.

Only then are a confidential caller's contact details on their way to it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, assert_never

from sqlalchemy import Connection, Row, delete, insert, select, update

from shared import audit
from shared.domain.contact import keep_contact_from, let_contact_follow
from shared.domain.london import london_day, start_of
from shared.domain.people import current_directory
from shared.domain.sealed import keep_notices_alone
from shared.domain.taken import force_of_unit
from shared.domain.vocabulary import DeliveryKind, DeliveryState, Dimension, EnvelopeStage, ReportState, Verdict
from shared.sealing.answers import Answer, read_answer, verify_answer
from shared.sealing.directory import Unit
from shared.sealing.errors import AnswerForAnotherReport, SealingError
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_count, delivery, envelope, receipt, report, wrap

ACTOR: Final = "courier"


class Heard(StrEnum):
    """What became of an answer."""

    ACCEPTED = "accepted"
    KNOWN = "known"  # it was accepted before
    TOO_EARLY = "too_early"  # what comes before it has not been noted yet: look again later
    REFUSED = "refused"  # not the unit's, not about a delivery of ours, or against an earlier answer


_NEXT: Final[dict[tuple[DeliveryState, Verdict], DeliveryState]] = {
    (DeliveryState.DELIVERED, Verdict.OPENED): DeliveryState.OPENED,
    # We do not know that it got there, or gave up, yet it did: an answer over our digest proves it.
    (DeliveryState.SENDING, Verdict.OPENED): DeliveryState.OPENED,
    (DeliveryState.FAILED, Verdict.OPENED): DeliveryState.OPENED,
    (DeliveryState.PARKED, Verdict.OPENED): DeliveryState.OPENED,
    (DeliveryState.WITHDRAWN, Verdict.OPENED): DeliveryState.OPENED,
    (DeliveryState.OPENED, Verdict.OURS): DeliveryState.OURS,
    (DeliveryState.OPENED, Verdict.NOT_OURS): DeliveryState.NOT_OURS,
}
_ON_ITS_WAY: Final = frozenset({DeliveryState.SENDING, DeliveryState.FAILED})
_FINAL: Final = frozenset({DeliveryState.OURS, DeliveryState.NOT_OURS})
_REPORT_STATE: Final = {
    Verdict.OPENED: ReportState.OPENED,
    Verdict.OURS: ReportState.OURS,
    Verdict.NOT_OURS: ReportState.NOT_OURS,
}


def claimed(written: bytes) -> Answer | None:
    """What an answer says of itself, unchecked; None for what is no answer."""
    try:
        return read_answer(written)
    except SealingError:
        return None


def kept_answers(tx: Connection, unit_id: str) -> frozenset[bytes]:
    """Every answer of a unit that was accepted, as it was written."""
    of_unit = select(receipt.c.answer).join(delivery).where(delivery.c.unit_id == unit_id)
    return frozenset(tx.execute(of_unit).scalars())


def weigh(tx: Connection, unit_id: str, written: bytes) -> Heard:
    """What would become of an answer now; ACCEPTED says that accept_answer has something to do."""
    return _weighed(tx, unit_id, written, lock=False)[0]


def accept_answer(tx: Connection, unit_id: str, written: bytes, now: datetime) -> Heard:
    """Take a unit's answer to one of its deliveries: all that follows from it, or nothing.

    The signature must be the unit's own over the digest we sent. *Opened* comes first, then one of *ours* and *not
    ours*, for good.
    """
    heard, row, answer = _weighed(tx, unit_id, written, lock=True)
    if heard is Heard.ACCEPTED and row is not None and answer is not None:
        _take(tx, row, answer, written, london_day(now))
    return heard


def _weighed(tx: Connection, unit_id: str, written: bytes, lock: bool) -> tuple[Heard, Row[Any] | None, Answer | None]:
    answer = claimed(written)
    row = _delivery(tx, unit_id, answer.digest, lock) if answer else None
    if answer is None or row is None or not _is_from(current_directory(tx).units, unit_id, row.digest, written):
        return Heard.REFUSED, None, None
    if _is_kept(tx, row.id, answer.verdict):
        return Heard.KNOWN, row, answer
    if (row.state, answer.verdict) in _NEXT:
        return Heard.ACCEPTED, row, answer
    return Heard.REFUSED if row.state in _FINAL else Heard.TOO_EARLY, row, answer


def _delivery(tx: Connection, unit_id: str, digest: bytes, lock: bool) -> Row[Any] | None:
    of_the_report = delivery.c.digest == digest, delivery.c.unit_id == unit_id, delivery.c.kind == DeliveryKind.REPORT
    found = select(delivery).where(*of_the_report)
    if not lock:
        return tx.execute(found).one_or_none()
    # The report first, as whoever withdraws it does: in another order each would wait for the other.
    its_report = select(delivery.c.report_id).where(*of_the_report).scalar_subquery()
    tx.execute(select(report.c.id).where(report.c.id == its_report).with_for_update(key_share=True))
    return tx.execute(found.with_for_update()).one_or_none()


def _is_from(units: tuple[Unit, ...], unit_id: str, digest: bytes, written: bytes) -> bool:
    try:
        unit = next((unit for unit in units if unit.id == unit_id), None)
        if unit is None:
            raise AnswerForAnotherReport
        verify_answer(written, digest, unit_id, unit.answer_keys)
    except SealingError:
        return False
    return True


def _is_kept(tx: Connection, delivery_id: str, verdict: Verdict) -> bool:
    same = receipt.c.delivery_id == delivery_id, receipt.c.verdict == verdict
    return tx.execute(select(receipt.c.verdict).where(*same)).one_or_none() is not None


def _take(tx: Connection, row: Row[Any], answer: Answer, written: bytes, day: date) -> None:
    state = _NEXT[row.state, answer.verdict]
    kept = {"delivery_id": row.id, "verdict": answer.verdict, "answer": written, "received_on": day}
    tx.execute(insert(receipt), kept)
    # Whoever is sending it again has nothing more to note.
    settled: dict[str, Any] = {"state": state, "reason": None, "place": None, "lease_holder": None, "lease_until": None}
    settled |= {"may_be_there": True}
    if row.state in _ON_ITS_WAY:
        settled |= {"not_before": start_of(day)}
    tx.execute(update(delivery).where(delivery.c.id == row.id).values(settled))
    if _is_withdrawn(tx, row.report_id):
        if answer.verdict is Verdict.OURS:
            keep_notices_alone(tx, row.report_id)  # even what a second supervisor was to look at
        return  # the unit has it and has said so; for us it is over, and its notice is on its way
    changed: dict[str, Any] = {"state": _REPORT_STATE[answer.verdict], "revision": random_id()}
    match answer.verdict:
        case Verdict.OPENED:
            pass
        case Verdict.OURS:
            changed |= {"answered_on": day, "flags_signature": None} | _after_ours(tx, row, day)
        case Verdict.NOT_OURS:
            changed |= {"answered_on": day}
            keep_contact_from(tx, row.report_id, row.unit_id)
        case _ as never:
            assert_never(never)
    tx.execute(update(report).where(report.c.id == row.report_id).values(changed))
    count(tx, day_count, day=day, dimension=Dimension.REPORT_STATE, value=changed["state"].value)
    if answer.verdict is Verdict.OURS:
        of_report = tx.execute(select(report.c.force_id).where(report.c.id == row.report_id)).scalar_one()
        force = force_of_unit(current_directory(tx), row.unit_id, of_report)
        count(tx, day_count, day=day, dimension=Dimension.TAKEN, value=force)
    audit.record(tx, ACTOR, audit.AuditVerb.ANSWER_REPORT, row.report_id, answer.verdict.value, day)


def _is_withdrawn(tx: Connection, report_id: str) -> bool:
    state = tx.execute(select(report.c.state).where(report.c.id == report_id)).scalar_one()
    return bool(state is ReportState.WITHDRAWN)


def _after_ours(tx: Connection, row: Row[Any], day: date) -> dict[str, Any]:
    """Nobody but the unit can open the report, and its author is forgotten, unless contact details wait for them."""
    _leave_to_the_unit(tx, row)
    follows = let_contact_follow(tx, row.report_id, row.unit_id, day)
    return {"author_id": None} if follows else {"contact_waits": True}


def _leave_to_the_unit(tx: Connection, row: Row[Any]) -> None:
    """Delete every envelope of the report but the one that was sent, and every wrap of that one but the unit's."""
    own = current_directory(tx).unit(row.unit_id).reader_ids
    contact_apart = envelope.c.report_id == row.report_id, envelope.c.stage != EnvelopeStage.CONTACT
    others = wrap.c.envelope_id.in_(select(envelope.c.id).where(*contact_apart)), wrap.c.key_id.not_in(own)
    tx.execute(delete(wrap).where(*others))
    tx.execute(delete(envelope).where(*contact_apart, envelope.c.digest != row.digest))
