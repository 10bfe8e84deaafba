"""A unit's private keys in one file, under a passphrase, and the request that asks the charity to enrol it.

It knows no report. The request is signed with the key it asks to enrol, so that nobody can ask with another's.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, ValidationError

from shared.force_side.refusals import EnrolmentMalformed, FileExists, KeysMalformed, PassphraseNeeded
from shared.sealing.canonical import NotCanonical, canonical_json, framed, from_base64url, parse_canonical, to_base64url
from shared.sealing.directory import Name, Slug, Unit, fingerprint_words
from shared.sealing.errors import SealingError
from shared.sealing.keys import READER_SEED_BYTES, RandomBytes, ReaderKey, ReaderPublicKey, SigningKey
from shared.sealing.sign_in import (
    CONSOLE_FLOOR,
    STANDARD_COST,
    Cost,
    SignInParameters,
    derive,
    new_parameters,
    unwrap_private,
    wrap_private,
)
from shared.sealing.verify_key import ED25519_BYTES, VerifyKey
from shared.sealing.words import from_paper, on_paper

MAX_FILE_BYTES: Final = 64 * 1024
_KEYS_LABEL: Final = b"candour/unit-keys/v1"
ROOT_BYTES: Final = 32
_ROOT_LABEL: Final = b"candour/unit-root/v1"
_ENROLMENT_LABEL: Final = b"candour/enrolment/v1"


@dataclass(frozen=True, slots=True)
class UnitKeys:
    """A unit's two private keys: one to open reports, one to sign answers.

    ``root`` is the secret both were made from, to be written on paper; None for keys that were not made so.
    """

    unit: str
    reader: ReaderKey = field(repr=False)
    answers: SigningKey = field(repr=False)
    root: bytes | None = field(default=None, repr=False)

    def on_paper(self) -> tuple[str, ...]:
        """The words both keys can be made from again. Raises KeysMalformed for keys that were not made so."""
        if self.root is None:
            raise KeysMalformed
        return on_paper(self.root)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a unit asks the charity to put in its directory."""

    unit: str
    name: str
    forces: tuple[str, ...]
    reader: ReaderPublicKey
    answers: VerifyKey

    @property
    def words(self) -> tuple[str, ...]:
        """Both keys as twelve words, to compare aloud."""
        return fingerprint_words(self.reader, self.answers)

    def entry(self, expires: date, alternate: str | None, urgent: str | None = None) -> Unit:
        """The unit's place in the directory; ``expires`` is the last good London day.

        Raises pydantic's ValidationError for an impossible name or force.
        """
        return Unit(
            id=self.unit,
            name=self.name,
            forces=self.forces,
            reader=self.reader,
            answers=self.answers,
            expires=expires,
            alternate=alternate,
            urgent=urgent,
        )


def new_unit_keys(unit: str, random: RandomBytes = secrets.token_bytes) -> UnitKeys:
    """Fresh keys for a unit."""
    return _made_from(unit, random(ROOT_BYTES))


def unit_keys_from_paper(unit: str, written: str) -> UnitKeys:
    """The same keys again, from the words on paper and the same unit's name. Raises WordsWrong."""
    return _made_from(unit, from_paper(written, ROOT_BYTES))


def _made_from(unit: str, root: bytes) -> UnitKeys:
    seeds = HKDF(SHA256(), READER_SEED_BYTES + ED25519_BYTES, None, framed(_ROOT_LABEL, unit.encode())).derive(root)
    return UnitKeys(unit, ReaderKey(seeds[:READER_SEED_BYTES]), SigningKey(seeds[READER_SEED_BYTES:]), root)


class _KeysDocument(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    candour: Literal["unit-keys/1"]
    unit: str
    protection: Literal["passphrase", "none"]
    salt: str
    memory_kib: int
    iterations: int
    lanes: int
    private: str


def keys_to_bytes(
    keys: UnitKeys,
    passphrase: str | None,
    cost: Cost = STANDARD_COST,
    floor: Cost = CONSOLE_FLOOR,
    random: RandomBytes = secrets.token_bytes,
) -> bytes:
    """The key file. ``passphrase`` None leaves the keys in the open: the caller has asked for just that.

    Raises PassphraseUnsuitable or ParametersTooWeak.
    """
    parameters = new_parameters(cost, random)
    private = keys.reader.seed + keys.answers.seed if keys.root is None else keys.root
    if passphrase is not None:
        wrapping = derive(passphrase, parameters, floor).wrapping
        private = wrap_private(wrapping, private, _label(keys.unit), random)
    return canonical_json(
        {
            "candour": "unit-keys/1",
            "unit": keys.unit,
            "protection": "none" if passphrase is None else "passphrase",
            "salt": to_base64url(parameters.salt),
            "memory_kib": parameters.memory_kib,
            "iterations": parameters.iterations,
            "lanes": parameters.lanes,
            "private": to_base64url(private),
        }
    )


def needs_passphrase(written: bytes) -> bool:
    """Whether a key file is protected. Raises KeysMalformed."""
    return _keys_document(written).protection == "passphrase"


def keys_from_bytes(written: bytes, passphrase: str | None, floor: Cost = CONSOLE_FLOOR) -> UnitKeys:
    """The keys in a key file. Raises KeysMalformed, PassphraseNeeded, PassphraseWrong or PassphraseUnsuitable."""
    document = _keys_document(written)
    try:
        private = from_base64url(document.private)
        if document.protection == "passphrase":
            private = unwrap_private(_wrapping(document, passphrase, floor), private, _label(document.unit))
        if len(private) == ROOT_BYTES:
            return _made_from(document.unit, private)
        return UnitKeys(document.unit, ReaderKey(private[:READER_SEED_BYTES]), SigningKey(private[READER_SEED_BYTES:]))
    except NotCanonical:
        raise KeysMalformed from None


def _wrapping(document: _KeysDocument, passphrase: str | None, floor: Cost) -> bytes:
    if passphrase is None:
        raise PassphraseNeeded
    salt = from_base64url(document.salt)
    parameters = SignInParameters(salt, document.memory_kib, document.iterations, document.lanes)
    return derive(passphrase, parameters, floor).wrapping


def _keys_document(written: bytes) -> _KeysDocument:
    try:
        return _KeysDocument.model_validate(parse_canonical(written, MAX_FILE_BYTES))
    except (NotCanonical, ValidationError):
        raise KeysMalformed from None


def _label(unit: str) -> bytes:
    return framed(_KEYS_LABEL, unit.encode())


class _EnrolmentDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    candour: Literal["enrolment/1"]
    unit: Slug
    name: Name
    forces: tuple[Slug, ...]
    reader: str
    answers: str
    signature: str


def enrolment_request(keys: UnitKeys, name: str, forces: tuple[str, ...]) -> bytes:
    """The public half, as a file for the charity; nothing in it is secret."""
    asked = {
        "candour": "enrolment/1",
        "unit": keys.unit,
        "name": name,
        "forces": list(forces),
        "reader": keys.reader.public.to_text(),
        "answers": keys.answers.public.to_text(),
    }
    signature = keys.answers.sign(framed(_ENROLMENT_LABEL, canonical_json(asked)))
    return canonical_json({**asked, "signature": to_base64url(signature)})


def read_enrolment(written: bytes) -> Enrolment:
    """What a unit asks for, its own signature checked. Raises EnrolmentMalformed.

    Whose keys these really are is settled aloud: compare both fingerprints with the unit before signing a directory.
    """
    try:
        document = _EnrolmentDocument.model_validate(parse_canonical(written, MAX_FILE_BYTES))
        reader, answers = ReaderPublicKey.from_text(document.reader), VerifyKey.from_text(document.answers)
        signed = canonical_json(document.model_dump(mode="json", exclude={"signature"}))
        signature = from_base64url(document.signature)
    except (NotCanonical, ValidationError, SealingError):
        raise EnrolmentMalformed from None
    if not answers.accepts(signature, framed(_ENROLMENT_LABEL, signed)):
        raise EnrolmentMalformed
    return Enrolment(document.unit, document.name, document.forces, reader, answers)


def write_private(path: Path, written: bytes) -> None:
    """A new file that only its owner can read; never over another. Raises FileExists."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileExists from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())
