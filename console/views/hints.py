"""A strip under a report while hints are asked for: the list, why each is one, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QPushButton, QVBoxLayout, QWidget

from console.models.hints import REASON_WORDS, HintsModel
from console.style.tokens import Tokens
from console.views.parts import across, action_button, column, frame, show_words, text_label
from console.views.underlining import Span, bring_up, control_at, underline
from shared.identity_hints.placed import AcceptReason, PlacedHint


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
        self._hints, self._surface, self._name_of, self._tokens = hints, surface, name_of, tokens
        self._prefix = prefix
        self._underlined: set[str] = set()
        self.setObjectName(prefix)
        self.setAccessibleName("Words that could point to a person")
        self._list = self._make_list()
        self._title = text_label("", "strong", "caution", f"{prefix}.title")
        self._kind = text_label("", "strong", "", f"{prefix}.kind")
        self._why = text_label("", "small", "", f"{prefix}.why")
        self._try = text_label("", "small", "muted", f"{prefix}.suggested")
        self._next = action_button(next_action, hints.next, "")
        self._reasons = [self._reason(reason) for reason in AcceptReason]
        self._detail, self._keep = QWidget(), QWidget()
        self._arrange()
        hints.changed.connect(self._show)
        hints.looked.connect(self._look)
        self._show()

    # --- made once ---

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setObjectName(f"{self._prefix}.list")
        made.setAccessibleName("Places that could point to a person. Enter goes to one.")
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.currentRowChanged.connect(self._chosen)
        made.itemActivated.connect(lambda item: self._hints.look_at(made.row(item)))
        return made

    def _reason(self, reason: AcceptReason) -> QPushButton:
        button = QPushButton(REASON_WORDS[reason])
        button.setObjectName(f"{self._prefix}.accept.{reason.value}")
        button.setAccessibleName(f"Keep these words: {REASON_WORDS[reason]}")
        button.setProperty("look", "segment")
        button.setAutoDefault(True)
        button.clicked.connect(partial(self.accepted.emit, reason))
        return button

    def _arrange(self) -> None:
        tokens = self._tokens
        keep = across(tokens.tight)
        keep.setContentsMargins(0, 0, 0, 0)
        keep.addWidget(text_label("Or keep it as:", "small", "muted", wrap=False), 1)
        for button in self._reasons:
            keep.addWidget(button)
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
        whole.addWidget(frame("remarks", inside, f"{self._prefix}.strip"))

    # --- drawn again ---

    def _show(self) -> None:
        hints = self._hints
        self._title.setText(hints.title)
        self._fill(hints.rows)
        self._list.setVisible(bool(hints.open))
        self._list.setFixedHeight(self._tokens.row * 3)
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
            self._kind.setText(current.hint.title)
            self._why.setText(current.hint.explanation)
            suggested = current.hint.suggested
            show_words(self._try, f"Perhaps: “{suggested}”" if suggested else "")

    def _underline(self) -> None:
        spans: dict[str, list[Span]] = {}
        for placed in self._hints.open if self._hints.wanted else ():
            spans.setdefault(self._name_of(placed), []).append((placed.hint.start, placed.hint.end))
        underline(self._surface, self._underlined, spans)
        self._underlined = set(spans)

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
