"""Reports of one's own in review, or held, with a caller's details, and a way to delete those: asked for in a line."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console.dates import day_words
from console.models.review import ReviewModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.leaving import WhenLeft
from console.views.parts import WideButton, column, emptied, text_label
from console.views.parts import widget as holder
from console.words import short_force_words
from shared.domain.vocabulary import Mode, ReportState
from shared.messages import ReportCard

HEADING = tr("Handed in, with a caller's details")
ASK = tr("Delete the caller's details")
SURE = tr("Press again to delete them")
_NOT_YET_LEFT: Final = frozenset({ReportState.IN_REVIEW, ReportState.HELD})


class ConsentView(QWidget):
    """Emits `withdrawn` with a report's id, at the second press before the button is left."""

    withdrawn = Signal(str)

    def __init__(self, review: ReviewModel, tokens: Tokens) -> None:
        super().__init__()
        self._review, self._tokens = review, tokens
        self._shown: tuple[str, ...] = ()
        self._armed = ""
        self.setObjectName("consent")
        self._rows = column(2)
        inside = column(tokens.tight)
        inside.setContentsMargins(0, tokens.room, 0, 0)
        inside.addWidget(text_label(HEADING, "eyebrow"))
        inside.addWidget(holder(self._rows))
        self.setLayout(inside)
        review.listed.connect(self._show)
        self._show()

    def _show(self) -> None:
        cards = [card for card in self._review.cards if _may_be_withdrawn(card)]
        shown = tuple(card.id for card in cards)
        if shown != self._shown:
            self._shown, self._armed = shown, ""
            emptied(self._rows)
            for card in cards:
                self._rows.addWidget(self._row(card))
        self.setVisible(bool(cards))

    def _row(self, card: ReportCard) -> QPushButton:
        day = card.submitted_on or card.started_on
        words = f"{short_force_words(card.force_id)} · {day_words(day)}"
        button = WideButton(f"{words}\n{ASK}")
        button.setObjectName(f"consent.{card.id}")
        button.setAccessibleName(f"{ASK}: {words}")
        button.setProperty("look", "listed")
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.clicked.connect(partial(self._press, card.id, words, button))
        WhenLeft(button, partial(self._let_be, words, button))
        return button

    def _let_be(self, words: str, button: QPushButton) -> None:
        self._armed = ""
        button.setText(f"{words}\n{ASK}")

    def _press(self, report_id: str, words: str, button: QPushButton, _: bool = False) -> None:
        if self._armed != report_id:
            self._armed = report_id
            button.setText(f"{words}\n{SURE}")
            return
        self._armed = ""
        button.setEnabled(False)
        self.withdrawn.emit(report_id)


def _may_be_withdrawn(card: ReportCard) -> bool:
    return card.mine and card.state in _NOT_YET_LEFT and card.mode is Mode.CONFIDENTIAL
