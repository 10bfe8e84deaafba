"""The telephone that rings the line in the demo, through the local Twilio's controls."""

import secrets
from dataclasses import dataclass, field

import httpx

from tests.demo.person import wait_for


def a_drama_number() -> str:
    """A number that belongs to nobody: Ofcom keeps 020 7946 0000 to 0999 for drama."""
    return f"+442079460{secrets.randbelow(1000):03d}"


@dataclass
class Telephone:
    """One call, from one number."""

    simulator: str
    number: str = field(default_factory=a_drama_number)
    sid: str = ""

    def dial(self) -> None:
        self.sid = str(self._ask("POST", "calls", {"number": self.number})["sid"])

    def press(self, keys: str) -> None:
        self._ask("POST", f"calls/{self.sid}/keys", {"keys": keys})

    def hang_up(self) -> None:
        self._ask("DELETE", f"calls/{self.sid}")

    @property
    def state(self) -> str:
        return str(self._ask("GET", f"calls/{self.sid}")["state"])

    @property
    def heard(self) -> str:
        return " ".join(str(self._ask("GET", f"calls/{self.sid}")["heard"]).split())

    def wait_for_words(self, words: str) -> None:
        wait_for(lambda: words.casefold() in self.heard.casefold(), f"the words {words!r}", seconds=40)

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, object]:
        answer = httpx.request(method, f"http://{self.simulator}/simulator/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}
