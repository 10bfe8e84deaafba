"""The desk's addresses, as the console asks for them: verb, path and what comes back. One table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from shared.enrolment_messages import EnrolmentBegun, Waiting
from shared.line_messages import LineNow
from shared.messages import Message, PassphraseParameters, Saved, SealedContact, SealedReport, SignedIn
from shared.outbox_messages import Outbox, WithdrawnReport
from shared.people_messages import AuditPages, Invited, Names, NewToken, OwnSessions, People, SecondFactorSecret
from shared.question_messages import Questions
from shared.recovery_messages import LeftDrafts, Recovered
from shared.summary_messages import SummaryFile, SummarySheet

EVENTS: Final = "/desk/v1/events"


@dataclass(frozen=True, slots=True)
class Route:
    """`path` may hold one `{id}`. `answer` is None where nothing comes back."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    answer: type[Message] | None = None

    def address(self, object_id: str | None) -> str:
        """The path for one call or report."""
        return self.path if object_id is None else self.path.replace("{id}", object_id)


PARAMETERS: Final = Route("POST", "/desk/v1/sign-in/parameters", PassphraseParameters)
SIGN_IN: Final = Route("POST", "/desk/v1/sign-in", SignedIn)
SIGN_OUT: Final = Route("DELETE", "/desk/v1/session")
SET_UP_SECOND_FACTOR: Final = Route("POST", "/desk/v1/sign-in/second-factor", SecondFactorSecret)
WAITING: Final = Route("POST", "/desk/v1/sign-in/waiting", Waiting)
BEGIN_ENROLMENT: Final = Route("POST", "/desk/v1/enrolment/begin", EnrolmentBegun)
KEEP_FIRST_KEYS: Final = Route("POST", "/desk/v1/enrolment/keys")
RENEW_TOKEN: Final = Route("POST", "/desk/v1/session/token", NewToken)
CHANGE_PASSPHRASE: Final = Route("PUT", "/desk/v1/session/passphrase")
OWN_SESSIONS: Final = Route("GET", "/desk/v1/sessions", OwnSessions)
END_SESSION: Final = Route("DELETE", "/desk/v1/sessions/{id}")
PRESENCE: Final = Route("PUT", "/desk/v1/presence")

TAKE_CALL: Final = Route("POST", "/desk/v1/calls/{id}/take")
DECLINE_CALL: Final = Route("POST", "/desk/v1/calls/{id}/decline")
HOLD_CALL: Final = Route("POST", "/desk/v1/calls/{id}/hold")
RESUME_CALL: Final = Route("POST", "/desk/v1/calls/{id}/resume")
END_CALL: Final = Route("POST", "/desk/v1/calls/{id}/end")
WRAP_UP: Final = Route("POST", "/desk/v1/calls/{id}/wrap-up")
CORRECT_CHOICES: Final = Route("PUT", "/desk/v1/calls/{id}/choices")

ANSWER_TIME: Final = Route("PUT", "/desk/v1/presence/answer-time")
GIVE_CALL: Final = Route("POST", "/desk/v1/calls/{id}/give")
HAND_ON: Final = Route("POST", "/desk/v1/calls/{id}/hand-on")
MUTE: Final = Route("POST", "/desk/v1/calls/{id}/mute")
UNMUTE: Final = Route("POST", "/desk/v1/calls/{id}/unmute")
CONSULT: Final = Route("POST", "/desk/v1/calls/{id}/consult")
BRING_IN: Final = Route("POST", "/desk/v1/calls/{id}/bring-in")
JOIN_ALL: Final = Route("POST", "/desk/v1/calls/{id}/join")
SEND_AWAY: Final = Route("POST", "/desk/v1/calls/{id}/send-away")
HAND_OVER: Final = Route("POST", "/desk/v1/calls/{id}/hand-over")
ASK_FOR_HELP: Final = Route("POST", "/desk/v1/calls/{id}/help")
WANT_NO_HELP: Final = Route("DELETE", "/desk/v1/calls/{id}/help")
GIVE_HELP: Final = Route("POST", "/desk/v1/calls/{id}/help/answer")
MORE_TIME: Final = Route("POST", "/desk/v1/calls/{id}/extend")
TAKE_BACK: Final = Route("POST", "/desk/v1/calls/{id}/take-back")
TRAINING: Final = Route("PUT", "/desk/v1/calls/{id}/training")

NEW_REPORT: Final = Route("POST", "/desk/v1/reports", Saved)
SAVE_REPORT: Final = Route("PUT", "/desk/v1/reports/{id}", Saved)
OPEN_REPORT: Final = Route("GET", "/desk/v1/reports/{id}", SealedReport)
WAITING_CONTACT: Final = Route("GET", "/desk/v1/reports/{id}/contact", SealedContact)
READDRESS_CONTACT: Final = Route("PUT", "/desk/v1/reports/{id}/contact")
WITHDRAW_CONSENT: Final = Route("DELETE", "/desk/v1/reports/{id}/contact", Saved)
SUBMIT_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/submit", Saved)
GIVE_REFERENCE: Final = Route("POST", "/desk/v1/references")
FIND_REFERENCE: Final = Route("POST", "/desk/v1/references/find")
WITHDRAW_REFERENCE: Final = Route("POST", "/desk/v1/references/withdraw")
QUESTIONS: Final = Route("GET", "/desk/v1/questions", Questions)
WAITING_QUESTIONS: Final = Route("GET", "/desk/v1/waiting-questions", Questions)
ACCEPT_QUESTION: Final = Route("POST", "/desk/v1/questions/{id}/accept")
REJECT_QUESTION: Final = Route("DELETE", "/desk/v1/questions/{id}")
RETURN_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/return", Saved)
RELEASE_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/release", Saved)
HOLD_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/hold", Saved)
TAKE_UP_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/take-up", Saved)
ASK_SECOND: Final = Route("POST", "/desk/v1/reports/{id}/ask", Saved)
SENT_URGENTLY: Final = Route("GET", "/desk/v1/reports/{id}/sent", SealedReport)
CONFIRM_ASK: Final = Route("POST", "/desk/v1/reports/{id}/ask/confirm", Saved)
DECLINE_ASK: Final = Route("DELETE", "/desk/v1/reports/{id}/ask", Saved)
OPEN_FOR_REVIEW: Final = Route("PUT", "/desk/v1/reports/{id}/reading")
LEAVE_REVIEW: Final = Route("DELETE", "/desk/v1/reading")
NOTE_REJECTION: Final = Route("DELETE", "/desk/v1/reports/{id}/rejection")

NAMES: Final = Route("GET", "/desk/v1/names", Names)
PEOPLE: Final = Route("GET", "/desk/v1/people", People)
PROPOSE: Final = Route("POST", "/desk/v1/people/{id}/proposals")
CONFIRM_PROPOSAL: Final = Route("POST", "/desk/v1/proposals/{id}/confirm")
WITHDRAW_PROPOSAL: Final = Route("DELETE", "/desk/v1/proposals/{id}")
INVITE: Final = Route("POST", "/desk/v1/newcomers", Invited)
RENEW_WORDS: Final = Route("PUT", "/desk/v1/newcomers/{id}/words", Invited)
VOUCH: Final = Route("POST", "/desk/v1/newcomers/{id}/vouch")
TURN_AWAY: Final = Route("DELETE", "/desk/v1/newcomers/{id}")
SIGN_OUT_OTHER: Final = Route("DELETE", "/desk/v1/people/{id}/sessions")
SUMMARY: Final = Route("POST", "/desk/v1/summaries", SummarySheet)
SUMMARY_FILE: Final = Route("POST", "/desk/v1/summaries/file", SummaryFile)
SINCE_LAUNCH: Final = Route("POST", "/desk/v1/summaries/since-launch", SummarySheet)
SINCE_LAUNCH_FILE: Final = Route("POST", "/desk/v1/summaries/since-launch/file", SummaryFile)
AUDIT: Final = Route("GET", "/desk/v1/audit", AuditPages)
EARLIER_AUDIT: Final = Route("POST", "/desk/v1/audit/earlier", AuditPages)

LINE_NOW: Final = Route("GET", "/desk/v1/line", LineNow)
SAY_HOURS: Final = Route("PUT", "/desk/v1/line/hours")
USUAL_HOURS: Final = Route("DELETE", "/desk/v1/line/hours")

OUTBOX: Final = Route("GET", "/desk/v1/outbox", Outbox)
ASK_TO_REROUTE: Final = Route("POST", "/desk/v1/reports/{id}/reroute/ask")
READ_TO_REROUTE: Final = Route("GET", "/desk/v1/reports/{id}/reroute", SealedReport)
REROUTE: Final = Route("POST", "/desk/v1/reports/{id}/reroute", Saved)
WITHDRAW_REPORT: Final = Route("POST", "/desk/v1/reports/{id}/withdraw", WithdrawnReport)
SEAL_NOTICE: Final = Route("POST", "/desk/v1/outbox/{id}/notice")
SEND_AGAIN: Final = Route("POST", "/desk/v1/outbox/{id}/send-again")

LEFT_DRAFTS: Final = Route("GET", "/desk/v1/left-drafts", LeftDrafts)
ASK_TO_RECOVER: Final = Route("POST", "/desk/v1/reports/{id}/recovery")
CONFIRM_RECOVERY: Final = Route("POST", "/desk/v1/reports/{id}/recovery/confirm")
DECLINE_RECOVERY: Final = Route("DELETE", "/desk/v1/reports/{id}/recovery")
RECOVERABLE: Final = Route("GET", "/desk/v1/reports/{id}/recovery", SealedReport)
GIVE_RECOVERED: Final = Route("POST", "/desk/v1/reports/{id}/recovery/give")
RECOVERED: Final = Route("GET", "/desk/v1/recovered", Recovered)
NOTE_RECOVERED: Final = Route("DELETE", "/desk/v1/recovered")
