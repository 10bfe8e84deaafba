"""A strip under a report while hints are asked for: the list, why each is one, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QListWidget, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.models.hints import REASON_WORDS, HintsModel
from console.style.tokens import Tokens
from console.translation import said, tr
from console.views.choosing import ChoiceBox
from console.views.parts import across, action_button, column, frame, restyle, show_words, text_label
from console.views.underlining import Span, bring_up, control_at, underline
from shared.identity_hints.placed import AcceptReason, PlacedHint

LIST_LINES: Final = 5  # of text, in sight at once
CHOOSE_REASON: Final = tr("Keep the words, because…")


class HintsView(QWidget):
    """Emits `accepted` with a reason. `surface` holds the text fields, whose object names `name_of` gives."""

    accepted = Signal(AcceptReason)

    def __init__(
        self,
        hints: HintsModel,
        surface: QWidget,
        name_of: Callable[[PlacedHint], str],
        tokens: Tokens,
        prefix: str,
        next_action: str,
    ) -> None:
        super().__init__()
        self._underlined: set[str] = set()
        self._hints, self._surface, self._name_of, self._tokens = hints, surface, name_of, tokens
        self._prefix = prefix
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setObjectName(prefix)
        self.setAccessibleName(tr("Words that could point to a person"))
        self._list = self._make_list()
        self._title = text_label("", "strong", "caution", f"{prefix}.title")
        self._kind = text_label("", "strong", "", f"{prefix}.kind")
        self._why = text_label("", "small", "", f"{prefix}.why")
        self._try = text_label("", "small", "muted", f"{prefix}.suggested")
        self._next = action_button(next_action, hints.next, "")
        self._keep_it = self._make_keep()
        self._reasons = self._make_reasons()
        self._detail, self._keep = QWidget(), QWidget()
        self._arrange()
        hints.changed.connect(self._show)
        hints.looked.connect(self._look)
        self._show()

    # --- made once ---

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName(f"{self._prefix}.list")
        made.setAccessibleName(tr("Places that could point to a person. Enter goes to one."))
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.currentRowChanged.connect(self._chosen)
        made.itemActivated.connect(lambda item: self._hints.look_at(made.row(item)))
        return made

    def _make_reasons(self) -> QComboBox:
        made = ChoiceBox()
        made.setObjectName(f"{self._prefix}.reason")
        made.setAccessibleName(tr("Why these words may stay"))
        made.addItem(CHOOSE_REASON)
        for reason in AcceptReason:
            made.addItem(REASON_WORDS[reason], reason)
        made.currentIndexChanged.connect(lambda place: self._keep_it.setEnabled(place > 0))
        return made

    def _make_keep(self) -> QPushButton:
        made = QPushButton(tr("Keep the words"))
        made.setObjectName(f"{self._prefix}.keep")
        made.setAccessibleName(tr("Keep these words for the chosen reason"))
        made.setAutoDefault(True)
        made.setEnabled(False)
        made.clicked.connect(self._keep_words)
        return made

    def _arrange(self) -> None:
        tokens = self._tokens
        keep = across(tokens.tight)
        keep.setContentsMargins(0, 0, 0, 0)
        keep.addWidget(self._reasons, 1)
        keep.addWidget(self._keep_it)
        self._keep.setLayout(keep)
        head = across(tokens.gap)
        head.addWidget(self._title, 1)
        head.addWidget(self._next)
        detail = column(tokens.hair)
        for label in (self._kind, self._why, self._try):
            detail.addWidget(label)
        detail.addStretch(1)
        self._detail.setLayout(detail)
        beside = across(tokens.wide)
        beside.addWidget(self._list, 2)
        beside.addWidget(self._detail, 3)
        inside = column(tokens.tight)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        inside.addLayout(head)
        inside.addLayout(beside)
        inside.addWidget(self._keep)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._strip = frame("remarks", inside, f"{self._prefix}.strip")
        whole.addWidget(self._strip)

    # --- drawn again ---

    def _show(self) -> None:
        hints = self._hints
        self._title.setText(hints.title)
        clear = hints.read and not hints.open
        restyle(self._title, "tone", "good" if clear else "caution")
        restyle(self._strip, "look", "sunken" if clear else "remarks")
        self._fill(hints.rows)
        self._list.setVisible(bool(hints.open))
        self._list.setFixedHeight(self._list.fontMetrics().lineSpacing() * LIST_LINES)
        self._next.setVisible(bool(hints.open))
        self._explain()
        self._underline()
        self.setVisible(hints.wanted)

    def _fill(self, rows: tuple[str, ...]) -> None:
        self._list.blockSignals(True)
        if rows != tuple(self._list.item(n).text() for n in range(self._list.count())):
            self._list.clear()
            self._list.addItems(rows)
        self._list.setCurrentRow(self._hints.place)
        self._list.blockSignals(False)

    def _explain(self) -> None:
        current = self._hints.current
        for part in (self._detail, self._keep):
            part.setVisible(current is not None)
        if current is not None:
            self._kind.setText(said(current.hint.title))
            self._why.setText(said(current.hint.explanation))
            suggested = current.hint.suggested
            show_words(self._try, tr("Perhaps: “{words}”").format(words=suggested) if suggested else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._show()
        if event.type() == QEvent.Type.PaletteChange:
            self._underline()  # in the colours of the new theme

    def _underline(self) -> None:
        spans: dict[str, list[Span]] = {}
        for placed in self._hints.open if self._hints.wanted else ():
            spans.setdefault(self._name_of(placed), []).append((placed.hint.start, placed.hint.end))
        underline(self._surface, self._underlined, spans)
        self._underlined = set(spans)

    def _keep_words(self) -> None:
        """The reason is chosen anew for each: nothing is kept by pressing on."""
        reason = self._reasons.currentData()
        self._reasons.setCurrentIndex(0)
        if reason is not None:
            self.accepted.emit(AcceptReason(reason))

    def _chosen(self, row: int) -> None:
        """Arrow keys in the list show what each is, and stay in the list."""
        if 0 <= row < len(self._hints.open):
            self._hints.place = row
            self._explain()

    def _look(self) -> None:
        current = self._hints.current
        if current is None:
            return
        self._fill(self._hints.rows)
        self._explain()
        control = control_at(self._surface, self._name_of(current))
        if control is not None:
            bring_up(control, (current.hint.start, current.hint.end))


def field_name(placed: PlacedHint) -> str:
    """The object name of an answer's text field in the form."""
    return ".".join(("field", *map(str, placed.path)))
