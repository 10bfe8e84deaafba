"""``make prism``: one call's REST, from our client to the local Twilio, through an independent proxy that validates it.

The proxy is Prism (`@stoplight/prism-cli`), which holds each request and each answer against Twilio's OpenAPI
description. OPENAPI names that file; it is Twilio's and no part of this project.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import httpx
from flask import Flask, Response
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.line.urls import LineUrls
from ivr.simulator.account import SIMULATOR_ACCOUNT_SID
from ivr.simulator.service import QuietHandler, simulation
from ivr.simulator.twiml_engine import Twilio
from ivr.switchboard import Account, QuietHttp, Switchboard, SwitchboardFact, twilio_client
from tests.support.openapi import description_path
from tests.support.rest_conversation import HANDSET, OTHER, PAGES, whole_call

PRISM = "@stoplight/prism-cli@5.16.0"
PAGE_ADDRESSES = frozenset({"uri", "first_page_uri", "next_page_uri", "previous_page_uri"})
READY_SECONDS = 240.0  # the first time, npm fetches it
TOKEN = "a-token-for-prism"
VIOLATION = "stoplight.io/prism/errors"


@dataclass
class Judge:
    """Hears every answer that came through the proxy: a violation is an answer of the proxy's own."""

    answers: int = 0
    violations: list[str] = field(default_factory=list)

    def hear(self, answer: httpx.Response) -> None:
        self.answers += 1
        answer.read()
        if VIOLATION in answer.text:
            told = answer.json()
            asked = f"{answer.request.method} {answer.request.url.path}"
            for one in told.get("validation") or [{"message": told.get("title", "")}]:
                place = ".".join(str(step) for step in one.get("location", ()))
                self.violations.append(f"{asked}: {place} {one.get('message', '')}")


def main() -> int:
    description = description_path()
    if description is None:
        return _cannot("Twilio's OpenAPI description is not here: make prism OPENAPI=/path/to/twilio_api_v2010.json")
    if shutil.which("npx") is None:
        return _cannot("Prism needs Node.js: npx is not installed.")
    judge = Judge()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        public_url = stack.enter_context(_served(PAGES))
        local = stack.enter_context(simulation(public_url, SIMULATOR_ACCOUNT_SID, TOKEN))
        proxy = stack.enter_context(_prism(_corrected(description, folder), local.base_url))
        carrier = stack.enter_context(httpx.Client(timeout=20, trust_env=False, event_hooks={"response": [judge.hear]}))
        client = twilio_client(Account(SIMULATOR_ACCOUNT_SID, TOKEN, proxy), QuietHttp(carrier))
        seen = 0
        try:
            whole_call(local.twilio, Switchboard(client, LineUrls(public_url), local.twilio.line.number), time.sleep)
            seen = sum(_is_seen(plant, local.twilio, client) for plant in PLANTED)
        except SwitchboardFact as fact:
            judge.violations.append(f"the call could not go on: {type(fact).__name__} {fact}")
    counted = f"prism: requests {judge.answers}, violations {len(judge.violations)}"
    _say(*judge.violations, f"{counted}, planted violations seen {seen} of {len(PLANTED)}")
    if seen != len(PLANTED) and not judge.violations:
        return _cannot("It did not see what is wrong on purpose, so its judgement is worth nothing.")
    return 1 if judge.violations else 0


def _wrong_request(_twilio: Twilio, client: Client) -> None:
    client.calls.create(to=HANDSET, from_=OTHER, twiml="<Response/>", timeout="a while")


def _wrong_answer(twilio: Twilio, client: Client) -> None:
    twilio.line = replace(twilio.line, looks_callers_up="perhaps")  # type: ignore[arg-type]
    client.incoming_phone_numbers.list(limit=1)


PLANTED = (_wrong_request, _wrong_answer)


def _is_seen(plant: Callable[[Twilio, Client], None], twilio: Twilio, client: Client) -> bool:
    """Whether the proxy objects to something that is wrong on purpose."""
    judge = Judge()
    client.http_client = QuietHttp(httpx.Client(timeout=20, trust_env=False, event_hooks={"response": [judge.hear]}))
    with suppress(TwilioException):
        plant(twilio, client)
    return bool(judge.violations)


def _cannot(why: str) -> int:
    _say(f"prism: {why}")
    return 2


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _corrected(description: Path, folder: Path) -> Path:
    """The description, less what no answer or request of Twilio's own would pass.

    Addresses of pages are said to be whole; every example in the same file has ones like /2010-04-01/Accounts/….
    A list in a form is one name sent once for each value; of one alone Prism takes the value for the list.
    """
    written = json.loads(description.read_text(encoding="utf-8"))
    for operations in written["paths"].values():
        answers = operations.get("get", {}).get("responses", {}).values()
        for media in (media for answer in answers for media in answer.get("content", {}).values()):
            properties = media["schema"].get("properties", {})
            for name in PAGE_ADDRESSES & properties.keys():
                properties[name]["format"] = "uri-reference"
        for media in operations.get("post", {}).get("requestBody", {}).get("content", {}).values():
            properties = media["schema"].get("properties", {})
            for name, schema in properties.items():
                if schema.get("type") == "array":
                    properties[name] = {"anyOf": [schema, schema["items"]]}
    path = folder / "description.json"
    path.write_text(json.dumps(written), encoding="utf-8")
    return path


@contextmanager
def _prism(description: Path, upstream: str) -> Iterator[str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    command = ["npx", "--yes", PRISM, "proxy", "--errors", "--port", str(port), str(description), upstream]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ)
    )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # npx and the proxy it started
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit("prism: it did not start; npx says why when it is run by hand.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"prism: it did not answer within {READY_SECONDS:.0f} seconds.")


@contextmanager
def _served(pages: Mapping[str, str]) -> Iterator[str]:
    app = Flask("application")
    app.add_url_rule("/voice/<path:page>", "page", _speaker(pages), methods=["POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    serving = Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def _speaker(pages: Mapping[str, str]) -> Callable[[str], Response]:
    def speak(page: str) -> Response:
        verbs = pages.get(f"/voice/{page}")
        if verbs is None:
            return Response(status=204)
        return Response(f"<Response>{verbs}</Response>", content_type="text/xml")

    return speak


if __name__ == "__main__":
    sys.exit(main())
