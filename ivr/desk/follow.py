"""Following events: hands a console its stream and takes it back when the console goes."""

from collections.abc import Iterator

from flask import Response

from ivr.desk.events import Stream
from ivr.desk.routing import Ask, Desk


def follow(desk: Desk, ask: Ask) -> Response:
    stream = desk.watcher.open(ask.session)
    response = Response(_events(desk, stream), mimetype="text/event-stream")
    response.call_on_close(lambda: desk.watcher.close(stream))
    return response


def _events(desk: Desk, stream: Stream) -> Iterator[str]:
    try:
        yield from stream.events(desk.clock, desk.settings.heartbeat_seconds)
    finally:
        desk.watcher.close(stream)
