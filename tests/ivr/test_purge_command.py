"""``candour purge`` against the local Twilio: what it lets go of goes, with proof, and nothing of it is left here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from flask import Flask

from ivr.cli import main
from ivr.commands.purge import drive
from ivr.line.urls import LineUrls
from ivr.provider_keeps import PROVIDER_KEEPS
from ivr.purger import Asked, Purger
from ivr.simulator.faults import Fault
from ivr.simulator.in_process import PUBLIC_URL, local_twilio
from ivr.simulator.phone import Phone
from ivr.simulator.rest import rest_app
from ivr.simulator.twiml_engine import Twilio
from ivr.switchboard import Account, QuietHttp, Switchboard, twilio_client
from shared.domain.purges import forget_leg, still_kept
from shared.store.database import Store, open_store
from tests.support.openapi import description_path


class Provider:
    """The local Twilio, its clock ours, and a purger that asks it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.twilio: Twilio = local_twilio(Flask("nothing"))
        http = QuietHttp(httpx.Client(transport=httpx.WSGITransport(app=rest_app(self.twilio))))
        account = Account(self.twilio.account.sid, self.twilio.account.auth_token)
        board = Switchboard(twilio_client(account, http), LineUrls(PUBLIC_URL), self.twilio.line.number)
        self.purger = Purger(store, board, self.twilio.clock.now)
        self.said: list[str] = []

    def ended_calls(self, n: int) -> None:
        for _ in range(n):
            phone = Phone(self.twilio).dial()
            phone.hang_up()
            with self.store.begin() as tx:
                forget_leg(tx, phone.call.sid, self.twilio.clock.now())

    def drive(self) -> str:
        wait: Callable[[float], None] = self.twilio.clock.advance  # type: ignore[attr-defined]
        drive(self.store, self.purger, self.twilio.clock.now, wait, self.said.append)
        return "\n".join(self.said)

    def kept(self) -> Any:
        with self.store.read() as tx:
            return still_kept(tx, self.twilio.clock.now())


@pytest.fixture
def provider(store: Store) -> Provider:
    return Provider(store)


def test_every_record_is_deleted_and_proven_within_one_run(provider: Provider) -> None:
    provider.ended_calls(30)

    said = provider.drive()

    assert "25 asked about so far" in said
    assert "    30 gone, with proof" in said
    assert provider.kept().total == 0
    assert provider.twilio.calls == {}


def test_what_cannot_be_deleted_yet_stays_on_the_list(provider: Provider) -> None:
    provider.twilio.faults.switch_on(Fault.DELETE_TOO_SOON)
    provider.ended_calls(1)

    said = provider.drive()

    assert "     1 not yet" in said
    assert provider.kept().total == 1


def test_a_record_that_was_never_there_is_asked_about_three_times(provider: Provider) -> None:
    with provider.store.begin() as tx:
        forget_leg(tx, "CA" + "9" * 32, provider.twilio.clock.now())
    asked = []

    for _ in range(4):
        provider.twilio.clock.advance(600)  # type: ignore[attr-defined]
        asked.append(provider.purger.step())

    assert asked == [Asked.NOT_FOUND, Asked.NOT_FOUND, Asked.PROVEN, None]


def test_with_nothing_to_do_nothing_is_said(provider: Provider) -> None:
    assert provider.drive() == ""


def test_the_command_shows_ages_and_what_stays_and_fails_when_some_are_overdue(deployment_like: Any) -> None:
    told = deployment_like("purge")
    overdue = deployment_like("purge", forgotten=timedelta(days=15))

    assert told.exit_code == 0, told.output
    assert "     0 overdue" in told.output
    assert all(one.what in told.output and one.how_long in told.output for one in PROVIDER_KEEPS)
    assert overdue.exit_code == 1
    assert "     1 overdue" in overdue.output


@pytest.fixture
def deployment_like(tmp_path: Any, sqlite_template: Path) -> Any:
    shutil.copy(sqlite_template, tmp_path / "candour.db")
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [line]
        public_url = "https://line.example.org"
        [telephony]
        provider = "twilio"
        account_sid = "AC{"1" * 32}"
        auth_token = "{"2" * 32}"
        number = "+448081570123"
        """,
        encoding="utf-8",
    )

    def candour(*words: str, forgotten: timedelta | None = None) -> Any:
        if forgotten is not None:
            store = open_store(f"sqlite:///{tmp_path / 'candour.db'}")
            with store.begin() as tx:
                forget_leg(tx, "CA" + "8" * 32, datetime.now(UTC) - forgotten)
            store.close()
        return CliRunner().invoke(main, ["--config", str(config), *words])

    return candour


@pytest.mark.skipif(description_path() is None, reason="Twilio's OpenAPI description is not here; OPENAPI= names it")
def test_how_long_numbers_are_kept_is_what_twilios_description_says() -> None:
    path = description_path()
    assert path is not None
    description = json.loads(path.read_text(encoding="utf-8"))
    call = description["components"]["schemas"]["api.v2010.account.call"]["properties"]
    conference = description["paths"]["/2010-04-01/Accounts/{AccountSid}/Conferences/{Sid}.json"]

    assert {call[name]["x-twilio"]["pii"]["deleteSla"] for name in ("from", "to")} == {120}
    assert "120 days" in PROVIDER_KEEPS[0].how_long
    assert "delete" not in conference
