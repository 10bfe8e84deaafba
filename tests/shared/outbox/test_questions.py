"""A unit's question comes the way its answers do, waits for a supervisor, and joins nothing to anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.errors import EnvelopeRefused, QuestionNotFound
from shared.domain.people import current_directory, publish_directory
from shared.domain.questions import KEPT_FOR, MOST_WAITING, accept_question, questions_in, reject_question
from shared.domain.vocabulary import QuestionState
from shared.sealing.directory import RoleKey, RoleName
from shared.sealing.envelope import Envelope, rewrap
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.keys import ReaderKey, SigningKey
from shared.sealing.questions import Question, seal_question
from shared.sealing.signed_directory import sign_directory
from shared.store.schema import audit_entry, question

SUPERVISOR = "5" * 32
ASKED = Question("7KQ2-M5XF", "Which of the two gates did the car use?")


@pytest.fixture
def desk_key(post: Any) -> ReaderKey:
    """The desk's role key, in a directory that has it."""
    key = ReaderKey.generate()
    role = RoleKey(role=RoleName.DESK, version=1, reader=key.public)
    with post.store.begin() as tx:
        known = current_directory(tx)
        keys = known.model_copy(update={"version": 2, "roles": (*known.roles, role)})
        publish_directory(tx, 2, sign_directory(keys, SigningKey.generate()))
    return key


def _asks(post: Any, unit_id: str = "kent-acu", signing: SigningKey | None = None, name: str = "q") -> Envelope:
    unit = post.units[unit_id]
    envelope = seal_question(ASKED, unit_id, post.supervisors.public, signing or unit.answering)
    (unit.folder / "answers").mkdir(exist_ok=True)
    (unit.folder / "answers" / f"{name}.answer").write_bytes(envelope_to_bytes(envelope))
    return envelope


def _held(post: Any, state: QuestionState = QuestionState.WAITING) -> list[Any]:
    with post.store.read() as tx:
        return questions_in(tx, state, post.clock())


def test_a_question_is_held_for_review_once_however_often_it_is_found(post: Any) -> None:
    envelope = _asks(post)

    post.works()
    post.works(post.courier())

    (row,) = _held(post)
    assert (row.unit_id, row.digest) == ("kent-acu", envelope.digest)
    assert envelope_from_bytes(row.sealed) == envelope


@pytest.mark.parametrize("forged", ["another key", "another unit", "altered"])
def test_what_a_unit_did_not_ask_is_not_held(post: Any, forged: str) -> None:
    envelope = _asks(post, signing=SigningKey.generate() if forged == "another key" else None)
    if forged == "another unit":
        essex = post.units["essex-psd"].folder / "answers"
        (post.units["kent-acu"].folder / "answers").rename(essex)
    if forged == "altered":
        turned = replace(envelope, ciphertext=envelope.ciphertext[:-1] + bytes([envelope.ciphertext[-1] ^ 1]))
        (post.units["kent-acu"].folder / "answers" / "q.answer").write_bytes(envelope_to_bytes(turned))

    post.works()

    assert _held(post) == []


def test_one_unit_cannot_have_more_than_so_many_wait(post: Any) -> None:
    for number in range(MOST_WAITING + 1):
        _asks(post, name=f"q{number}")

    post.works()

    held = _held(post)
    assert len(held) == MOST_WAITING
    with post.store.begin() as tx:
        reject_question(tx, SUPERVISOR, held[0].id, post.clock())
    post.works(post.courier())
    assert len(_held(post)) == MOST_WAITING


def test_accepted_it_is_for_the_desk_alone_and_rejected_it_is_gone(post: Any, desk_key: ReaderKey) -> None:
    first, second = _asks(post), _asks(post, name="r")
    post.works()
    ids = {row.digest: row.id for row in _held(post)}
    for_desk = rewrap(first, post.supervisors, desk_key.public)

    with post.store.begin() as tx:
        with pytest.raises(EnvelopeRefused):  # the supervisors' wrap would stay
            accept_question(tx, SUPERVISOR, ids[first.digest], for_desk, post.clock())
        for _ in range(2):
            accept_question(tx, SUPERVISOR, ids[first.digest], for_desk.only_wrap(desk_key.key_id), post.clock())
        reject_question(tx, SUPERVISOR, ids[second.digest], post.clock())
    post.works(post.courier())

    (row,) = _held(post, QuestionState.ACCEPTED)
    assert set(envelope_from_bytes(row.sealed).wraps) == {desk_key.key_id}
    assert _held(post) == []
    with post.store.read() as tx:
        assert tx.execute(select(question.c.sealed).where(question.c.id == ids[second.digest])).scalar_one() is None
        verbs = sorted(tx.execute(select(audit_entry.c.verb)).scalars())
    assert verbs == ["question.accept", "question.reject"]


def test_a_decided_question_is_not_decided_again(post: Any, desk_key: ReaderKey) -> None:
    envelope = _asks(post)
    post.works()
    (row,) = _held(post)

    with post.store.begin() as tx:
        reject_question(tx, SUPERVISOR, row.id, post.clock())
        with pytest.raises(QuestionNotFound):
            accept_question(tx, SUPERVISOR, row.id, envelope, post.clock())


def test_a_question_older_than_any_reference_is_over_and_its_file_is_not_taken_again(post: Any, clock: Any) -> None:
    _asks(post)
    post.works()

    clock.advance(KEPT_FOR.total_seconds() + timedelta(days=1).total_seconds())
    gone = _held(post)
    _asks(post, "essex-psd")
    post.works(post.courier())

    assert gone == []
    assert [row.unit_id for row in _held(post)] == ["essex-psd"]
    with post.store.read() as tx:
        kept = tx.execute(select(question.c.sealed).where(question.c.unit_id == "kent-acu")).scalar_one()
    assert kept is None


def test_a_question_leads_to_no_report_no_call_and_no_reference() -> None:
    assert {column.name for column in question.columns} == {
        "id", "unit_id", "state", "digest", "sealed", "received_on",
    }  # fmt: skip
    assert not question.foreign_keys
