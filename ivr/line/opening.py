"""When the line is open, as it is spoken. Knows the hours and no caller."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from ivr.line.prompts import Prompts, Spoken
from shared.domain.hours import Hours
from shared.domain.london import LONDON
from shared.domain.vocabulary import Language

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_NAMED_WITHIN: Final = 6  # days; beyond, a weekday alone could be understood as this week's


@dataclass(frozen=True, slots=True)
class Opening:
    """What to say of the hours: a prompt, "" for nothing; the name of a day and the hour that its words want."""

    prompt: str = "open_always"
    day: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, prompts: Prompts, language: Language) -> list[Spoken]:
        """The words, none where there is nothing that would be true and short."""
        if not self.prompt:
            return []
        named = {"day": prompts.name(f"day.{self.day}", language)} if self.day else {}
        return [prompts.say(self.prompt, language, **self.values, **named)]


def opening(hours: Hours, now: datetime) -> Opening:
    """What is true of the hours at an aware instant: open always or until when, or opening when."""
    if hours.is_open(now):
        return _until(hours.closes(now), now) if hours.closed or not hours.always else Opening()
    opens = hours.opens(now)
    return Opening("") if opens is None else _again(opens.astimezone(LONDON), now.astimezone(LONDON))


def _until(closes: datetime | None, now: datetime) -> Opening:
    """A line that closes within a day says so; of one that is open for longer there is nothing to say."""
    if closes is None or closes - now >= timedelta(days=1):
        return Opening("")
    at = closes.astimezone(LONDON)
    return Opening("open_until_midnight") if at.time() == time.min else Opening("open_until", values=_hour(at))


def _again(opens: datetime, now: datetime) -> Opening:
    days = (opens.date() - now.date()).days
    at_midnight, weekday = opens.time() == time.min, DAYS[opens.weekday()]
    if days == 0:
        return Opening("opens_today", values=_hour(opens))
    if days == 1:
        return Opening("opens_tomorrow") if at_midnight else Opening("opens_tomorrow_at", values=_hour(opens))
    if days > DAY_NAMED_WITHIN:
        return Opening("")
    return Opening("opens_on", weekday) if at_midnight else Opening("opens_on_at", weekday, _hour(opens))


def _hour(at: datetime) -> dict[str, str]:
    return {"hour": f"{at.hour}:{at.minute:02}"}
