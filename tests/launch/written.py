"""What people and units do to one report, step by step, by the product's own verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, select

from shared.domain import reports
from shared.domain.holding import ask_second, confirm_ask, hold_report, take_up_report
from shared.domain.london import london_day
from shared.domain.rerouting import ask_to_reroute, reroute_report
from shared.domain.review import release_report, return_report
from shared.domain.vocabulary import RejectReason, ReviewAskKind, Verdict
from shared.domain.withdrawal import withdraw_report
from shared.messages import ReportFacts
from shared.outbox import deliveries, lanes
from shared.outbox.answers import Heard, accept_answer
from shared.outbox.troubles import Reason
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.store.schema import report
from tests.launch.offices import BOTH, REVIEWERS, SUPERVISOR, Offices
from tests.support import sealed_reports as sealing
from tests.support.organisation import HANDLER, SECOND_HANDLER, Member, Organisation

Step = tuple[datetime, Callable[[datetime], None]]


class Fate(StrEnum):
    """What becomes of a report. Only those up to HAD_CONFLICT are pieces of intelligence passed on."""

    TAKEN = "taken"
    REVISED = "returned, revised late, and taken"
    HELD_FIRST = "held for some days, and taken"
    SENT_ON = "disowned by one unit, and taken by the next"
    ANSWERED_TWICE = "taken, and said so twice"
    FAILED_FIRST = "taken after a delivery that failed"
    WITHDRAWN_LATER = "withdrawn after a unit took it"
    HAD_CONFLICT = "taken by the unit that stands in"
    DRAFTED = "a draft"
    IN_REVIEW = "in review"
    HELD = "held"
    DUPLICATE = "rejected as a duplicate"
    UNANSWERED = "delivered, not answered"
    ONLY_OPENED = "opened, not answered"
    PARKED = "parked"
    DISOWNED = "disowned, not sent on"
    WITHDRAWN_UNSENT = "withdrawn before it left"


PASSED_ON: Final = tuple(Fate)[: tuple(Fate).index(Fate.HAD_CONFLICT) + 1]
NOT_PASSED_ON: Final = tuple(fate for fate in Fate if fate not in PASSED_ON)


@dataclass
class OneReport:
    """A report about ``force``, for ``unit``; a SENT_ON one goes to ``wrong_unit`` first."""

    offices: Offices
    fate: Fate
    force: str
    unit: str
    wrong_unit: str = ""
    id: str = ""
    sent: list[tuple[str, Envelope]] = field(default_factory=list)

    def steps(self, begins: datetime, ends: datetime) -> list[Step]:
        """Spread over the time there is, in order; the last one at its end."""
        happens = self._course()
        apart = (ends - begins) / max(1, len(happens) - 1)
        return [(begins + apart * place, each) for place, each in enumerate(happens)]

    def _course(self) -> list[Callable[[datetime], None]]:
        begun = [self._begins, self._is_submitted]
        taken = [*begun, self._is_released, self._is_delivered, self._is_opened, self._is_taken]
        courses: dict[Fate, Sequence[Callable[[datetime], None]]] = {
            Fate.REVISED: [*begun, self._is_returned, *taken[1:]],
            Fate.HELD_FIRST: [*begun, self._is_held, self._is_taken_up, *taken[2:]],
            Fate.SENT_ON: [*taken[:-1], self._is_disowned, self._is_asked_on, self._is_sent_on, *taken[3:]],
            Fate.ANSWERED_TWICE: [*taken[:-1], self._is_taken_twice],
            Fate.FAILED_FIRST: [*taken[:3], self._is_delivered, *taken[3:]],
            Fate.DRAFTED: begun[:1],
            Fate.IN_REVIEW: begun,
            Fate.HELD: [*begun, self._is_held],
            Fate.DUPLICATE: [*begun, self._is_asked_away, self._is_rejected],
            Fate.UNANSWERED: taken[:-2],
            Fate.ONLY_OPENED: taken[:-1],
            Fate.PARKED: taken[:4],
            Fate.DISOWNED: [*taken[:-1], self._is_disowned],
            Fate.WITHDRAWN_UNSENT: [*begun, self._is_released_and_withdrawn],
            Fate.WITHDRAWN_LATER: [*taken, self._is_withdrawn],
        }
        return list(courses.get(self.fate, taken))

    # --- the author ----------------------------------------------------------------------------------------------

    def _begins(self, now: datetime) -> None:
        envelope = sealing.draft(self._organisation, self._author)
        with self.offices.store.begin() as tx:
            self.id = reports.start_draft(tx, self._author.id, self._facts(), envelope, now).id

    def _is_submitted(self, now: datetime) -> None:
        envelope = sealing.review(self._organisation)
        facts = sealing.signed(self._facts(), envelope, self._author)
        with self.offices.store.begin() as tx:
            reports.submit_report(tx, self._author.id, self.id, self._seen(tx), facts, envelope, now)

    # --- the supervisors -----------------------------------------------------------------------------------------

    def _is_returned(self, now: datetime) -> None:
        envelope = sealing.draft(self._organisation, self._author)
        with self.offices.store.begin() as tx:
            return_report(tx, self._member(SUPERVISOR).id, self.id, self._seen(tx), envelope, now)

    def _is_held(self, now: datetime) -> None:
        until = london_day(now) + timedelta(days=7)
        with self.offices.store.begin() as tx:
            hold_report(tx, self._member(SUPERVISOR).id, self.id, self._seen(tx), until, now)

    def _is_taken_up(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            take_up_report(tx, self._member(SUPERVISOR).id, self.id, self._seen(tx), now)

    def _is_asked_away(self, now: datetime) -> None:
        reject = ReviewAskKind.REJECT
        with self.offices.store.begin() as tx:
            asks = self._member(SUPERVISOR).id
            ask_second(tx, asks, self.id, self._seen(tx), reject, now, reason=RejectReason.DUPLICATE)

    def _is_rejected(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            confirm_ask(tx, self._member(BOTH).id, self.id, self._seen(tx), now)

    def _is_released(self, now: datetime) -> None:
        unit, supervisor = self.wrong_unit or self.unit, self._member(SUPERVISOR)
        envelope = sealing.release(self._organisation, unit)
        word = sealing.release_word(supervisor, envelope)
        with self.offices.store.begin() as tx:
            release_report(tx, supervisor.id, self.id, self._seen(tx), unit, envelope, word, now)
        self.sent.append((unit, envelope))
        if self.fate is Fate.PARKED:
            self.offices.refused.add(envelope.digest)
        if self.fate is Fate.FAILED_FIRST:
            self.offices.fails_once.add(envelope.digest)

    def _is_asked_on(self, now: datetime) -> None:
        with self.offices.store.begin() as tx:
            for name in REVIEWERS:
                ask_to_reroute(tx, self._member(name).id, self.id, self.unit, now)

    def _is_sent_on(self, now: datetime) -> None:
        envelope = sealing.release(self._organisation, self.unit)
        with self.offices.store.begin() as tx:
            reroute_report(tx, self._member(BOTH).id, self.id, self._seen(tx), self.unit, envelope, now)
        self.sent.append((self.unit, envelope))

    def _is_released_and_withdrawn(self, now: datetime) -> None:
        self._is_released(now)
        with self.offices.store.begin() as tx:
            withdraw_report(tx, self._member(SUPERVISOR).id, self.id, self._seen(tx), [], now)

    def _is_withdrawn(self, now: datetime) -> None:
        unit = self._organisation.units[self.unit]
        header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit=self.unit)
        notice = seal(b"{}", header, [unit.reader.public], self._organisation.release)
        with self.offices.store.begin() as tx:
            withdraw_report(tx, self._member(SUPERVISOR).id, self.id, self._seen(tx), [notice], now)
        self._is_delivered(now)

    # --- the courier and the unit --------------------------------------------------------------------------------

    def _is_delivered(self, now: datetime) -> None:
        """All that is due for the unit goes, or does not."""
        while (leased := self._lease(self.sent[-1][0], now)) is not None:
            with self.offices.store.begin() as tx:
                if leased.digest in self.offices.refused:
                    deliveries.park(tx, leased, Reason.REFUSED_BY_UNIT, now)
                elif leased.digest in self.offices.fails_once:
                    self.offices.fails_once.remove(leased.digest)
                    deliveries.put_off(tx, leased, now, self.offices.chance)
                else:
                    deliveries.note_delivered(tx, leased, now)

    def _lease(self, unit: str, now: datetime) -> lanes.Leased | None:
        with self.offices.store.begin() as tx:
            lanes.line_up(tx, now, self.offices.chance)
            return lanes.lease(tx, unit, now)

    def _is_opened(self, now: datetime) -> None:
        self._is_delivered(now)
        assert self._answers(Verdict.OPENED, now) is Heard.ACCEPTED

    def _is_disowned(self, now: datetime) -> None:
        assert self._answers(Verdict.NOT_OURS, now) is Heard.ACCEPTED

    def _is_taken(self, now: datetime) -> None:
        assert self._answers(Verdict.OURS, now) is Heard.ACCEPTED

    def _is_taken_twice(self, now: datetime) -> None:
        self._is_taken(now)
        assert self._answers(Verdict.OURS, now) is Heard.KNOWN

    def _answers(self, verdict: Verdict, now: datetime) -> Heard:
        unit, envelope = self.sent[-1]
        written = sign_answer(verdict, envelope.digest, unit, self._organisation.units[unit].answers)
        with self.offices.store.begin() as tx:
            return accept_answer(tx, unit, written, now)

    # --- who and what --------------------------------------------------------------------------------------------

    @property
    def _organisation(self) -> Organisation:
        return self.offices.organisation

    @property
    def _author(self) -> Member:
        return self._member(HANDLER if len(self.force) % 2 else SECOND_HANDLER)

    def _member(self, name: str) -> Member:
        return self._organisation.members[name]

    def _facts(self) -> ReportFacts:
        return sealing.facts(force_id=self.force, conflict=self.fate is Fate.HAD_CONFLICT)

    def _seen(self, tx: Connection) -> str:
        return str(tx.execute(select(report.c.revision).where(report.c.id == self.id)).scalar_one())
