"""The places of the desk, put where there is room: side by side, or one at a time with a bar to change between them.

Whatever is out of sight is still there for Qt, so that every key does what it says wherever one is. It knows nothing
of what the places hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QWidget

from console.style.tokens import Tokens
from console.translation import tr
from console.views.arrangement import SCROLL_BAR, Arrangement, arrange, arrange_without_report
from console.views.parts import across, key_hint, scrolled, text_label
from console.views.parts import widget as holder
from console.views.pressing import PressButton

if TYPE_CHECKING:
    from console.views.call import CallView

CALL_LEAST, NO_CALL = 7, 4  # how high the call is under the line, in heights of a button
MOST: Final = 16_777_215  # the most that Qt gives a widget


class Places(QWidget):
    """`line` and `call` on the left, `work` on the right."""

    def __init__(self, line: QWidget, call: CallView, work: QWidget, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("places")
        self._line, self._call, self._work, self._tokens = line, call, work, tokens
        self._away: QWidget | None = None  # what stands where the work stood, while that has its own window
        self._bar = self._make_bar()  # first, so that Tab comes to it first
        self._side_layout: QBoxLayout = across(0)
        self._side_layout.addWidget(line)
        self._side_layout.addWidget(call)
        self._side: QScrollArea = scrolled(
            holder(self._side_layout, "ground"), "side.scroll", tr("The line and the call")
        )
        self._side.setParent(self)
        work.setParent(self)
        self._shown: QWidget = self._side
        self.stand(tokens)

    def _make_bar(self) -> QWidget:
        inside = across(self._tokens.tight)
        inside.setContentsMargins(self._tokens.room, self._tokens.tight, self._tokens.room, self._tokens.tight)
        self._ways: dict[str, QPushButton] = {}
        for name, words, action_id in (
            ("side", tr("The line and the call"), "go_line"),
            ("work", tr("The report"), "go_report"),
        ):
            button = PressButton(words)
            button.setObjectName(f"places.{name}")
            button.setAccessibleName(tr("Show: {place}").format(place=words))
            button.setProperty("look", "segment")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _, name=name: self._show_named(name))
            self._ways[name] = button
            inside.addWidget(button)
            inside.addWidget(key_hint(action_id))
        self._words = text_label("", "strong", "", "places.words", wrap=False)
        inside.addStretch(1)
        inside.addWidget(self._words)
        bar = holder(inside, "surface", "places.bar")
        bar.setParent(self)
        return bar

    # --- where things stand ---

    def stand(self, tokens: Tokens) -> None:
        """Put everything where there is room for it, at this size of text."""
        self._tokens = tokens
        stand = (arrange if self._away is None else arrange_without_report)(self.width(), tokens)
        self._side_layout.setDirection(self._direction(stand.stacked))
        alone = stand.one_at_a_time and self._call.isHidden()
        self._line.setFixedWidth(max(0, self.width() - SCROLL_BAR) if alone else stand.line_width)
        self._call.setFixedWidth(stand.call_width)
        self._give_height(stand.stacked)
        self._bar.setVisible(stand.one_at_a_time)
        if stand.one_at_a_time:
            self._stand_in_turn()
        else:
            self._stand_beside(stand)

    def _stand_beside(self, stand: Arrangement) -> None:
        beside = 0 if stand.stacked or self._call.isHidden() else stand.call_width
        side = stand.line_width + beside + (SCROLL_BAR if stand.stacked else 0)
        self._side.setGeometry(0, 0, side, self.height())
        right = self._work if self._away is None else self._away
        right.setVisible(right is self._work or self.width() - side >= self._tokens.text_width)
        right.setGeometry(side, 0, max(0, self.width() - side), self.height())

    def _stand_in_turn(self) -> None:
        """The one that is not shown stands under the edge, as large."""
        top = self._bar.sizeHint().height()
        room = QRect(0, top, self.width(), max(0, self.height() - top))
        self._bar.setGeometry(0, 0, self.width(), top)
        for name, place in (("side", self._side), ("work", self._work)):
            shown = place is self._shown
            place.setGeometry(room if shown else room.translated(0, self.height()))
            self._ways[name].setChecked(shown)

    def _direction(self, stacked: bool) -> QBoxLayout.Direction:
        """Stacked, a call stands above the line, and the line above the place for one."""
        if not stacked:
            return QBoxLayout.Direction.LeftToRight
        return QBoxLayout.Direction.BottomToTop if self._call.is_in_use else QBoxLayout.Direction.TopToBottom

    def _give_height(self, stacked: bool) -> None:
        """Stacked, the line has the room that a call does not need."""
        least, most = (CALL_LEAST, MOST) if self._call.is_in_use else (NO_CALL, NO_CALL)
        self._call.setMinimumHeight(self._tokens.control * least if stacked else 0)
        self._call.setMaximumHeight(min(self._tokens.control * most if stacked else MOST, MOST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.stand(self._tokens)

    # --- what is away ---

    def give_away(self, instead: QWidget) -> None:
        """The work stands somewhere else; this stands here, where there is room for it."""
        self._away = instead
        instead.setParent(self)
        instead.show()
        self.stand(self._tokens)

    def take_back(self) -> None:
        """The work is back."""
        if self._away is not None:
            self._away.hide()
        self._away = None
        self._work.setParent(self)
        self._work.show()
        self.stand(self._tokens)

    # --- what is in sight ---

    def tell(self, words: str) -> None:
        """How one stands, for whoever does not see the line."""
        self._words.setText(words)

    def _show_named(self, name: str) -> None:
        self.show_place(self._side if name == "side" else self._work)

    def show_place(self, place: QWidget) -> None:
        """Bring into sight where this is, if it is out of it."""
        for one in (self._side, self._work):
            if (place is one or one.isAncestorOf(place)) and one is not self._shown:
                self._shown = one
                self.stand(self._tokens)

    def keep_in_sight(self, focused: QWidget) -> None:
        """What has the focus is never out of sight."""
        self.show_place(focused)
        inside = self._side.widget()
        if inside is not None and inside.isAncestorOf(focused):
            self._side.ensureWidgetVisible(focused, 0, self._tokens.control)
