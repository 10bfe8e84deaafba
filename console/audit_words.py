"""What the audit log says of each entry, in words. It knows nobody who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from console.models.line_now import CLOSED_WORDS
from console.models.review_lists import REJECT_REASONS
from console.translation import tr
from shared.people_messages import AuditLine

WORDS: Final[Mapping[str, str]] = {
    "sign_in": tr("{actor} signed in ({outcome})"),
    "sign_out.other": tr("{actor} signed {object} out"),
    "second_factor.set_up": tr("{actor} set up a second factor"),
    "passphrase.change": tr("{actor} changed their passphrase"),
    "person.propose": tr("{actor} proposed about {object}: {outcome}"),
    "person.confirm": tr("{actor} confirmed about {object}: {outcome}"),
    "person.withdraw": tr("{actor} withdrew about {object}: {outcome}"),
    "person.invite": tr("{actor} made an account and words to enrol with for {object}"),
    "person.first_keys": tr("{actor} made their keys at their own console"),
    "person.vouch": tr("{actor} heard {object} read out the words of their keys"),
    "person.turn_away": tr("{actor} turned {object} away, on their way in"),
    "report.return": tr("{actor} returned report {object} ({outcome})"),
    "report.release": tr("{actor} released report {object} ({outcome})"),
    "report.answer": tr("{actor} took in the answer to report {object} ({outcome})"),
    "report.reroute.ask": tr("{actor} asked that report {object} go to another unit ({outcome})"),
    "report.reroute": tr("{actor} sent report {object} to another unit ({outcome})"),
    "report.withdraw": tr("{actor} withdrew report {object} ({outcome})"),
    "line.close": tr("{actor} closed the line ({outcome})"),
    "line.open": tr("{actor} opened the line ({outcome})"),
    "line.usual_hours": tr("{actor} put the line back to its usual hours"),
    "report.confirm_second": tr("{actor} confirmed what a colleague asked about report {object} ({outcome})"),
    "report.decline_second": tr("{actor} declined what a colleague asked about report {object} ({outcome})"),
    "question.accept": tr("{actor} let a unit's question {object} be put ({outcome})"),
    "question.reject": tr("{actor} rejected a unit's question {object} ({outcome})"),
    "delivery.send_again": tr("{actor} had delivery {object} sent again ({outcome})"),
    "report.hold": tr("{actor} held report {object} ({outcome})"),
    "report.take_up": tr("{actor} took up report {object} again ({outcome})"),
    "report.reject": tr("{actor} rejected report {object} ({outcome})"),
    "report.ask_second": tr("{actor} asked a second supervisor about report {object} ({outcome})"),
    "report.withdraw_consent": tr("{actor} deleted the caller's details of report {object} ({outcome})"),
    "report.recover.ask": tr("{actor} asked to recover the draft of report {object} ({outcome})"),
    "report.recover.confirm": tr("{actor} confirmed that the draft of report {object} be recovered ({outcome})"),
    "report.recover.decline": tr("{actor} left the draft of report {object} to its author ({outcome})"),
    "report.recover": tr("{actor} gave the draft of report {object} to a colleague ({outcome})"),
    "audit.checkpoint": tr("{actor} signed a checkpoint of the log"),
    "person.enrol": tr("{actor} took {object} in ({outcome})"),
    "unit.enrol": tr("{actor} took in unit {object} ({outcome})"),
    "unit.remove": tr("{actor} removed unit {object} ({outcome})"),
    "keys.publish": tr("{actor} published version {object} of the directory of keys"),
    "key.suspend": tr("{actor} suspended the key of {object}"),
    "key.restore": tr("{actor} restored the key of {object}"),
    "role_key.rotate": tr("{actor} made a new key for the role {object}"),
    "role_key.rewrap": tr("{actor} sealed reports to the new key of the role {object}"),
}

# Who is no person: the service's own keyboard, and what carries reports to units.
ACTORS: Final[Mapping[str, str]] = {
    "command": tr("Somebody at the service's keyboard"),
    "courier": tr("The courier"),
}

# How something ended, or what was asked: by the values that entries have.
OUTCOMES: Final[Mapping[str, str]] = {
    "done": tr("done"),
    "done.reworded": tr("done, reworded"),
    "done.by_two": tr("done, by two"),
    "locked": tr("locked"),
    "new_keys": tr("new keys"),
    "reject": tr("to reject it"),
    "hold_longer": tr("to hold it longer"),
    "urgent_sent": tr("to look at what was sent urgently"),
    "change": tr("a change"),
    "suspend": tr("to suspend"),
    "reinstate": tr("to let in again"),
    "remove": tr("to remove"),
    "reset_second_factor": tr("to forget the second factor"),
    **{reason.value: words for reason, words in REJECT_REASONS.items()},
    **{closed.value: words for closed, words in CLOSED_WORDS.items()},
}


def line_words(line: AuditLine) -> str:
    """One entry in words; of a newer service's verb, as it is written."""
    words = WORDS.get(line.verb)
    if words is None:
        return " ".join(part for part in (line.actor, line.verb, line.object, line.outcome) if part)
    outcome = OUTCOMES.get(line.outcome, line.outcome.replace("_", " ").replace(".", ", "))
    return words.format(actor=ACTORS.get(line.actor, line.actor), object=line.object, outcome=outcome)
