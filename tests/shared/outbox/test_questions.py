"""A unit's question comes the way its answers do, waits for a supervisor, and joins nothing to anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.errors import EnvelopeRefused, QuestionNotFound
from shared.domain.people import current_directory, publish_directory
from shared.domain.questions import (
    KEPT_FOR,
    MOST_ALIKE,
    MOST_WAITING,
    accept_question,
    questions_in,
    reject_question,
)
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
    assert row.unit_id == "kent-acu"
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


def _with_another_wrap(post: Any, envelope: Envelope, turned: int, name: str) -> Envelope:
    """The same file with a wrap that opens nothing, as it may have become on the way."""
    ((key_id, wrap),) = envelope.wraps.items()
    other = replace(envelope, wraps={key_id: bytes([wrap[0] ^ turned]) + wrap[1:]})
    (post.units["kent-acu"].folder / "answers" / f"{name}.answer").write_bytes(envelope_to_bytes(other))
    return other


def _accept(post: Any, sealed: Envelope, desk_key: ReaderKey) -> None:
    (question_id,) = (row.id for row in _held(post) if envelope_from_bytes(row.sealed) == sealed)
    for_desk = rewrap(sealed, post.supervisors, desk_key.public).only_wrap(desk_key.key_id)
    with post.store.begin() as tx:
        accept_question(tx, SUPERVISOR, question_id, for_desk, post.clock())


@pytest.mark.parametrize("rejected", [False, True])
def test_a_question_altered_on_the_way_does_not_keep_the_units_own_out(
    post: Any, desk_key: ReaderKey, rejected: bool
) -> None:
    genuine = _asks(post)
    altered = _with_another_wrap(post, genuine, 1, "q")  # in its place
    post.works()
    (first,) = _held(post)
    assert envelope_from_bytes(first.sealed) == altered
    if rejected:
        with post.store.begin() as tx:
            reject_question(tx, SUPERVISOR, first.id, post.clock())

    (post.units["kent-acu"].folder / "answers" / "r.answer").write_bytes(envelope_to_bytes(genuine))
    for _ in range(2):
        post.works(post.courier())
    _accept(post, genuine, desk_key)
    _with_another_wrap(post, genuine, 2, "s")
    for _ in range(2):
        post.works(post.courier())

    assert _held(post) == []
    assert len(_held(post, QuestionState.ACCEPTED)) == 1


def test_copies_of_one_question_leave_room_for_others(post: Any) -> None:
    envelope = _asks(post)
    for turned in range(1, MOST_WAITING + 1):
        _with_another_wrap(post, envelope, turned, f"copy{turned}")
    other = _asks(post, name="another")

    for _ in range(2):
        post.works(post.courier())

    held = [envelope_from_bytes(row.sealed).digest for row in _held(post)]
    assert held.count(envelope.digest) == MOST_ALIKE
    assert held.count(other.digest) == 1


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
    ids = {envelope_from_bytes(row.sealed).digest: row.id for row in _held(post)}
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
