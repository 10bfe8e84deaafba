"""A slim bar for a caller who cannot speak: what their keys mean, the next question for yes or no, and only those."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions import ACTIONS
from console.models.call import CallModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.parts import column, frame, key_hint, text_label
from console.views.report import ReportView
from console.views.sheet import press
from console.views.wrapping import wrapped

KEYS = tr("One key for yes, two for no. You hear the tones.")
ALL = tr("All questions")


class ByKeyBar(QWidget):
    """Over the questions while the caller may be unable to speak, or only such questions are shown."""

    def __init__(self, report: ReportView, call: CallModel, tokens: Tokens) -> None:
        super().__init__()
        self._report, self._call = report, call
        self._next = press("by_key.next", ACTIONS["next_by_key"].words)
        self._only = press("by_key.only", ACTIONS["only_by_key"].words)
        keys = key_hint("next_by_key"), key_hint("only_by_key")
        row = wrapped((self._next, keys[0], self._only, keys[1]), tokens.tight)
        inside = column(tokens.tight)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        inside.addWidget(text_label(KEYS, "strong", "caution", "by_key.words"))
        inside.addWidget(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame("choice_row", inside, "by_key"))
        self._next.clicked.connect(report.go_to_next_by_key)
        self._only.clicked.connect(self.turn)
        report.all_shown.connect(self._show)
        call.changed.connect(self._show)
        self._show()

    def turn(self) -> None:
        """Only questions for yes or no, or all again."""
        self._report.show_only_by_key(not self._report.shows_only_by_key)
        self._show()

    def _show(self) -> None:
        call, only = self._call.call, self._report.shows_only_by_key
        self._only.setText(ALL if only else ACTIONS["only_by_key"].words)
        self.setVisible(only or (call is not None and self._call.has_begun and call.unable_to_speak))
