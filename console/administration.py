"""What an administrator does about people, and an auditor about the log: asked of the service, never decided here."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from console import routes
from console.dates import day_and_time
from console.link import Failure, Link, PendingCall, ServiceAway
from console.models.newcomers import LONDON, GivenWords
from console.models.people import PeopleModel, Typed
from console.routes import Route
from console.translation import tr
from shared.domain.vocabulary import ProposalKind
from shared.messages import Message
from shared.people_messages import AuditBefore, Invited, InviteNewcomer, People, PersonFacts, Propose, RenewWords
from shared.sealing.canonical import to_base64url
from shared.sealing.enrolling import enrolment_proof, new_enrolment_words, stored_proof
from shared.sealing.keys import RandomBytes
from shared.sealing.words import lines_of_four

PROPOSED = tr("Proposed. Another administrator has to confirm it.")
CONFIRMED = tr("Done.")
WITHDRAWN = tr("Withdrawn.")
VOUCHED = tr("Noted: you heard these words.")
TURNED_AWAY = tr("Turned away. Nothing of theirs is kept.")
SIGNED_OUT = tr("Signed out everywhere.")
MADE = tr("The account is made.")
RENEWED = tr("New words are made. Those before are good no more.")
NO_NAME = tr("A name is needed.")
NO_ROLE = tr("Tick at least one role.")
NO_LANGUAGE = tr("Tick at least one language.")
NO_HANDSET = tr("A handset is a number with +44 and so on, or a SIP address.")


class Administration(QObject):
    """Keeps the model of people; emits `audit` with the log's newest pages, `earlier` with those before,
    and `unread` with why there are none.
    """

    audit = Signal(object)
    earlier = Signal(object)
    unread = Signal(str)

    def __init__(self, link: Link, people: PeopleModel, random: RandomBytes = secrets.token_bytes) -> None:
        super().__init__()
        self._link, self.people, self._random = link, people, random
        self._sessions = 0  # that have ended
        self._awaited = 0  # answers about everyone
        self._away = False  # it was told that the service is

    def again(self) -> None:
        """Some seconds have gone by while people are shown. A slow answer is waited for, not asked for again."""
        if not self._awaited:
            self.refresh()

    def refresh(self) -> None:
        """Ask for everyone, as they are now."""
        self._awaited += 1
        pending = self._link.call(routes.PEOPLE)
        pending.answered.connect(partial(self._in_time, self._sessions, self._show))
        pending.failed.connect(partial(self._in_time, self._sessions, self._miss))

    def propose(self, kind: ProposalKind, person_id: str) -> None:
        """Suspend, reinstate, remove, or forget a second factor; another administrator confirms."""
        self._ask(routes.PROPOSE, person_id, PROPOSED, Propose(kind=kind))

    def propose_change(self, person_id: str, typed: Typed) -> None:
        """What is known of a person, anew."""
        facts = _facts(typed)
        if isinstance(facts, str):
            self.people.tell(facts)
            return
        self._ask(routes.PROPOSE, person_id, PROPOSED, Propose(kind=ProposalKind.CHANGE, facts=facts))

    def add(self, typed: Typed) -> None:
        """Make an account for somebody new, and words for them, which only this console knows."""
        facts = _facts(typed)
        if isinstance(facts, str):
            self.people.tell(facts)
            return
        words = new_enrolment_words(self._random)
        asked = InviteNewcomer(facts=facts, stored=_stored(words))
        self._give(self._link.call(routes.INVITE, asked), facts.name, words, MADE)

    def renew_words(self, newcomer_id: str) -> None:
        """Words that were lost, or are too old, made anew."""
        name = next((row.name for row in self.people.newcomers if row.id == newcomer_id), "")
        words = new_enrolment_words(self._random)
        asked = RenewWords(stored=_stored(words))
        self._give(self._link.call(routes.RENEW_WORDS, asked, newcomer_id), name, words, RENEWED)

    def passed_on(self) -> None:
        """The words are with whom they are for, or lost; here they are nowhere."""
        self.people.give(None)

    def forget(self) -> None:
        """Nobody who may see people is signed in; what is answered to what they asked comes too late."""
        self._sessions += 1
        self._awaited, self._away = 0, False
        self.people.give(None)
        self.people.show(None)

    def confirm(self, proposal_id: str) -> None:
        self._ask(routes.CONFIRM_PROPOSAL, proposal_id, CONFIRMED)

    def withdraw(self, proposal_id: str) -> None:
        self._ask(routes.WITHDRAW_PROPOSAL, proposal_id, WITHDRAWN)

    def vouch(self, newcomer_id: str) -> None:
        """One heard a newcomer read out the words of their keys."""
        self._ask(routes.VOUCH, newcomer_id, VOUCHED)

    def turn_away(self, newcomer_id: str) -> None:
        """A newcomer is not to come in, or has to begin anew."""
        self._ask(routes.TURN_AWAY, newcomer_id, TURNED_AWAY)

    def sign_out(self, person_id: str) -> None:
        """End every session of a person, now, without a second administrator."""
        self._ask(routes.SIGN_OUT_OTHER, person_id, SIGNED_OUT)

    def read_audit(self) -> None:
        pending = self._link.call(routes.AUDIT)
        pending.answered.connect(partial(self._in_time, self._sessions, self.audit.emit))
        pending.failed.connect(lambda failure: self.unread.emit(failure.sentence))

    def read_earlier(self, day: date) -> None:
        """The pages of the days before this one."""
        pending = self._link.call(routes.EARLIER_AUDIT, AuditBefore(day=day))
        pending.answered.connect(partial(self._in_time, self._sessions, self.earlier.emit))
        pending.failed.connect(lambda failure: self.unread.emit(failure.sentence))

    def _show(self, people: People) -> None:
        self._awaited -= 1
        if self._away:
            self._away = False
            self.people.tell("")
        self.people.show(people)

    def _miss(self, failure: Failure) -> None:
        self._awaited -= 1
        self._away = True
        self.people.tell(failure.sentence)

    def _ask(self, route: Route, object_id: str, done: str, body: Message | None = None) -> None:
        self.people.tell("")
        pending = self._link.call(route, body, object_id)
        pending.answered.connect(lambda _: self._finish(done))
        pending.failed.connect(self._refuse)

    def _finish(self, done: str) -> None:
        self._away = False
        self.people.tell(done, good=True)
        self.refresh()

    def _give(self, pending: PendingCall, name: str, words: tuple[str, ...], done: str) -> None:
        self.people.tell("")
        pending.answered.connect(partial(self._in_time, self._sessions, partial(self._show_words, name, words, done)))
        pending.failed.connect(self._refuse)

    def _show_words(self, name: str, words: tuple[str, ...], done: str, made: Invited) -> None:
        until = day_and_time(made.words_until.astimezone(LONDON))
        self.people.give(GivenWords(name, lines_of_four(words), until))
        self._finish(done)

    def _in_time(self, sessions: int, then: Callable[[Any], object], answer: object) -> None:
        if sessions == self._sessions:
            then(answer)

    def _refuse(self, failure: Failure) -> None:
        """Perhaps because things are no longer as they were shown: they are looked at again."""
        self._away = False
        self.people.tell(failure.sentence)
        if not isinstance(failure, ServiceAway):
            self.refresh()


def _facts(typed: Typed) -> PersonFacts | str:
    """Spaces in a handset's number are left out; or what is missing or cannot be, in words."""
    plain = "".join(typed.handset.split()) or None
    missing = ((NO_NAME, typed.name.strip()), (NO_ROLE, typed.roles), (NO_LANGUAGE, typed.languages))
    said = [words for words, given in missing if not given]
    if said:
        return " ".join(said)
    try:
        return PersonFacts(
            name=typed.name,
            roles=typed.roles,
            languages=typed.languages,
            handset=plain,
            handset_trusted=typed.trusted and bool(plain),
        )
    except ValidationError as wrong:
        about = {place for one in wrong.errors() for place in one["loc"]}
        return NO_HANDSET if "handset" in about else NO_NAME


def _stored(words: tuple[str, ...]) -> str:
    return to_base64url(stored_proof(enrolment_proof(" ".join(words))))
