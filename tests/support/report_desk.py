"""The verbs of a report, done by whom the test names."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shared.domain import reports
from shared.domain.review import release_report, return_report
from shared.messages import ReportFacts, Saved
from shared.sealing.envelope import Envelope
from shared.store.database import Store
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    HANDLER,
    KENT,
    SUPERVISOR,
    Organisation,
)


@dataclass
class ReportDesk:
    """The verbs of a report, each in a transaction of its own."""

    store: Store
    organisation: Organisation
    clock: Any

    def start(self, who: str = HANDLER, envelope: Envelope | None = None, facts: ReportFacts | None = None) -> Saved:
        author = self.organisation.members[who]
        envelope = envelope or sealing.draft(self.organisation, author)
        with self.store.begin() as tx:
            return reports.start_draft(tx, author.id, facts or sealing.facts(), envelope, self.clock())

    def save(self, saved: Saved, envelope: Envelope, who: str = HANDLER, facts: ReportFacts | None = None) -> Saved:
        author_id = self.organisation.members[who].id
        with self.store.begin() as tx:
            return reports.save_draft(tx, author_id, saved.id, saved.revision, facts or sealing.facts(), envelope)

    def submit(
        self, saved: Saved, who: str = HANDLER, envelope: Envelope | None = None, facts: ReportFacts | None = None
    ) -> Saved:
        author = self.organisation.members[who]
        envelope = envelope or sealing.review(self.organisation)
        facts = facts or sealing.signed(sealing.facts(), envelope, author)
        with self.store.begin() as tx:
            return reports.submit_report(tx, author.id, saved.id, saved.revision, facts, envelope, self.clock())

    def in_review(self, who: str = HANDLER, **different: object) -> Saved:
        author = self.organisation.members[who]
        envelope = sealing.review(self.organisation)
        facts = sealing.signed(sealing.facts(**different), envelope, author)
        return self.submit(self.start(who), who, envelope, facts)

    def give_back(self, saved: Saved, envelope: Envelope, who: str = SUPERVISOR) -> Saved:
        with self.store.begin() as tx:
            person_id = self.organisation.members[who].id
            return return_report(tx, person_id, saved.id, saved.revision, envelope, self.clock())

    def release(
        self,
        saved: Saved,
        unit_id: str = KENT,
        envelope: Envelope | None = None,
        who: str = SUPERVISOR,
        reworded: bool = False,
    ) -> Saved:
        envelope = envelope or sealing.release(self.organisation, unit_id)
        with self.store.begin() as tx:
            member = self.organisation.members[who]
            word = sealing.release_word(member, envelope, reworded=reworded)
            return release_report(tx, member.id, saved.id, saved.revision, unit_id, envelope, word, self.clock())

    def read(self, saved: Saved, who: str, supervisor: bool) -> Envelope:
        with self.store.read() as tx:
            return reports.readable(tx, saved.id, self.organisation.members[who].id, supervisor)[1]

    def rows(self, table: Any) -> list[Any]:
        with self.store.read() as tx:
            return list(tx.execute(select(table)).all())
