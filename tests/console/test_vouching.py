"""A service gone bad has every public key and names whom it likes: what a console checks before it acts on that."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from console.keyring import Keys, SealedForService, SignedContact, envelope_in
from console.reviewing import _opened, _sealed_release
from console.sealed_report import WrittenReport, flags_in
from console.vouching import AnotherKind, AuthorUnproven, ContactNotTheReports, NotAHandler
from shared.domain.vocabulary import (
    Category,
    Circle,
    Lane,
    Language,
    Mode,
    ReportState,
    Role,
)
from shared.forms import ReleaseFacts, load_form
from shared.messages import ReportCard, SealedReport
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.contact_address import sign_address
from shared.sealing.envelope import Envelope, check_signature, sign_envelope
from shared.sealing.errors import SealingError, SignatureWrong
from shared.sealing.flags import ReleaseFlags, sign_flags
from shared.sealing.header import EnvelopeKind
from shared.store.database import Store
from tests.support import sealed_reports as sealing
from tests.support.organisation import (
    ADMINISTRATOR,
    AUDITOR,
    BOTH,
    HANDLER,
    KENT,
    KENT_ALTERNATE,
    SECOND_HANDLER,
    SUPERVISOR,
    Organisation,
    found_organisation,
)

DAY = date(2026, 3, 10)
FORM = load_form("report.v1")
ENTRY = {
    "text": "Cars are repaired.",
    "source": "2",
    "assessment": "D",
    "handling": "C",
    "condition": "",
    "rationale": "",
}
CONTENT: dict[str, Any] = {
    "mode": "confidential",
    "force": "kent",
    "category": "other",
    "circle": "6-20",
    "chief_officer": "no",
    "works_in_unit": "no",
    "contact_consent": "yes",
    "contact_name": "Given",
    "contact_details": "given@mail.example",
    "may_be_sent": "yes",
    "entries": [ENTRY],
}


@dataclass(frozen=True)
class Desk:
    """An organisation, and what each of its consoles could do."""

    organisation: Organisation

    def keys(self, name: str) -> Keys:
        member = self.organisation.members[name]
        held = self.organisation.role_secrets if Role.SUPERVISOR in member.keys.roles else {}
        return Keys(member.id, member.private, held, self.organisation.directory)

    def handed_in(self, content: dict[str, Any] = CONTENT) -> SealedForService:
        author = self.keys(HANDLER)
        return author.seal_for_review(WrittenReport(author.person_id, content), FORM, flags_in(content), DAY)

    def release(self, given: SealedForService, unit_id: str = KENT, **instead: Any) -> SignedContact:
        """As the supervisor's console does it, with what the service put in place of what was handed in."""
        keys, given = self.keys(SUPERVISOR), replace(given, **instead)
        opened = _opened(keys, as_the_service_gives_it(given))
        facts = ReleaseFacts(Mode.CONFIDENTIAL, Category.OTHER, "kent", DAY)
        flags = ReleaseFlags(reworded=False, hints_settled=True)
        return _sealed_release(keys, opened, dict(opened.written.content), facts, unit_id, flags)[1]


@pytest.fixture
def desk(sqlite_store: Store) -> Desk:
    return Desk(found_organisation(sqlite_store))


def as_the_service_gives_it(given: SealedForService) -> SealedReport:
    card = ReportCard(
        id="1" * 32, state=ReportState.IN_REVIEW, revision="2" * 32, mine=False, force_id="kent", unit_id=None,
        lane=Lane.ORDINARY, mode=Mode.CONFIDENTIAL, category=Category.OTHER, language=Language.EN, form="report.v1",
        circle=Circle.MORE, conflict=False, started_on=DAY, submitted_on=DAY, released_on=None, delivery=None,
    )  # fmt: skip
    contact = None if given.contact is None else sealing.as_text(replace(envelope_in(given.contact), wraps={}))
    return SealedReport(card=card, envelope=given.envelope, contact=contact, flags_signature=given.flags_signature)


# --- what the release key signs -------------------------------------------------------------------------------------


def test_the_release_key_signs_the_details_that_the_author_handed_in_with_the_report(desk: Desk) -> None:
    given = desk.handed_in()

    signature = desk.release(given).signature

    assert signature is not None and given.contact is not None
    release = desk.organisation.release.public
    signed = replace(envelope_in(given.contact), signature=from_base64url(signature), signer=release.key_id)
    check_signature(signed, release)


def test_a_report_of_the_services_own_is_not_signed_as_contact_details(desk: Desk) -> None:
    unit, author = desk.organisation.units[KENT].reader.public, desk.organisation.members[HANDLER]
    forged = sealing.sealed(EnvelopeKind.REPORT, [unit], desk.organisation.members[AUDITOR].private.signing, KENT)
    others = sealing.contact(desk.organisation, author, KENT, words=b"Somebody else's details.")

    for instead in (forged, others):
        with pytest.raises(ContactNotTheReports):
            desk.release(desk.handed_in(), contact=sealing.as_text(instead))


def test_details_are_not_put_beside_a_report_that_was_handed_in_without(desk: Desk) -> None:
    without = desk.handed_in(CONTENT | {"contact_consent": "no"})
    elsewhere = desk.handed_in()
    assert without.contact is None

    with pytest.raises(ContactNotTheReports):
        desk.release(without, contact=elsewhere.contact)


def test_a_release_goes_on_without_details_that_a_caller_has_taken_back(desk: Desk) -> None:
    assert desk.release(desk.handed_in(), contact=None) == SignedContact()


# --- for whom an author's console seals what it holds ----------------------------------------------------------------


def released(desk: Desk, unit_id: str) -> tuple[Envelope, str]:
    """Contact details as they wait for their author, released for this unit, with the word on that."""
    given = desk.handed_in(CONTENT | {"chief_officer": "yes"})
    signed = desk.release(given, unit_id)
    assert given.contact is not None and signed.signature is not None and signed.address is not None
    release = desk.organisation.release.public
    waiting = replace(envelope_in(given.contact), signature=from_base64url(signed.signature), signer=release.key_id)
    return waiting, signed.address


def test_an_author_seals_details_for_the_unit_that_a_supervisor_chose(desk: Desk) -> None:
    waiting, address = released(desk, KENT_ALTERNATE)

    again = envelope_in(desk.keys(HANDLER).seal_contact_for(waiting, KENT_ALTERNATE, address, DAY))

    added = desk.organisation.units[KENT_ALTERNATE].reader.key_id
    assert (set(again.wraps), again.digest) == ({*waiting.wraps, added}, waiting.digest)


def test_an_author_seals_details_for_no_unit_that_the_service_names_by_itself(desk: Desk) -> None:
    author, (waiting, address), (_, others) = desk.keys(HANDLER), released(desk, KENT_ALTERNATE), released(desk, KENT)
    unreleased = replace(waiting, signature=None, signer=None)
    by_itself = sign_envelope(waiting, desk.organisation.members[ADMINISTRATOR].private.signing)
    draft = author.seal_draft(WrittenReport(author.person_id, CONTENT), FORM)
    signed_draft = sign_envelope(envelope_in(draft.envelope), desk.organisation.release)
    its_word = to_base64url(sign_address(signed_draft.digest, KENT_ALTERNATE, desk.organisation.release))

    for wrong, unit_id, word in (
        (waiting, KENT, address),
        (waiting, KENT_ALTERNATE, others),
        (waiting, KENT_ALTERNATE, None),
        (unreleased, KENT_ALTERNATE, address),
        (by_itself, KENT_ALTERNATE, address),
        (envelope_in(draft.envelope), KENT_ALTERNATE, address),
        (signed_draft, KENT_ALTERNATE, its_word),
    ):
        with pytest.raises((SignatureWrong, AnotherKind)):
            author.seal_contact_for(wrong, unit_id, word, DAY)


# --- whose a report is ----------------------------------------------------------------------------------------------


def made_up(desk: Desk, author: str, signer: str | None, content: dict[str, Any] = CONTENT) -> SealedForService:
    """A review envelope that anybody with public keys can make, under this person's name."""
    members = desk.organisation.members
    words = WrittenReport(members[author].id, content).to_bytes()
    envelope = sealing.sealed(EnvelopeKind.REVIEW, [desk.organisation.supervisors.public], words=words)
    flags = flags_in(CONTENT)
    signature = None if signer is None else sign_flags(envelope.digest, flags, members[signer].private.signing)
    return SealedForService(sealing.as_text(envelope), None if signature is None else to_base64url(signature))


@pytest.mark.parametrize(
    ("author", "signer"),
    [(HANDLER, None), (HANDLER, SECOND_HANDLER), (HANDLER, ADMINISTRATOR), (ADMINISTRATOR, ADMINISTRATOR)],
)
def test_a_report_that_no_handler_handed_in_is_shown_as_unproven_and_not_released(
    desk: Desk, author: str, signer: str | None
) -> None:
    given = made_up(desk, author, signer)

    opened = _opened(desk.keys(SUPERVISOR), as_the_service_gives_it(given))

    assert not opened.is_proven
    with pytest.raises(AuthorUnproven):
        desk.release(given)


def test_a_signature_for_another_report_or_other_answers_proves_nothing(desk: Desk) -> None:
    given, another = desk.handed_in(), desk.handed_in()
    unsaid = made_up(desk, HANDLER, HANDLER, CONTENT | {"chief_officer": "yes"})

    for wrong in (replace(given, flags_signature=another.flags_signature), unsaid):
        assert not _opened(desk.keys(SUPERVISOR), as_the_service_gives_it(wrong)).is_proven
    assert _opened(desk.keys(SUPERVISOR), as_the_service_gives_it(given)).is_proven


# --- who is given a wrap --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [ADMINISTRATOR, AUDITOR, SUPERVISOR])
def test_nothing_is_given_or_returned_to_anybody_but_a_handler(desk: Desk, name: str) -> None:
    author, reviewer, other = desk.keys(HANDLER), desk.keys(SUPERVISOR), desk.organisation.members[name].id
    draft = author.seal_draft(WrittenReport(author.person_id, CONTENT), FORM)

    gives: tuple[Callable[[], object], ...] = (
        lambda: author.give_draft(draft.envelope, draft.contact, other),
        lambda: reviewer.give_recovered(draft.envelope, other),
        lambda: reviewer.seal_returned(WrittenReport(other, {}), FORM),
    )
    for give in gives:
        with pytest.raises(NotAHandler):
            give()


def test_a_call_and_a_recovered_draft_are_given_to_a_handler(desk: Desk) -> None:
    author, reviewer = desk.keys(HANDLER), desk.keys(SUPERVISOR)
    draft = author.seal_draft(WrittenReport(author.person_id, CONTENT), FORM)
    colleague, both = desk.organisation.members[SECOND_HANDLER], desk.organisation.members[BOTH]

    given = author.give_draft(draft.envelope, draft.contact, colleague.id)
    recovered = reviewer.give_recovered(draft.envelope, both.id)
    returned = reviewer.seal_returned(WrittenReport(author.person_id, {}), FORM)

    assert given.contact is not None
    for text, reader in ((given.envelope, colleague), (given.contact, colleague), (recovered, both)):
        assert reader.keys.reader.key_id in envelope_in(text).wraps
    assert author.own.reader.key_id in envelope_in(returned.envelope).wraps


def test_a_draft_and_details_are_given_as_what_they_are_and_nothing_else(desk: Desk) -> None:
    author, colleague = desk.keys(HANDLER), desk.organisation.members[SECOND_HANDLER].id
    draft = author.seal_draft(WrittenReport(author.person_id, CONTENT), FORM)
    assert draft.contact is not None

    for envelope, contact in ((draft.contact, None), (draft.envelope, draft.envelope)):
        with pytest.raises(AnotherKind):
            author.give_draft(envelope, contact, colleague)
    with pytest.raises(SealingError):
        desk.keys(SUPERVISOR).let_desk_read(draft.envelope)
