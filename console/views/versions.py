"""A quiet bar over the report while it has two versions: what they are, and the way to the other."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.models.versions import Other, VersionsModel
from console.style.tokens import Tokens
from console.views.parts import across, action_button, frame, text_label


class VersionsView(QWidget):
    """Emits `swap`. Hidden while there is one version, as nearly always."""

    swap = Signal()

    def __init__(self, versions: VersionsModel, tokens: Tokens) -> None:
        super().__init__()
        self._versions = versions
        inside = across(tokens.gap)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        self._words = text_label("", "", "", "versions.words")
        self._button = action_button("other_version", self.swap.emit, "")
        inside.addWidget(self._words, 1)
        inside.addWidget(self._button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame("remarks", inside, "versions"))
        versions.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._words.setText(self._versions.words)
        self._button.setEnabled(not self._versions.busy)
        self.setVisible(self._versions.other is not Other.NONE)
