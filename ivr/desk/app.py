"""Wires the desk's API: its routes, limits and headers. It keeps no access log."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import Flask, Response

from ivr.desk.events import Watcher
from ivr.desk.problems import answer_problems
from ivr.desk.routes import ROUTES
from ivr.desk.routing import Desk, DeskSettings, IdConverter, add_route
from ivr.desk.tries import Tries
from shared.store.database import Store

MAX_REQUEST_BYTES: Final = 1024 * 1024
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def desk_app(
    store: Store, clock: Callable[[], datetime], stop: threading.Event, settings: DeskSettings | None = None
) -> Flask:
    """The desk as a WSGI application. Once `stop` is set every open stream ends within a few seconds."""
    settings = settings or DeskSettings()
    watcher = Watcher(store, clock, stop, settings.open_streams)
    desk = Desk(store, clock, watcher, settings, Tries(clock, settings.tries_at_once))
    app = Flask("candour-desk", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES, TRUSTED_HOSTS=list(settings.hosts))
    app.extensions["candour_watcher"] = desk.watcher
    app.url_map.converters["id"] = IdConverter
    for route in ROUTES:
        add_route(app, desk, route)
    answer_problems(app)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response
