"""What a kept draft's file holds: everything for its author, nothing for anybody else, and nothing in clear."""

import json
from dataclasses import replace

import pytest

from console.kept_draft import KeptDraft, KeptDraftUnreadable, NotTheirs, Unanswered, open_kept, seal_kept
from console.models.report import Stored
from console.sealed_report import WrittenReport, facts_of
from shared.domain.vocabulary import Language
from shared.forms import load_form
from shared.messages import SaveReport
from shared.sealing.canonical import from_base64url, to_base64url
from shared.sealing.envelope import open_envelope, seal
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.keys import ReaderKey

FORM = load_form("report.v1")
AUTHOR, SUPERVISORS, ANOTHER = ReaderKey.generate(), ReaderKey.generate(), ReaderKey.generate()
CONTENT = {"mode": "confidential", "what": 'Ümlaut " and \\ and a needle', "contact_name": "Given Example"}
KEPT = KeptDraft(
    WrittenReport("a" * 32, CONTENT, "remarks"), Language.EN, "report.v1", "c" * 32, Stored("d" * 32, "e" * 32)
)


def sent() -> SaveReport:
    readers = [AUTHOR.public, SUPERVISORS.public]
    envelope = seal(b"an earlier text", new_header(EnvelopeKind.DRAFT, "report", 1), readers, None)
    facts = facts_of(CONTENT, "report.v1", Language.EN)
    text = to_base64url(envelope_to_bytes(envelope))
    return SaveReport(revision=None, facts=facts, envelope=text, call_id="c" * 32)


def opened(sealed: bytes) -> KeptDraft:
    return open_kept(sealed, AUTHOR, SUPERVISORS.public)


@pytest.mark.parametrize("kept", [KEPT, replace(KEPT, stored=None, call_id=None), replace(KEPT, aside=True)])
def test_everything_comes_back_to_its_author(kept: KeptDraft) -> None:
    assert opened(seal_kept(kept, FORM, AUTHOR.public)) == kept


def test_nobody_else_can_open_it_supervisors_included() -> None:
    sealed = seal_kept(replace(KEPT, unanswered=Unanswered(None, sent())), FORM, AUTHOR.public)

    for reader in (SUPERVISORS, ANOTHER):
        with pytest.raises(NotTheirs):
            open_kept(sealed, reader, SUPERVISORS.public)
        assert reader.key_id.encode() not in sealed


def test_nothing_of_the_report_its_call_or_where_it_is_stored_is_in_clear() -> None:
    sealed = seal_kept(replace(KEPT, unanswered=Unanswered(KEPT.stored, sent())), FORM, AUTHOR.public)

    for needle in ("needle", "Given Example", "confidential", "c" * 32, "d" * 32, "e" * 32, "a" * 32):
        assert needle.encode() not in sealed


def test_a_save_that_was_never_answered_is_the_same_save_when_it_is_sent_again() -> None:
    body = sent()

    again = opened(seal_kept(replace(KEPT, unanswered=Unanswered(None, body)), FORM, AUTHOR.public)).unanswered

    assert again is not None and again.stored is None
    assert again.body.model_dump(exclude={"envelope"}) == body.model_dump(exclude={"envelope"})
    first, second = (envelope_from_bytes(from_base64url(one.envelope)) for one in (body, again.body))
    assert first.digest == second.digest
    assert set(first.wraps) == set(second.wraps)
    assert open_envelope(second, SUPERVISORS, None) == b"an earlier text"


def test_a_file_that_was_cut_short_or_altered_anywhere_is_unreadable_and_nothing_else() -> None:
    sealed = seal_kept(replace(KEPT, unanswered=Unanswered(None, sent())), FORM, AUTHOR.public)
    step = len(sealed) // 60

    for place in range(0, len(sealed), step):
        altered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        for broken in (sealed[:place], altered):
            with pytest.raises((KeptDraftUnreadable, NotTheirs)):
                opened(broken)


@pytest.mark.parametrize("written", [b"", b"[]", b"{}", b"\xff", b'{"candour":"kept-draft/1"}', b"0" * 99])
def test_anything_else_is_unreadable(written: bytes) -> None:
    with pytest.raises(KeptDraftUnreadable):
        opened(written)


def test_what_is_outside_the_seal_is_two_envelopes_and_a_word() -> None:
    document = json.loads(seal_kept(KEPT, FORM, AUTHOR.public))

    assert document.keys() == {"candour", "draft", "sent", "sent_contact"}
