"""Reading server-sent events: wherever the bytes are cut, the same events come out."""

import pytest

from console import sse
from console.sse import Event, EventReader, EventTooLong

STREAM = ": hello\r\n\r\nevent: snapshot\nid: 1\ndata: {\n data: x\ndata: }\n\ndata: é\n\n".encode()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_do_not_depend_on_where_bytes_are_cut(size: int) -> None:
    reader = EventReader()

    events = [event for start in range(0, len(STREAM), size) for event in reader.feed(STREAM[start : start + size])]

    assert events == [Event("snapshot", "{\n}"), Event("message", "é")]


def test_an_event_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MAX_EVENT_BYTES", 100)

    with pytest.raises(EventTooLong):
        EventReader().feed(b"data: " + b"x" * 200)
