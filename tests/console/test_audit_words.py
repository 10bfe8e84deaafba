"""Every verb the audit log may hold, and every way an entry may end, has words."""

from enum import StrEnum

import pytest

from console.audit_words import OUTCOMES, WORDS, line_words
from shared.audit import AuditVerb, Outcome
from shared.domain.vocabulary import ClosedWords, ProposalKind, RejectReason, ReviewAskKind
from shared.people_messages import AuditLine


def test_every_verb_has_a_sentence_that_says_who() -> None:
    assert set(WORDS) == set(AuditVerb)
    assert all("{actor}" in words for words in WORDS.values())


@pytest.mark.parametrize("values", [Outcome, ReviewAskKind, RejectReason, ProposalKind, ClosedWords])
def test_every_outcome_has_words(values: type[StrEnum]) -> None:
    assert set(values) <= set(OUTCOMES)


def test_what_a_newer_service_writes_is_shown_as_it_is_written() -> None:
    line = AuditLine(actor="Asha", verb="report.shred", object="r1", outcome="done")

    assert line_words(line) == "Asha report.shred r1 done"


def test_whoever_is_no_person_is_named_in_words() -> None:
    added = AuditLine(actor="command", verb="person.enrol", object="Asha", outcome="done")
    answered = AuditLine(actor="courier", verb="report.answer", object="r1", outcome="done")

    assert line_words(added) == "Somebody at the service's keyboard took Asha in (done)"
    assert line_words(answered) == "The courier took in the answer to report r1 (done)"
