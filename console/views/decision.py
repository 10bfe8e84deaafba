"""The decisions about a report in review, drawn: who else looks, where it would go, and every way it can go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from console.actions import ACTIONS
from console.models.recipient import Recipient
from console.models.review import ReviewModel
from console.models.review_lists import REJECT_REASONS, ask_words
from console.style.tokens import Tokens
from console.translation import tr
from console.views.choosing import ChoiceBox
from console.views.parts import across, action_button, column, frame, rename, restyle, show_words, text_label
from console.views.pressing import PressBox
from console.views.writing import GrowingText
from shared.domain.vocabulary import RejectReason, ReviewAskKind

REWORDED: Final = tr("I have put in other words, or taken out, whatever one or two people alone could know")
CONFLICT: Final = tr("The subject is a chief officer or works in the receiving unit: the alternate unit receives this.")
DETAILS: Final = tr("The caller's details are sealed apart, for the unit. They are not shown here.")
FEW: Final = tr("One or two people could know this. It has to be reworded before it can go.")
UNSETTLED: Final = tr("Some words could still point to a person. Change or keep each of them before it can go.")
UNPROVEN: Final = tr(
    "Nothing shows that this report is its author's, so it cannot go. Ask them, and return it to them."
)
TAKE_BACK: Final = tr("Take it back")
TAKE_BACK_WORDS: Final = tr("Take your request back; the report stays as it was")
COULD_BE_URGENT: Final = tr(
    "Somebody could come to harm soon. It goes with the next batch, for its author has noted no caller's yes to "
    "“Send at once”. Where the caller can still be asked, return it: that yes is all it needs."
)
URGENT: Final = tr("Its author and the caller want it to go at once.")
# Days to hold a report for; beyond seven a second supervisor is asked.
HOLDS: Final = (
    (1, tr("until tomorrow")),
    (3, tr("for 3 days")),
    (7, tr("for 7 days")),
    (14, tr("for 14 days, by two")),
    (30, tr("for 30 days, by two")),
)


class DecisionView(QWidget):
    """Emits what was decided. Which buttons there are, and which can be pressed, is the model's to say."""

    choose_unit = Signal(str)
    release = Signal()
    release_urgent = Signal()
    give_back = Signal()
    hold = Signal(int)
    take_up = Signal()
    reject = Signal(RejectReason)
    confirm = Signal()
    decline = Signal()

    def __init__(self, review: ReviewModel, recipient: Callable[[], Recipient], tokens: Tokens) -> None:
        super().__init__()
        self._review, self._recipient, self._tokens = review, recipient, tokens
        self._make_words()
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.wide, tokens.room, tokens.wide, tokens.room)
        layout.setSpacing(tokens.tight)
        for part in self._parts():
            layout.addWidget(part)
        review.opened.connect(self._empty)
        review.changed.connect(self._show)
        self._show()

    # --- made once ---

    def _make_words(self) -> None:
        self._readers = text_label("", "strong", "caution", "review.readers")
        self._unit = text_label("", "strong", "", "review.unit")
        self._units = _choices("review.units", tr("The unit that the report goes to"), [])
        self._units.activated.connect(lambda at: self.choose_unit.emit(self._units.itemData(at)))
        self._caution = text_label("", "small", "caution", "review.caution")
        self._notice = text_label("", "small", "muted", "review.notice")
        self._reworded_words = text_label(REWORDED, "small", "muted", "review.reworded_words")
        self._reworded = PressBox(tr("Reworded"))
        self._reworded.setObjectName("review.reworded")
        self._reworded.setAccessibleName(REWORDED)
        self._reworded.clicked.connect(self._review.set_reworded)
        self._remarks = _remarks_field()
        self._remarks.textChanged.connect(lambda: self._review.set_remarks(self._remarks.toPlainText()))

    def _make_buttons(self) -> None:
        self._release = action_button("release", self.release.emit, "primary")
        self._urgent = action_button("release_urgent", self.release_urgent.emit, "danger")
        self._return = action_button("return", self.give_back.emit)
        self._take_up = action_button("take_up", self.take_up.emit)
        self._days = _choices("review.days", tr("How long to hold the report"), [words for _, words in HOLDS])
        self._hold = action_button("hold_report", lambda: self.hold.emit(HOLDS[self._days.currentIndex()][0]))
        self._reasons = _choices("review.reasons", tr("Why to reject the report"), list(REJECT_REASONS.values()))
        self._reject = action_button("reject", self._ask_to_reject)
        self._confirm = action_button("confirm", self.confirm.emit, "primary")
        self._decline = action_button("decline", self.decline.emit)
        self._ask_words = text_label("", "strong", "caution", "review.ask")
        self._ask_box = self._asked()

    def _asked(self) -> QWidget:
        inside = column(self._tokens.tight, self._tokens.gap)
        inside.addWidget(self._ask_words)
        inside.addLayout(_beside(self._confirm, self._decline, self._tokens))
        return frame("remarks", inside, "review.ask_box")

    def _parts(self) -> list[QWidget]:
        return [
            self._readers,
            self._ask_box,
            text_label(tr("Goes to"), "small", "muted"),
            self._unit,
            self._units,
            self._caution,
            self._reworded,
            self._reworded_words,
            self._release,
            self._urgent,
            self._notice,
            text_label(tr("Remarks for the author"), "small", "muted"),
            self._remarks,
            self._return,
            _pair(self._days, self._hold, self._tokens),
            self._take_up,
            _pair(self._reasons, self._reject, self._tokens),
        ]

    # --- drawn again ---

    def _empty(self) -> None:
        self._remarks.setPlainText("")
        self._reworded.setChecked(False)
        for box in (self._days, self._reasons):
            box.setCurrentIndex(0)

    def _show(self) -> None:
        review = self._review
        card, unit = review.card, self._recipient() if review.report is not None else Recipient()
        readers = () if card is None else card.readers
        show_words(self._readers, tr("Also open at: {names}").format(names=", ".join(readers)) if readers else "")
        self._show_units(unit)
        show_words(self._caution, "\n".join(self._cautions()))
        for part in (self._reworded, self._reworded_words):
            part.setVisible(review.asks_reworded)
        self._reworded.setChecked(review.reworded)
        self._release.setEnabled(review.may_release and bool(unit.name))
        restyle(self._urgent, "look", "danger" if review.is_urgent else "quiet")
        # Where its author did not ask for it, pressing it says why not.
        self._urgent.setEnabled(review.may_release if review.is_urgent else review.may_decide)
        self._return.setEnabled(review.may_return)
        for button in (self._hold, self._reject):
            button.setEnabled(review.may_decide)
        self._take_up.setVisible(review.is_held)
        self._take_up.setEnabled(review.may_decide)
        show_words(self._notice, review.notice)
        restyle(self._notice, "tone", "danger" if review.overtaken else "muted")
        self._show_ask()

    def _show_units(self, unit: Recipient) -> None:
        """Its name where there is one, a choice where there are several."""
        several = len(unit.units) > 1
        self._unit.setText(unit.name or unit.why_not)
        self._unit.setVisible(not several)
        self._units.setVisible(several)
        if [self._units.itemData(at) for at in range(self._units.count())] != [unit_id for unit_id, _ in unit.units]:
            self._units.clear()
            for unit_id, name in unit.units:
                self._units.addItem(name, unit_id)
        self._units.setCurrentIndex(self._units.findData(unit.chosen))

    def _cautions(self) -> list[str]:
        review = self._review
        said = (
            (review.is_unproven, UNPROVEN),
            (review.is_urgent, URGENT),
            (review.could_be_urgent, COULD_BE_URGENT),
            (review.has_conflict, CONFLICT),
            (review.report is not None and review.report.contact is not None, DETAILS),
            (review.asks_reworded, FEW),
            (review.report is not None and not review.hints_settled, UNSETTLED),
        )
        return [words for holds, words in said if holds]

    def _show_ask(self) -> None:
        ask = self._review.ask
        self._ask_box.setVisible(ask is not None)
        if ask is None:
            return
        self._ask_words.setText(ask_words(ask))
        self._confirm.setVisible(not ask.mine)
        self._confirm.setEnabled(not self._review.busy)
        rename(self._decline, TAKE_BACK if ask.mine else ACTIONS["decline"].words)
        self._decline.setAccessibleName(TAKE_BACK_WORDS if ask.mine else ACTIONS["decline"].accessible)
        self._decline.setVisible(ask.kind is not ReviewAskKind.URGENT_SENT)
        self._decline.setEnabled(not self._review.busy)

    def _ask_to_reject(self) -> None:
        self.reject.emit(list(REJECT_REASONS)[self._reasons.currentIndex()])


def _remarks_field() -> QPlainTextEdit:
    remarks = GrowingText(2, 5)
    remarks.setObjectName("review.remarks")
    remarks.setAccessibleName(tr("Remarks for the author"))
    remarks.setPlaceholderText(tr("What to change, in words that help"))
    return remarks


def _choices(name: str, accessible: str, words: list[str]) -> QComboBox:
    box = ChoiceBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    box.addItems(words)
    return box


def _pair(box: QComboBox, button: QPushButton, tokens: Tokens) -> QWidget:
    holder = QWidget()
    inside = column(tokens.hair)
    inside.setContentsMargins(0, tokens.tight, 0, 0)
    inside.addWidget(box)
    inside.addWidget(button)
    holder.setLayout(inside)
    return holder


def _beside(one: QPushButton, other: QPushButton, tokens: Tokens) -> QHBoxLayout:
    row = across(tokens.tight)
    row.addWidget(one, 1)
    row.addWidget(other, 1)
    return row
