"""Reports as consoles seal them, for tests: drafts, submissions, returns and releases, right or wrong on purpose."""

from collections.abc import Sequence

from shared.domain.report_rules import author_flags
from shared.domain.review import ReleaseWord
from shared.domain.vocabulary import Category, Circle, Language, Mode
from shared.messages import ReportFacts
from shared.review_messages import ReleaseReport
from shared.sealing.canonical import to_base64url
from shared.sealing.contact_address import sign_address
from shared.sealing.envelope import Envelope, seal, sign_envelope
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.flags import ReleaseFlags, sign_flags, sign_release_flags
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderPublicKey, SigningKey
from tests.support.organisation import Member, Organisation

FORM = "report.v1"
WORDS = b'"what was reported"'
DETAILS = b"how to reach the caller"


def facts(**different: object) -> ReportFacts:
    """A complete report about Kent, its flags unsigned; `different` replaces facts by name."""
    complete: dict[str, object] = {
        "force_id": "kent",
        "mode": Mode.ANONYMOUS,
        "category": Category.PARTNER_ABUSE,
        "language": Language.EN,
        "form": FORM,
        "circle": Circle.SIX_TO_TWENTY,
        "conflict": False,
        "agreed": True,
        "flags_signature": None,
    }
    return ReportFacts.model_validate(complete | different)


def signed(facts: ReportFacts, envelope: Envelope, author: Member) -> ReportFacts:
    """The same facts with the author's signature over the flags, for this envelope."""
    signature = sign_flags(envelope.digest, author_flags(facts), author.private.signing)
    return facts.model_copy(update={"flags_signature": to_base64url(signature)})


def draft(organisation: Organisation, author: Member, words: bytes = WORDS) -> Envelope:
    """A draft, or a report returned to its author."""
    return sealed(EnvelopeKind.DRAFT, [author.keys.reader, organisation.supervisors.public], words=words)


def review(organisation: Organisation, words: bytes = WORDS) -> Envelope:
    return sealed(EnvelopeKind.REVIEW, [organisation.supervisors.public], words=words)


def release(organisation: Organisation, unit_id: str, words: bytes = WORDS) -> Envelope:
    unit = organisation.units[unit_id]
    readers = [unit.reader.public, organisation.supervisors.public]
    return sealed(EnvelopeKind.REPORT, readers, organisation.release, unit_id, words)


def release_word(supervisor: Member, envelope: Envelope, **said: bool) -> ReleaseWord:
    """What a supervisor's console asserts of a released report; every hint is settled unless `said` otherwise."""
    flags = ReleaseFlags(**{"reworded": False, "hints_settled": True, **said})
    return ReleaseWord(flags, sign_release_flags(envelope.digest, flags, supervisor.private.signing))


def releasing(supervisor: Member, saved_revision: str, unit_id: str, envelope: Envelope, **said: bool) -> ReleaseReport:
    """The same as a message."""
    word = release_word(supervisor, envelope, **said)
    return ReleaseReport(
        revision=saved_revision,
        unit_id=unit_id,
        envelope=as_text(envelope),
        reworded=word.flags.reworded,
        hints_settled=word.flags.hints_settled,
        urgent=word.flags.urgent,
        flags_signature=to_base64url(word.signature),
    )


def contact(organisation: Organisation, author: Member, *unit_ids: str, words: bytes = DETAILS) -> Envelope:
    """A confidential caller's contact details: for the author, and the units named."""
    units = [organisation.units[unit_id].reader.public for unit_id in unit_ids]
    return sealed(EnvelopeKind.CONTACT, [author.keys.reader, *units], words=words)


def contact_signature(organisation: Organisation, contact: Envelope) -> bytes:
    """The release key's signature over them, as a supervisor's console makes it."""
    signed = sign_envelope(contact, organisation.release).signature
    assert signed is not None
    return signed


def contact_address(organisation: Organisation, contact: Envelope, unit_id: str) -> bytes:
    """The release key's word that they go to this unit, as a supervisor's console gives it."""
    return sign_address(contact.digest, unit_id, organisation.release)


def sealed(
    kind: EnvelopeKind,
    readers: Sequence[ReaderPublicKey],
    signing: SigningKey | None = None,
    unit_id: str | None = None,
    words: bytes = WORDS,
) -> Envelope:
    return seal(words, new_header(kind, "report", 1, unit_id), readers, signing)


def as_text(envelope: Envelope) -> str:
    """The envelope as a message carries it."""
    return to_base64url(envelope_to_bytes(envelope))
