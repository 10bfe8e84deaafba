"""How a terminal telephone reaches the local Twilio's controls over HTTP. It draws nothing."""

import json
from collections.abc import Iterator
from typing import Any

import httpx


class NoSimulator(Exception):
    """No local Twilio answers at this address."""

    def __init__(self, base_url: str) -> None:
        super().__init__(f"No simulator answers at {base_url}. Start it with: candour simulate")


class CallGone(Exception):
    """The simulator no longer knows this call."""


class ExchangeLink:
    """One telephone's link. Raises NoSimulator where nobody answers.

    `holds`: the call ends with this link, however that comes about; otherwise it goes on as if the telephone lay there.
    """

    def __init__(self, base_url: str, holds: bool = False) -> None:
        self._base_url = base_url.rstrip("/")
        self._holds = {"held": "1"} if holds else {}
        stream_for_ever = httpx.Timeout(5.0, read=30.0)
        self._client = httpx.Client(base_url=self._base_url, timeout=stream_for_ever, trust_env=False)

    def dial(self, number: str) -> str:
        """Ring the line; returns the call's SID."""
        return str(self._ask("POST", "/simulator/calls", {"number": number}).json()["sid"])

    def press(self, sid: str, keys: str) -> None:
        self._ask("POST", f"/simulator/calls/{sid}/keys", {"keys": keys})

    def hang_up(self, sid: str) -> None:
        self._ask("DELETE", f"/simulator/calls/{sid}")

    def events(self, sid: str) -> Iterator[dict[str, Any]]:
        """Everything noticed on this call from its beginning to its end, as it happens."""
        try:
            with self._client.stream("GET", "/simulator/events", params={"call": sid, **self._holds}) as response:
                for line in response.iter_lines():
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx.HTTPError as error:
            raise NoSimulator(self._base_url) from error

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> httpx.Response:
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise NoSimulator(self._base_url) from error
        if response.status_code == httpx.codes.NOT_FOUND:
            raise CallGone(path)
        response.raise_for_status()
        return response
