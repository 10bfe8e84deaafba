"""Server-sent events, as the WHATWG's HTML standard reads them (section 9.2.6): bytes in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MAX_EVENT_BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the stream; `name` is "message" where the stream gave none."""

    name: str
    text: str = field(repr=False)


class EventTooLong(Exception):
    """One event passed MAX_EVENT_BYTES."""


class EventReader:
    """Collects bytes into events. Comments, ids and retry times are read over."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._lines: list[str] = []

    def feed(self, received: bytes) -> list[Event]:
        """The events these bytes complete. Raises EventTooLong."""
        self._rest += received
        if len(self._rest) + sum(map(len, self._lines)) > MAX_EVENT_BYTES:
            raise EventTooLong
        *lines, self._rest = self._rest.split(b"\n")
        events: list[Event] = []
        for line in lines:
            self._line(line.rstrip(b"\r").decode("utf-8", "replace"), events)
        return events

    def _line(self, line: str, events: list[Event]) -> None:
        if not line:
            if self._lines:
                events.append(Event(self._name or "message", "\n".join(self._lines)))
            self._name, self._lines = "", []
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._lines.append(value)
