"""The stream of what changes at the desk: a snapshot, then changes; any gap or loss ends in a new snapshot.

It applies nothing: what a change means to the board is the models' business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pydantic import ValidationError
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkReply, QNetworkRequest

from console.link import Link
from console.routes import EVENTS
from console.sse import Event, EventReader, EventTooLong
from shared.messages import Change, Snapshot

BACK_OFF_MS: Final = (300, 600, 1_200, 2_500, 5_000, 10_000)
SILENCE_MS: Final = 45_000  # the service says something at least every 15 s


class EventStream(QObject):
    """Emits `snapshot` and `change` in order; `reached` as a connection gives its snapshot, `lost` as one ends."""

    snapshot = Signal(object)
    change = Signal(object)
    reached = Signal()
    lost = Signal()
    signed_out = Signal()

    def __init__(self, link: Link, random: Callable[[], float], back_off_ms: tuple[int, ...] = BACK_OFF_MS) -> None:
        super().__init__()
        self._link = link
        self._random = random
        self._back_off_ms = back_off_ms
        self._failures = 0
        self._reply: QNetworkReply | None = None
        self._reader = EventReader()
        self._revision: int | None = None
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._connect)
        self._silence = QTimer(self, singleShot=True, interval=SILENCE_MS)
        self._silence.timeout.connect(self._end_reply)

    def start(self) -> None:
        """Connect, and stay connected until `stop`."""
        self.stop()
        self._failures = 0
        self._connect()

    def stop(self) -> None:
        """End the stream; nothing is emitted any more."""
        self._again.stop()
        self._drop_reply()

    def _connect(self) -> None:
        self._drop_reply()
        self._reader, self._revision = EventReader(), None
        reply = self._link.stream(EVENTS)
        reply.readyRead.connect(self._read)
        reply.finished.connect(self._ended)
        self._reply = reply
        self._silence.start()

    def _drop_reply(self) -> None:
        self._silence.stop()
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.readyRead.disconnect(self._read)
            reply.finished.disconnect(self._ended)
            reply.abort()
            reply.deleteLater()

    def _end_reply(self) -> None:
        if self._reply is not None:
            self._reply.abort()

    def _read(self) -> None:
        reply = self._reply
        if reply is None or reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) != 200:
            return
        self._silence.start()
        try:
            events = self._reader.feed(bytes(reply.readAll().data()))
        except EventTooLong:
            self._end_reply()
            return
        for event in events:
            if self._reply is not reply:
                return
            self._take(event)

    def _take(self, event: Event) -> None:
        try:
            match event.name:
                case "snapshot":
                    self._begin(Snapshot.model_validate_json(event.text))
                case "change":
                    self._follow(Change.model_validate_json(event.text))
        except ValidationError:
            self._end_reply()

    def _begin(self, snapshot: Snapshot) -> None:
        self._revision = snapshot.revision
        self._failures = 0
        self.reached.emit()
        self.snapshot.emit(snapshot)

    def _follow(self, change: Change) -> None:
        if self._revision is None or change.revision != self._revision + 1:
            self._connect()  # a gap: only a new snapshot is the truth
            return
        self._revision = change.revision
        self.change.emit(change)

    def _ended(self) -> None:
        reply = self._reply
        status = None if reply is None else reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        self._drop_reply()
        if status == 401:
            self.signed_out.emit()
            return
        self.lost.emit()
        wait = self._back_off_ms[min(self._failures, len(self._back_off_ms) - 1)]
        self._failures += 1
        self._again.start(int(wait * (0.75 + self._random() / 2)))
