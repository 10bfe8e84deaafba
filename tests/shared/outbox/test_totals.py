"""Units say by the quarter what came of their reports, signed; it is counted together and never by the report."""

import pytest
from sqlalchemy import select

from shared.domain.vocabulary import UnitOutcome
from shared.outbox.totals import outcomes
from shared.sealing.keys import SigningKey
from shared.sealing.outcomes import Totals, sign_totals
from shared.store.schema import unit_total

QUARTER = "2026-q1"


def _said(unit_id: str, period: str = QUARTER, serial: int = 1, **n: int) -> Totals:
    return Totals(unit_id, period, serial, {outcome: n.get(outcome.value, 0) for outcome in UnitOutcome})


def _brings(post, unit_id: str, written: bytes, name: str = "totals.answer") -> None:
    folder = post.units[unit_id].folder / "answers"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(written)


def _found(post, *periods: str) -> dict[str, int]:
    with post.store.read() as tx:
        return {outcome.value: n for outcome, n in outcomes(tx, periods or (QUARTER,)).items() if n}


def test_totals_of_all_units_are_added_up_by_quarter(post) -> None:
    for unit_id, n in (("kent-acu", 3), ("essex-psd", 4)):
        _brings(post, unit_id, sign_totals(_said(unit_id, investigations=n, recorded=1), post.units[unit_id].answering))
    later = sign_totals(_said("kent-acu", "2026-q2", assessed=9), post.units["kent-acu"].answering)
    _brings(post, "kent-acu", later, "b.answer")

    post.works()

    assert _found(post) == {"investigations": 7, "recorded": 2}
    assert _found(post, "2026-q1", "2026-q2") == {"investigations": 7, "recorded": 2, "assessed": 9}


def test_a_unit_may_correct_itself_and_repeat_itself(post) -> None:
    kent = post.units["kent-acu"]
    _brings(post, "kent-acu", sign_totals(_said("kent-acu", investigations=3), kent.answering))
    post.works()
    _brings(post, "kent-acu", sign_totals(_said("kent-acu", serial=2, investigations=2), kent.answering))

    for _ in range(2):
        post.works(post.courier())

    assert _found(post) == {"investigations": 2}


def test_a_unit_may_go_back_to_what_it_said_first(post) -> None:
    kent, courier = post.units["kent-acu"], post.courier()

    for serial, n in ((1, 3), (2, 2), (3, 3)):
        _brings(post, "kent-acu", sign_totals(_said("kent-acu", serial=serial, investigations=n), kent.answering))
        post.works(courier)

    assert _found(post) == {"investigations": 3}
    assert _revisions(post) == {3}


def test_an_earlier_word_that_is_found_again_changes_nothing(post) -> None:
    kent = post.units["kent-acu"]
    for serial, n in ((1, 3), (2, 2), (3, 2)):
        written = sign_totals(_said("kent-acu", serial=serial, investigations=n), kent.answering)
        _brings(post, "kent-acu", written, f"{9 - serial}.answer")  # a mailbox keeps all; the oldest is read last

    for _ in range(2):
        post.works(post.courier())

    assert _found(post) == {"investigations": 2}
    assert _revisions(post) == {1}


def _revisions(post) -> set[int]:
    with post.store.read() as tx:
        return set(tx.execute(select(unit_total.c.revision)).scalars())


@pytest.mark.parametrize("forged", ["another key", "another unit", "cut short"])
def test_totals_that_are_not_the_units_own_count_for_nothing(post, forged: str) -> None:
    kent = post.units["kent-acu"]
    said = _said("essex-psd" if forged == "another unit" else "kent-acu", investigations=3)
    written = sign_totals(said, SigningKey.generate() if forged == "another key" else kent.answering)
    _brings(post, "kent-acu", written[:-2] if forged == "cut short" else written)

    post.works()

    assert _found(post) == {}
