"""Days in the life of a line, lived on a real store: calls that end, reports written, reviewed, released and answered.

Who rang and what they reported is the town's own secret: `Day.truth` says which finished call a report came from.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from shared.domain import reports
from shared.domain.finished import finish
from shared.domain.live_calls import call_of
from shared.domain.london import start_of
from shared.domain.review import release_report
from shared.domain.vocabulary import (
    CallOutcome,
    CallState,
    Category,
    Disposition,
    EndedBy,
    Language,
    Mode,
    Verdict,
)
from shared.messages import ReportFacts, Saved
from shared.outbox import deliveries, lanes
from shared.outbox.answers import accept_answer
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import Envelope
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import finished_call, live_call
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER, KENT, SECOND_HANDLER, SUPERVISOR, Organisation, found_organisation

CALLS, ANSWERED, REPORTED = 22, 14, 9
Event = tuple[datetime, int, Callable[[datetime], None]]


@dataclass
class Day:
    """What really happened. `written` numbers, in order, what each ledger's rows were last written by."""

    day: date
    truth: dict[str, str] = field(default_factory=dict)  # report id → finished call id
    began: dict[str, datetime] = field(default_factory=dict)  # report id → when its call came
    answered: list[str] = field(default_factory=list)  # finished calls that were answered
    written: dict[str, int] = field(default_factory=dict)


@dataclass
class OneCall:
    """A call and, where one came of it, its report."""

    answered: bool
    reported: bool
    handler: str
    confidential: bool = False
    call_id: str = field(default_factory=random_id)
    saved: Saved | None = None
    contact: Envelope | None = None


@dataclass
class Town:
    """A store and the people around it."""

    store: Store
    chance: random.Random
    organisation: Organisation = field(init=False)
    statements: int = 0

    def __post_init__(self) -> None:
        self.organisation = found_organisation(self.store)

    def lives(self, day: date) -> Day:
        """One London day, from seven in the morning to eleven at night."""
        today, events = Day(day), list[Event]()
        kinds = [(i < ANSWERED, i < REPORTED) for i in range(CALLS)]
        for answered, reported in kinds:
            handler, confidential = self.chance.choice((HANDLER, SECOND_HANDLER)), self.chance.random() < 0.3
            call = OneCall(answered, reported, handler, confidential)
            at = start_of(day).astimezone(UTC) + timedelta(hours=7, seconds=self.chance.randrange(15 * 3600))
            events += self._events(call, at, today)
        for now, _, happens in sorted(events, key=lambda event: event[:2]):
            happens(now)
        return today

    def _events(self, call: OneCall, at: datetime, today: Day) -> list[Event]:
        def after(minutes: float, happens: Callable[[datetime], None]) -> Event:
            return (at + timedelta(minutes=minutes), self.chance.randrange(10**9), happens)

        talk = self.chance.uniform(8, 30) if call.answered else 0.5
        events = [
            after(0, lambda now: self._arrives(call, now)),
            after(talk + 2, lambda now: self._ends(call, now, today)),
        ]
        if call.reported:
            wrote = talk + self.chance.uniform(-1, 6)
            events.append(after(1, lambda now: self._drafts(call, at, now, today)))
            events += [after(1 + (wrote - 1) * k / 4, lambda now: self._saves(call, today)) for k in range(1, 4)]
            events.append(after(wrote, lambda now: self._submits(call, now, today)))
            if self.chance.random() < 0.7:
                events.append(after(wrote + self.chance.uniform(5, 40), lambda now: self._releases(call, now, today)))
        return events

    # --- calls ------------------------------------------------------------------------------------------------------

    def _arrives(self, call: OneCall, now: datetime) -> None:
        row = {
            "id": call.call_id, "call_sid": f"CA{call.call_id}", "revision": 1, "language": Language.EN,
            "state": CallState.TALKING if call.answered else CallState.WAITING, "mode": Mode.ANONYMOUS,
            "category": self.chance.choice(list(Category)), "force_id": self.chance.choice(["kent", "essex", None]),
            "unable_to_speak": False, "priority": 0, "arrived_at": now, "queued_at": now,
            "waited_seconds": self.chance.randrange(60) if call.answered else None,
            "answered_at": now if call.answered else None, "ended_by": EndedBy.NOBODY,
        }  # fmt: skip
        with self.store.begin() as tx:
            tx.execute(insert(live_call), row)

    def _ends(self, call: OneCall, now: datetime, today: Day) -> None:
        outcome = CallOutcome.ANSWERED if call.answered else CallOutcome.ABANDONED_IN_QUEUE
        disposition = (Disposition.REPORT if call.reported else Disposition.ENQUIRY) if call.answered else None
        with self.store.begin() as tx:
            before = set(tx.execute(select(finished_call.c.id)).scalars())
            ending = call_of(tx, call.call_id)
            assert ending is not None
            finish(tx, ending, outcome, now, disposition)
            (page,) = set(tx.execute(select(finished_call.c.id)).scalars()) - before
        self._wrote(today, page)
        if call.answered:
            today.answered.append(page)
        if call.saved is not None:
            today.truth[call.saved.id] = page

    def _wrote(self, today: Day, row_id: str) -> None:
        self.statements += 1
        today.written[row_id] = self.statements

    # --- reports ----------------------------------------------------------------------------------------------------

    def _drafts(self, call: OneCall, at: datetime, now: datetime, today: Day) -> None:
        author = self.organisation.members[call.handler]
        envelope, contact = sealing.draft(self.organisation, author), self._contact(call)
        with self.store.begin() as tx:
            call.saved = reports.start_draft(tx, author.id, _facts(call), envelope, now, contact)
        today.began[call.saved.id] = at
        self._wrote(today, call.saved.id)

    def _saves(self, call: OneCall, today: Day) -> None:
        author, saved = self.organisation.members[call.handler], self._of(call)
        envelope, contact, facts = sealing.draft(self.organisation, author), self._contact(call), _facts(call)
        with self.store.begin() as tx:
            call.saved = reports.save_draft(tx, author.id, saved.id, saved.revision, facts, envelope, contact)
        self._wrote(today, saved.id)

    def _submits(self, call: OneCall, now: datetime, today: Day) -> None:
        author, saved = self.organisation.members[call.handler], self._of(call)
        envelope, call.contact = sealing.review(self.organisation), self._contact(call, KENT)
        facts = sealing.signed(_facts(call), envelope, author)
        with self.store.begin() as tx:
            call.saved = reports.submit_report(
                tx, author.id, saved.id, saved.revision, facts, envelope, now, call.contact
            )
        self._wrote(today, saved.id)

    def _releases(self, call: OneCall, now: datetime, today: Day) -> None:
        saved, supervisor = self._of(call), self.organisation.members[SUPERVISOR]
        envelope = sealing.release(self.organisation, KENT)
        signature = sealing.contact_signature(self.organisation, call.contact) if call.contact else None
        with self.store.begin() as tx:
            word = sealing.release_word(supervisor, envelope)
            release_report(tx, supervisor.id, saved.id, saved.revision, KENT, envelope, word, now, signature)
        self._wrote(today, saved.id)
        self._delivers(now)
        if self.chance.random() < 0.5:
            signing = self.organisation.units[KENT].answers
            for verdict in (Verdict.OPENED, Verdict.OURS):
                with self.store.begin() as tx:
                    accept_answer(tx, KENT, sign_answer(verdict, envelope.digest, KENT, signing), now)
            self._delivers(now)
            self._wrote(today, saved.id)

    def _delivers(self, now: datetime) -> None:
        with self.store.begin() as tx:
            lanes.line_up(tx, now, self.chance)
            leased = lanes.lease(tx, KENT, now)
        if leased is not None:
            with self.store.begin() as tx:
                deliveries.note_delivered(tx, leased, now)

    def _contact(self, call: OneCall, *unit_ids: str) -> Envelope | None:
        author = self.organisation.members[call.handler]
        return sealing.contact(self.organisation, author, *unit_ids) if call.confidential else None

    @staticmethod
    def _of(call: OneCall) -> Saved:
        assert call.saved is not None
        return call.saved


def _facts(call: OneCall) -> ReportFacts:
    return sealing.facts(mode=Mode.CONFIDENTIAL if call.confidential else Mode.ANONYMOUS)
