"""What an administrator does about people, and an auditor about the log: asked of the service, never decided here."""

from __future__ import annotations

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from console import routes
from console.link import Failure, Link
from console.models.people import PeopleModel
from console.routes import Route
from console.translation import tr
from shared.domain.vocabulary import Language, ProposalKind, Role
from shared.messages import Message
from shared.people_messages import AuditPages, People, PersonFacts, Propose

PROPOSED = tr("Proposed. Another administrator has to confirm it.")
CONFIRMED = tr("Done.")
WITHDRAWN = tr("Withdrawn.")
VOUCHED = tr("Noted: you heard these words.")
TURNED_AWAY = tr("Turned away. Nothing of theirs is kept.")
SIGNED_OUT = tr("Signed out everywhere.")
INCOMPLETE = tr("A name, a role and a language are needed; a handset is a number with +44 and so on, or a SIP address.")


class Administration(QObject):
    """Keeps the model of people; emits `audit` with the log's newest pages."""

    audit = Signal(object)

    def __init__(self, link: Link, people: PeopleModel) -> None:
        super().__init__()
        self._link, self.people = link, people

    def refresh(self) -> None:
        """Ask for everyone, as they are now."""
        pending = self._link.call(routes.PEOPLE)
        pending.answered.connect(self._show)
        pending.failed.connect(self._refuse)

    def propose(self, kind: ProposalKind, person_id: str) -> None:
        """Suspend, reinstate, remove, or forget a second factor; another administrator confirms."""
        self._ask(routes.PROPOSE, person_id, PROPOSED, Propose(kind=kind))

    def propose_change(
        self,
        person_id: str,
        name: str,
        roles: tuple[Role, ...],
        languages: tuple[Language, ...],
        handset: str,
        trusted: bool,
    ) -> None:
        """What is known of a person, anew; spaces in a handset's number are left out."""
        plain = "".join(handset.split()) or None
        try:
            facts = PersonFacts(
                name=name, roles=roles, languages=languages, handset=plain, handset_trusted=trusted and bool(plain)
            )
        except ValidationError:
            self.people.tell(INCOMPLETE)
            return
        self._ask(routes.PROPOSE, person_id, PROPOSED, Propose(kind=ProposalKind.CHANGE, facts=facts))

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
        pending.answered.connect(self._show_audit)
        pending.failed.connect(self._refuse)

    def _show(self, people: People) -> None:
        self.people.show(people)

    def _show_audit(self, pages: AuditPages) -> None:
        self.audit.emit(pages)

    def _ask(self, route: Route, object_id: str, done: str, body: Message | None = None) -> None:
        self.people.tell("")
        pending = self._link.call(route, body, object_id)
        pending.answered.connect(lambda _: self._finish(done))
        pending.failed.connect(self._refuse)

    def _finish(self, done: str) -> None:
        self.people.tell(done, good=True)
        self.refresh()

    def _refuse(self, failure: Failure) -> None:
        self.people.tell(failure.sentence)
