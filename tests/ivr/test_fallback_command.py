"""``candour fallback``: what is written is what Twilio would perform, and no caller's number is shown to anyone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result
from flask import Flask, Response, request
from werkzeug.serving import make_server

from ivr.cli import main
from ivr.line import twiml
from ivr.line.prompts import load_prompts
from ivr.simulator.account import SIMULATOR_ACCOUNT_SID
from ivr.simulator.in_process import LINE_NUMBER, local_twilio
from ivr.simulator.phone import Handset, Phone
from ivr.simulator.refusals import NotTheSimulators
from ivr.simulator.service import QuietHandler, simulation
from ivr.simulator.twiml_grammar import read_twiml
from ivr.simulator.webhook import HttpTransport
from shared.domain.vocabulary import Language

BACKUP, CALLER = "+441134960999", "+442079460123"


def fallback(folder: Path, *words: str) -> Result:
    config = folder / "config.toml"
    config.write_text(
        f"""
        [line]
        public_url = "https://line.example.org"
        online_route = "elsewhere dot example"
        [telephony]
        provider = "twilio"
        account_sid = "AC{"1" * 32}"
        auth_token = "{"2" * 32}"
        number = "{LINE_NUMBER}"
        """,
        encoding="utf-8",
    )
    return CliRunner().invoke(main, ["--config", str(config), "fallback", *words])


def test_the_document_apologises_rings_a_person_and_names_the_other_ways(tmp_path: Path) -> None:
    told = fallback(tmp_path, "--backup-number", "+44 113 496 0999", "--output", str(tmp_path / "fallback.xml"))

    assert told.exit_code == 0, told.output
    verbs = read_twiml((tmp_path / "fallback.xml").read_bytes())
    assert [verb.name for verb in verbs] == ["Say", "Say", "Dial", "Say", "Hangup"]
    dial = verbs[2]
    assert (dial["callerId"], dial["record"], dial.children[0].text) == (LINE_NUMBER, "do-not-record", BACKUP)
    assert "elsewhere dot example" in verbs[3].text


def test_without_a_file_the_document_alone_is_printed(tmp_path: Path) -> None:
    told = fallback(tmp_path, "--backup-number", BACKUP)

    assert read_twiml(told.stdout)
    assert "VoiceFallbackUrl" in told.stderr


@pytest.mark.parametrize(("number", "says"), [("999", "with +44"), (LINE_NUMBER, "the line's own")])
def test_a_number_that_would_not_help_is_refused(tmp_path: Path, number: str, says: str) -> None:
    told = fallback(tmp_path, "--backup-number", number)

    assert told.exit_code != 0
    assert says in told.output


def test_languages_that_are_reviewed_are_spoken() -> None:
    prompts = replace(load_prompts(), reviewed=frozenset(Language))

    verbs = read_twiml(twiml.fallback(prompts, BACKUP, LINE_NUMBER))

    assert {verb["language"] for verb in verbs if verb.name == "Say"} == {"en-GB", "cy-GB"}


def test_when_the_line_fails_the_caller_is_rung_through_and_their_number_is_not_shown() -> None:
    document = twiml.fallback(load_prompts(), BACKUP, LINE_NUMBER)
    app = Flask("line")
    app.add_url_rule("/voice/incoming", "broken", view_func=lambda: Response(status=503), methods=["POST"])
    app.add_url_rule(
        "/fallback.xml", "fallback", view_func=lambda: Response(document, content_type="text/xml"), methods=["POST"]
    )
    twilio = local_twilio(app, status_path=None, fallback_url="https://line.example/fallback.xml")
    person = Handset(twilio, BACKUP, answers_after=2)

    phone = Phone(twilio, CALLER).dial().listen(20)

    assert phone.heard("Sorry, something went wrong at our end.")
    assert person.call is not None
    assert person.call.caller == LINE_NUMBER
    assert phone.in_conference_with == [BACKUP]
    person.hang_up()
    phone.listen(20)
    assert phone.heard("In an emergency, dial 9 9 9.")


def test_a_line_that_is_away_is_answered_by_the_other_host() -> None:
    asked: list[str] = []
    came = Event()

    def speak() -> Response:
        asked.append(request.form["ErrorCode"])
        came.set()
        return Response(twiml.hang_up(), content_type="text/xml")

    app = Flask("elsewhere")
    app.add_url_rule("/fallback.xml", view_func=speak, methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    serving = Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    away, host = "http://127.0.0.1:9", f"http://127.0.0.1:{server.port}"
    try:
        with simulation(away, SIMULATOR_ACCOUNT_SID, "a-token-for-tests", fallback_url=f"{host}/fallback.xml") as local:
            local.twilio.dial_in(CALLER)
            assert came.wait(10)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()

    assert asked == ["11200"]


def test_the_local_twilio_sends_no_number_to_another_machine() -> None:
    with pytest.raises(NotTheSimulators):
        HttpTransport("http://127.0.0.1:9", elsewhere="https://elsewhere.example/fallback.xml")
