"""The absolute addresses Twilio is given, built from the configured public URL; knows no request and no caller."""

from dataclasses import dataclass
from urllib.parse import urlencode

from ivr.line.place import Place


@dataclass(frozen=True, slots=True)
class LineUrls:
    """Addresses of the line's webhooks below `public_url`, as Twilio signs them (scheme and host, no query).

    Keyword arguments become the query, in the order given; nothing that names a person or a report may go in,
    for Twilio keeps addresses for a time.
    """

    public_url: str

    def step(self, place: Place) -> str:
        """Where the next key, or silence, is sent."""
        return self._at("/voice/step", place.to_query())

    def wait(self, place: Place, rounds: int = 0) -> str:
        """The queue's wait page; `rounds` counts how often it was heard, from 0."""
        waited = urlencode({"w": rounds}) if rounds else ""
        return self._at("/voice/wait", "&".join(part for part in (place.to_query(), waited) if part))

    def queued(self, place: Place) -> str:
        """Where Twilio says how the queue was left."""
        return self._at("/voice/queued", place.to_query())

    def join(self, **query: str) -> str:
        """What a queued caller is moved to when a handler has joined."""
        return self._at("/voice/join", urlencode(query))

    def after(self, place: Place, **query: str) -> str:
        """Where the caller goes when the conversation, or the handler's line, has ended."""
        return self._at("/voice/after", "&".join(part for part in (place.to_query(), urlencode(query)) if part))

    def handset(self, **query: str) -> str:
        """What a handler's handset hears when it is picked up."""
        return self._at("/voice/handset", urlencode(query))

    def handset_key(self, **query: str) -> str:
        """Where the handler's key is sent."""
        return self._at("/voice/handset/key", urlencode(query))

    def handset_status(self, **query: str) -> str:
        """Where Twilio reports the handset's call progress."""
        return self._at("/voice/handset/status", urlencode(query))

    def party(self, **query: str) -> str:
        """What the telephone of somebody asked into a call hears when it is picked up."""
        return self._at("/voice/party", urlencode(query))

    def party_key(self, **query: str) -> str:
        """Where a colleague's key is sent."""
        return self._at("/voice/party/key", urlencode(query))

    def party_status(self, **query: str) -> str:
        """Where Twilio reports the progress of a call to somebody asked."""
        return self._at("/voice/party/status", urlencode(query))

    def conference(self, **query: str) -> str:
        """Where Twilio reports who joined and left a conference."""
        return self._at("/voice/conference", urlencode(query))

    def hold(self, **query: str) -> str:
        """What a caller on hold hears."""
        return self._at("/voice/hold", urlencode(query))

    def _at(self, path: str, query: str) -> str:
        url = self.public_url.rstrip("/") + path
        return f"{url}?{query}" if query else url
