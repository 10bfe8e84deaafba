"""Where Twilio's requests come in: checks the signature, keeps what the line may know, answers what the line says.

The only part that ever sees a caller's number, inside the request, and it reads no field that holds one. Behind it
stands one function from a Webhook to TwiML, so that the two can be two processes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from flask import Flask, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, NotFound

from ivr.line.allow_list import Route, Webhook, allow
from ivr.line.away import LineAway
from ivr.line.signature import Signatures

LARGEST_REQUEST = 64 * 1024  # bytes; Twilio's are under 4 KiB
VOICE = "/voice"
TWIML = "text/xml; charset=utf-8"

Away = Callable[[Webhook, Mapping[str, str]], str | None]  # of a webhook and its query, where the line is away

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LastWords:
    """Spoken when the line itself is not asked or cannot answer: two constant documents."""

    refusal: str
    apology: str


def edge_app(
    line: Callable[[Webhook], str | None],
    signatures: Signatures,
    last_words: LastWords,
    on_refusal: Callable[[], None],
    away: Away | None = None,
) -> Flask:
    """The WSGI application on the public listener. `on_refusal` is told of each request that Twilio did not sign.

    `line` may raise LineAway; then `away` answers, or the apology where there is none.

    The request's host is never read, so none is refused for it: behind a proxy that renames it every call would die.
    """
    app = Flask("ivr.line.edge", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.url_map.merge_slashes = False  # a redirect would lose the key that was pressed
    edge = _Edge(line, signatures, last_words, on_refusal, away)
    for route in Route:
        app.add_url_rule(route, route.name, _view(edge, route), methods=["POST"], provide_automatic_options=False)
    app.register_error_handler(NotFound, edge.unknown)
    app.register_error_handler(HTTPException, lambda error: Response(status=error.code))
    app.register_error_handler(Exception, edge.failed)
    return app


def _view(edge: "_Edge", route: Route) -> Callable[[], Response]:
    return lambda: edge.answer(route)


@dataclass(frozen=True, slots=True)
class _Edge:
    line: Callable[[Webhook], str | None]
    signatures: Signatures
    last_words: LastWords
    on_refusal: Callable[[], None]
    away: Away | None

    def answer(self, route: Route) -> Response:
        query, sent = request.args.to_dict(), request.form.to_dict()
        if not self._signed(route, sent):
            self.on_refusal()
            return _twiml(self.last_words.refusal)
        said = self._ask(allow(route, query, sent), query)
        return Response(status=204) if said is None else _twiml(said)

    def _ask(self, webhook: Webhook, query: Mapping[str, str]) -> str | None:
        try:
            return self.line(webhook)
        except LineAway:
            _log.error("line_away", kind=webhook.route.name.lower())
            return self.last_words.apology if self.away is None else self.away(webhook, query)

    def unknown(self, _error: NotFound) -> Response:
        """No such page: whoever is on the line hears an apology and the other ways, never silence."""
        if not request.path.startswith(VOICE):
            return Response(status=404)
        if request.method != "POST":
            return Response(status=405)
        _log.warning("webhook_unknown")
        return _twiml(self.last_words.apology)

    def failed(self, error: Exception) -> Response:
        """The last line of all: a caller hears words, never a stack trace."""
        _log.error("edge_failed", error=type(error).__name__)
        return _twiml(self.last_words.apology)

    def _signed(self, route: Route, sent: Mapping[str, str]) -> bool:
        if _doubled(request.args) or _doubled(request.form):
            return False
        given = request.headers.get("X-Twilio-Signature", "")
        query = request.query_string.decode("latin-1")
        return self.signatures.right(given, route, query, sent)


def _doubled(sent: MultiDict[str, str]) -> bool:
    return any(len(values) > 1 for _, values in sent.lists())


def _twiml(document: str) -> Response:
    return Response(document, content_type=TWIML)
