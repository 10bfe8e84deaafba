"""A unit's signed totals for a quarter: how many reports came to what, never which. There is no report in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.vocabulary import UnitOutcome
from shared.sealing.canonical import NotCanonical, canonical_json, framed, from_base64url, parse_canonical, to_base64url
from shared.sealing.errors import AnswerMalformed, AnswerSignatureWrong
from shared.sealing.header import is_slug
from shared.sealing.keys import SigningKey
from shared.sealing.verify_key import Signers, named

MAX_TOTALS_BYTES: Final = 1024
MAX_TOTAL: Final = 1_000_000
MAX_SERIAL: Final = 2**53 - 1
PERIOD: Final = re.compile(r"[0-9]{4}-q[1-4]")
_LABEL: Final = b"candour/outcomes/v1"


@dataclass(frozen=True, slots=True)
class Totals:
    """``period`` is a quarter, as "2026-q1"; ``n`` has every outcome, 0 to MAX_TOTAL.

    ``serial`` only grows: of what a unit said of one quarter, the highest counts.
    """

    unit: str
    period: str
    serial: int
    n: Mapping[UnitOutcome, int]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    candour: Literal["outcomes/1"]
    unit: str
    period: str
    serial: Annotated[int, Field(strict=True, ge=1, le=MAX_SERIAL)]
    totals: dict[UnitOutcome, Annotated[int, Field(strict=True, ge=0, le=MAX_TOTAL)]]
    key_id: str
    signature: str


def sign_totals(totals: Totals, signing: SigningKey) -> bytes:
    """The totals as they travel: canonical JSON with the unit's signature."""
    return canonical_json(
        {
            "candour": "outcomes/1",
            "unit": totals.unit,
            "period": totals.period,
            "serial": totals.serial,
            "totals": _written(totals),
            "key_id": signing.key_id,
            "signature": to_base64url(signing.sign(_signed_bytes(totals))),
        }
    )


def verify_totals(written: bytes, unit: str, verify: Signers) -> Totals:
    """The totals, if one of this unit's keys signed them. Raises AnswerMalformed or AnswerSignatureWrong."""
    try:
        document = _Document.model_validate(parse_canonical(written, MAX_TOTALS_BYTES))
        signature = from_base64url(document.signature)
    except (NotCanonical, ValidationError):
        raise AnswerMalformed from None
    totals = Totals(document.unit, document.period, document.serial, document.totals)
    if not is_slug(totals.unit) or not PERIOD.fullmatch(totals.period) or set(totals.n) != set(UnitOutcome):
        raise AnswerMalformed
    key = named(verify, document.key_id)
    if totals.unit != unit or key is None or not key.accepts(signature, _signed_bytes(totals)):
        raise AnswerSignatureWrong
    return totals


def _written(totals: Totals) -> dict[str, int]:
    return {outcome.value: totals.n[outcome] for outcome in UnitOutcome}


def _signed_bytes(totals: Totals) -> bytes:
    said = totals.unit.encode(), totals.period.encode(), str(totals.serial).encode(), canonical_json(_written(totals))
    return framed(_LABEL, *said)
