"""An organisation that could go live, with its line, the local Twilio and the fallback's host on real sockets."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result
from flask import Flask, Response
from werkzeug.serving import make_server

from ivr.cli import main
from ivr.line import twiml
from ivr.line.app import LineSettings, line_app
from ivr.line.prompts import load_prompts
from ivr.simulator.service import QuietHandler, Simulation, simulation
from shared.force_side.unit_keys import enrolment_request, new_unit_keys
from shared.store.database import Store, open_store
from shared.store.schema import person

NUMBER, BACKUP = "+448081570123", "+441134960999"
PASSPHRASE = "a passphrase for everyone"


@dataclass
class Deployment:
    """A founded organisation, what runs of it, and the command run in it."""

    config: Path
    line: Flask
    twilio: Simulation
    store: Store
    fallback: list[str]

    def candour(self, *words: str) -> Result:
        return CliRunner().invoke(main, ["--config", str(self.config), *words])

    def check(self, *words: str) -> tuple[int, dict[str, str]]:
        """The exit status, and each line that is no pass by what it is about, with what to do."""
        told = self.candour("check", *words)
        assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
        lines = told.stdout.splitlines()
        to_do = {
            line[7:25].strip(): f"{line[26:]} > {after.strip()}"
            for line, after in zip(lines, [*lines[1:], ""], strict=True)
            if line.startswith("to do")
        }
        return told.exit_code, to_do

    def set(self, key: str, value: str) -> None:
        """Change one key of the configuration."""
        lines = self.config.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(f"{key} =")]
        place = kept.index("[telephony]") if key.startswith("auth") else kept.index("[line]")
        kept.insert(place + 1, f"{key} = {value!r}")
        self.config.write_text("\n".join(kept) + "\n", encoding="utf-8")

    @property
    def settings(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("organisation")
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    request = folder / "request.json"
    request.write_bytes(enrolment_request(new_unit_keys("kent-psd"), "Kent Professional Standards", ("kent",)))
    own = ("--passphrase-file", str(passphrase), "--root-passphrase-file", str(passphrase))
    data = folder / "data"
    for words in (
        ("init", str(data), "--supervisor", "Rhian", *own),
        ("person", "add", "Tom", "--role", "handler", "--handset", "+442079460001", "--language", "en-GB",
         "--language", "cy-GB", "--by", "Rhian", "--by-passphrase-file", str(passphrase), *own),
        ("force", "add-unit", "kent-psd", "--force", "kent", "--yes", "--request", str(request),
         "--folder", str(folder / "kent"), *own[2:]),
        ("person", "add", "Morag", "--role", "supervisor", "--by", "Rhian", "--by-passphrase-file", str(passphrase),
         *own),
        ("person", "add", "Gwen", "--role", "administrator", *own),
        ("person", "add", "Ioan", "--role", "administrator", *own),
    ):  # fmt: skip
        told = CliRunner().invoke(main, ["--config", str(data / "config.toml"), *words])
        assert told.exit_code == 0, told.output
    return data


@pytest.fixture
def deployment(founded: Path, tmp_path: Path) -> Iterator[Deployment]:
    data = tmp_path / "data"
    shutil.copytree(founded, data)
    written = tomllib.loads((data / "config.toml").read_text(encoding="utf-8"))["telephony"]
    store = open_store(f"sqlite:///{data / 'candour.db'}")
    with store.begin() as tx:
        tx.execute(person.update().values(second_factor_confirmed=True))  # everyone has signed in once
    fallback = [twiml.fallback(load_prompts(), BACKUP, NUMBER)]
    with ExitStack() as stack:
        stack.callback(store.close)
        stack.enter_context(structlog.testing.capture_logs())  # the line's, which is in this process here
        outer = Flask("public")
        public_url = stack.enter_context(served(outer))
        settings = LineSettings(public_url, (written["auth_token"],), NUMBER)
        line = line_app(store, settings, lambda: datetime.now(UTC))
        outer.wsgi_app = line  # type: ignore[method-assign]
        host = stack.enter_context(served(_document(fallback)))
        twilio = stack.enter_context(
            simulation(public_url, written["account_sid"], written["auth_token"], fallback_url=f"{host}/fallback.xml")
        )
        deployment = Deployment(data / "config.toml", outer, twilio, store, fallback)
        deployment.set("public_url", public_url)
        text = deployment.config.read_text(encoding="utf-8")
        deployment.config.write_text(text.replace("http://127.0.0.1:8090", twilio.base_url), encoding="utf-8")
        twilio.twilio.queues.create("line", 1000)
        yield deployment


def _document(held: list[str]) -> Flask:
    app = Flask("elsewhere")
    app.add_url_rule(
        "/fallback.xml", view_func=lambda: Response(held[0], content_type="application/xml"), methods=["POST"]
    )
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    serving = Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
