"""Every action a person can take in the console: its words, its key and what a screen reader says. One table.

Buttons, shortcuts and the F1 list are all made from it; what an action does is wired elsewhere. What an action needs of
a role is here too; which role has that is in the table of permissions alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from console.translation import tr
from shared.domain.vocabulary import Disposition, Role
from shared.permissions import Verb, may


class Place(StrEnum):
    """Where an action belongs in the F1 list."""

    ANYWHERE = tr("Anywhere")
    OVERSIGHT = tr("Oversight")
    LINE = tr("The line")
    CALL = tr("The call")
    OUTCOME = tr("How the call ended")
    REPORT = tr("The report")
    REVIEW = tr("Review")


@dataclass(frozen=True, slots=True)
class Action:
    """`id` names the button's object (`action.<id>`); `key` is portable text as QKeySequence reads it."""

    id: str
    words: str
    key: str
    accessible: str
    place: Place


OUTCOME_PREFIX: Final = "outcome_"
OVERSIGHT: Final = "oversight"  # the way to the others of its place

TABLE: Final = (
    Action("keys", "Keys", "F1", "Show your keys", Place.ANYWHERE),
    Action("palette", "Find something to do", "Ctrl+K", "Find an action by a few letters and do it", Place.ANYWHERE),
    Action("go_line", "Go to the line", "Alt+1", "Move to the waiting calls", Place.ANYWHERE),
    Action("go_call", "Go to the call", "Alt+2", "Move to the call", Place.ANYWHERE),
    Action("go_report", "Go to the report", "Alt+3", "Move to the report", Place.ANYWHERE),
    Action("theme", "Light, dark, high contrast", "Ctrl+Shift+T", "Change to the next set of colours", Place.ANYWHERE),
    Action("larger_text", "Larger text", "Ctrl+=", "Make all text larger, up to twice its size", Place.ANYWHERE),
    Action("smaller_text", "Smaller text", "Ctrl+-", "Make all text smaller again", Place.ANYWHERE),
    Action("apart", "Two windows, or one", "Ctrl+Shift+E", "Give the report its own window or back", Place.ANYWHERE),
    Action("print_keys", "Make a page to print", "Ctrl+P", "Write your keys to a page to print", Place.ANYWHERE),
    Action("lock", "Lock the desk", "Ctrl+Shift+K", "Hide everything until you give your passphrase", Place.ANYWHERE),
    Action("account", "Sessions and passphrase", "Ctrl+Shift+A", "See where you are signed in", Place.ANYWHERE),
    Action("sign_in", "Sign in", "Ctrl+Shift+I", "Sign in with this name and passphrase", Place.ANYWHERE),
    Action("sign_out", "Sign out", "Ctrl+Shift+Q", "Sign out and forget all keys", Place.ANYWHERE),
    Action(OVERSIGHT, "Oversight", "Alt+4", "Show what else your roles open", Place.OVERSIGHT),
    Action("line_now", "The line now", "Ctrl+Alt+W", "See who waits, and open or close the line", Place.OVERSIGHT),
    Action("outbox", "Outbox", "F12", "See deliveries to the units, and send again", Place.OVERSIGHT),
    Action("left_drafts", "Drafts left behind", "Ctrl+Alt+V", "Recover a draft whose author is away", Place.OVERSIGHT),
    Action("questions", "Questions from units", "Ctrl+Alt+Q", "Read what units ask of callers", Place.OVERSIGHT),
    Action("summary", "Summaries", "Ctrl+Alt+S", "See the figures of a day or longer", Place.OVERSIGHT),
    Action("people", "People", "Ctrl+Shift+P", "See everyone, and what waits to be confirmed", Place.OVERSIGHT),
    Action("audit", "Audit log", "Ctrl+Shift+U", "Read the audit log", Place.OVERSIGHT),
    Action("available", "Available", "F2", "Be available for calls", Place.LINE),
    Action("break", "Break", "F3", "Take a break; no calls are offered", Place.LINE),
    Action("offline", "Offline", "F4", "Go offline; no calls are offered", Place.LINE),
    Action("answer", "Answer", "Ctrl+Return", "Answer the call that is offered", Place.LINE),
    Action("not_now", "Not now", "Ctrl+Shift+N", "Pass the offered call to a colleague", Place.LINE),
    Action("take_waiting", "Take the longest waiting", "Ctrl+Shift+Return", "Take the next waiting call", Place.LINE),
    Action("know_them", "I know who it is", "Ctrl+Alt+O", "Pass the offer on for good; nobody asks why", Place.LINE),
    Action("take_back", "Take it back", "Ctrl+Alt+Z", "Take back the last outcome, within a minute", Place.OUTCOME),
    Action("mute", "Mute", "F10", "Mute your telephone, or stop muting it", Place.CALL),
    Action("ask_help", "Ask for help", "F11", "Let the supervisors see that you want help", Place.CALL),
    Action("bring_in", "Bring someone in", "Ctrl+Alt+B", "Show whom you can bring into the call", Place.CALL),
    Action("join_all", "Join everyone", "Ctrl+Alt+J", "Bring the caller and everyone together", Place.CALL),
    Action("let_go", "Let them go", "Ctrl+Alt+L", "Let whoever was brought in go", Place.CALL),
    Action("hand_over", "Hand the call over", "Ctrl+Alt+H", "Give call and draft to the colleague", Place.CALL),
    Action("hand_on", "I know these people", "Ctrl+Alt+K", "Pass the caller to somebody else", Place.CALL),
    Action("training", "For training", "Ctrl+Alt+T", "Mark the call as training, in no figure", Place.CALL),
    Action("more_time", "More time", "Ctrl+Alt+M", "Take longer to wrap up", Place.OUTCOME),
    Action("finish_break", "Finish, then a break", "Ctrl+Alt+F", "Finish and take a break", Place.OUTCOME),
    Action("answer_time", "Time to answer", "Ctrl+Alt+A", "Change how long calls offered to you stand", Place.LINE),
    Action("hold", "Hold", "F7", "Put the caller on hold", Place.CALL),
    Action("resume", "Resume", "F8", "Take the caller off hold", Place.CALL),
    Action("end", "End call", "F9", "End the call; asks for a second press", Place.CALL),
    Action("finish", "Finish wrap-up", "Ctrl+Shift+F", "Finish with this outcome and be available", Place.CALL),
    Action("give_reference", "Give a reference", "Ctrl+G", "Make a reference to ring again with", Place.REPORT),
    Action("enter_reference", "The caller has one", "Ctrl+Shift+G", "Enter the caller's reference", Place.REPORT),
    Action("confirm_reference", "The caller has it", "Ctrl+Alt+G", "The caller has said the words back", Place.REPORT),
    Action("refuse_reference", "Not wanted", "Ctrl+Alt+N", "The caller wants no reference", Place.REPORT),
    Action("new_report", "New report without a call", "Ctrl+N", "Begin a report that belongs to no call", Place.REPORT),
    Action("other_version", "Use the other version", "Ctrl+Shift+O", "Go on with the other version", Place.REPORT),
    Action("another_report", "Second report", "Ctrl+Shift+D", "Begin a second report, for another force", Place.REPORT),
    Action("submit", "Submit for review", "Ctrl+Shift+S", "Submit the report for review", Place.REPORT),
    Action("save", "Save now", "Ctrl+S", "Save the report now", Place.REPORT),
    Action("next_problem", "Next problem", "F6", "Go to the next field that needs something", Place.REPORT),
    Action("next_by_key", "Next yes or no", "Ctrl+Shift+Y", "Go to the next question for yes or no", Place.REPORT),
    Action("only_by_key", "Only yes and no", "Ctrl+Alt+Y", "Show only questions for yes or no", Place.REPORT),
    Action("hints", "Check the wording", "Ctrl+Shift+H", "Show words that could point to a person", Place.REPORT),
    Action("next_hint", "Next words", "F5", "Go to the next words that could point to a person", Place.REPORT),
    Action("close_report", "Put away", "Ctrl+Shift+W", "Put the report away and empty the form", Place.REPORT),
    Action(
        "next_place",
        "Next place",
        "Ctrl+J",
        "Go to the next place in the review",
        Place.REVIEW,
    ),
    Action("release", "Release to the unit", "Ctrl+Shift+R", "Seal and release the report to the unit", Place.REVIEW),
    Action("release_urgent", "Release urgently", "Ctrl+Alt+U", "Release at once; a second looks after", Place.REVIEW),
    Action("hold_report", "Hold the report", "Ctrl+Shift+J", "Wait with this report until that day", Place.REVIEW),
    Action("take_up", "Take up again", "Ctrl+Alt+E", "Go on with this report, which was held", Place.REVIEW),
    Action("reject", "Ask to reject", "Ctrl+Alt+R", "Ask a second supervisor to reject this report", Place.REVIEW),
    Action("confirm", "Confirm", "Ctrl+Alt+C", "Confirm what a colleague asked about this report", Place.REVIEW),
    Action("decline", "Decline", "Ctrl+Alt+D", "Leave the report as it was", Place.REVIEW),
    Action("remark", "Remark here", "Ctrl+Shift+M", "Write a remark at the answer one is in", Place.REVIEW),
    Action("return", "Return to the author", "Ctrl+Shift+B", "Return the report with these remarks", Place.REVIEW),
    Action("close_review", "Back", "Ctrl+Shift+L", "Leave the review and go back to the desk", Place.REVIEW),
)

# What the actions of a place need of a role, and what single ones do instead. Others need nothing.
NEEDED_AT: Final[Mapping[Place, Verb]] = MappingProxyType(
    {
        Place.LINE: Verb.TAKE_CALLS,
        Place.CALL: Verb.TAKE_CALLS,
        Place.OUTCOME: Verb.TAKE_CALLS,
        Place.REPORT: Verb.WRITE_REPORTS,
        Place.REVIEW: Verb.REVIEW_REPORTS,
    }
)
NEEDED_BY: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "go_line": Verb.SEE_BOARD,
        "go_call": Verb.TAKE_CALLS,
        "go_report": Verb.READ_REPORTS,
        "apart": Verb.READ_REPORTS,
        "account": Verb.OWN_SESSIONS,
        "sign_out": Verb.SIGN_OUT,
        "line_now": Verb.SEE_LINE,
        "outbox": Verb.SEE_OUTBOX,
        "left_drafts": Verb.RECOVER_DRAFTS,
        "questions": Verb.REVIEW_REPORTS,
        "summary": Verb.READ_SUMMARIES,
        "people": Verb.SEE_PEOPLE,
        "audit": Verb.READ_AUDIT,
        "available": Verb.SET_PRESENCE,
        "break": Verb.SET_PRESENCE,
        "offline": Verb.SET_PRESENCE,
        "answer_time": Verb.SET_PRESENCE,
    }
)

OUTCOME_WORDS: Final[Mapping[Disposition, str]] = {
    Disposition.REPORT: tr("Report"),
    Disposition.ENQUIRY: tr("Enquiry"),
    Disposition.SIGNPOSTED: tr("Signposted"),
    Disposition.EMERGENCY: tr("Emergency"),
    Disposition.REPEAT: tr("Rang again"),
    Disposition.SILENT: tr("Silent"),
    Disposition.WRONG_NUMBER: tr("Wrong number"),
    Disposition.HOAX: tr("Hoax"),
    Disposition.ABUSIVE: tr("Abusive"),
    Disposition.TEST: tr("Test call"),
}


def outcome_action(disposition: Disposition) -> str:
    """The id of the action that chooses this outcome."""
    return OUTCOME_PREFIX + disposition.value


def _spoken(action: Action) -> Action:
    return replace(action, words=tr(action.words), accessible=tr(action.accessible))


def _outcomes() -> tuple[Action, ...]:
    return tuple(
        Action(
            outcome_action(disposition),
            words,
            f"Ctrl+{number % 10}",
            tr("Outcome: {words}").format(words=words),
            Place.OUTCOME,
        )
        for number, (disposition, words) in enumerate(OUTCOME_WORDS.items(), start=1)
    )


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {action.id: action for action in (*map(_spoken, TABLE), *_outcomes())}
)


def needed(action_id: str) -> Verb | None:
    """What a role must include for this action; None where anyone may do it."""
    return NEEDED_BY.get(action_id) or NEEDED_AT.get(ACTIONS[action_id].place)


def actions_for(roles: Iterable[Role]) -> frozenset[str]:
    """The ids of what somebody in these roles may do. The way to oversight is there where it leads to something."""
    held = tuple(roles)
    allowed = {one for one in ACTIONS if (verb := needed(one)) is None or may(held, verb)}
    if not any(ACTIONS[one].place is Place.OVERSIGHT for one in allowed - {OVERSIGHT}):
        allowed.discard(OVERSIGHT)
    return frozenset(allowed)
