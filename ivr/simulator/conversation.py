"""A call as the person at the terminal telephone follows it: what is said, the state, the clock. It draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ivr.simulator.calls import CallState


class LineKind(StrEnum):
    SAID = "said"
    PLAYED = "played"
    KEY = "key"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One line of the conversation. `began` is in seconds of the caller's own clock; `heard` is set once it is over."""

    kind: LineKind
    words: str
    language: str = ""
    began: float = 0.0
    seconds: float = 0.0
    heard: str | None = None

    def text(self, now: float) -> str:
        """As much as has been spoken by `now`: whole words, at speaking speed."""
        if self.heard is not None:
            return self.heard if self.heard == self.words else f"{self.heard} …".strip()
        if self.seconds <= 0:
            return self.words
        words = self.words.split()
        return " ".join(words[: int(len(words) * (now - self.began) / self.seconds) + 1])


STATE_WORDS: Mapping[CallState, str] = {
    CallState.RINGING: "Ringing",
    CallState.LISTENING: "Listening",
    CallState.WAITING: "Waiting",
    CallState.TALKING: "Talking",
    CallState.ENDED: "Call ended",
}
STATE_NOTES: Mapping[CallState, str] = {
    CallState.TALKING: "You are through to someone. You can talk now.",
    CallState.ENDED: "The call has ended.",
}


@dataclass(slots=True)
class Conversation:
    """Grows by the simulator's events. Times are seconds of any steady clock."""

    began: float
    state: CallState = CallState.RINGING
    lines: list[SpokenLine] = field(default_factory=list)
    ended: float | None = None

    def follow(self, event: Mapping[str, object], now: float) -> None:
        """Take in one event as the simulator's stream gives it. Kinds that a caller does not notice change nothing."""
        match event.get("kind"):
            case "say" | "play" as kind:
                seconds = float(str(event.get("seconds", 0)))
                how = LineKind.SAID if kind == "say" else LineKind.PLAYED
                self.lines.append(SpokenLine(how, str(event["words"]), str(event.get("language", "")), now, seconds))
            case "said":
                self._cut(str(event.get("words", "")), now)
            case "key":
                self._press(str(event["key"]))
            case "state":
                self._enter(CallState(str(event["state"])), now)
            case _:  # the simulator's own kinds, open to growth: not one of our unions
                pass

    def _cut(self, heard: str, now: float) -> None:
        for position, line in reversed(list(enumerate(self.lines))):
            if line.kind in {LineKind.SAID, LineKind.PLAYED} and line.heard is None:
                self.lines[position] = replace(line, heard=line.words if heard == line.words else line.text(now))
                return

    def _press(self, key: str) -> None:
        if self.lines and self.lines[-1].kind is LineKind.KEY:
            self.lines[-1] = replace(self.lines[-1], words=f"{self.lines[-1].words} {key}")
        else:
            self.lines.append(SpokenLine(LineKind.KEY, key))

    def _enter(self, state: CallState, now: float) -> None:
        self.state = state
        if state is CallState.ENDED and self.ended is None:
            self.ended = now
        if state in STATE_NOTES:
            self.lines.append(SpokenLine(LineKind.NOTE, STATE_NOTES[state]))

    def note(self, words: str) -> None:
        """Something that the telephone itself has to say."""
        self.lines.append(SpokenLine(LineKind.NOTE, words))

    def clock(self, now: float) -> str:
        """Minutes and seconds of this call."""
        seconds = int((self.ended if self.ended is not None else now) - self.began)
        return f"{seconds // 60}:{seconds % 60:02}"
