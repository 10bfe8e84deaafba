"""A report put straight into the state it would have after its release, for tests of what follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert

from shared.domain.london import start_of
from shared.domain.sealed import keep_only
from shared.domain.vocabulary import (
    Category,
    Circle,
    DeliveryKind,
    DeliveryState,
    EnvelopeStage,
    Lane,
    Language,
    Mode,
    ReportState,
)
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import delivery, report
from tests.support.organisation import HANDLER, KENT, Organisation
from tests.support.sealed_reports import WORDS, release

DAY = date(2026, 3, 10)


@dataclass(frozen=True)
class Released:
    """The report, its delivery and what was sent."""

    report_id: str
    revision: str
    delivery_id: str
    envelope: Envelope


def release_directly(
    store: Store,
    organisation: Organisation,
    state: ReportState,
    delivered: DeliveryState,
    author: str = HANDLER,
    unit_id: str = KENT,
    conflict: bool = False,
    words: bytes = WORDS,
) -> Released:
    """A report about Kent, at this unit."""
    sent = Released(random_id(), random_id(), random_id(), release(organisation, unit_id, words))
    row = {
        "id": sent.report_id, "state": state, "revision": sent.revision, "author_id": organisation.members[author].id,
        "force_id": "kent", "unit_id": unit_id, "lane": Lane.ORDINARY, "mode": Mode.ANONYMOUS,
        "category": Category.OTHER, "language": Language.EN, "form": "report.v1", "circle": Circle.MORE,
        "conflict": conflict, "contact_waits": False, "started_on": DAY, "submitted_on": DAY, "released_on": DAY,
    }  # fmt: skip
    queued = {
        "id": sent.delivery_id, "report_id": sent.report_id, "kind": DeliveryKind.REPORT, "unit_id": unit_id,
        "lane": Lane.ORDINARY, "state": delivered, "digest": sent.envelope.digest,
        "attempts": 0 if delivered is DeliveryState.WAITING else 1,
        "may_be_there": delivered is not DeliveryState.WAITING,
        "not_before": start_of(DAY),
    }  # fmt: skip
    with store.begin() as tx:
        tx.execute(insert(report), row)
        keep_only(tx, sent.report_id, EnvelopeStage.RELEASED, sent.envelope)
        tx.execute(insert(delivery), queued)
    return sent
