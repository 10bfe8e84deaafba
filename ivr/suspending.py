"""Suspending somebody at the service's own keyboard: one person alone, and without the root, at any hour.

It only takes away, so it never waits for a second person or for a key that is kept elsewhere; letting somebody in again
does (``ivr.membership``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from ivr.membership import MAY_VOUCH, CannotVouch
from ivr.vouching import Voucher
from shared import audit
from shared.domain import standing
from shared.domain.live_calls import one_at_a_time
from shared.domain.london import london_day
from shared.domain.people import Member
from shared.domain.proposals import carry_out
from shared.domain.vocabulary import ProposalKind


def suspend_at_once(tx: Connection, by: Voucher, about: Member, now: datetime) -> None:
    """Let somebody in no longer. Raises CannotVouch, TooFewSupervisors, TooFewAdministrators, LastKeyHolder."""
    one_at_a_time(tx)
    if by.person_id == about.id or not by.roles & MAY_VOUCH:
        raise CannotVouch
    standing.check_enough_stay(tx, about.id, ())
    carry_out(tx, ProposalKind.SUSPEND, about.id, None, now)
    audit.record(tx, by.person_id, audit.AuditVerb.CONFIRM, about.id, ProposalKind.SUSPEND, london_day(now))
