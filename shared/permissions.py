"""Who may do what, as one table: a role has verbs, and each verb a condition on whose object it is.

It does not know routes, screens or tables; whoever asks says how the person stands to the object.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from shared.domain.vocabulary import Role


class Verb(StrEnum):
    """Something a signed-in person may be allowed to do."""

    SIGN_OUT = "sign_out"
    OWN_SESSIONS = "own_sessions"
    CHANGE_PASSPHRASE = "change_passphrase"  # noqa: S105  # the name of a verb
    SEE_BOARD = "see_board"
    SEE_QUEUE = "see_queue"
    SEE_COLLEAGUES = "see_colleagues"
    SEE_LINE = "see_line"
    SAY_HOURS = "say_hours"
    READ_DIRECTORY = "read_directory"
    SET_PRESENCE = "set_presence"
    TAKE_CALLS = "take_calls"
    HAND_OUT_CALLS = "hand_out_calls"
    GIVE_HELP = "give_help"
    WRITE_REPORTS = "write_reports"
    READ_REPORTS = "read_reports"
    REVIEW_REPORTS = "review_reports"
    RECOVER_DRAFTS = "recover_drafts"
    SEE_OUTBOX = "see_outbox"
    SEND_AGAIN = "send_again"
    SIGN_OUT_OTHERS = "sign_out_others"
    SEE_PEOPLE = "see_people"
    PROPOSE_CHANGES = "propose_changes"
    CONFIRM_CHANGES = "confirm_changes"
    READ_AUDIT = "read_audit"
    READ_SUMMARIES = "read_summaries"


class Condition(StrEnum):
    """On whose object a verb may be used."""

    ANY = "any"  # anyone's, or none at all
    OWN = "own"  # one's own alone
    OTHERS = "others"  # never one's own


Verbs = Mapping[Verb, Condition]


def _where(condition: Condition, *verbs: Verb) -> dict[Verb, Condition]:
    return dict.fromkeys(verbs, condition)


_EVERYONE: Final = {
    **_where(Condition.OWN, Verb.SIGN_OUT, Verb.OWN_SESSIONS, Verb.CHANGE_PASSPHRASE),
    **_where(Condition.ANY, Verb.SEE_BOARD, Verb.READ_DIRECTORY),
}

PERMISSIONS: Final[Mapping[Role, Verbs]] = MappingProxyType(
    {
        Role.HANDLER: {
            **_EVERYONE,
            **_where(Condition.ANY, Verb.SEE_QUEUE),
            **_where(Condition.OWN, Verb.SET_PRESENCE, Verb.TAKE_CALLS, Verb.WRITE_REPORTS, Verb.READ_REPORTS),
        },
        Role.SUPERVISOR: {
            **_EVERYONE,
            **_where(Condition.ANY, Verb.SEE_QUEUE, Verb.SEE_COLLEAGUES, Verb.READ_REPORTS, Verb.SIGN_OUT_OTHERS),
            **_where(Condition.OTHERS, Verb.REVIEW_REPORTS, Verb.RECOVER_DRAFTS, Verb.GIVE_HELP),
            **_where(Condition.ANY, Verb.SEE_OUTBOX, Verb.SEND_AGAIN, Verb.SEE_LINE, Verb.SAY_HOURS),
            **_where(Condition.ANY, Verb.HAND_OUT_CALLS, Verb.READ_SUMMARIES),
        },
        Role.ADMINISTRATOR: {
            **_EVERYONE,
            **_where(Condition.ANY, Verb.SEE_PEOPLE, Verb.PROPOSE_CHANGES, Verb.SIGN_OUT_OTHERS),
            **_where(Condition.OTHERS, Verb.CONFIRM_CHANGES),
        },
        Role.AUDITOR: {**_EVERYONE, **_where(Condition.ANY, Verb.READ_AUDIT)},
    }
)


def may(roles: Iterable[Role], verb: Verb) -> bool:
    """Whether any of these roles includes the verb, on whatever condition."""
    return any(verb in PERMISSIONS[role] for role in roles)


def may_with(roles: Iterable[Role], verb: Verb, own: bool) -> bool:
    """Whether any of these roles includes the verb for an object that is one's own, or is not."""
    return any(_holds(PERMISSIONS[role][verb], own) for role in roles if verb in PERMISSIONS[role])


def _holds(condition: Condition, own: bool) -> bool:
    match condition:
        case Condition.ANY:
            return True
        case Condition.OWN:
            return own
        case Condition.OTHERS:
            return not own
        case _:
            assert_never(condition)
