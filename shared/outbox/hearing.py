"""What units send back: answers, totals of a quarter and questions, each believed or not and dealt with once.

It sends nothing, and does not know by which way anything came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.domain import questions
from shared.domain.questions import Came
from shared.domain.vocabulary import Verdict
from shared.outbox import totals
from shared.outbox.answers import Heard, accept_answer, claimed, kept_answers, weigh
from shared.outbox.failpoints import Fail, Failpoint
from shared.outbox.rounds import Rounds
from shared.outbox.shredding import Shredder
from shared.outbox.transports.way import MAX_ANSWERS, MAX_BROUGHT_BYTES, Transport
from shared.outbox.troubles import CannotBeDelivered, WorldInTheWay
from shared.sealing.canonical import NotCanonical, framed, parse_canonical
from shared.store.database import Store

MOST_SETTLED: Final = 20_000  # of one unit, 32 bytes each
_IN_ORDER: Final = {verdict: place for place, verdict in enumerate((Verdict.OPENED, Verdict.OURS, Verdict.NOT_OURS))}

_HEARD: Final = {Came.TAKEN: Heard.ACCEPTED, Came.KNOWN: Heard.KNOWN, Came.LATER: Heard.TOO_EARLY}

log = structlog.get_logger()


@dataclass(slots=True)
class _Docket:
    """What one unit has sent, by name and bytes: settled, or to be looked at again and whose turn it is.

    Of the settled the longest unseen are forgotten first; such a one is weighed again, and nothing else happens.
    """

    most_settled: int
    rounds: Rounds[bytes]
    settled: dict[bytes, None] = field(default_factory=dict)

    def is_settled(self, known: bytes) -> bool:
        if known not in self.settled:
            return False
        self.settle(known)  # seen just now
        return True

    def settle(self, known: bytes) -> None:
        self.settled.pop(known, None)
        self.settled[known] = None
        while len(self.settled) > self.most_settled:
            del self.settled[next(iter(self.settled))]


@dataclass(slots=True)
class Hearing:
    """Takes what has come from one unit at a time. Different units may be heard in different threads."""

    store: Store
    clock: Callable[[], datetime]
    failpoint: Fail
    shredder: Shredder
    most_settled: int = MOST_SETTLED
    most_at_once: int = MAX_ANSWERS
    _dockets: dict[str, _Docket] = field(default_factory=dict)

    def hear(self, unit_id: str, transport: Transport) -> bool:
        """Look for what a unit has sent. Whether any of it was new and believed."""
        docket = self._dockets.setdefault(unit_id, _Docket(self.most_settled, Rounds(self.most_at_once)))
        new = self._new_answers(unit_id, transport, docket)
        if not new:
            return False
        with self.store.read() as tx:  # a courier that starts anew finds answers it, or another, has taken
            kept = kept_answers(tx, unit_id)
        for known in [known for known, written in new.items() if written in kept]:
            docket.settle(known)
            del new[known]
        # *Opened* first, for the others follow it.
        found = sorted(docket.rounds.chosen(list(new)), key=lambda known: _place(new[known]))
        accepted = [self._hear_safely(unit_id, docket, known, new[known]) for known in found]
        return any(accepted)

    def _new_answers(self, unit_id: str, transport: Transport, docket: _Docket) -> dict[bytes, bytes]:
        """What came and is not settled yet."""
        new: dict[bytes, bytes] = {}
        try:
            for name, written in transport.answers():
                known = _known_by(name, written)
                if not docket.is_settled(known):
                    new[known] = written
        except (WorldInTheWay, CannotBeDelivered):
            pass  # the others cannot be had now; the sending side tells of it
        except Exception as fault:  # noqa: BLE001  # whatever is wrong with one unit must not delay another's reports
            log.error("transport_fault", unit=unit_id, error=type(fault).__name__)
        return new

    def _hear_safely(self, unit_id: str, docket: _Docket, known: bytes, written: bytes) -> bool:
        docket.rounds.had(known)
        try:
            return self._hear_one(unit_id, docket, known, written)
        except SQLAlchemyError:
            raise  # the database is away: this process ends, and is started again
        except Exception as fault:  # noqa: BLE001  # nothing a unit sends may keep what lies behind it from being heard
            log.error("answer_fault", unit=unit_id, error=type(fault).__name__)
            return False

    def _hear_one(self, unit_id: str, docket: _Docket, known: bytes, written: bytes) -> bool:
        self.failpoint(Failpoint.ANSWER_READ)
        match _says_it_is(written):
            case "answer/1":
                heard = self._answer(unit_id, written)
            case "outcomes/1":
                heard = self._totals(unit_id, written)
            case "envelope/1":
                heard = self._question(unit_id, written)
            case _:  # whatever anybody may have put there
                heard = Heard.REFUSED
        if heard is not Heard.TOO_EARLY:
            docket.settle(known)
        if heard is Heard.REFUSED:
            log.warning("answer_refused", unit=unit_id)
        return heard is Heard.ACCEPTED

    def _answer(self, unit_id: str, written: bytes) -> Heard:
        with self.store.read() as tx:
            heard = weigh(tx, unit_id, written)
        if heard is Heard.ACCEPTED:
            with self.store.begin() as tx:
                heard = accept_answer(tx, unit_id, written, self.clock())
                self.failpoint(Failpoint.ANSWER_ACCEPTED)
            self.failpoint(Failpoint.ANSWER_KEPT)
        if heard is Heard.ACCEPTED:
            self.shredder.due = True
            log.info("answer_accepted", unit=unit_id)
        return heard

    def _totals(self, unit_id: str, written: bytes) -> Heard:
        """What a unit says of a quarter's reports together."""
        with self.store.read() as tx:
            said = totals.believed(tx, unit_id, written)
            new = said is not None and totals.is_new(tx, said)
        if said is None:
            return Heard.REFUSED
        if not new:
            return Heard.KNOWN
        with self.store.begin() as tx:
            totals.keep(tx, said)
        log.info("totals_kept", unit=said.unit)
        return Heard.ACCEPTED

    def _question(self, unit_id: str, written: bytes) -> Heard:
        """What a unit would have asked of a caller who rings again; it is not opened here."""
        with self.store.read() as tx:
            asked = questions.asked_by(tx, unit_id, written)
            came = None if asked is None else questions.weigh_question(tx, unit_id, asked)
        if asked is None or came is None:
            return Heard.REFUSED
        if came is Came.TAKEN:
            with self.store.begin() as tx:
                came = questions.take_question(tx, unit_id, asked, self.clock())
            log.info("question_held", unit=unit_id)
        return _HEARD[came]


def _known_by(name: str, written: bytes) -> bytes:
    return hashlib.sha256(framed(name.encode("utf-8", "surrogatepass"), written)).digest()


def _place(written: bytes) -> int:
    answer = claimed(written)
    return len(_IN_ORDER) if answer is None else _IN_ORDER[answer.verdict]


def _says_it_is(written: bytes) -> str:
    """What kind of document it calls itself; "" for what is none. Nothing of it is believed for that."""
    try:
        document = parse_canonical(written, MAX_BROUGHT_BYTES)
    except NotCanonical:
        return ""
    return str(document.get("candour", "")) if isinstance(document, dict) else ""
