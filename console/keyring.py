"""The keys of whoever is signed in, in memory only, and what they seal and open; forgotten on signing out.

Its functions take a while and belong in a worker. It knows no network, file or widget.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from console.contact import contact_values, sheet_for_unit, values_from, without_contact
from console.sealed_report import WrittenReport
from console.translation import tr
from console.vouching import check_contact, handler_in, rewrapped
from shared.domain.vocabulary import Lane
from shared.forms import Form, ReleaseFacts, dated_anew, disseminated
from shared.forms.withdrawal import WITHDRAWAL_FORM_ID, withdrawal_notice
from shared.sealing.canonical import NotCanonical, canonical_json, from_base64url, parse_canonical, to_base64url
from shared.sealing.contact_address import check_address, sign_address
from shared.sealing.directory import Directory, RoleName, Unit, without_suspended
from shared.sealing.envelope import MAX_CONTENT_BYTES, Envelope, check_signature, open_envelope, seal, sign_envelope
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import (
    EnvelopeAltered,
    EnvelopeMalformed,
    NotForThisReader,
    SealingError,
    UnknownRoleKey,
    UnknownUnit,
)
from shared.sealing.flags import AuthorFlags, ReleaseFlags, sign_flags, sign_release_flags
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, ReaderPublicKey
from shared.sealing.organisation import PrivateBundle, RoleSecret
from shared.sealing.questions import Question, open_question


class KeySuspended(SealingError):
    words = tr("This key is suspended, so nothing is sealed for it. An administrator can say when it is good again.")


class ReleaseBlocked(SealingError):
    words = tr("The key of this unit or the directory has expired. An administrator must renew it before release.")


@dataclass(frozen=True, slots=True)
class SealedForService:
    """An envelope as text for a message, with what goes beside it: the author's signed flags, the contact details."""

    envelope: str = field(repr=False)
    flags_signature: str | None = None
    contact: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class GivenDraft:
    """A draft's envelopes, each with a wrap for the colleague who gets the call."""

    envelope: str = field(repr=False)
    contact: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedContact:
    """The release key's signatures over a caller's details, and over which unit they go to, as text."""

    signature: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What one signed-in person can seal, open and sign with."""

    person_id: str
    own: PrivateBundle = field(repr=False)
    roles: Mapping[RoleName, RoleSecret] = field(repr=False)
    signed: Directory = field(repr=False)  # as the root signed it
    earlier: tuple[ReaderKey, ...] = field(default=(), repr=False)  # of roles: what is still sealed to them
    suspended: frozenset[str] = frozenset()  # ids of keys: the service's own list, which only takes away

    @property
    def directory(self) -> Directory:
        """Whom something may be sealed for: the signed directory without what is suspended."""
        return without_suspended(self.signed, self.suspended)

    def seal_draft(self, report: WrittenReport, form: Form) -> SealedForService:
        """For the author and the supervisors' role key; a caller's details for the author alone."""
        apart = replace(report, content=without_contact(form, report.content))
        envelope = self._sealed(EnvelopeKind.DRAFT, apart, form, [self.own.reader.public])
        details = contact_values(form, report.content)
        return SealedForService(_as_text(envelope), contact=self._sealed_contact(details, form, []))

    def seal_for_review(self, report: WrittenReport, form: Form, flags: AuthorFlags, day: date) -> SealedForService:
        """For the supervisors' role key alone, with the author's signed flags. Raises UnknownRoleKey.

        A caller's details are for the author and the unit that serves the force, unless there is a conflict or nothing
        may be sealed for it now. Inside the report is their digest, so that nothing else passes for them.
        """
        sheet = sheet_for_unit(form, report.content, day)
        units = () if flags.conflict else self.directory.units_for_force(str(report.content["force"]))[:1]
        readers = [unit.reader for unit in units if self.signed.is_good_for(unit, day)]
        contact = self._sealed_contact(sheet, form, readers)
        named = "" if contact is None else envelope_in(contact).digest.hex()
        apart = replace(report, content=without_contact(form, report.content), contact=named)
        envelope = self._sealed(EnvelopeKind.REVIEW, apart, form, [])
        signature = sign_flags(envelope.digest, flags, self.own.signing)
        return SealedForService(_as_text(envelope), to_base64url(signature), contact)

    def seal_returned(self, report: WrittenReport, form: Form) -> SealedForService:
        """Back to its author, and the supervisors. Raises UnknownPerson or NotAHandler."""
        author = self._reader_of_handler(report.author)
        return SealedForService(_as_text(self._sealed(EnvelopeKind.DRAFT, report, form, [author])))

    def seal_release(
        self, content: Mapping[str, Any], form: Form, facts: ReleaseFacts, unit_id: str, flags: ReleaseFlags
    ) -> SealedForService:
        """A new envelope for the unit and the supervisors, under the organisation's release key, never a person's.

        What this person asserts of it is signed apart, by themselves, for the service to check and forget.

        Raises UnknownUnit, KeySuspended, UnknownRoleKey, or ReleaseBlocked where the unit's key or the directory has
        expired.
        """
        unit = self._unit(unit_id, facts.day)
        header = new_header(EnvelopeKind.REPORT, form.id, form.version, unit=unit_id)
        as_it_leaves = replace(facts, urgently=flags.urgent)  # whatever its author thought
        document = canonical_json(disseminated(form, content, as_it_leaves))
        readers = [unit.reader, self.directory.supervisors_key()]
        envelope = seal(document, header, readers, self._role(RoleName.RELEASE).signing())
        signature = sign_release_flags(envelope.digest, flags, self.own.signing)
        return SealedForService(_as_text(envelope), to_base64url(signature))

    def open_report(self, envelope_text: str) -> WrittenReport:
        """A draft, returned or submitted report. Raises a SealingError."""
        envelope = envelope_in(envelope_text)
        return WrittenReport.from_bytes(open_envelope(envelope, self._reader_of(envelope), None))

    def open_released(self, envelope_text: str) -> bytes:
        """The document as it left, under the organisation's release key, today's or an earlier one's.

        Raises a SealingError.
        """
        envelope = envelope_in(envelope_text)
        return open_envelope(envelope, self._reader_of(envelope), self.directory.release_keys)

    def seal_elsewhere(self, envelope_text: str, unit_id: str, day: date) -> str:
        """What one unit was sent, in a new envelope for another, under the present release key. Word for word, but for
        the date of what leaves urgently: nothing tells that it lay elsewhere.

        Raises as seal_release does, or as open_released.
        """
        unit = self._unit(unit_id, day)
        before = envelope_in(envelope_text).about
        header = new_header(EnvelopeKind.REPORT, before.form_id, before.form_version, unit=unit_id)
        readers = [unit.reader, self.directory.supervisors_key()]
        signing = self._role(RoleName.RELEASE).signing()
        try:
            document = parse_canonical(self.open_released(envelope_text), MAX_CONTENT_BYTES)
        except NotCanonical:
            raise EnvelopeAltered from None
        anew = dated_anew(document, day) if isinstance(document, dict) else document
        return _as_text(seal(canonical_json(anew), header, readers, signing))

    def seal_withdrawal(self, digest: bytes, marking: str, unit_id: str, day: date) -> str:
        """A notice for the unit alone that the report with this digest is withdrawn. Raises as seal_release does."""
        unit = self._unit(unit_id, day)
        header = new_header(EnvelopeKind.REPORT, WITHDRAWAL_FORM_ID, 1, unit=unit_id)
        words = canonical_json(withdrawal_notice(digest, marking))
        return _as_text(seal(words, header, [unit.reader], self._role(RoleName.RELEASE).signing()))

    def open_own(self, envelope_text: str, contact_text: str | None, form: Form) -> WrittenReport:
        """A report of one's own, with the caller's details where there are any. Raises a SealingError.

        A colleague may have begun it: whoever has the call now is its author.
        """
        report = replace(self.open_report(envelope_text), author=self.person_id)
        if contact_text is None:
            return report
        written = open_envelope(envelope_in(contact_text), self.own.reader, None)
        try:
            document = parse_canonical(written, MAX_CONTENT_BYTES)
        except NotCanonical:
            raise EnvelopeAltered from None
        return replace(report, content={**report.content, **values_from(form, document)})

    def give_draft(self, envelope_text: str, contact_text: str | None, person_id: str) -> GivenDraft:
        """A draft of one's own for another handler too; its digest stays. Raises a SealingError."""
        own, reader = self.own.reader, self._reader_of_handler(person_id)
        envelope = rewrapped(envelope_in(envelope_text), EnvelopeKind.DRAFT, own, reader)
        if contact_text is None:
            return GivenDraft(_as_text(envelope))
        contact = rewrapped(envelope_in(contact_text), EnvelopeKind.CONTACT, own, reader)
        return GivenDraft(_as_text(envelope), _as_text(contact))

    def give_recovered(self, envelope_text: str, person_id: str) -> str:
        """A draft that two supervisors recovered, for a handler too. Raises a SealingError."""
        envelope, handler = envelope_in(envelope_text), self._reader_of_handler(person_id)
        return _as_text(rewrapped(envelope, EnvelopeKind.DRAFT, self._reader_of(envelope), handler))

    def sign_contact(self, contact: Envelope, digest: str, unit_id: str) -> SignedContact:
        """The release key's signatures over details that this person cannot open, and over the unit they go to.

        Only those with this digest, which the report itself names. Raises ContactNotTheReports or UnknownRoleKey.
        """
        check_contact(contact, digest)
        release = self._role(RoleName.RELEASE).signing()
        signed = sign_envelope(contact, release)
        address = sign_address(contact.digest, unit_id, release)
        return SignedContact(to_base64url(signed.signature or b""), to_base64url(address))

    def seal_contact_for(self, contact: Envelope, unit_id: str, address: str | None, day: date) -> str:
        """One's own caller's released details for this unit too; their digest stays. Raises a SealingError.

        A supervisor's console released them, and chose this unit: the release key's signatures say so.
        """
        unit = self._unit(unit_id, day)
        check_signature(contact, self.signed.release_keys)
        check_address(bytes_in(address or ""), contact.digest, unit_id, self.signed.release_keys)
        return _as_text(rewrapped(contact, EnvelopeKind.CONTACT, self.own.reader, unit.reader))

    def open_question(self, envelope_text: str) -> Question:
        """A unit's question, under the key of its own that it names. Raises a SealingError."""
        envelope = envelope_in(envelope_text)
        return open_question(envelope, self._reader_of(envelope), self.directory)

    def let_desk_read(self, envelope_text: str) -> str:
        """A unit's question for the desk's role key and no other; digest and signature stay. Raises a SealingError."""
        envelope, desk = envelope_in(envelope_text), self.directory.desk_key()
        reader = self._reader_of(envelope)
        return _as_text(rewrapped(envelope, EnvelopeKind.QUESTION, reader, desk).only_wrap(desk.key_id))

    def recipients(self, force_id: str, lane: Lane, conflict: bool, day: date) -> tuple[Unit, ...]:
        """The units that a report about this force may go to on this day, the one it usually goes to first.

        Raises UnknownUnit; KeySuspended or ReleaseBlocked where there would be one.
        """
        there = self.directory.recipients(force_id, lane, conflict)
        if good := tuple(unit for unit in there if self.signed.is_good_for(unit, day)):
            return good
        if there:
            raise ReleaseBlocked
        if self.signed.recipients(force_id, lane, conflict):
            raise KeySuspended
        raise UnknownUnit

    def on_call_for(self, unit_id: str) -> str:
        """Who takes this unit's urgent reports, by id; "" for none or a unit that is not there."""
        unit = next((unit for unit in self.directory.units if unit.id == unit_id), None)
        return "" if unit is None else unit.urgent or unit.id

    def _unit(self, unit_id: str, day: date) -> Unit:
        """One that something may be sealed for. Raises UnknownUnit, KeySuspended or ReleaseBlocked."""
        unit = self.signed.unit(unit_id)
        if unit.reader.key_id in self.suspended:
            raise KeySuspended
        if not self.signed.is_good_for(unit, day):
            raise ReleaseBlocked
        return unit

    def _reader_of_handler(self, person_id: str) -> ReaderPublicKey:
        """Raises UnknownPerson, NotAHandler or KeySuspended."""
        reader = handler_in(self.signed, person_id).reader
        if reader.key_id in self.suspended:
            raise KeySuspended
        return reader

    def _sealed_contact(self, document: object, form: Form, others: list[ReaderPublicKey]) -> str | None:
        if document is None:
            return None
        header = new_header(EnvelopeKind.CONTACT, form.id, form.version)
        return _as_text(seal(canonical_json(document), header, [self.own.reader.public, *others], None))

    def _sealed(self, kind: EnvelopeKind, report: WrittenReport, form: Form, others: list[ReaderPublicKey]) -> Envelope:
        header = new_header(kind, form.id, form.version)
        return seal(report.to_bytes(), header, [*others, self.directory.supervisors_key()], None)

    def _reader_of(self, envelope: Envelope) -> ReaderKey:
        held = [self.own.reader]
        held += [self.roles[role].reader() for role in (RoleName.SUPERVISORS, RoleName.DESK) if role in self.roles]
        for reader in (*held, *self.earlier):
            if reader.key_id in envelope.wraps:
                return reader
        raise NotForThisReader

    def _role(self, role: RoleName) -> RoleSecret:
        try:
            return self.roles[role]
        except KeyError:
            raise UnknownRoleKey from None


def bytes_in(text: str) -> bytes:
    try:
        return from_base64url(text)
    except NotCanonical:
        raise EnvelopeMalformed from None


def envelope_in(text: str) -> Envelope:
    """The envelope as a message carries it. Raises EnvelopeMalformed."""
    return envelope_from_bytes(bytes_in(text))


def _as_text(envelope: Envelope) -> str:
    return to_base64url(envelope_to_bytes(envelope))


class Keyring:
    """Holds the keys while someone is signed in."""

    def __init__(self) -> None:
        self._keys: Keys | None = None

    @property
    def keys(self) -> Keys | None:
        return self._keys

    def hold(self, keys: Keys) -> None:
        self._keys = keys

    def forget(self) -> None:
        """Let go of every key."""
        self._keys = None
