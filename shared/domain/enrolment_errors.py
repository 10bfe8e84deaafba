"""Facts that stop somebody on their way in, or whoever confirms them."""

from shared.domain.errors import Refusal


class EnrolmentRefused(Refusal):
    """One answer for a name nobody was invited by and for other words than that name's."""

    code = "enrolment_refused"
    sentence = "These words do not go with this name. Check each of them, or ask whoever gave them to you."
    status = 403


class EnrolmentExpired(Refusal):
    code = "enrolment_expired"
    sentence = "These words were good for a day. Ask an administrator for new ones."
    status = 403


class EnrolmentUsed(Refusal):
    code = "enrolment_used"
    sentence = "Keys were made with these words already. If that was not you, tell an administrator at once."
    status = 403


class FirstKeysRefused(Refusal):
    code = "first_keys_refused"
    sentence = "These keys are not as they must be, so none were kept. Begin again; an administrator can help."
    status = 422


class WaitsToBeConfirmed(Refusal):
    """To whoever has the right passphrase, and nobody else."""

    code = "waits_to_be_confirmed"
    sentence = "Your keys are made. Two administrators have to confirm them before you can do anything here."
    status = 403


class NewcomerNotFound(Refusal):
    code = "newcomer_not_found"
    sentence = "Nobody of this name is on their way in. They are here already, or were turned away."
    status = 404


class InvitationRefused(Refusal):
    code = "invitation_refused"
    sentence = "No account was made, for its words are not as they must be. Try again; an administrator can help."
    status = 422


class WordsGivenOut(Refusal):
    code = "words_given_out"
    sentence = (
        "There is an account of this name, with words that are still good. Nothing was changed. To make new words, "
        "after which those given out are good no more: --anew."
    )


class KeysMadeAlready(Refusal):
    code = "keys_made_already"
    sentence = "They have made their keys with the words they were given. If that was somebody else, turn them away."


class NoKeysYet(Refusal):
    code = "no_keys_yet"
    sentence = "They have not signed in for the first time yet, so there is nothing to confirm."
