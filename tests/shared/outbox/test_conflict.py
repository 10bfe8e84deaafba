"""With a conflict of interest the usual unit gets no copy, no notice and no count, however far the report comes."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from shared.domain.vocabulary import DeliveryState, Lane, ReportState, UnitOutcome, Verdict
from shared.domain.withdrawal import withdraw_report
from shared.outbox.batches import timetable
from shared.outbox.lanes import is_due, lease
from shared.outbox.totals import outcomes
from shared.sealing.envelope import Envelope, seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.sealing.outcomes import Totals, sign_totals
from shared.store.schema import delivery, report, unit_total

USUAL, ALTERNATE = "kent-acu", "essex-psd"
SUPERVISOR = "5" * 32


def _about_the_usual_unit(post: Any, lane: Lane = Lane.ORDINARY) -> Any:
    """A report about Kent's own unit, as its release leaves it: at the alternate's."""
    sent = post.releases(ALTERNATE, lane)
    with post.store.begin() as tx:
        tx.execute(update(report).where(report.c.id == sent.report_id).values(force_id="kent", conflict=True))
    return sent


def _notice(post: Any) -> Envelope:
    header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit=ALTERNATE)
    return seal(b"{}", header, [post.units[ALTERNATE].reader.public], post.release_key)


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lane", [Lane.ORDINARY, Lane.URGENT])
def test_the_usual_units_folder_is_the_same_with_it_and_without(post: Any, clock: Any, lane: Lane) -> None:
    own = post.releases(USUAL)
    post.works()
    before = _everything(post.units[USUAL].folder)
    sent = _about_the_usual_unit(post, lane)
    seen = []

    for verdicts in ((), (Verdict.OPENED,), (Verdict.OURS,)):
        post.units[ALTERNATE].answers(sent.envelope.digest, *verdicts)
        clock.advance(3600)
        post.works()
        seen.append(_everything(post.units[USUAL].folder))
    with post.store.begin() as tx:
        withdraw_report(tx, SUPERVISOR, sent.report_id, post.report(sent).revision, [_notice(post)], clock())
    post.works()

    assert [*seen, _everything(post.units[USUAL].folder)] == [before] * 4
    assert list(before) == [f"{own.delivery_id}.candour"]
    assert len(post.units[ALTERNATE].received()) == 2  # the report and the notice
    assert post.report(sent).state is ReportState.WITHDRAWN


def test_a_batch_leaves_the_usual_units_places_without_a_gap(post: Any, clock: Any) -> None:
    courier = post.courier(timetable=timetable(["15:00"]))
    kept = [post.releases(USUAL), _about_the_usual_unit(post), post.releases(USUAL), _about_the_usual_unit(post)]

    courier._line_up()
    clock.advance(2 * 3600)
    courier._line_up()
    with post.store.read() as tx:
        rows = tx.execute(select(delivery.c.unit_id, delivery.c.place)).all()
    post.works(courier)

    assert sorted(row.place for row in rows if row.unit_id == USUAL) == [1, 2]
    assert post.units[USUAL].received() == sorted(f"{sent.delivery_id}.candour" for sent in (kept[0], kept[2]))


def test_while_it_cannot_be_delivered_nothing_is_due_to_the_usual_unit(post: Any, clock: Any) -> None:
    folder = post.units[ALTERNATE].folder
    folder.rename(folder.with_name("away"))
    sent = _about_the_usual_unit(post)

    post.works()
    clock.advance(3600)

    with post.store.begin() as tx:
        assert not is_due(tx, USUAL, clock())
        assert lease(tx, USUAL, clock()) is None
    assert post.row(sent).state is DeliveryState.FAILED
    assert post.units[USUAL].received() == []


def test_what_the_usual_unit_answers_to_it_counts_for_nothing(post: Any) -> None:
    sent = _about_the_usual_unit(post)
    post.works()

    post.units[USUAL].answers(sent.envelope.digest, Verdict.OPENED, Verdict.OURS)
    post.works()

    assert post.receipts(sent) == set()
    assert post.row(sent).state is DeliveryState.DELIVERED


def test_what_the_alternate_says_of_a_quarter_changes_nothing_of_the_usual_units(post: Any) -> None:
    for unit_id, n in ((USUAL, 4), (ALTERNATE, 1)):
        unit = post.units[unit_id]
        (unit.folder / "answers").mkdir()
        said = Totals(unit_id, "2026-q1", 1, dict.fromkeys(UnitOutcome, 0) | {UnitOutcome.ASSESSED: n})
        (unit.folder / "answers" / "outcomes.answer").write_bytes(sign_totals(said, unit.answering))

    post.works()

    with post.store.read() as tx:
        of_usual = select(unit_total.c.n).where(unit_total.c.unit_id == USUAL)
        assert sum(tx.execute(of_usual).scalars()) == 4
        assert outcomes(tx, ("2026-q1",))[UnitOutcome.ASSESSED] == 5
