"""Facts that stop an action. The desk turns each into a status and a sentence; the console shows the sentence."""


class Refusal(Exception):
    """The world is not as the person thought. `code` is stable; `sentence` is for people."""

    code = "refused"
    sentence = "That could not be done."
    status = 409

    def __init__(self) -> None:
        super().__init__(self.sentence)


class CallAlreadyTaken(Refusal):
    code = "call_already_taken"
    sentence = "A colleague has just taken this call."


class CallGone(Refusal):
    code = "call_gone"
    sentence = "The caller has left."


class CallNotYours(Refusal):
    code = "call_not_yours"
    sentence = "This call is with someone else."
    status = 403


class CallNotInThatState(Refusal):
    code = "call_not_in_that_state"
    sentence = "The call has moved on; please look again."


class AlreadyOnACall(Refusal):
    code = "already_on_a_call"
    sentence = "Finish the call you have first."


class NotAvailable(Refusal):
    code = "not_available"
    sentence = "Say that you are available first."


class AnotherLanguage(Refusal):
    code = "another_language"
    sentence = "This caller is waiting for someone who speaks their language."
    status = 403


class NoHandset(Refusal):
    code = "no_handset"
    sentence = "No telephone is set up for you. An administrator can add one."


class PartyOnTheLine(Refusal):
    code = "party_on_the_line"
    sentence = "Somebody is on the line with you. Join all, or let them go first."


class CannotBeAsked(Refusal):
    code = "cannot_be_asked"
    sentence = "This person cannot come to the telephone now."


class HelpNotWanted(Refusal):
    code = "help_not_wanted"
    sentence = "Help is not wanted any more."


class OwnCall(Refusal):
    code = "own_call"
    sentence = "This is your own call."
    status = 403


class NobodyToHandTo(Refusal):
    code = "nobody_to_hand_to"
    sentence = "No colleague is on the line to take over. Ask one first."


class CannotBeOffered(Refusal):
    code = "cannot_be_offered"
    sentence = "This call cannot be given to this person now."


class NotOnTheList(Refusal):
    code = "not_on_the_list"
    sentence = "This is not on the list that the service keeps."
    status = 422


class TimeNotAhead(Refusal):
    code = "time_not_ahead"
    sentence = "Choose a time within the next 24 hours."
    status = 422


class StaleReport(Refusal):
    code = "stale_report"
    sentence = "This report was changed elsewhere. Open it again to see the newest text."


class ReportNotFound(Refusal):
    code = "report_not_found"
    sentence = "There is no such report, or it is not yours to open."
    status = 404


class ReportNotInThatState(Refusal):
    code = "report_not_in_that_state"
    sentence = "The report has moved on; please look again."


class OwnReport(Refusal):
    code = "own_report"
    sentence = "Someone else must review a report you wrote."
    status = 403


class ReportIncomplete(Refusal):
    code = "report_incomplete"
    sentence = "Something needed is still missing from the report."


class EnvelopeRefused(Refusal):
    code = "envelope_refused"
    sentence = "The sealed report is not as it must be. Nothing was changed."
    status = 422


class SecondSupervisorNeeded(Refusal):
    code = "second_supervisor_needed"
    sentence = "Two supervisors have to ask for this. Another has to ask for the same first."


class ReportOnItsWay(Refusal):
    code = "report_on_its_way"
    sentence = "The unit may have this report already. Please try again, so that a notice is sent to it."


class NoticeNotForNow(Refusal):
    code = "notice_not_for_now"
    sentence = (
        "Nothing can be sealed for this unit: its key is suspended, or it or the directory has expired. "
        "The notice stays here until an administrator has put that right."
    )


class NothingPutAside(Refusal):
    code = "nothing_put_aside"
    sentence = "This delivery is not put aside any more; please look again."


class UnitUnknown(Refusal):
    code = "unit_unknown"
    sentence = "There is no unit with a valid key for this force."


class ForceUnknown(Refusal):
    code = "force_unknown"
    sentence = "There is no such force on the list."
    status = 422


class DirectoryOutOfDate(Refusal):
    code = "directory_out_of_date"
    sentence = "The directory of keys has expired, so nothing can be released. An administrator can issue a new one."


class NotReworded(Refusal):
    code = "not_reworded"
    sentence = "One or two people at most could know this. Someone other than the author must reword it before release."


class HintsUnsettled(Refusal):
    code = "hints_unsettled"
    sentence = "Some words could still point to a person. Change each of them, or keep it for a reason, before release."


class NotUrgent(Refusal):
    code = "not_urgent"
    sentence = "Only what its author has called urgent goes at once. Release it as any other, or return it."


class HoldNeedsTwo(Refusal):
    code = "hold_needs_two"
    sentence = "One supervisor can hold a report for seven days in all. Ask a second to hold it for longer."


class DayNotAhead(Refusal):
    code = "day_not_ahead"
    sentence = "Choose a day after today, three months ahead at most."
    status = 422


class ReviewAskOpen(Refusal):
    code = "review_ask_open"
    sentence = "A colleague has asked for something about this report. Confirm it or decline it first."


class ReviewAskNotFound(Refusal):
    code = "review_ask_not_found"
    sentence = "Nothing waits for a second person here any more."
    status = 404


class OwnReviewAsk(Refusal):
    code = "own_review_ask"
    sentence = "You asked for this yourself: a second supervisor has to confirm it."
    status = 403


class ReasonNeeded(Refusal):
    code = "reason_needed"
    sentence = "Say why this report should go nowhere: its author is told."
    status = 422


class TooManyStreams(Refusal):
    code = "too_many_streams"
    sentence = "Too many consoles are connected. This one will try again."
    status = 503


class TooManyTries(Refusal):
    code = "too_many_tries"
    sentence = "Very many are trying to sign in. Please try again in a minute."
    status = 429


class SignInFailed(Refusal):
    """One answer for an unknown name, a wrong passphrase or code, a lock and a suspension."""

    code = "sign_in_failed"
    sentence = "That is not right. Check each part; after five tries, wait 15 minutes."
    status = 401


class SecondFactorNeeded(Refusal):
    code = "second_factor_needed"
    sentence = "Set up a second factor first."
    status = 409


class SecondFactorNotAsked(Refusal):
    code = "second_factor_not_asked"
    sentence = "This desk asks for no second factor."


class PassphraseNotChanged(Refusal):
    code = "passphrase_not_changed"
    sentence = "The passphrase was not changed. Check the one in use; after five tries, wait 15 minutes."


class SessionNotFound(Refusal):
    code = "session_not_found"
    sentence = "This session has ended already."
    status = 404


class QuestionNotFound(Refusal):
    code = "question_not_found"
    sentence = "This question has been decided, or is no longer there."
    status = 404


class ReferenceUnknown(Refusal):
    code = "reference_unknown"
    sentence = "No reference has these words, or it has expired. Check them with the caller, one by one."
    status = 404


class ReferenceTriesUsedUp(Refusal):
    code = "reference_tries_used_up"
    sentence = "That was tried several times just now. Wait a minute, then try again."
    status = 429


class SignedOut(Refusal):
    code = "signed_out"
    sentence = "Please sign in again."
    status = 401


class NotPermitted(Refusal):
    code = "not_permitted"
    sentence = "Your role does not include this."
    status = 403


class PersonNotFound(Refusal):
    code = "person_not_found"
    sentence = "There is no such person."
    status = 404


class NameTaken(Refusal):
    code = "name_taken"
    sentence = "There is a person of this name already."


class ProposalOpen(Refusal):
    code = "proposal_open"
    sentence = "Something about this person waits to be confirmed already."


class ProposalNotFound(Refusal):
    code = "proposal_not_found"
    sentence = "This has been confirmed or withdrawn already."
    status = 404


class OwnProposal(Refusal):
    code = "own_proposal"
    sentence = "Another administrator must confirm this: not the one who proposed it, nor the one it is about."
    status = 403


class ProposalAboutOneself(Refusal):
    code = "proposal_about_oneself"
    sentence = "This is about you: another administrator confirms it or takes it back."
    status = 403


class RoleNeedsKeys(Refusal):
    code = "role_needs_keys"
    sentence = "This role comes with keys. 'candour person change' passes them on, with a supervisor."


class PresentKeysMissing(Refusal):
    code = "present_keys_missing"
    sentence = (
        "A key of this person's role was made anew meanwhile. 'candour person reinstate' passes it on, "
        "with a supervisor who holds it."
    )


class LastKeyHolder(Refusal):
    code = "last_key_holder"
    sentence = (
        "Nobody else holds a key that this person has. First let them pass it on to somebody in the role: "
        "'candour person change'."
    )


class TooFewSupervisors(Refusal):
    code = "too_few_supervisors"
    sentence = "This is the last supervisor, who alone can open reports in review. Take in another first."


class TooFewAdministrators(Refusal):
    code = "too_few_administrators"
    sentence = "Two administrators must be left, or nothing could be confirmed any more."


class StillHasWork(Refusal):
    code = "still_has_work"
    sentence = "This person has open reports or a call in hand. Suspend them until that is done."


class AuthorIsHere(Refusal):
    code = "author_is_here"
    sentence = "Its author is signed in and can go on with it, or hand it over."


class RecoveryNotFound(Refusal):
    code = "recovery_not_found"
    sentence = "Nobody asks to recover this draft as it is now. Ask first; a second supervisor then confirms."


class OwnRecovery(Refusal):
    code = "own_recovery"
    sentence = "A second supervisor must confirm this, not the one who asked."


class RecoveryNotConfirmed(Refusal):
    code = "recovery_not_confirmed"
    sentence = "A second supervisor must confirm first. Until then nobody can read this draft."


class TakerCannotWrite(Refusal):
    code = "taker_cannot_write"
    sentence = "Choose a call handler who is here and did not write this draft."
