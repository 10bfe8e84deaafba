"""Every address of the desk's API, the verb it needs and the message it takes, as one table."""

from typing import Final

from ivr.desk import calls, follow, outbox, parties, people, presence, references, reports, review, session, summaries
from ivr.desk.routing import OpenRoute, Route
from shared.call_messages import AnswerTime, BringIn, HandOver, SendAway, ToPerson, Training
from shared.messages import CorrectChoices, SaveReport, SealedContact, SetPresence, SignIn, WhoSignsIn, WrapUp
from shared.outbox_messages import AskToReroute, RerouteReport, WithdrawReport
from shared.people_messages import ChangePassphrase, Propose
from shared.permissions import Verb
from shared.reference_messages import ReferenceProof
from shared.review_messages import AskSecond, HoldReport, ReleaseReport, ReturnReport, SeenRevision
from shared.summary_messages import AskSummary, AskSummaryFile

ROUTES: Final[tuple[Route | OpenRoute, ...]] = (
    OpenRoute("POST", "/sign-in/parameters", session.parameters, WhoSignsIn),
    OpenRoute("POST", "/sign-in", session.sign_in, SignIn),
    OpenRoute("POST", "/sign-in/second-factor", session.set_up, SignIn),
    Route("POST", "/session/token", Verb.OWN_SESSIONS, session.renew),
    Route("PUT", "/session/passphrase", Verb.CHANGE_PASSPHRASE, session.change_passphrase, ChangePassphrase),
    Route("GET", "/sessions", Verb.OWN_SESSIONS, session.own_sessions),
    Route("DELETE", "/sessions/<id:id>", Verb.OWN_SESSIONS, session.end_own),
    Route("DELETE", "/people/<id:id>/sessions", Verb.SIGN_OUT_OTHERS, session.sign_out_other),
    Route("GET", "/names", Verb.READ_DIRECTORY, people.names),
    Route("GET", "/people", Verb.SEE_PEOPLE, people.everyone),
    Route("POST", "/people/<id:id>/proposals", Verb.PROPOSE_CHANGES, people.put_forward, Propose),
    Route("POST", "/proposals/<id:id>/confirm", Verb.CONFIRM_CHANGES, people.confirm_proposal),
    Route("DELETE", "/proposals/<id:id>", Verb.PROPOSE_CHANGES, people.withdraw_proposal),
    Route("POST", "/summaries", Verb.READ_SUMMARIES, summaries.summary, AskSummary),
    Route("POST", "/summaries/file", Verb.READ_SUMMARIES, summaries.summary_file, AskSummaryFile),
    Route("GET", "/audit", Verb.READ_AUDIT, people.audit_pages),
    Route("DELETE", "/session", Verb.SIGN_OUT, session.sign_out),
    Route("GET", "/directory", Verb.READ_DIRECTORY, session.directory),
    Route("GET", "/events", Verb.SEE_BOARD, follow.follow),
    Route("PUT", "/presence", Verb.SET_PRESENCE, presence.put, SetPresence),
    Route("PUT", "/presence/answer-time", Verb.SET_PRESENCE, presence.put_answer_time, AnswerTime),
    Route("POST", "/calls/<id:id>/give", Verb.HAND_OUT_CALLS, calls.give, ToPerson),
    Route("POST", "/calls/<id:id>/mute", Verb.TAKE_CALLS, calls.mute),
    Route("POST", "/calls/<id:id>/unmute", Verb.TAKE_CALLS, calls.unmute),
    Route("POST", "/calls/<id:id>/consult", Verb.TAKE_CALLS, parties.consult, ToPerson),
    Route("POST", "/calls/<id:id>/bring-in", Verb.TAKE_CALLS, parties.bring_in, BringIn),
    Route("POST", "/calls/<id:id>/join", Verb.TAKE_CALLS, parties.join_all),
    Route("POST", "/calls/<id:id>/hand-over", Verb.TAKE_CALLS, parties.hand_over, HandOver),
    Route("POST", "/calls/<id:id>/help", Verb.TAKE_CALLS, parties.ask_for_help),
    Route("DELETE", "/calls/<id:id>/help", Verb.TAKE_CALLS, parties.want_no_help),
    Route("POST", "/calls/<id:id>/help/answer", Verb.GIVE_HELP, parties.give_help),
    Route("POST", "/calls/<id:id>/send-away", Verb.TAKE_CALLS, parties.send_away, SendAway),
    Route("POST", "/calls/<id:id>/extend", Verb.TAKE_CALLS, calls.extend),
    Route("POST", "/calls/<id:id>/take-back", Verb.TAKE_CALLS, calls.take_back),
    Route("PUT", "/calls/<id:id>/training", Verb.TAKE_CALLS, calls.training, Training),
    Route("POST", "/calls/<id:id>/take", Verb.TAKE_CALLS, calls.take),
    Route("POST", "/calls/<id:id>/decline", Verb.TAKE_CALLS, calls.decline),
    Route("POST", "/calls/<id:id>/hold", Verb.TAKE_CALLS, calls.hold),
    Route("POST", "/calls/<id:id>/resume", Verb.TAKE_CALLS, calls.resume),
    Route("POST", "/calls/<id:id>/end", Verb.TAKE_CALLS, calls.end),
    Route("POST", "/calls/<id:id>/wrap-up", Verb.TAKE_CALLS, calls.wrap_up, WrapUp),
    Route("POST", "/calls/<id:id>/hand-on", Verb.TAKE_CALLS, calls.hand_on),
    Route("PUT", "/calls/<id:id>/choices", Verb.TAKE_CALLS, calls.correct_choices, CorrectChoices),
    Route("POST", "/reports", Verb.WRITE_REPORTS, reports.start, SaveReport),
    Route("PUT", "/reports/<id:id>", Verb.WRITE_REPORTS, reports.save, SaveReport),
    Route("GET", "/reports/<id:id>", Verb.READ_REPORTS, reports.read),
    Route("GET", "/reports/<id:id>/contact", Verb.WRITE_REPORTS, reports.read_contact),
    Route("PUT", "/reports/<id:id>/contact", Verb.WRITE_REPORTS, reports.readdress, SealedContact),
    Route("DELETE", "/reports/<id:id>/contact", Verb.WRITE_REPORTS, reports.withdraw_contact),
    Route("POST", "/references", Verb.WRITE_REPORTS, references.give, ReferenceProof),
    Route("POST", "/references/find", Verb.WRITE_REPORTS, references.find, ReferenceProof),
    Route("POST", "/references/withdraw", Verb.WRITE_REPORTS, references.withdraw, ReferenceProof),
    Route("POST", "/reports/<id:id>/submit", Verb.WRITE_REPORTS, reports.submit, SaveReport),
    Route("POST", "/reports/<id:id>/return", Verb.REVIEW_REPORTS, review.give_back, ReturnReport),
    Route("POST", "/reports/<id:id>/release", Verb.REVIEW_REPORTS, review.release, ReleaseReport),
    Route("POST", "/reports/<id:id>/hold", Verb.REVIEW_REPORTS, review.hold, HoldReport),
    Route("POST", "/reports/<id:id>/take-up", Verb.REVIEW_REPORTS, review.take_up, SeenRevision),
    Route("POST", "/reports/<id:id>/ask", Verb.REVIEW_REPORTS, review.ask_second, AskSecond),
    Route("POST", "/reports/<id:id>/ask/confirm", Verb.REVIEW_REPORTS, review.confirm, SeenRevision),
    Route("DELETE", "/reports/<id:id>/ask", Verb.REVIEW_REPORTS, review.decline),
    Route("PUT", "/reports/<id:id>/reading", Verb.REVIEW_REPORTS, review.open_it),
    Route("DELETE", "/reading", Verb.REVIEW_REPORTS, review.leave),
    Route("DELETE", "/reports/<id:id>/rejection", Verb.WRITE_REPORTS, review.note_rejection),
    Route("GET", "/outbox", Verb.SEE_OUTBOX, outbox.see),
    Route("POST", "/outbox/<id:id>/send-again", Verb.SEND_AGAIN, outbox.again),
    Route("POST", "/reports/<id:id>/reroute/ask", Verb.REVIEW_REPORTS, outbox.ask_elsewhere, AskToReroute),
    Route("GET", "/reports/<id:id>/reroute", Verb.REVIEW_REPORTS, outbox.read_elsewhere),
    Route("POST", "/reports/<id:id>/reroute", Verb.REVIEW_REPORTS, outbox.send_elsewhere, RerouteReport),
    Route("POST", "/reports/<id:id>/withdraw", Verb.REVIEW_REPORTS, outbox.withdraw, WithdrawReport),
)
