"""Who may do what, as one table: a role has verbs. It does not know routes, screens or whose object it is."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.vocabulary import Role


class Verb(StrEnum):
    """Something a signed-in person may be allowed to do."""

    SIGN_OUT = "sign_out"
    SEE_BOARD = "see_board"
    SEE_QUEUE = "see_queue"
    SEE_COLLEAGUES = "see_colleagues"
    READ_DIRECTORY = "read_directory"
    SET_PRESENCE = "set_presence"
    TAKE_CALLS = "take_calls"
    WRITE_REPORTS = "write_reports"
    READ_REPORTS = "read_reports"
    REVIEW_REPORTS = "review_reports"


_EVERYONE: Final = frozenset({Verb.SIGN_OUT, Verb.SEE_BOARD, Verb.READ_DIRECTORY})

PERMISSIONS: Final[Mapping[Role, frozenset[Verb]]] = MappingProxyType(
    {
        Role.HANDLER: _EVERYONE
        | {Verb.SEE_QUEUE, Verb.SET_PRESENCE, Verb.TAKE_CALLS, Verb.WRITE_REPORTS, Verb.READ_REPORTS},
        Role.SUPERVISOR: _EVERYONE | {Verb.SEE_QUEUE, Verb.SEE_COLLEAGUES, Verb.READ_REPORTS, Verb.REVIEW_REPORTS},
        Role.ADMINISTRATOR: _EVERYONE,
        Role.AUDITOR: _EVERYONE,
    }
)


def may(roles: Iterable[Role], verb: Verb) -> bool:
    """Whether any of these roles includes the verb."""
    return any(verb in PERMISSIONS[role] for role in roles)
