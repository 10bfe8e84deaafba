"""What is said of an open report that a colleague has decided about meanwhile, as far as that is known here."""

from __future__ import annotations

from typing import Final

from console.dates import day_words
from console.translation import tr
from shared.domain.vocabulary import ReportState, ReviewAskKind
from shared.messages import ReportCard, ReviewAskCard

OVERTAKEN: Final = tr("A colleague has decided about this report meanwhile. Open it again to go on.")
OVERTAKEN_KEPT: Final = tr(
    "A colleague has decided about this report meanwhile. Your wording is still here; open it again to go on."
)
GONE: Final = tr("A colleague has decided about this report: it is in review no longer. There is nothing more to do.")
REJECTED_AS_ASKED: Final = tr("A colleague has confirmed: the report is rejected, and its author sees why.")
HELD_AS_ASKED: Final = tr("A colleague has confirmed: it is held until {day}. Open it again to go on.")
STILL_HERE: Final = tr("What you wrote is still here until you go back.")


def overtaken_words(now: ReportCard | None, asked: ReviewAskCard | None, has_words: bool) -> str:
    """`now` is the report as it is, None once it is in review no longer; `asked` what last waited for a second.

    `has_words`: the reviewer has written something that is kept nowhere else.
    """
    mine = asked is not None and asked.mine
    if now is not None:
        if mine and now.state is ReportState.HELD:
            return HELD_AS_ASKED.format(day="" if now.held_until is None else day_words(now.held_until))
        return OVERTAKEN_KEPT if has_words else OVERTAKEN
    rejected = mine and asked is not None and asked.kind is ReviewAskKind.REJECT
    words = REJECTED_AS_ASKED if rejected else GONE
    return f"{words} {STILL_HERE}" if has_words else words
