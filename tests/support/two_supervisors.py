"""Two supervisors and the reports they hold, reject, release and look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ivr.desk.board import read_board
from shared.domain import holding, reports, review
from shared.domain.people import Colleague
from shared.domain.vocabulary import ReviewAskKind
from shared.messages import ReportCard, Saved
from shared.store.database import Store
from shared.store.schema import (
    audit_entry,
    report,
)
from tests.support import sealed_reports as sealing
from tests.support.organisation import BOTH, HANDLER, KENT, ROLES, SUPERVISOR, Member, Organisation

TODAY = date(2026, 3, 10)


@dataclass
class Supervisors:
    """Two supervisors, of whom one takes calls too, and the reports they look at."""

    store: Store
    organisation: Organisation
    clock: Any

    def member(self, who: str) -> Member:
        return self.organisation.members[who]

    def in_review(self, who: str = HANDLER, **different: object) -> Saved:
        author, organisation = self.member(who), self.organisation
        sealed = sealing.review(organisation)
        with self.store.begin() as tx:
            begun = reports.start_draft(
                tx, author.id, sealing.facts(), sealing.draft(organisation, author), self.clock()
            )
            facts = sealing.signed(sealing.facts(**different), sealed, author)
            return reports.submit_report(tx, author.id, begun.id, begun.revision, facts, sealed, self.clock())

    def hold(self, saved: Saved, days: int, who: str = SUPERVISOR) -> Saved:
        until = TODAY + timedelta(days=days)
        with self.store.begin() as tx:
            return holding.hold_report(tx, self.member(who).id, saved.id, saved.revision, until, self.clock())

    def take_up(self, saved: Saved, who: str = SUPERVISOR) -> Saved:
        with self.store.begin() as tx:
            return holding.take_up_report(tx, self.member(who).id, saved.id, saved.revision, self.clock())

    def ask(self, saved: Saved, kind: ReviewAskKind, who: str = SUPERVISOR, **about: Any) -> Saved:
        with self.store.begin() as tx:
            return holding.ask_second(tx, self.member(who).id, saved.id, saved.revision, kind, self.clock(), **about)

    def confirm(self, saved: Saved, who: str = BOTH) -> Saved:
        with self.store.begin() as tx:
            return holding.confirm_ask(tx, self.member(who).id, saved.id, saved.revision, self.clock())

    def decline(self, saved: Saved, who: str = BOTH) -> Saved:
        with self.store.begin() as tx:
            return holding.decline_ask(tx, self.member(who).id, saved.id, self.clock())

    def release(self, saved: Saved, who: str = SUPERVISOR, signed_by: str | None = None, **said: bool) -> Saved:
        leaving = sealing.release(self.organisation, KENT)
        word = sealing.release_word(self.member(signed_by or who), leaving, **said)
        with self.store.begin() as tx:
            return review.release_report(
                tx, self.member(who).id, saved.id, saved.revision, KENT, leaving, word, self.clock()
            )

    def give_back(self, saved: Saved, who: str = SUPERVISOR) -> Saved:
        back = sealing.draft(self.organisation, self.member(HANDLER))
        with self.store.begin() as tx:
            return review.return_report(tx, self.member(who).id, saved.id, saved.revision, back, self.clock())

    def row(self) -> Any:
        with self.store.read() as tx:
            return tx.execute(select(report)).one()

    def audited(self) -> set[tuple[str, str]]:
        with self.store.read() as tx:
            return {(row.verb, row.outcome) for row in tx.execute(select(audit_entry))}

    def cards(self, who: str) -> tuple[ReportCard, ...]:
        member = self.member(who)
        with self.store.read() as tx:
            return read_board(tx, Colleague(member.id, member.name, ROLES[who], ()), self.clock()).reports

    def card(self, who: str) -> ReportCard:
        (card,) = self.cards(who)
        return card
