"""The one window: sign-in, or the three places, with a banner while the service is away. It wires nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QWidget

from console.actions import ACTIONS
from console.models.line import LineModel
from console.style.tokens import Tokens
from console.views.call import CallView
from console.views.keys import KeysView
from console.views.line import LineView
from console.views.parts import across, column, frame, text_label
from console.views.parts import widget as holder
from console.views.report import ReportView
from console.views.review import ReviewView
from console.views.session import SessionView

TITLE = "Candour"


class Window(QMainWindow):
    """Holds the views. The title never says more than the product's name."""

    def __init__(
        self,
        session: SessionView,
        line_view: LineView,
        call: CallView,
        report: ReportView,
        review: ReviewView,
        line: LineModel,
        tokens: Tokens,
    ) -> None:
        super().__init__()
        self.sign_in, self.line, self.call, self.report, self.review = session, line_view, call, report, review
        self._line = line
        self._may_close: Callable[[], bool] = lambda: True
        self.setObjectName("window")
        self.setAccessibleName(TITLE)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(1180, 680)
        self._pages = QStackedWidget()
        self._pages.addWidget(session)
        self._pages.addWidget(self._desk(tokens))
        self.setCentralWidget(self._pages)
        self.keys = KeysView(self, tokens)
        self._add_ways({"go_line": line_view.take_focus, "go_call": self._go_call, "go_report": report.take_focus})
        line.changed.connect(self._show_banner)
        self._show_banner()

    def _desk(self, tokens: Tokens) -> QWidget:
        self._work = QStackedWidget()
        self._work.setObjectName("work")
        desk = across(0)
        desk.addWidget(self.call)
        desk.addWidget(self.report, 1)
        self._work.addWidget(holder(desk))
        self._work.addWidget(self.review)
        places = across(0)
        places.addWidget(self.line)
        places.addWidget(self._work, 1)
        whole = column(0)
        whole.addWidget(self._banner_box(tokens))
        whole.addLayout(places, 1)
        return holder(whole, "ground", "desk")

    def _banner_box(self, tokens: Tokens) -> QFrame:
        inside = across(0)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        self._banner = text_label("", "strong", "caution", "banner")
        inside.addWidget(self._banner)
        self._banner_frame = frame("banner", inside)
        return self._banner_frame

    def _add_ways(self, ways: dict[str, Callable[[], object]]) -> None:
        for action_id, go in ways.items():
            shortcut = QShortcut(QKeySequence(ACTIONS[action_id].key), self)
            shortcut.setObjectName(f"way.{action_id}")
            shortcut.activated.connect(go)

    def _go_call(self) -> None:
        self.call.take_focus()

    def _show_banner(self) -> None:
        self._banner.setText(self._line.banner)
        self._banner_frame.setVisible(bool(self._line.banner))

    def show_sign_in(self) -> None:
        """Nobody is signed in."""
        self.keys.hide()
        self._pages.setCurrentWidget(self.sign_in)
        self.sign_in.take_focus()

    def show_desk(self) -> None:
        """The call and the report."""
        self._pages.setCurrentIndex(1)
        self._work.setCurrentIndex(0)

    def show_review(self) -> None:
        """A report to review, in place of the call and the report."""
        self._work.setCurrentWidget(self.review)
        self.review.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close():
            super().closeEvent(event)
        else:
            event.ignore()

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Have someone asked each time the window is to be closed."""
        self._may_close = may_close
