"""Those on their way in, drawn: the words of their keys to compare aloud, and what an administrator can say to them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.models.newcomers import NewcomerRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import across, column, emptied, frame, text_label
from console.views.sheet import press
from console.views.twice_pressed import TwicePressed


class NewcomersView(QWidget):
    """Emits `vouch`, `new_words` and, at the second press, `turn_away` with a newcomer's id."""

    new_words = Signal(str)
    vouch = Signal(str)
    turn_away = Signal(str)

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._rows = column(tokens.tight)
        self.setLayout(self._rows)

    def show_rows(self, rows: Iterable[NewcomerRow]) -> None:
        emptied(self._rows)
        for place, row in enumerate(rows):
            if not place:
                self._rows.addWidget(text_label(tr("On their way in"), "eyebrow"))
            self._rows.addWidget(self._row(row))

    def _row(self, row: NewcomerRow) -> QWidget:
        inside = across(self._tokens.gap, self._tokens.tight)
        words = column(self._tokens.hair)
        words.addWidget(text_label(row.name, "strong"))
        for note in row.notes:
            words.addWidget(text_label(note, "small", "muted"))
        if row.words:
            words.addWidget(text_label("\n".join(row.words), "strong", "", f"key_words.{row.id}", wrap=False))
        inside.addLayout(words, 1)
        heard = press(f"newcomer.{row.id}.vouch", tr("I heard these words"), "primary")
        heard.setAccessibleName(tr("I heard {name} read out these words").format(name=row.name))
        heard.setVisible(bool(row.words))
        heard.setEnabled(row.may_vouch)
        heard.clicked.connect(lambda: self.vouch.emit(row.id))
        anew = press(f"newcomer.{row.id}.new_words", tr("Make new words"))
        anew.setAccessibleName(tr("Make new words for {name}; those before are good no more").format(name=row.name))
        anew.setVisible(row.may_have_words)
        anew.clicked.connect(lambda: self.new_words.emit(row.id))
        away = TwicePressed(
            f"newcomer.{row.id}.turn_away",
            tr("Turn away"),
            tr("Press again to turn {name} away").format(name=row.name),
            tr("Turn {name} away").format(name=row.name),
        )
        away.sure.connect(lambda: self.turn_away.emit(row.id))
        inside.addWidget(heard)
        inside.addWidget(anew)
        inside.addWidget(away)
        return frame("sunken", inside, f"newcomer.{row.id}")
