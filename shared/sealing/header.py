"""An envelope's header: the few things anyone may read; no time, handler, call or name has a place in it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.sealing.canonical import NotCanonical, canonical_json, parse_canonical
from shared.sealing.errors import EnvelopeMalformed
from shared.sealing.keys import RandomBytes

HEADER_VERSION: Final = 1
SUITE_NAME: Final = "MLKEM768X25519-HKDFSHA256-AES256GCM"
MAX_HEADER_BYTES: Final = 1024
MAX_FORM_VERSION: Final = 9999

_ENVELOPE_ID: Final = re.compile(r"[0-9a-f]{32}")
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
_ENVELOPE_ID_BYTES: Final = 16


class EnvelopeKind(StrEnum):
    """What is sealed, and so which fields its header has."""

    DRAFT = "draft"
    REVIEW = "review"
    REPORT = "report"
    CONTACT = "contact"
    QUESTION = "question"


_COMMON: Final = frozenset({"version", "suite", "kind", "id", "form", "form_version"})
FIELDS: Final[Mapping[EnvelopeKind, frozenset[str]]] = {
    EnvelopeKind.DRAFT: _COMMON,
    EnvelopeKind.REVIEW: _COMMON,
    EnvelopeKind.REPORT: _COMMON | {"unit"},
    EnvelopeKind.CONTACT: _COMMON,
    EnvelopeKind.QUESTION: _COMMON | {"unit"},
}


def is_slug(value: object) -> bool:
    """Whether this may name a form, a unit or a force: 1 to 64 of a-z, 0-9 and ``_.:-``, as the store has it."""
    return isinstance(value, str) and SLUG.fullmatch(value) is not None


def _is_form_version(value: object) -> bool:
    return type(value) is int and 1 <= value <= MAX_FORM_VERSION


@dataclass(frozen=True, slots=True)
class Header:
    """What is written outside the seal. ``unit`` belongs to a report and to a question. Raises EnvelopeMalformed."""

    kind: EnvelopeKind
    envelope_id: str
    form_id: str
    form_version: int
    unit: str | None = None

    def __post_init__(self) -> None:
        named = is_slug(self.unit) if "unit" in FIELDS[self.kind] else self.unit is None
        well_formed = (
            _ENVELOPE_ID.fullmatch(self.envelope_id) is not None
            and is_slug(self.form_id)
            and _is_form_version(self.form_version)
        )
        if not (named and well_formed):
            raise EnvelopeMalformed

    def to_bytes(self) -> bytes:
        """Canonical JSON: the AES-GCM additional data and the HPKE ``info``."""
        fields: dict[str, object] = {
            "version": HEADER_VERSION,
            "suite": SUITE_NAME,
            "kind": self.kind.value,
            "id": self.envelope_id,
            "form": self.form_id,
            "form_version": self.form_version,
        }
        if self.unit is not None:
            fields["unit"] = self.unit
        return canonical_json(fields)


def new_header(
    kind: EnvelopeKind,
    form_id: str,
    form_version: int,
    unit: str | None = None,
    random: RandomBytes = secrets.token_bytes,
) -> Header:
    """A header under a fresh random id of 128 bits. Raises EnvelopeMalformed."""
    return Header(kind, random(_ENVELOPE_ID_BYTES).hex(), form_id, form_version, unit)


def parse_header(written: bytes) -> Header:
    """Read a header strictly: canonical, and exactly its kind's fields. Raises EnvelopeMalformed."""
    try:
        fields = parse_canonical(written, MAX_HEADER_BYTES)
    except NotCanonical:
        raise EnvelopeMalformed from None
    if not isinstance(fields, dict):
        raise EnvelopeMalformed
    try:
        kind = EnvelopeKind(fields["kind"])
    except (KeyError, ValueError):
        raise EnvelopeMalformed from None
    if fields.keys() != FIELDS[kind] or not _is_ours(fields):
        raise EnvelopeMalformed
    return Header(kind, fields["id"], fields["form"], fields["form_version"], fields.get("unit"))


def _is_ours(fields: Mapping[str, object]) -> bool:
    return (
        type(fields["version"]) is int
        and fields["version"] == HEADER_VERSION
        and fields["suite"] == SUITE_NAME
        and isinstance(fields["id"], str)
    )
