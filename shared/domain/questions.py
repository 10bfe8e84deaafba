"""What units ask of callers who ring again: held for review, then shown to whoever has the reference's mark.

The service opens none of them and is never told whether one was put: a console fetches all there are, and finds by
itself the one that has the caller's mark.
"""

import hashlib
from collections.abc import Container, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from shared import audit
from shared.domain.errors import EnvelopeRefused, QuestionNotFound
from shared.domain.london import london_day
from shared.domain.people import current_directory
from shared.domain.role_keys import (
    NothingToRewrap,
    check_present_is_held,
    earlier_key_ids,
    forget_unused,
    role_key_among,
    supervisors_key_among,
)
from shared.domain.vocabulary import QuestionState
from shared.sealing.directory import RoleName
from shared.sealing.envelope import Envelope
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import SealingError, UnknownUnit
from shared.sealing.questions import question_envelope
from shared.store.columns import random_id
from shared.store.schema import question

KEPT_FOR: Final = timedelta(days=180)  # as long as a reference
MOST_WAITING: Final = 20  # of one unit; more are taken when these have been reviewed
MOST_ALIKE: Final = 3  # of these, copies of one question with different wraps


class Came(StrEnum):
    """What became of a file that is a unit's question."""

    TAKEN = "taken"
    KNOWN = "known"
    LATER = "later"  # too many wait


def asked_by(tx: Connection, unit_id: str, written: bytes) -> Envelope | None:
    """A unit's question, if it signed one to the supervisors; None for anything else."""
    try:
        envelope = question_envelope(written, unit_id, current_directory(tx).unit(unit_id).answer_keys)
    except (SealingError, UnknownUnit):
        return None
    return envelope if set(envelope.wraps) == {supervisors_key_among(tx, envelope.wraps)} else None


def weigh_question(tx: Connection, unit_id: str, envelope: Envelope) -> Came:
    """What would become of it now.

    The same envelope with another wrap is taken beside the first while that one waits: whose wrap opens is seen by a
    supervisor alone, and one that was altered on the way must not stand in the way of the unit's own.
    """
    if tx.execute(select(question.c.id).where(question.c.digest == _file_digest(envelope))).first() is not None:
        return Came.KNOWN
    alike = [row.state for row in _held_like(tx, unit_id, envelope)]
    if QuestionState.ACCEPTED in alike:
        return Came.KNOWN
    if len(alike) >= MOST_ALIKE:
        return Came.LATER
    waiting = question.c.unit_id == unit_id, question.c.state == QuestionState.WAITING
    held = tx.execute(select(func.count()).select_from(question).where(*waiting)).scalar_one()
    return Came.LATER if held >= MOST_WAITING else Came.TAKEN


def take_question(tx: Connection, unit_id: str, envelope: Envelope, now: datetime) -> Came:
    """Hold a unit's question for review. What is older than KEPT_FOR is over."""
    forget_old_questions(tx, now)
    came = weigh_question(tx, unit_id, envelope)
    if came is Came.TAKEN:
        row = {
            "id": random_id(),
            "unit_id": unit_id,
            "state": QuestionState.WAITING,
            "digest": _file_digest(envelope),
            "sealed": envelope_to_bytes(envelope),
            "received_on": london_day(now),
        }
        tx.execute(insert(question), row)
    return came


def _file_digest(envelope: Envelope) -> bytes:
    """SHA-256 (32 bytes) of the file it came in, the wrap with it."""
    return hashlib.sha256(envelope_to_bytes(envelope)).digest()


def _held_like(tx: Connection, unit_id: str, envelope: Envelope) -> list[Row[Any]]:
    """A unit's questions that are not over and differ from this one in their wrap at most."""
    held = tx.execute(select(question).where(question.c.unit_id == unit_id, question.c.sealed.is_not(None))).all()
    return [row for row in held if envelope_from_bytes(row.sealed).digest == envelope.digest]


def questions_in(tx: Connection, state: QuestionState, now: datetime) -> list[Row[Any]]:
    """Every question that waits for review, or may be put; in an order that tells nothing."""
    current = question.c.state == state, question.c.received_on > _oldest(now)
    return list(tx.execute(select(question).where(*current).order_by(question.c.id)))


def unread_for(tx: Connection, days: int, now: datetime) -> list[str]:
    """The ids of questions that have waited for a supervisor for so many London days, and are not over."""
    late = question.c.received_on <= london_day(now) - timedelta(days=days), question.c.received_on > _oldest(now)
    return list(tx.execute(select(question.c.id).where(question.c.state == QuestionState.WAITING, *late)).scalars())


def accept_question(tx: Connection, supervisor_id: str, question_id: str, rewrapped: Envelope, now: datetime) -> None:
    """Let handlers read it: the same envelope with a wrap for the desk and no other. Twice is once.

    Raises QuestionNotFound or EnvelopeRefused.
    """
    row = _locked(tx, question_id, QuestionState.WAITING, QuestionState.ACCEPTED)
    if row.state is QuestionState.ACCEPTED:
        return
    # A console that was signed in while the desk's key was made anew still seals to the one before.
    desk = role_key_among(tx, RoleName.DESK, rewrapped.wraps)
    if not _is_same(envelope_from_bytes(row.sealed), rewrapped, desk):
        raise EnvelopeRefused
    kept = {"state": QuestionState.ACCEPTED, "sealed": envelope_to_bytes(rewrapped)}
    for like in _held_like(tx, row.unit_id, rewrapped):  # of which none was the unit's own
        if like.id != question_id:
            tx.execute(update(question).where(question.c.id == like.id).values(state=QuestionState.OVER, sealed=None))
    tx.execute(update(question).where(question.c.id == question_id).values(kept))
    audit.record(tx, supervisor_id, audit.AuditVerb.ACCEPT_QUESTION, question_id, audit.Outcome.DONE, london_day(now))


def _is_same(held: Envelope, rewrapped: Envelope, key_id: str) -> bool:
    """Digest and signature stay; only who reads it changes."""
    same = rewrapped.digest == held.digest and rewrapped.signature == held.signature
    return same and set(rewrapped.wraps) == {key_id}


def still_under_earlier(tx: Connection) -> dict[str, Envelope]:
    """By id, the questions that may be put and are sealed to a key the desk had before."""
    earlier = set(earlier_key_ids(tx, RoleName.DESK).values())
    rows = tx.execute(select(question).where(question.c.state == QuestionState.ACCEPTED).order_by(question.c.id))
    held = {row.id: envelope_from_bytes(row.sealed) for row in rows}
    return {question_id: one for question_id, one in held.items() if earlier & one.wraps.keys()}


def take_rewrapped_questions(
    tx: Connection, by: str, rewrapped: Mapping[str, Envelope], holds: Container[str], today: date
) -> None:
    """Keep these, by id, sealed to the desk's present key in place of an earlier one.

    ``holds`` are the ids of the keys that this member has opened. Earlier keys to which nothing is sealed are forgotten
    two days on. Raises PresentKeyNotHeld, NothingToRewrap.
    """
    desk, waiting = check_present_is_held(tx, RoleName.DESK, holds), still_under_earlier(tx)
    for question_id, envelope in rewrapped.items():
        if question_id not in waiting or not _is_same(waiting[question_id], envelope, desk):
            raise NothingToRewrap
        anew = update(question).where(question.c.id == question_id).values(sealed=envelope_to_bytes(envelope))
        tx.execute(anew)
    forget_unused(tx, RoleName.DESK, today)
    if rewrapped:
        audit.record(tx, by, audit.AuditVerb.REWRAP_REPORTS, RoleName.DESK.value, audit.Outcome.DONE, today)


def reject_question(tx: Connection, supervisor_id: str, question_id: str, now: datetime) -> None:
    """It is put to nobody, or to nobody any more; its words are gone. The unit is not told. Raises QuestionNotFound."""
    _locked(tx, question_id, QuestionState.WAITING, QuestionState.ACCEPTED)
    tx.execute(update(question).where(question.c.id == question_id).values(state=QuestionState.OVER, sealed=None))
    audit.record(tx, supervisor_id, audit.AuditVerb.REJECT_QUESTION, question_id, audit.Outcome.DONE, london_day(now))


def forget_old_questions(tx: Connection, now: datetime) -> None:
    """Those as old as a reference can be; only their digests stay, so that the same file is not taken again."""
    old = question.c.state != QuestionState.OVER, question.c.received_on <= _oldest(now)
    tx.execute(update(question).where(*old).values(state=QuestionState.OVER, sealed=None))


def _oldest(now: datetime) -> date:
    return london_day(now) - KEPT_FOR


def _locked(tx: Connection, question_id: str, *states: QuestionState) -> Row[Any]:
    found = select(question).where(question.c.id == question_id, question.c.state.in_(states))
    row = tx.execute(found.with_for_update()).one_or_none()
    if row is None:
        raise QuestionNotFound
    return row
