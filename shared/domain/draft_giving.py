"""A draft goes along when its call is handed over: the colleague's wrap takes the place of the giver's.

The service opens nothing. What was sealed stays the same to the byte, and so does its digest.
"""

from sqlalchemy import Connection, delete, insert, select, update

from shared.domain.errors import EnvelopeRefused, ReportNotFound, ReportNotInThatState, StaleReport
from shared.domain.report_rules import reader_of
from shared.domain.reports import WITH_THE_AUTHOR
from shared.domain.sealed import kept_envelope
from shared.domain.vocabulary import EnvelopeStage
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.schema import report, wrap


def give_draft(
    tx: Connection,
    report_id: str,
    giver_id: str,
    taker_id: str,
    revision: str,
    envelope: Envelope,
    contact: Envelope | None,
) -> None:
    """Make the taker the author. Raises ReportNotFound, ReportNotInThatState, StaleReport, EnvelopeRefused."""
    row = tx.execute(select(report).where(report.c.id == report_id)).one_or_none()
    if row is None or row.author_id != giver_id:
        raise ReportNotFound
    if row.state not in WITH_THE_AUTHOR:
        raise ReportNotInThatState
    if row.revision != revision:
        raise StaleReport
    for stage, given in ((EnvelopeStage.DRAFT, envelope), (EnvelopeStage.CONTACT, contact)):
        _pass_on(tx, report_id, stage, given, giver_id, taker_id)
    tx.execute(update(report).where(report.c.id == report_id).values(author_id=taker_id, revision=random_id()))


def _pass_on(
    tx: Connection, report_id: str, stage: EnvelopeStage, given: Envelope | None, giver_id: str, taker_id: str
) -> None:
    kept = kept_envelope(tx, report_id, stage)
    if kept is None and given is None:
        return
    reader = reader_of(tx, taker_id).key_id
    if kept is None or given is None or given.digest != kept.digest or reader not in given.wraps:
        raise EnvelopeRefused
    envelope_id = kept.about.envelope_id
    givers = wrap.c.envelope_id == envelope_id, wrap.c.key_id == reader_of(tx, giver_id).key_id
    tx.execute(delete(wrap).where(*givers))
    tx.execute(insert(wrap), {"envelope_id": envelope_id, "key_id": reader, "wrap": given.wraps[reader]})
