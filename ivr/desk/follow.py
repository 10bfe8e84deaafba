"""Following events: hands a console its stream and takes it back when the console goes."""

from collections.abc import Iterator

from flask import Response

from ivr.desk.events import Lists, Stream
from ivr.desk.routing import Ask, Desk
from shared.messages import Listed


def follow(desk: Desk, ask: Ask) -> Response:
    stream = desk.watcher.open(ask.session)
    response = Response(_events(desk, stream), mimetype="text/event-stream")
    response.call_on_close(lambda: desk.watcher.close(stream))
    return response


def _events(desk: Desk, stream: Stream) -> Iterator[str]:
    try:
        yield from stream.events(desk.clock, desk.settings.heartbeat_seconds, _lists(desk))
    finally:
        desk.watcher.close(stream)


def _lists(desk: Desk) -> Lists:
    settings = desk.settings
    return Lists(
        breaks=tuple(Listed(id=id, words=words) for id, words in settings.breaks.items()),
        outside=tuple(Listed(id=id, words=line.name) for id, line in settings.outside.items()),
    )
