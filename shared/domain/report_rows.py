"""One report's row, found and locked by whoever may change it, and revised; it knows no verb of its own.

A request that is sent again finds its own envelope kept, and is no second change.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, select, update

from shared.domain.errors import OwnReport, ReportNotFound, ReportNotInThatState, ReviewAskOpen, StaleReport
from shared.domain.sealed import is_kept
from shared.domain.vocabulary import Dimension, EnvelopeStage, RejectReason, ReportState, ReviewAskKind
from shared.messages import Saved
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.counts import count
from shared.store.schema import day_count, reading, report, review_ask

UNDECIDED: Final = frozenset({ReportState.IN_REVIEW, ReportState.HELD})

# Made once: to build them takes longer than the database takes to carry them out.
_OF_REPORT: Final[BindParameter[Any]] = bindparam("of_report")
_LOCKED: Final = select(report).where(report.c.id == _OF_REPORT).with_for_update(key_share=True)
_REVISED: Final = update(report).where(report.c.id == _OF_REPORT)
_LET_GO: Final = delete(reading).where(reading.c.report_id == _OF_REPORT)


def own_report(tx: Connection, report_id: str, author_id: str) -> Row[Any]:
    """A report of one's own, locked. Raises ReportNotFound."""
    row = _locked(tx, report_id)
    if row is None or row.author_id != author_id:
        raise ReportNotFound
    return row


def others_report(tx: Connection, report_id: str, supervisor_id: str) -> Row[Any]:
    """A colleague's report that has been submitted, locked. Raises ReportNotFound or OwnReport."""
    row = _locked(tx, report_id)
    if row is None or row.state is ReportState.DRAFT:
        raise ReportNotFound
    if row.author_id == supervisor_id:
        raise OwnReport
    return row


def _locked(tx: Connection, report_id: str) -> Row[Any] | None:
    return tx.execute(_LOCKED, {"of_report": report_id}).one_or_none()


def is_next(
    tx: Connection,
    row: Row[Any],
    revision: str,
    states: frozenset[ReportState],
    stage: EnvelopeStage,
    envelope: Envelope,
) -> bool:
    """True: go on. False: this very request was carried out before. Raises StaleReport or ReportNotInThatState."""
    if row.state in states and row.revision == revision:
        return True
    if is_kept(tx, row.id, stage, envelope):
        return False
    raise StaleReport if row.state in states else ReportNotInThatState


def check_newest(row: Row[Any], revision: str, states: frozenset[ReportState]) -> None:
    """Nobody changed it since it was last seen. Raises ReportNotInThatState or StaleReport."""
    if row.state not in states:
        raise ReportNotInThatState
    if row.revision != revision:
        raise StaleReport


def revise(tx: Connection, report_id: str, **values: Any) -> Saved:
    """Write these values under a new revision."""
    revision = random_id()
    tx.execute(_REVISED, {"of_report": report_id, "revision": revision, **values})
    return Saved(id=report_id, revision=revision)


def count_reached(tx: Connection, state: ReportState, day: date) -> None:
    """In the figures, one more report reached this state on a London day. A row's date may move; a count does not."""
    count(tx, day_count, day=day, dimension=Dimension.REPORT_STATE, value=state.value)


def saved_of(row: Row[Any]) -> Saved:
    """The report as it is kept."""
    return Saved(id=row.id, revision=row.revision)


def check_nothing_asked(tx: Connection, report_id: str) -> None:
    """No second person is waited for. Raises ReviewAskOpen."""
    if tx.execute(select(review_ask.c.kind).where(review_ask.c.report_id == report_id)).first() is not None:
        raise ReviewAskOpen


def write_ask(
    tx: Connection,
    report_id: str,
    kind: ReviewAskKind,
    by: str,
    day: date,
    until: date | None = None,
    reason: RejectReason | None = None,
) -> None:
    """Have a second person waited for."""
    asked = {"report_id": report_id, "kind": kind, "asked_by": by, "asked_on": day, "until": until, "reason": reason}
    tx.execute(insert(review_ask), asked)


def let_go(tx: Connection, report_id: str) -> None:
    """Nobody has it open for review any more."""
    tx.execute(_LET_GO, {"of_report": report_id})
