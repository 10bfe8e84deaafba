"""The words the console shows for the vocabulary's values, and for times; calm, and the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from shared.domain.forces import FORCES
from shared.domain.vocabulary import (
    CallState,
    Category,
    Language,
    Mode,
    PresenceState,
)

LANGUAGES: Final[Mapping[Language, str]] = {Language.EN: "English", Language.CY: "Cymraeg"}

MODES: Final[Mapping[Mode, str]] = {
    Mode.UNSET: "Not said; treat as anonymous",
    Mode.ANONYMOUS: "Anonymous",
    Mode.CONFIDENTIAL: "Gives a name to the force's investigators",
}

CATEGORIES: Final[Mapping[Category, str]] = {
    Category.UNSET: "Not chosen",
    Category.INFORMATION_FOR_REWARD: "Information or influence for reward",
    Category.PERSONAL_ADVANTAGE: "Personal advantage",
    Category.SEXUAL_BOUNDARY: "Sexual purposes or boundaries",
    Category.PARTNER_ABUSE: "Abusing or controlling a partner",
    Category.DISCRIMINATORY_CONDUCT: "Discriminatory conduct",
    Category.OTHER: "Something else",
}

PRESENCE: Final[Mapping[PresenceState, str]] = {
    PresenceState.AVAILABLE: "Available",
    PresenceState.ON_CALL: "On a call",
    PresenceState.WRAP_UP: "Wrapping up",
    PresenceState.BREAK: "On a break",
    PresenceState.MISSED: "Missed a call",
    PresenceState.OFFLINE: "Offline",
}

CALL_STATES: Final[Mapping[CallState, str]] = {
    CallState.MENU: "In the menu",
    CallState.QUEUED: "Joining the queue",
    CallState.WAITING: "Waiting",
    CallState.RINGING: "Your telephone is ringing",
    CallState.CONNECTING: "Connecting",
    CallState.TALKING: "Talking",
    CallState.HELD: "On hold",
    CallState.WRAP_UP: "The call has ended",
}


def force_words(force_id: str | None) -> str:
    """The force's name, or that none was chosen."""
    if force_id is None:
        return "Not chosen"
    force = FORCES.get(force_id)
    return force_id if force is None else force.name


def short_force_words(force_id: str | None) -> str:
    """The force's short name, for lists."""
    if force_id is None:
        return "No force yet"
    force = FORCES.get(force_id)
    return force_id if force is None else force.short_name


def clock_words(since: datetime | None, now: datetime) -> str:
    """Elapsed minutes and seconds, with hours once there are any: 4:05, 1:02:09. Never below zero."""
    if since is None:
        return "0:00"
    seconds = max(0, int((now - since) / timedelta(seconds=1)))
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds % 60:02}"
    return f"{minutes}:{seconds % 60:02}"
