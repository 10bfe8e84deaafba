"""A small application of the tests' own for the local Twilio to ring: it answers whatever TwiML a test lays out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request

from ivr.simulator.in_process import local_twilio
from ivr.simulator.twiml_engine import Twilio

LINE = "https://line.example"


@dataclass
class Application:
    """Pages by path; each request that came is kept with its parameters."""

    pages: dict[str, str | Response | Callable[[Mapping[str, str]], str]] = field(default_factory=dict)
    came: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.flask = Flask("application")
        self.flask.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])

    def _answer(self, path: str) -> Response:
        sent = request.values.to_dict()
        self.came.append((f"/{path}", sent))
        self.headers.append(dict(request.headers))
        page = self.pages.get(f"/{path}", "")
        if isinstance(page, Response):
            return page
        body = page(sent) if callable(page) else page
        return Response(f"<Response>{body}</Response>", content_type="text/xml") if body else Response(status=204)

    def sent_to(self, path: str) -> list[dict[str, str]]:
        """The parameters of each request to this path, in order."""
        return [sent for came, sent in self.came if came == path]


@pytest.fixture
def application() -> Application:
    return Application({"/voice/incoming": "<Say>Hello.</Say>"})


@pytest.fixture
def twilio(application: Application) -> Twilio:
    return local_twilio(application.flask)


@pytest.fixture
def lines(twilio: Twilio) -> Iterator[Twilio]:
    """The same Twilio; at the end nothing may have been refused."""
    with twilio:
        yield twilio
