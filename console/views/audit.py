"""The audit log, drawn for an auditor: a day at a time, the newest first, and whether it agrees with itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.dates import weekday_and_year
from console.style.tokens import Tokens
from console.translation import ntr, tr
from console.views.parts import column, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet
from shared.people_messages import AuditDay, AuditLine, AuditPages

NO_ORDER: Final = tr(
    "A day's entries have no order and no time, so that nothing done to a report can be laid beside a call."
)
WHOLE: Final = tr("Every entry and page agrees with its digest. Compare a digest with a copy kept elsewhere.")
NOT_WHOLE: Final = tr("The log does not agree with its digests: 'candour audit verify' says on which days.")
EMPTY: Final = tr("Nothing has been written to the log yet.")
_DIGITS: Final = 16

# How an entry is read: who, and to what. A verb that is not here is shown as it is stored.
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
}


class AuditView(Sheet):
    """Shows pages. Nothing in it can be changed."""

    def __init__(self, parent: QWidget, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "audit", tr("The audit log"))
        self._list = QListWidget()
        self._list.setObjectName("audit.list")
        self._list.setAccessibleName(tr("The audit log, the newest day first"))
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(tokens.control * 12)
        self._state = text_label("", "strong", "", "audit.state")
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(self._state)
        whole.addWidget(text_label(NO_ORDER, "small", "muted"))
        whole.addWidget(self._list, 1)
        self.fill(holder(whole, "surface"))

    def take_focus(self) -> None:
        self._list.setFocus()

    def forget(self) -> None:
        self._list.clear()
        self._state.setText("")

    def show_pages(self, pages: AuditPages) -> None:
        """The newest days."""
        self.forget()
        self._state.setText((WHOLE if pages.whole else NOT_WHOLE) if pages.days else EMPTY)
        for day in pages.days:
            heading = QListWidgetItem(_heading(day), self._list)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            for line in day.entries:
                QListWidgetItem(f"    {line_words(line)}", self._list)


def line_words(line: AuditLine) -> str:
    """One entry in words."""
    words = WORDS.get(line.verb)
    if words is None:
        return " ".join(part for part in (line.actor, line.verb, line.object, line.outcome) if part)
    outcome = line.outcome.replace("_", " ").replace(".", ", ")
    return words.format(actor=line.actor, object=line.object, outcome=outcome)


def _heading(day: AuditDay) -> str:
    count = len(day.entries)
    words = ntr("{day}: {count} entry, digest {digest}", "{day}: {count} entries, digest {digest}", count)
    return words.format(day=weekday_and_year(day.day), count=count, digest=day.digest[:_DIGITS])
