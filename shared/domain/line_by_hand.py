"""A supervisor opens or closes the line by hand, until a time. Knows no caller; calls in progress are never touched."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from shared import audit
from shared.domain.errors import TimeNotAhead
from shared.domain.hours import ByHand, Hours
from shared.domain.london import london_day
from shared.domain.vocabulary import ClosedWords
from shared.store.schema import line_by_hand
from shared.store.statements import insert_into

LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Word:
    """What was said by hand; `words` are for callers, while the line is closed."""

    by_hand: ByHand
    words: ClosedWords


def close_line(tx: Connection, supervisor_id: str, until: datetime, words: ClosedWords, now: datetime) -> None:
    """No new call is let in until then. Raises TimeNotAhead unless `until` is within the next 24 hours."""
    _say(tx, Word(ByHand(False, until), words), now)
    audit.record(tx, supervisor_id, audit.AuditVerb.CLOSE_LINE, None, words.value, london_day(now))


def open_line(tx: Connection, supervisor_id: str, until: datetime, now: datetime) -> None:
    """Calls are let in until then, whatever the usual hours. Raises TimeNotAhead as close_line does."""
    _say(tx, Word(ByHand(True, until), ClosedWords.CLOSED), now)
    audit.record(tx, supervisor_id, audit.AuditVerb.OPEN_LINE, None, audit.Outcome.DONE, london_day(now))


def keep_usual_hours(tx: Connection, supervisor_id: str, now: datetime) -> None:
    """Nothing is said by hand any more. Where nothing was, nothing is written."""
    if tx.execute(delete(line_by_hand)).rowcount:
        audit.record(tx, supervisor_id, audit.AuditVerb.USUAL_HOURS, None, audit.Outcome.DONE, london_day(now))


def word_by_hand(tx: Connection, now: datetime) -> Word | None:
    """What holds by hand at an aware instant."""
    row = tx.execute(select(line_by_hand)).one_or_none()
    return None if row is None or row.until <= now else Word(ByHand(row.open, row.until), row.words)


def hours_today(tx: Connection, usual: Hours, now: datetime) -> Hours:
    """The usual hours, with what holds by hand at an aware instant."""
    word = word_by_hand(tx, now)
    return usual if word is None else replace(usual, by_hand=word.by_hand)


def _say(tx: Connection, word: Word, now: datetime) -> None:
    until = word.by_hand.until.replace(second=0, microsecond=0)  # callers are told it to the minute
    if not now < until <= now + LONGEST:
        raise TimeNotAhead
    said = {"open": word.by_hand.open, "until": until, "words": word.words}
    row = insert_into(tx, line_by_hand).values(id=1, **said)
    tx.execute(row.on_conflict_do_update(index_elements=["id"], set_=said))
