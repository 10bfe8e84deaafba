"""Everything that people at telephones noticed, in order, to be followed live or kept in the simulator's own record."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.simulator.account import Event

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One event and its number in the book, from 1."""

    number: int
    event: Event

    def as_json(self) -> str:
        event = self.event
        written = {"id": self.number, "at": event.at.isoformat(), "call": event.call_sid, "kind": event.kind}
        return json.dumps({**written, **event.details}, ensure_ascii=False)


class EventBook:
    """Listens to a local Twilio. With a file, each event is also appended there as a line of JSON."""

    def __init__(self, record: Path | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._written = 0
        self._closed = False
        self._record = record

    def write(self, event: Event) -> None:
        with self._changed:
            self._written += 1
            entry = Entry(self._written, event)
            self._entries.append(entry)
            if self._record is not None:
                with self._record.open("a", encoding="utf-8") as record:
                    record.write(entry.as_json() + "\n")
            self._changed.notify_all()

    def close(self) -> None:
        """Whoever follows gets no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def follow(self, call_sid: str | None, after: int, heartbeat_seconds: float) -> Iterator[Entry | None]:
        """Entries after number `after` (of one call, or all), then new ones as they come; None is a heartbeat.

        The following of one call ends with that call.
        """
        while True:
            fresh = self._fresh(after, heartbeat_seconds)
            if fresh is None:
                return
            if not fresh:
                yield None
            for entry in fresh:
                after = entry.number
                if call_sid in {None, entry.event.call_sid}:
                    yield entry
                    if call_sid and entry.event.details.get("state") == "ended":
                        return

    def _fresh(self, after: int, seconds: float) -> list[Entry] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._written > after, seconds)
            if self._closed:
                return None
            return [entry for entry in self._entries if entry.number > after]
