"""Whatever becomes of a file on its way back, the courier takes nothing from it and stumbles over nothing in it."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from shared.domain.vocabulary import UnitOutcome, Verdict
from shared.sealing.answers import sign_answer
from shared.sealing.envelope_file import envelope_from_bytes, envelope_to_bytes
from shared.sealing.outcomes import Totals, sign_totals
from shared.sealing.questions import Question, seal_question
from shared.store.schema import question, receipt, unit_total
from tests.shared.sealing.mutating import flipped, mutants, with_one_part_changed

OF_EACH = 120


def _written(post: Any, digest: bytes) -> dict[str, bytes]:
    unit = post.units["kent-acu"]
    asked = Question("7KQ2-M5XF", "Which gate?")
    said = Totals(unit.id, "2026-q1", 7, dict.fromkeys(UnitOutcome, 3))
    return {
        "answer": sign_answer(Verdict.OPENED, digest, unit.id, unit.answering),
        "totals": sign_totals(said, unit.answering),
        "question": envelope_to_bytes(seal_question(asked, unit.id, post.supervisors.public, unit.answering)),
    }


def _kept(post: Any, *tables: Any) -> list[int]:
    with post.store.read() as tx:
        return [tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def _lie_there(post: Any, mutants: Iterator[bytes]) -> None:
    folder = post.units["kent-acu"].folder / "answers"
    folder.mkdir()
    for number, mutant in enumerate(mutants):
        (folder / f" {number:03}.answer").write_bytes(mutant)


@pytest.mark.parametrize("kind", ["answer", "totals"])
def test_nothing_altered_is_taken_and_the_unaltered_still_is(post: Any, kind: str) -> None:
    sent = post.releases()
    post.works()
    written = _written(post, sent.envelope.digest)[kind]
    _lie_there(post, mutants(written, kind, flipped, OF_EACH))
    courier = post.courier()

    with capture_logs() as logged:
        courier.step()
    before = _kept(post, receipt, unit_total)
    (post.units["kent-acu"].folder / "answers" / "as-it-was.answer").write_bytes(written)
    courier.step()

    assert before == [0, 0]
    assert sum(_kept(post, receipt, unit_total)) == {"answer": 1, "totals": len(UnitOutcome)}[kind]
    assert {entry["event"] for entry in logged} <= {"answer_refused", "shredded"}


@pytest.mark.parametrize("ways", [flipped, with_one_part_changed])
def test_no_question_is_held_but_the_one_that_was_signed(
    post: Any, ways: Callable[[bytes, random.Random], bytes]
) -> None:
    written = _written(post, bytes(32))["question"]
    _lie_there(post, mutants(written, "question", ways, OF_EACH))

    with capture_logs() as logged:
        post.courier().step()

    with post.store.read() as tx:
        held = {envelope_from_bytes(sealed).digest for sealed in tx.execute(select(question.c.sealed)).scalars()}
    # A changed wrap shows only to whoever opens it: no signature covers it, and the service can open none.
    assert held <= {envelope_from_bytes(written).digest}
    assert {entry["event"] for entry in logged} <= {"answer_refused", "question_held", "shredded"}
