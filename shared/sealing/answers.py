"""A unit's signed answer to one report, told apart by the envelope's digest; there is no time in it, nor a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.domain.vocabulary import Verdict
from shared.sealing.canonical import NotCanonical, canonical_json, framed, from_base64url, parse_canonical, to_base64url
from shared.sealing.errors import AnswerForAnotherReport, AnswerMalformed, AnswerSignatureWrong
from shared.sealing.header import is_slug
from shared.sealing.keys import KEY_ID, SigningKey
from shared.sealing.verify_key import Signers, named

MAX_ANSWER_BYTES: Final = 1024
DIGEST_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_LABEL: Final = b"candour/answer/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit says of the envelope with this digest (32 bytes); ``key_id`` names the unit's answer key."""

    verdict: Verdict
    digest: bytes
    unit: str
    key_id: str

    def __post_init__(self) -> None:
        shaped = len(self.digest) == DIGEST_BYTES and is_slug(self.unit)
        if not (shaped and KEY_ID.fullmatch(self.key_id)):
            raise AnswerMalformed


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    candour: Literal["answer/1"]
    verdict: Verdict
    digest: str
    unit: str
    key_id: str
    signature: str


def sign_answer(verdict: Verdict, digest: bytes, unit: str, signing: SigningKey) -> bytes:
    """The answer as it travels: canonical JSON with the unit's signature. Raises AnswerMalformed."""
    answer = Answer(verdict, digest, unit, signing.key_id)
    return canonical_json(
        {
            "candour": "answer/1",
            "verdict": answer.verdict.value,
            "digest": to_base64url(answer.digest),
            "unit": answer.unit,
            "key_id": answer.key_id,
            "signature": to_base64url(signing.sign(_signed_bytes(answer))),
        }
    )


def read_answer(written: bytes) -> Answer:
    """What an answer claims, its signature unchecked: to find the report it is about. Raises AnswerMalformed."""
    return _parsed(written)[0]


def verify_answer(written: bytes, digest: bytes, unit: str, verify: Signers) -> Answer:
    """The answer, if this unit's key, or one of its keys, gave it for the envelope with this digest.

    Raises AnswerMalformed, AnswerForAnotherReport or AnswerSignatureWrong.
    """
    answer, signature = _parsed(written)
    if (answer.digest, answer.unit) != (digest, unit):
        raise AnswerForAnotherReport
    key = named(verify, answer.key_id)
    if key is None or not key.accepts(signature, _signed_bytes(answer)):
        raise AnswerSignatureWrong
    return answer


def _parsed(written: bytes) -> tuple[Answer, bytes]:
    try:
        document = _Document.model_validate(parse_canonical(written, MAX_ANSWER_BYTES))
        answer = Answer(document.verdict, from_base64url(document.digest), document.unit, document.key_id)
        signature = from_base64url(document.signature)
    except (NotCanonical, ValidationError):
        raise AnswerMalformed from None
    if len(signature) != SIGNATURE_BYTES:
        raise AnswerMalformed
    return answer, signature


def _signed_bytes(answer: Answer) -> bytes:
    return framed(_LABEL, answer.verdict.value.encode(), answer.digest, answer.unit.encode())
