"""A caller takes back that a force may have their details, before the report has left. The details are deleted."""

from datetime import datetime

from sqlalchemy import Connection

from shared import audit
from shared.domain.errors import ReportNotInThatState
from shared.domain.london import london_day
from shared.domain.report_rows import UNDECIDED, own_report, revise, saved_of
from shared.domain.sealed import keep_contact, kept_envelope
from shared.domain.vocabulary import EnvelopeStage, Mode
from shared.messages import Saved


def withdraw_consent(tx: Connection, author_id: str, report_id: str, now: datetime) -> Saved:
    """Delete the contact details of a report in review or held, which goes on as an anonymous one.

    Twice is the same as once. Drafts lose theirs by becoming anonymous in the form. Raises ReportNotFound for anybody
    but the author, and ReportNotInThatState once it has been released.
    """
    row = own_report(tx, report_id, author_id)
    if row.state not in UNDECIDED:
        raise ReportNotInThatState
    if kept_envelope(tx, report_id, EnvelopeStage.CONTACT) is None:
        return saved_of(row)
    keep_contact(tx, report_id, None)
    saved = revise(tx, report_id, mode=Mode.ANONYMOUS, contact_waits=False)
    verb, done = audit.AuditVerb.WITHDRAW_CONSENT, audit.Outcome.DONE
    audit.record(tx, author_id, verb, report_id, done, london_day(now))
    return saved
