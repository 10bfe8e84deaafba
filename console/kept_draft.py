"""What a draft kept on this computer is: its text, where the service had it, and a save that was never answered.

Sealed for its author alone, with a caller's details inside. The unanswered save stands beside it as it was sealed for
the service, so that sending it again is the same save; it keeps the author's wrap only, and gets the others back when
it is sent. It knows no file and no network.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import ValidationError

from console.models.report import Stored
from console.sealed_report import WrittenReport
from shared.domain.vocabulary import Language
from shared.forms import Form
from shared.messages import SaveReport
from shared.sealing.canonical import NotCanonical, canonical_json, from_base64url, parse_canonical, to_base64url
from shared.sealing.envelope import MAX_CONTENT_BYTES, Envelope, open_envelope, rewrap, seal
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.errors import SealingError
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey, ReaderPublicKey

FORMAT: Final = "kept-draft/1"
_MAX_BYTES: Final = 4 * 1024 * 1024


class KeptDraftUnreadable(Exception):
    """The file is not what was written: cut short, altered, or of another kind."""


class NotTheirs(Exception):
    """The file is somebody else's."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A save whose answer never came: over what it went, and the message as it was sent."""

    stored: Stored | None
    body: SaveReport


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """`stored` is what the service last said it has. `aside`: another version of that report, kept for its author."""

    written: WrittenReport = field(repr=False)
    language: Language
    form: str
    call_id: str | None
    stored: Stored | None
    unanswered: Unanswered | None = None
    aside: bool = False


def seal_kept(kept: KeptDraft, form: Form, author: ReaderPublicKey) -> bytes:
    """The file's bytes, which only the author can read. Takes a while. Raises a SealingError."""
    header = new_header(EnvelopeKind.DRAFT, form.id, form.version)
    sent, beside = _without_envelopes(kept.unanswered, author.key_id)
    inside = {
        "report": kept.written.document(),
        "language": kept.language.value,
        "form": kept.form,
        "call_id": kept.call_id,
        "stored": _named(kept.stored),
        "sent": sent,
        "aside": kept.aside,
    }
    draft = envelope_to_bytes(seal(canonical_json(inside), header, [author], None))
    return canonical_json({"candour": FORMAT, "draft": to_base64url(draft), **beside})


def open_kept(sealed: bytes, own: ReaderKey, supervisors: ReaderPublicKey) -> KeptDraft:
    """What was kept. Takes a while. Raises NotTheirs, or KeptDraftUnreadable for anything `seal_kept` did not write."""
    try:
        document = parse_canonical(sealed, _MAX_BYTES)
        if not isinstance(document, dict) or document.get("candour") != FORMAT:
            raise KeptDraftUnreadable
        draft = _envelope(document["draft"])
        if own.key_id not in draft.wraps:
            raise NotTheirs
        inside = parse_canonical(open_envelope(draft, own, None), MAX_CONTENT_BYTES)
        return _kept(inside, document, own, supervisors)
    except (SealingError, NotCanonical, ValidationError, KeyError, TypeError, ValueError, AttributeError):
        raise KeptDraftUnreadable from None


def _kept(inside: Any, document: dict[str, Any], own: ReaderKey, supervisors: ReaderPublicKey) -> KeptDraft:
    unanswered = None
    if inside["sent"] is not None:
        if inside["sent"]["digests"] != _digests(document["sent"], document["sent_contact"]):
            raise KeptDraftUnreadable
        body = dict(inside["sent"]["body"])
        body["envelope"] = _as_text(rewrap(_envelope(document["sent"]), own, supervisors))
        body["contact"] = document["sent_contact"]
        unanswered = Unanswered(_stored(inside["sent"]["stored"]), SaveReport.model_validate(body))
    return KeptDraft(
        written=WrittenReport.from_bytes(canonical_json(inside["report"])),
        language=Language(inside["language"]),
        form=inside["form"],
        call_id=inside["call_id"],
        stored=_stored(inside["stored"]),
        unanswered=unanswered,
        aside=inside["aside"] is True,
    )


def _without_envelopes(unanswered: Unanswered | None, author: str) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """A save in two parts: what has to be sealed, and the envelopes, which are sealed already."""
    if unanswered is None:
        return None, {"sent": None, "sent_contact": None}
    body = unanswered.body.model_dump(mode="json", exclude={"envelope", "contact"})
    alone = _envelope(unanswered.body.envelope).only_wrap(author)
    beside = {"sent": _as_text(alone), "sent_contact": unanswered.body.contact}
    digests = _digests(beside["sent"], beside["sent_contact"])
    return {"stored": _named(unanswered.stored), "body": body, "digests": digests}, beside


def _digests(*texts: str | None) -> list[str]:
    """What was sent is not the service's to check: an altered file must not become a save."""
    return [_envelope(text).digest.hex() for text in texts if text is not None]


def _named(stored: Stored | None) -> dict[str, str] | None:
    return None if stored is None else {"id": stored.id, "revision": stored.revision}


def _stored(named: Any) -> Stored | None:
    return None if named is None else Stored(str(named["id"]), str(named["revision"]))


def _envelope(text: str) -> Envelope:
    return envelope_from_bytes(from_base64url(text))


def _as_text(envelope: Envelope) -> str:
    return to_base64url(envelope_to_bytes(envelope))


def set_aside(kept: KeptDraft, stored: Stored) -> KeptDraft:
    """The same text as another version of a report that the service has."""
    return replace(kept, stored=stored, call_id=None, unanswered=None, aside=True)
