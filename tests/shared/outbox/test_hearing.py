"""What units send back is believed only where it is theirs, dealt with once, and hidden by nothing before it."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from shared.domain.questions import MOST_WAITING, questions_in
from shared.domain.vocabulary import DeliveryState, Dimension, QuestionState, ReportState, Verdict
from shared.outbox.failpoints import Failpoint
from shared.outbox.rounds import Rounds
from shared.outbox.transports.way import MAX_ANSWERS
from shared.outbox.troubles import Reason
from shared.sealing.canonical import framed
from shared.sealing.envelope_file import envelope_to_bytes
from shared.sealing.keys import SigningKey
from shared.sealing.questions import Question, seal_question
from shared.store.database import Store
from shared.store.schema import audit_entry, day_count, delivery

OURS = (Verdict.OPENED, Verdict.OURS)


def _answers_folder(post, unit_id: str = "kent-acu") -> Path:
    folder = post.units[unit_id].folder / "answers"
    folder.mkdir(exist_ok=True)
    return folder


def test_ours_leaves_the_report_to_the_unit_alone(post) -> None:
    sent = post.releases()
    unit = post.units["kent-acu"]
    post.works()
    unit.answers(sent.envelope.digest, *OURS)

    post.works()

    assert (post.row(sent).state, post.report(sent).state) == (DeliveryState.OURS, ReportState.OURS)
    assert (post.report(sent).author_id, post.report(sent).answered_on) == (None, date(2026, 3, 10))
    assert post.readers(sent) == {unit.reader.key_id}
    assert post.receipts(sent) == {Verdict.OPENED, Verdict.OURS}


def test_every_answer_is_counted_and_audited_by_its_date_only(post) -> None:
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)
    post.works()

    with post.store.read() as tx:
        counted = {(row.dimension, row.value): row.n for row in tx.execute(select(day_count))}
        audited = {(row.actor_id, row.verb, row.object_id, row.outcome) for row in tx.execute(select(audit_entry))}
    assert counted == {
        (Dimension.ON_THE_WAY, "delivered"): 1,
        (Dimension.REPORT_STATE, "opened"): 1,
        (Dimension.REPORT_STATE, "ours"): 1,
        (Dimension.TAKEN, "kent"): 1,
    }
    assert audited == {("courier", "report.answer", sent.report_id, verdict.value) for verdict in OURS}


def test_not_ours_keeps_the_supervisors_wrap_for_another_unit(post) -> None:
    sent = post.releases()
    unit = post.units["kent-acu"]
    post.works()
    unit.answers(sent.envelope.digest, Verdict.OPENED, Verdict.NOT_OURS)

    post.works()

    assert post.report(sent).state is ReportState.NOT_OURS
    assert post.report(sent).author_id == post.author
    assert post.readers(sent) == {unit.reader.key_id, post.supervisors.key_id}


def test_an_answer_is_taken_once_however_often_it_comes(post) -> None:
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)

    for _ in range(3):
        post.works(post.courier())

    with post.store.read() as tx:
        assert set(tx.execute(select(day_count.c.n)).scalars()) == {1}


def test_ours_before_opened_waits_for_it(post) -> None:
    sent = post.releases()
    unit = post.units["kent-acu"]
    courier = post.courier()
    post.works(courier)

    unit.answers(sent.envelope.digest, Verdict.OURS)
    post.works(courier)
    early = post.row(sent).state
    unit.answers(sent.envelope.digest, Verdict.OPENED)
    post.works(courier)

    assert (early, post.row(sent).state) == (DeliveryState.DELIVERED, DeliveryState.OURS)


def test_an_answer_against_an_earlier_one_changes_nothing(post) -> None:
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.NOT_OURS)

    post.works()

    assert post.row(sent).state is DeliveryState.OURS


def test_a_unit_that_writes_ever_new_answers_does_not_fill_our_memory(post) -> None:
    courier, answers = post.courier(), post.units["kent-acu"].folder / "answers"
    courier._hearing.most_settled = 3
    answers.mkdir()
    (answers / "stays.answer").write_bytes(b"no answer")

    for number in range(20):
        (answers / "changes.answer").write_bytes(f"no answer {number}".encode() * 100)
        courier.step()
    courier.step()

    settled = courier._hearing._dockets["kent-acu"].settled
    assert len(settled) == 3
    assert hashlib.sha256(framed(b"stays.answer", b"no answer")).digest() in settled  # it was seen just now
    assert all(len(known) == 32 for known in settled)


@pytest.mark.parametrize("forged", ["another key", "another unit", "another digest", "no answer", "too long"])
def test_an_answer_that_is_not_the_units_own_changes_nothing(post, forged: str) -> None:
    sent = post.releases("kent-acu")
    kent, essex = post.units["kent-acu"], post.units["essex-psd"]
    post.works()
    match forged:
        case "another key":
            kent.answers(sent.envelope.digest, *OURS, signing=SigningKey.generate())
        case "another unit":
            essex.answers(sent.envelope.digest, *OURS)
        case "another digest":
            kent.answers(b"\0" * 32, *OURS)
        case _:
            (kent.folder / "answers").mkdir()
            (kent.folder / "answers" / "x.answer").write_bytes(b"{}" if forged == "no answer" else b"x" * 5000)

    post.works()

    assert post.row(sent).state is DeliveryState.DELIVERED
    assert post.receipts(sent) == set()


def test_a_unit_that_answers_has_the_report_even_if_we_gave_up(post) -> None:
    sent = post.releases()
    post.works()
    with post.store.begin() as tx:
        tx.execute(update(delivery).values(state=DeliveryState.PARKED, reason=Reason.UNIT_UNREACHABLE.value))
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED)

    post.works()

    assert (post.row(sent).state, post.row(sent).reason) == (DeliveryState.OPENED, None)


# --- more than one look can take --------------------------------------------------------------------------------------


def test_a_backlog_of_what_is_foreign_hides_no_answer(sqlite_store: Store, make_post) -> None:
    post = make_post(sqlite_store)
    sent = post.releases()
    post.works()
    folder = _answers_folder(post)
    for number in range(MAX_ANSWERS + 50):
        (folder / f" {number:04}.answer").write_bytes(b"{}")
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)
    courier = post.courier()

    states = []
    for _ in range(2):
        courier.step()
        states.append(post.row(sent).state)

    assert states == [DeliveryState.DELIVERED, DeliveryState.OURS]  # the others come first, and then are done with


def test_a_file_that_cannot_be_read_hides_no_answer(post) -> None:
    sent = post.releases()
    post.works()
    folder = _answers_folder(post)
    (folder / "  broken.answer").symlink_to("/proc/self/mem")  # a plain file whose first byte is an I/O error
    (folder / "  folder.answer").mkdir()
    (folder / "  nowhere.answer").symlink_to("nowhere")
    (folder / "  long.answer").write_bytes(b"x" * 17_000)
    post.units["kent-acu"].answers(sent.envelope.digest, *OURS)

    post.works()

    assert post.row(sent).state is DeliveryState.OURS


def test_questions_that_have_to_wait_hide_no_answer(post) -> None:
    sent = post.releases()
    post.works()
    folder, unit = _answers_folder(post), post.units["kent-acu"]
    for number in range(MOST_WAITING + 4):
        asked = Question("7KQ2-M5XF", f"Gate {number}?")
        sealed = seal_question(asked, unit.id, post.supervisors.public, unit.answering)
        (folder / f" {number:02}.answer").write_bytes(envelope_to_bytes(sealed))
    courier = post.courier()
    courier._hearing.most_at_once = 3  # fewer than have to wait
    post.works(courier)
    unit.answers(sent.envelope.digest, *OURS)

    for _ in range(4):
        courier.step()

    with post.store.read() as tx:
        assert len(questions_in(tx, QuestionState.WAITING, post.clock())) == MOST_WAITING
    assert post.row(sent).state is DeliveryState.OURS


def test_a_fault_of_ours_over_one_file_hides_no_answer(post) -> None:
    def breaks_at_first(at: Failpoint) -> None:
        if at is Failpoint.ANSWER_READ and not broken:
            broken.append(at)
            raise ZeroDivisionError

    broken: list[Failpoint] = []
    sent = post.releases()
    post.works()
    post.units["kent-acu"].answers(sent.envelope.digest, Verdict.OPENED)
    (_answers_folder(post) / " foreign.answer").write_bytes(b"{}")

    post.works(post.courier(breaks_at_first))

    assert broken
    assert post.row(sent).state is DeliveryState.OPENED


def test_of_more_than_a_look_can_take_each_has_its_turn() -> None:
    rounds, there = Rounds[int](3), list(range(10))

    looks = []
    for _ in range(4):
        looks.append(rounds.chosen(there))
        for one in looks[-1]:
            rounds.had(one)
    newcomer = rounds.chosen([*there, 10])

    assert looks == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]]
    assert newcomer[0] == 10
    assert rounds.chosen([5]) == [5]
    assert set(rounds._had) == {5}  # what is there no more is forgotten
