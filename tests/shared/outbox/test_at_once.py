"""Couriers and supervisors at once: none waits for another that waits for it, and neither has to begin again."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from shared.domain.errors import StaleReport
from shared.domain.vocabulary import ReportState, Verdict
from shared.domain.withdrawal import withdraw_report
from shared.outbox import lanes
from shared.outbox.answers import accept_answer
from shared.sealing.answers import sign_answer
from shared.sealing.envelope import seal
from shared.sealing.header import EnvelopeKind, new_header
from shared.store.schema import delivery

SUPERVISOR = "5" * 32
TRIES = 4


def _at_once(*works: Callable[[], None]) -> list[BaseException]:
    """What went wrong in any of them."""
    ready = threading.Barrier(len(works))

    def work(one: Callable[[], None]) -> None:
        ready.wait()
        one()

    with ThreadPoolExecutor(len(works)) as pool:
        done = [pool.submit(work, one) for one in works]
    return [wrong for one in done if (wrong := one.exception()) is not None]


def test_a_report_is_withdrawn_while_its_unit_answers(post: Any) -> None:
    unit = post.units["kent-acu"]
    for _ in range(TRIES):
        sent = post.releases()
        post.works()
        seen = post.report(sent).revision
        header = new_header(EnvelopeKind.REPORT, "withdrawal", 1, unit="kent-acu")
        notice = seal(b"{}", header, [unit.reader.public], post.release_key)
        opened = sign_answer(Verdict.OPENED, sent.envelope.digest, "kent-acu", unit.answering)

        def withdraws(sent: Any = sent, seen: str = seen, notice: Any = notice) -> None:
            with post.store.begin() as tx:
                withdraw_report(tx, SUPERVISOR, sent.report_id, seen, [notice], post.clock())

        def answers(opened: bytes = opened) -> None:
            with post.store.begin() as tx:
                accept_answer(tx, "kent-acu", opened, post.clock())

        wrong = _at_once(withdraws, answers)

        assert [type(one) for one in wrong] in ([], [StaleReport])
        assert post.receipts(sent) == {Verdict.OPENED}
        assert post.report(sent).state is (ReportState.OPENED if wrong else ReportState.WITHDRAWN)


def test_two_couriers_line_up_one_batch(post: Any) -> None:
    for seed in range(TRIES):
        for _ in range(20):
            post.releases()

        def lines_up(chance: random.Random) -> None:
            with post.store.begin() as tx:
                lanes.line_up(tx, post.clock(), chance)

        wrong = _at_once(*(lambda n=n, seed=seed: lines_up(random.Random(f"{seed} {n}")) for n in range(2)))

        with post.store.read() as tx:
            places = list(tx.execute(select(delivery.c.place)).scalars())
        assert wrong == []
        assert sorted(places) == list(range(1, len(places) + 1))
