"""The words the console shows for the vocabulary's values, and for times; calm, and the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from console.translation import tr
from shared.domain.forces import FORCES
from shared.domain.vocabulary import (
    CallState,
    Category,
    Language,
    Mode,
    PresenceState,
)

LANGUAGES: Final[Mapping[Language, str]] = {Language.EN: tr("English"), Language.CY: "Cymraeg"}

MODES: Final[Mapping[Mode, str]] = {
    Mode.UNSET: tr("Not said; treat as anonymous"),
    Mode.ANONYMOUS: tr("Anonymous"),
    Mode.CONFIDENTIAL: tr("Gives a name to the force's investigators"),
}

CATEGORIES: Final[Mapping[Category, str]] = {
    Category.UNSET: tr("Not chosen"),
    Category.INFORMATION_FOR_REWARD: tr("Information or influence for reward"),
    Category.PERSONAL_ADVANTAGE: tr("Personal advantage"),
    Category.SEXUAL_BOUNDARY: tr("Sexual purposes or boundaries"),
    Category.PARTNER_ABUSE: tr("Abusing or controlling a partner"),
    Category.DISCRIMINATORY_CONDUCT: tr("Discriminatory conduct"),
    Category.OTHER: tr("Something else"),
}

PRESENCE: Final[Mapping[PresenceState, str]] = {
    PresenceState.AVAILABLE: tr("Available"),
    PresenceState.ON_CALL: tr("On a call"),
    PresenceState.WRAP_UP: tr("Wrapping up"),
    PresenceState.BREAK: tr("On a break"),
    PresenceState.MISSED: tr("Away"),
    PresenceState.OFFLINE: tr("Offline"),
}

CALL_STATES: Final[Mapping[CallState, str]] = {
    CallState.MENU: tr("In the menu"),
    CallState.QUEUED: tr("Joining the queue"),
    CallState.WAITING: tr("Waiting"),
    CallState.RINGING: tr("Your telephone is ringing"),
    CallState.CONNECTING: tr("Connecting"),
    CallState.TALKING: tr("Talking"),
    CallState.HELD: tr("On hold"),
    CallState.WRAP_UP: tr("The call has ended"),
}


def force_words(force_id: str | None) -> str:
    """The force's name, or that none was chosen."""
    if force_id is None:
        return tr("Not chosen")
    force = FORCES.get(force_id)
    return force_id if force is None else force.name


def short_force_words(force_id: str | None) -> str:
    """The force's short name, for lists."""
    if force_id is None:
        return tr("No force yet")
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
