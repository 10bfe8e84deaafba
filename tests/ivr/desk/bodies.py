"""A body as a console would send it, for each message a route takes; it knows no route and no permission.

Each parses and says something true of the object it is about, so that what comes back is about who asks, and not about
what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.call_messages import AnswerTime, BringIn, HandOver, SendAway, ToPerson, Training
from shared.domain.vocabulary import (
    Category,
    Disposition,
    Language,
    Mode,
    PresenceState,
    ProposalKind,
    RejectReason,
    ReviewAskKind,
    Role,
)
from shared.enrolment_messages import BeginEnrolment, KeepFirstKeys
from shared.line_messages import SayHours
from shared.messages import (
    CorrectChoices,
    Message,
    SaveReport,
    SealedContact,
    SetPresence,
    SignIn,
    WhoSignsIn,
    WrapUp,
)
from shared.outbox_messages import AskToReroute, RerouteReport, SealNotice, WithdrawReport
from shared.people_messages import AuditBefore, ChangePassphrase, InviteNewcomer, PersonFacts, Propose, RenewWords
from shared.question_messages import AcceptQuestion
from shared.recovery_messages import GiveRecovered
from shared.reference_messages import ReferenceProof
from shared.review_messages import AskSecond, HoldReport, ReleaseReport, ReturnReport, SeenRevision
from shared.sealing.canonical import to_base64url
from shared.sealing.references import LOCATOR_BYTES, PROOF_BYTES
from shared.summary.periods import Span
from shared.summary_messages import AskSinceLaunch, AskSinceLaunchFile, AskSummary, AskSummaryFile
from tests.conftest import Clock
from tests.support import sealed_reports as sealing
from tests.support.organisation import ESSEX, KENT, Member, Organisation

REFERENCE: Final = ReferenceProof(locator=to_base64url(b"\1" * LOCATOR_BYTES), proof=to_base64url(b"\2" * PROOF_BYTES))
BRING_IN: Final = BringIn(listed="interpreters")


@dataclass(frozen=True)
class Said:
    """Who sends it, and what it is about: the object's newest revision where it has one, and a colleague."""

    organisation: Organisation
    me: Member
    colleague: Member
    now: Clock
    revision: str | None = None
    party: str = "0" * 32
    in_review: bool = False

    @property
    def seen(self) -> str:
        return self.revision or "0" * 32

    @property
    def tomorrow(self) -> date:
        return self.now().date() + timedelta(days=1)


def save_report(said: Said) -> SaveReport:
    if not said.in_review:
        envelope = sealing.draft(said.organisation, said.me)
        return SaveReport(revision=said.revision, facts=sealing.facts(), envelope=sealing.as_text(envelope))
    envelope = sealing.review(said.organisation)
    facts = sealing.signed(sealing.facts(), envelope, said.me)
    return SaveReport(revision=said.revision, facts=facts, envelope=sealing.as_text(envelope))


def _given_back(said: Said) -> str:
    return sealing.as_text(sealing.draft(said.organisation, said.colleague))


def _released(said: Said, unit_id: str = KENT) -> str:
    return sealing.as_text(sealing.release(said.organisation, unit_id))


def _contact(said: Said) -> str:
    return sealing.as_text(sealing.contact(said.organisation, said.me, KENT))


def _change_passphrase(said: Said) -> ChangePassphrase:
    key, cost = to_base64url(said.me.authentication_key), said.me.keys.parameters
    return ChangePassphrase(
        authentication_key=key,
        salt=to_base64url(cost.salt),
        memory_kib=cost.memory_kib,
        iterations=cost.iterations,
        lanes=cost.lanes,
        new_authentication_key=key,
        private_bundle=to_base64url(said.me.keys.private_bundle),
    )


def _facts(said: Said) -> PersonFacts:
    return PersonFacts(name=said.colleague.name, roles=(Role.HANDLER,), languages=(Language.EN,))


def _first_keys(said: Said) -> KeepFirstKeys:
    some, cost = to_base64url(b"\3" * 32), said.me.keys.parameters
    return KeepFirstKeys(
        name="Gwen", proof=some, salt=some, memory_kib=cost.memory_kib, iterations=cost.iterations, lanes=cost.lanes,
        authentication_key=some, private_bundle=some, reader=some, verify=some,
    )  # fmt: skip


BODIES: Final[Mapping[type[Message], Callable[[Said], Message]]] = {
    AcceptQuestion: lambda said: AcceptQuestion(envelope=_released(said)),
    AnswerTime: lambda said: AnswerTime(seconds=30),
    AskSecond: lambda said: AskSecond(revision=said.seen, kind=ReviewAskKind.REJECT, reason=next(iter(RejectReason))),
    AskSinceLaunch: lambda said: AskSinceLaunch(),
    AskSinceLaunchFile: lambda said: AskSinceLaunchFile(form="csv"),
    AskSummary: lambda said: AskSummary(span=Span.DAY, day=said.now().date()),
    AskSummaryFile: lambda said: AskSummaryFile(span=Span.MONTH, day=said.now().date(), form="csv"),
    AskToReroute: lambda said: AskToReroute(unit_id=ESSEX),
    AuditBefore: lambda said: AuditBefore(day=said.now().date()),
    BeginEnrolment: lambda said: BeginEnrolment(name="Gwen", proof=to_base64url(b"\3" * 32)),
    BringIn: lambda said: BRING_IN,
    ChangePassphrase: _change_passphrase,
    CorrectChoices: lambda said: CorrectChoices(mode=Mode.ANONYMOUS, category=Category.OTHER, force_id="kent"),
    GiveRecovered: lambda said: GiveRecovered(person_id=said.me.id, revision=said.seen, envelope=_given_back(said)),
    HandOver: lambda said: HandOver(person_id=said.colleague.id),
    HoldReport: lambda said: HoldReport(revision=said.seen, until=said.tomorrow),
    InviteNewcomer: lambda said: InviteNewcomer(
        facts=_facts(said).model_copy(update={"name": "Gwen"}), stored=to_base64url(b"\3" * 32)
    ),
    KeepFirstKeys: _first_keys,
    Propose: lambda said: Propose(kind=ProposalKind.CHANGE, facts=_facts(said)),
    ReferenceProof: lambda said: REFERENCE,
    ReleaseReport: lambda said: sealing.releasing(said.me, said.seen, KENT, sealing.release(said.organisation, KENT)),
    RerouteReport: lambda said: RerouteReport(revision=said.seen, unit_id=ESSEX, envelope=_released(said, ESSEX)),
    RenewWords: lambda said: RenewWords(stored=to_base64url(b"\3" * 32)),
    ReturnReport: lambda said: ReturnReport(revision=said.seen, envelope=_given_back(said)),
    SaveReport: save_report,
    SayHours: lambda said: SayHours(open=False, until=said.now() + timedelta(hours=1)),
    SealNotice: lambda said: SealNotice(),
    SealedContact: lambda said: SealedContact(envelope=_contact(said)),
    SeenRevision: lambda said: SeenRevision(revision=said.seen),
    SendAway: lambda said: SendAway(party_id=said.party),
    SetPresence: lambda said: SetPresence(state=PresenceState.BREAK),
    SignIn: lambda said: SignIn(name=said.me.name, authentication_key=to_base64url(said.me.authentication_key)),
    ToPerson: lambda said: ToPerson(person_id=said.colleague.id),
    Training: lambda said: Training(training=True),
    WhoSignsIn: lambda said: WhoSignsIn(name=said.me.name),
    WithdrawReport: lambda said: WithdrawReport(revision=said.seen),
    WrapUp: lambda said: WrapUp(disposition=Disposition.REPORT),
}
