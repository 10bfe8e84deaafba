"""What a soak starts from: an organisation, reports in review, and each one's release, sealed beforehand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from shared.domain.review import ReleaseWord
from shared.domain.vocabulary import Category, Circle, Lane, Language, Mode, ReportState
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.database import open_store
from shared.store.schema import report
from tests.support.organisation import (
    ESSEX,
    HANDLER,
    KENT,
    KENT_ALTERNATE,
    SUPERVISOR,
    Organisation,
    found_organisation,
)
from tests.support.sealed_reports import release, release_word

BEGUN = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
TIMES_FASTER = 400  # a lease of five minutes is over in less than a second
URGENT_EVERY = 7
UNITS = {KENT: "kent", ESSEX: "essex", KENT_ALTERNATE: "surrey"}


@dataclass(frozen=True, slots=True)
class Item:
    """A report in review and the envelope it will be released in."""

    report_id: str
    revision: str
    unit_id: str
    lane: Lane
    envelope: Envelope
    word: ReleaseWord


@dataclass(frozen=True)
class Scene:
    """All that every process of a soak knows."""

    url: str
    folder: Path
    organisation: Organisation
    items: tuple[Item, ...]
    since: float

    def clock(self) -> datetime:
        """The soak's own time, faster than ours."""
        return BEGUN + timedelta(seconds=(time.monotonic() - self.since) * TIMES_FASTER)

    @property
    def supervisor_id(self) -> str:
        return self.organisation.members[SUPERVISOR].id


def prepared(url: str, folder: Path, reports: int) -> Scene:
    """A migrated, empty database at ``url`` is filled. No connection to it is left open."""
    store = open_store(url)
    organisation = found_organisation(store)
    author = organisation.members[HANDLER].id
    items = tuple(_item(organisation, number) for number in range(reports))
    rows = [
        {
            "id": item.report_id, "state": ReportState.IN_REVIEW, "revision": item.revision, "author_id": author,
            "force_id": UNITS[item.unit_id], "lane": item.lane, "mode": Mode.ANONYMOUS, "category": Category.OTHER,
            "language": Language.EN, "form": "report.v1", "circle": Circle.MORE, "conflict": False,
            "contact_waits": False, "started_on": BEGUN.date(), "submitted_on": BEGUN.date(),
        }
        for item in items
    ]  # fmt: skip
    with store.begin() as tx:
        tx.execute(insert(report), rows)
    store.close()
    return Scene(url, folder, organisation, items, time.monotonic())


def _item(organisation: Organisation, number: int) -> Item:
    unit_id = list(UNITS)[number % len(UNITS)]
    lane = Lane.URGENT if number % URGENT_EVERY == 0 else Lane.ORDINARY
    envelope = release(organisation, unit_id)
    word = release_word(organisation.members[SUPERVISOR], envelope)
    return Item(random_id(), random_id(), unit_id, lane, envelope, word)
