"""The machine's figures: alarms and no timelines, by nobody and nothing; ready only when every part answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from ivr.watch import FIGURES, Watched, watch_app
from shared.addresses import Address
from shared.domain.hours import ALWAYS_OPEN
from shared.domain.purges import WITHIN, forget_leg
from shared.domain.vocabulary import CallState, Category, EndedBy, Language, Mode
from shared.settings import Metrics
from shared.store.columns import random_id
from shared.store.database import Store
from shared.store.schema import live_call
from tests.support.on_duty import put_on_duty

# What a figure may be told by; a monitoring system would keep anything else beside the time.
MAY_BE_TOLD_BY = {"part"}


@pytest.fixture
def desk() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def watched(store: Store, desk: socket.socket, tmp_path: Path, clock: Any) -> Watched:
    host, port = desk.getsockname()
    return Watched(store, None, Address(host, port), tmp_path, ALWAYS_OPEN, 3, clock)


@pytest.fixture
def client(watched: Watched) -> FlaskClient:
    return watch_app(watched, None).test_client()


def figures(client: FlaskClient) -> dict[str, float]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {sample.name: sample.value for family in families for sample in family.samples if not sample.labels}


def waits(store: Store, since: datetime) -> None:
    row = {
        "id": random_id(), "call_sid": "CA" + "1" * 32, "state": CallState.WAITING, "revision": 1,
        "language": Language.CY, "mode": Mode.ANONYMOUS, "category": Category.OTHER, "force_id": "gwent",
        "unable_to_speak": False, "priority": 0, "arrived_at": since, "queued_at": since, "ended_by": EndedBy.NOBODY,
    }  # fmt: skip
    with store.begin() as tx:
        tx.execute(insert(live_call), row)


def test_every_figure_is_told_of_a_quiet_line(client: FlaskClient) -> None:
    told = figures(client)

    assert {one.name for one in FIGURES} <= set(told)
    assert told["candour_queue_longest_wait_minutes"] == told["candour_outbox_parked"] == 0


def test_a_call_that_is_soon_answered_is_not_to_be_seen(client: FlaskClient, store: Store, clock: Any) -> None:
    put_on_duty(store, clock())
    before = figures(client)

    waits(store, clock() - timedelta(seconds=119))

    after = figures(client)
    assert {name: value for name, value in after.items() if "disk" not in name} == {
        name: value for name, value in before.items() if "disk" not in name
    }


def test_a_long_wait_is_told_in_whole_minutes(client: FlaskClient, store: Store, clock: Any) -> None:
    waits(store, clock() - timedelta(minutes=7, seconds=59))

    told = figures(client)

    assert told["candour_queue_longest_wait_minutes"] == 7
    assert told["candour_nobody_available"] == 1
    assert told["candour_nobody_on_duty"] == 1


def test_what_twilio_should_have_deleted_is_told(client: FlaskClient, store: Store, clock: Any) -> None:
    with store.begin() as tx:
        forget_leg(tx, "CA" + "2" * 32, clock() - WITHIN - timedelta(days=1))

    assert figures(client)["candour_purge_overdue"] == 1


def test_nothing_is_told_by_language_mode_category_force_unit_or_person(client: FlaskClient) -> None:
    families = text_string_to_metric_families(client.get("/metrics").text)

    assert {label for family in families for sample in family.samples for label in sample.labels} <= MAY_BE_TOLD_BY


def test_ready_says_which_part_does_not_answer(client: FlaskClient, desk: socket.socket) -> None:
    ready = client.get("/readyz")
    desk.close()

    away = client.get("/readyz")

    assert (ready.status_code, ready.text) == (200, "ready\n")
    assert (away.status_code, away.text) == (503, "desk does not answer\n")


def test_faults_of_all_processes_are_added_up(watched: Watched, tmp_path: Path) -> None:
    count = "from ivr.counters import *; count_fault(Fault.WEBHOOK_REFUSED, 3); count_fault(Fault.WEBHOOK_FAILED)"
    counters = tmp_path / "counters"
    counters.mkdir()
    for _ in range(2):
        environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(counters)}
        subprocess.run([sys.executable, "-c", count], env=environ, check=True)

    told = figures(watch_app(watched, counters).test_client())

    assert (told["candour_webhooks_refused_total"], told["candour_webhooks_failed_total"]) == (6, 2)


@pytest.mark.parametrize("listen", ["0.0.0.0:9108", "203.0.113.7:9108", "example.org:9108", "[::]:9108"])
def test_it_never_listens_where_the_public_could_ask(listen: str) -> None:
    with pytest.raises(ValueError, match="private"):
        Metrics.model_validate({"listen": listen})


@pytest.mark.parametrize("listen", ["127.0.0.1:9108", "10.1.2.3:9108", "[::1]:9108", "localhost:9108"])
def test_it_may_listen_on_this_machine_or_a_private_network(listen: str) -> None:
    assert Metrics.model_validate({"listen": listen}).listen == Address.from_text(listen)
