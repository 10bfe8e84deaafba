"""``candour check`` against an organisation that could go live: all is well, and then one thing at a time is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Response
from sqlalchemy import delete, select

from ivr.checks.clock import Clocks
from ivr.line.prompts import load_prompts
from shared.domain.vocabulary import Language
from shared.sealing.keys import SigningKey
from shared.store.schema import day_count, finished_call, live_call, person, person_language, provider_purge

FROM = "+441134960555"


@pytest.fixture(autouse=True)
def every_language_is_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it will be once Welsh has been; one test asks what is said until then."""
    everything = replace(load_prompts(), reviewed=frozenset(Language))
    monkeypatch.setattr("ivr.checks.words.load_prompts", lambda online: everything)


def test_a_deployment_that_could_go_live_passes(deployment: Any) -> None:
    told = deployment.candour("check")

    assert told.exit_code == 0, told.output
    assert {line[:7] for line in told.stdout.splitlines()} == {"pass   "}
    assert "reports can be delivered to 1 of 48" in told.output


def test_welsh_that_nobody_reviewed_is_all_that_is_left_to_do(deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.checks.words.load_prompts", load_prompts)

    told = deployment.candour("check")

    left, *instead = [line for line in told.stdout.splitlines() if not line.startswith("pass")]
    assert [line.strip() for line in instead] == ["Have them reviewed, then say so in voice_prompts/prompts.toml."]
    assert told.exit_code == 1
    assert "cy-GB, not reviewed: until then key 2 leads straight to a Welsh speaker" in left


def test_the_lines_are_aligned_and_without_colour(deployment: Any) -> None:
    told = deployment.candour("check").stdout

    assert "\x1b" not in told
    assert {line[25] for line in told.splitlines()} == {" "}
    assert all(line[26] != " " for line in told.splitlines())


def test_the_check_changes_nothing_and_the_refused_request_is_the_only_trace(deployment: Any) -> None:
    deployment.candour("check")

    with deployment.store.read() as tx:
        for table in (live_call, finished_call, day_count, provider_purge):
            assert tx.execute(select(table)).all() == []


@pytest.mark.parametrize(
    ("changed", "about", "says"),
    [
        ({"voice_url": "https://old.example/voice/incoming"}, "number: a call", "Set it to POST http://127.0.0.1"),
        ({"voice_method": "GET"}, "number: a call", "Set it to POST"),
        ({"status_url": None}, "number: status", "nothing is set"),
        ({"fallback_url": None}, "number: fallback", "candour fallback"),
        ({"fallback_method": "GET"}, "number: fallback", "log would hold callers' numbers"),
        ({"looks_callers_up": True}, "number", "Switch Caller Name Lookup off"),
        ({"number": "+448081570999"}, "number", "the account has no +448081570123"),
    ],
)
def test_what_is_wrong_at_the_number_is_said(deployment: Any, changed: Any, about: str, says: str) -> None:
    deployment.twilio.twilio.line = replace(deployment.twilio.twilio.line, **changed)

    status, to_do = deployment.check()

    assert status == 1
    assert list(to_do) == [about]
    assert says in to_do[about]


def test_a_fallback_on_our_own_host_is_none(deployment: Any) -> None:
    line = deployment.twilio.twilio.line
    deployment.twilio.twilio.line = replace(line, fallback_url=line.voice_url)

    assert "our own host" in deployment.check()[1]["number: fallback"]


def test_a_fallback_that_dials_from_the_callers_number_is_found(deployment: Any) -> None:
    deployment.fallback[0] = deployment.fallback[0].replace('callerId="+448081570123"', "")

    assert "It does not dial from" in deployment.check()[1]["number: fallback"]


def test_a_fragment_that_sets_twilios_patience_is_no_other_address(deployment: Any) -> None:
    line = deployment.twilio.twilio.line
    deployment.twilio.twilio.line = replace(line, voice_url=f"{line.voice_url}#rc=2")

    assert deployment.check() == (0, {})


def test_a_small_queue_is_found(deployment: Any) -> None:
    next(iter(deployment.twilio.twilio.queues.by_sid.values())).max_size = 100

    assert "room for 100 callers" in deployment.check()[1]["queue"]


def test_a_wrong_token_is_found_on_both_sides(deployment: Any) -> None:
    deployment.set("auth_token", "another token altogether")

    _, to_do = deployment.check()

    assert "refuses what is signed with auth_token" in to_do["public address"]
    assert "not accepted" in to_do["credentials"]


def test_the_next_token_is_tried_as_well(deployment: Any) -> None:
    deployment.set("auth_token_next", "the token to come soon")

    _, to_do = deployment.check()

    assert "signed with auth_token_next" in to_do["public address"]
    assert "as auth_token_next" in to_do["credentials"]


def test_a_line_that_does_not_run_is_found(deployment: Any) -> None:
    deployment.set("public_url", "http://127.0.0.1:9")

    assert "ConnectError > See that 'candour serve' runs" in deployment.check()[1]["public address"]


@pytest.mark.parametrize(
    ("answer", "about", "says"),
    [
        (Response(status=204), "unsigned requests", "Stop this line at once"),
        (Response(status=403), "unsigned requests", "leaves the caller's number in Twilio's alerts"),
        (Response(status=301, headers={"Location": "/voice/status/"}), "public address", "loses the key"),
        (Response("<h1>Welcome</h1>", content_type="text/html"), "public address", "it is not the line"),
    ],
)
def test_whatever_stands_in_front_of_the_line_and_answers_otherwise_is_found(
    deployment: Any, answer: Response, about: str, says: str
) -> None:
    deployment.line.wsgi_app = answer

    assert says in deployment.check()[1][about]


def test_a_database_of_an_earlier_version_is_found_and_left_alone(deployment: Any) -> None:
    with deployment.store.begin() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    assert "not up to date" in deployment.check()[1]["database"]
    with deployment.store.read() as tx:
        assert tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0000"


def test_without_a_welsh_speaker_key_2_would_lead_to_nobody(deployment: Any) -> None:
    with deployment.store.begin() as tx:
        tx.execute(delete(person_language).where(person_language.c.language == Language.CY))

    assert "nobody with a handset who speaks Welsh > candour person add" in deployment.check()[1]["handlers"]


def test_one_administrator_alone_and_a_person_without_a_second_factor_are_found(deployment: Any) -> None:
    gwen = person.c.name == "Gwen"
    with deployment.store.begin() as tx:
        tx.execute(person.update().where(gwen).values(active=False))
        tx.execute(person.update().where(person.c.name == "Tom").values(second_factor_confirmed=False))
    written = deployment.config.read_text(encoding="utf-8")
    deployment.config.write_text(
        written.replace('second_factor = "off"', 'second_factor = "required"'), encoding="utf-8"
    )

    code, to_do = deployment.check()

    assert code == 1
    assert to_do["administrators"].startswith("1; 2 are needed")
    assert to_do["second factors"] == "1 without one > Each sets one up at their next sign-in; ask them to."


def test_keys_that_expire_within_a_month_are_found(deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = datetime.now(UTC).date() + timedelta(days=340)
    monkeypatch.setattr("ivr.commands.setting.Setting.today", lambda _: soon)

    found = deployment.candour("check").stdout

    assert "to do  keys               directory" in found
    assert "to do  keys               kent-psd's are good until" in found


@pytest.mark.parametrize(("seconds", "well"), [(0, True), (-4, True), (6, False), (-6, False)])
def test_a_clock_is_well_within_five_seconds(seconds: int, well: bool) -> None:
    noon = datetime(2026, 3, 10, 12, tzinfo=UTC)
    clocks = Clocks(lambda: noon + timedelta(seconds=seconds))

    clocks.hear(httpx.Response(200, headers={"Date": "Tue, 10 Mar 2026 12:00:00 GMT"}))
    clocks.hear(httpx.Response(200))

    assert clocks.compared().well is well


def test_a_test_call_goes_the_whole_way_and_is_in_no_figure(deployment: Any) -> None:
    told = deployment.candour("check", "--ring-from", FROM)

    assert told.exit_code == 0, told.output
    assert "pass   test call          arrived after" in told.output
    with deployment.store.read() as tx:
        for table in (live_call, finished_call, day_count):
            assert tx.execute(select(table)).all() == []
        to_forget = set(tx.execute(select(provider_purge.c.leg_sid)).scalars())
    assert to_forget == set(deployment.twilio.twilio.calls)
    assert len(to_forget) == 2


def test_a_test_call_that_does_not_reach_the_line_is_found(deployment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.checks.ring.AT_MOST", timedelta(seconds=4))
    line = deployment.twilio.twilio.line
    deployment.twilio.twilio.line = replace(line, voice_url=f"{line.voice_url}/elsewhere")

    _, to_do = deployment.check("--ring-from", FROM)

    assert "the line did not note the call" in to_do["test call"]


def test_a_next_token_that_twilio_takes_passes_there(deployment: Any) -> None:
    account = deployment.twilio.twilio.account
    deployment.twilio.twilio.account = replace(account, next_token="the token to come soon")
    deployment.set("auth_token_next", "the token to come soon")

    _, to_do = deployment.check()

    assert list(to_do) == ["public address"], "the line itself was not started again yet"


def test_consoles_that_trust_another_root_are_found(deployment: Any) -> None:
    console = deployment.config.with_name("console.toml")
    other = SigningKey.generate().public.to_text()
    console.write_text(f'[service]\nurl = "http://127.0.0.1:9"\nroot_public_key = "{other}"\n', encoding="utf-8")

    assert "another root" in deployment.check()[1]["keys"]


def test_a_folder_that_is_not_mounted_is_found(deployment: Any) -> None:
    folder = Path(deployment.settings["outbox"]["units"]["kent-psd"]["folder"])
    folder.rename(folder.with_name("away"))
    try:
        assert "not there for kent-psd" in deployment.check()[1]["folders"]
    finally:
        folder.with_name("away").rename(folder)
