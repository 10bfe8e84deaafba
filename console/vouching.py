"""What a console checks for itself before it shows, signs or passes on what the service hands it.

The service has every public key, so that something opens shows nobody's hand: kinds, digests and signatures do. It
knows no network and no widget.
"""

from __future__ import annotations

from console.sealed_report import WrittenReport, flags_in
from console.translation import tr
from shared.domain.vocabulary import Role
from shared.sealing.canonical import NotCanonical, from_base64url
from shared.sealing.directory import Directory, Person
from shared.sealing.envelope import Envelope, rewrap
from shared.sealing.errors import SealingError, SignatureWrong, UnknownPerson
from shared.sealing.flags import check_flags
from shared.sealing.header import EnvelopeKind
from shared.sealing.keys import ReaderKey, ReaderPublicKey


class NotAHandler(SealingError):
    words = tr("The signed directory does not have this colleague among those who handle calls. Nothing was given.")


class AnotherKind(SealingError):
    words = tr("The service gave something else than was asked for. Nothing was sealed. Tell an administrator.")


class ContactNotTheReports(SealingError):
    words = tr(
        "The caller's details are not those that belong to this report. Nothing was signed. Tell an administrator."
    )


class AnotherReport(SealingError):
    words = tr("The service gave another report than the one you chose. Nothing was sealed. Tell an administrator.")


class AuthorUnproven(SealingError):
    words = tr("Nothing shows that this report is its author's, so it cannot go. Ask them, and return it to them.")


def is_its_authors(envelope: Envelope, written: WrittenReport, signature: str | None, directory: Directory) -> bool:
    """Whether a handler in this directory, the one it names, handed in just this envelope with just these answers."""
    try:
        author = handler_in(directory, written.author)
        check_flags(from_base64url(signature or ""), envelope.digest, flags_in(written.content), author.verify)
    except (SignatureWrong, NotCanonical, NotAHandler, UnknownPerson):
        return False
    return envelope.about.kind is EnvelopeKind.REVIEW


def handler_in(directory: Directory, person_id: str) -> Person:
    """Who may be given what callers said. Raises UnknownPerson or NotAHandler."""
    person = directory.person(person_id)
    if Role.HANDLER not in person.roles:
        raise NotAHandler
    return person


def check_contact(contact: Envelope, digest: str) -> None:
    """That these are contact details, and those with this digest in hexadecimal. Raises ContactNotTheReports."""
    if contact.about.kind is not EnvelopeKind.CONTACT or contact.digest.hex() != digest:
        raise ContactNotTheReports


def rewrapped(envelope: Envelope, kind: EnvelopeKind, reader: ReaderKey, new_reader: ReaderPublicKey) -> Envelope:
    """For one more reader, if it is of the kind that this reader is for. Raises AnotherKind, or as rewrap does."""
    if envelope.about.kind is not kind:
        raise AnotherKind
    return rewrap(envelope, reader, new_reader)
