"""The one window: sign-in first, then the three places, with a banner while the service is away. It wires nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QStackedWidget, QWidget

from console.actions import ACTIONS, actions_for
from console.style.sheet import palette, style_sheet
from console.style.tokens import FONT_FAMILIES, Tokens
from console.translation import tr
from console.views.apart import Apart, SharedKeys, away_note
from console.views.hiding import Hidden, hide_behind
from console.views.keys import KeysView
from console.views.overlay import Overlay
from console.views.oversight import OversightView
from console.views.palette import PaletteView
from console.views.parts import across, column, frame, text_label
from console.views.parts import widget as holder
from console.views.places import Places

if TYPE_CHECKING:  # they come with the desk, after the window stands
    from console.models.line import LineModel
    from console.views.call import CallView
    from console.views.line import LineView
    from console.views.locked import LockedView
    from console.views.report import ReportView
    from console.views.review import ReviewView
    from console.views.session import SessionView

TITLE = "Candour"
LEAST_WIDTH, LEAST_HEIGHT = 1180, 680
LEAST_WITHOUT_REPORT = 720
DESK = 1  # its page; the sign-in's is the first


class Window(QMainWindow):
    """Holds the views. Its title names the product and who is signed in, and nothing of any call or report."""

    line: LineView
    call: CallView
    report: ReportView
    review: ReviewView
    keys: KeysView
    palette_sheet: PaletteView
    oversight: OversightView

    def __init__(self, session: SessionView, tokens: Tokens) -> None:
        super().__init__()
        self.sign_in, self.tokens = session, tokens
        self._may_close: Callable[[], bool] = lambda: True
        self._furnished = False
        self._takes_calls = True
        self.allowed: Collection[str] = actions_for(())
        self._hidden: Hidden | None = None  # while the desk is locked
        self._cellar = QWidget()  # no window: what stands there is told to no other program, as hidden parts of one are
        self.setObjectName("window")
        self.setAccessibleName(TITLE)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self._pages = QStackedWidget()
        self._pages.addWidget(session)
        self.setCentralWidget(self._pages)
        self.dress(tokens)

    def furnish(
        self, line_view: LineView, call: CallView, report: ReportView, review: ReviewView, line: LineModel
    ) -> None:
        """Put the desk behind the sign-in."""
        self.line, self.call, self.report, self.review = line_view, call, report, review
        self._line = line
        self.keys, self.palette_sheet = KeysView(self, self.tokens), PaletteView(self, self.tokens)
        self.oversight = OversightView(self, self.tokens)
        self._show_allowed()
        self._desk_page = self._desk(self.tokens)
        self._pages.addWidget(self._desk_page)
        self.add_ways({"go_line": self.go_line, "go_call": self.go_call, "go_report": self.go_report})
        line.changed.connect(self._show_banner)
        for signal in (line.changed, line.ticked):
            signal.connect(self._show_standing)
        QApplication.instance().focusChanged.connect(self._keep_in_sight)  # type: ignore[union-attr]
        self.apart = Apart(self)
        self._shared_keys = SharedKeys(self, self.apart)
        self._away_note = away_note(self.tokens, self.apart.closed.emit)
        self._away_note.setParent(self.apart)  # until there is a place for it
        self._away_note.hide()
        self._furnished = True
        self._show_banner()
        self._arrange()

    def dress(self, tokens: Tokens) -> None:
        """Other colours, or text of another size."""
        self.tokens = tokens
        font = QFont()
        font.setFamilies(list(FONT_FAMILIES))
        font.setPixelSize(tokens.body)
        self.setFont(font)
        self.setPalette(palette(tokens))
        self.setStyleSheet(style_sheet(tokens))
        if self._furnished:
            self.apart.setFont(font)
            self.apart.setPalette(palette(tokens))
        self._arrange()

    # --- made once ---

    def _desk(self, tokens: Tokens) -> QWidget:
        self._work = QStackedWidget()
        self._work.setObjectName("work")
        self._work.addWidget(self.report)
        self._work.addWidget(self.review)
        self._places = Places(self.line, self.call, self._work, tokens)
        whole = column(0)
        whole.addWidget(self._banner_box(tokens))
        whole.addWidget(self._places, 1)
        return holder(whole, "ground", "desk")

    def _banner_box(self, tokens: Tokens) -> QFrame:
        inside = across(0)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        self._banner = text_label("", "strong", "caution", "banner")
        inside.addWidget(self._banner)
        self._banner_frame = frame("banner", inside)
        return self._banner_frame

    def add_ways(self, ways: dict[str, Callable[[], object]]) -> None:
        """Keys for actions that have no button of their own."""
        for action_id, go in ways.items():
            shortcut = QShortcut(QKeySequence(ACTIONS[action_id].key), self)
            shortcut.setObjectName(f"way.{action_id}")
            shortcut.activated.connect(go)
            shortcut.setEnabled(action_id in self.allowed)

    def add_lock(self, page: LockedView) -> None:
        """What is shown in place of everything while the desk is locked."""
        self._lock_page = page
        self._pages.addWidget(page)

    # --- where things stand ---

    def _arrange(self) -> None:
        if self._furnished:
            self._places.stand(self.tokens)

    def _keep_in_sight(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self._places.keep_in_sight(now)

    # --- one window or two ---

    @property
    def stands_apart(self) -> bool:
        """Whether the report has a window of its own."""
        return self._away_note.parentWidget() is self._places

    def put_apart(self) -> None:
        """Give the report, or the review in its place, a window of its own."""
        if self.stands_apart or self._hidden is not None:
            return
        self.apart.hold(self._work)
        self._places.give_away(self._away_note)
        self.setMinimumWidth(LEAST_WITHOUT_REPORT)
        self._shared_keys.begin()
        self.apart.show()
        self.go_report()

    def put_together(self) -> None:
        """Have it all in one window again; a locked desk brings no second window back."""
        if not self.stands_apart:
            return
        self._shared_keys.end()
        self._places.take_back()
        self._away_note.setParent(self.apart)
        self.apart.hide()
        self.setMinimumWidth(LEAST_WIDTH)
        if self._hidden is not None:
            self._hidden = self._hidden.without(self.apart)

    # --- what is shown when ---

    def go_line(self) -> None:
        self._go_to(self.line)

    def go_call(self) -> None:
        self._go_to(self.call)

    def go_report(self) -> None:
        """The report, or the review that is open in its place."""
        self._go_to(self.review if self._work.currentWidget() is self.review else self.report)

    def _go_to(self, place: LineView | CallView | ReportView | ReviewView) -> None:
        if self._pages.currentWidget() is not self.sign_in and self._hidden is None:
            if place.window() is self:
                self._uncover()
            self._places.show_place(place)
            place.window().activateWindow()
            place.take_focus()

    def _uncover(self) -> None:
        """Put the sheets away that stand over the desk, the uppermost first."""
        for sheet in reversed(self.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            if sheet.isVisible():
                sheet.put_away()

    def _show_banner(self) -> None:
        self._banner.setText(self._line.banner)
        self._banner_frame.setVisible(bool(self._line.banner))

    def _show_standing(self) -> None:
        offer = self._line.offered_row
        standing = self._line.presence_words if self._takes_calls else ""
        self._places.tell(standing if offer is None else tr("A call for you · {waited}").format(waited=offer.waited))

    def lock(self) -> None:
        """Hide everything: every page, sheet and window, and whose desk this is."""
        if self._hidden is None:
            self._hidden = hide_behind(self)
            self._pages.setCurrentWidget(self._lock_page)
            for part in (self._desk_page, *self.findChildren(Overlay), *([self._work] if self.stands_apart else [])):
                part.setParent(self._cellar)
            self._lock_page.take_focus()

    def unlock(self) -> None:
        """Bring it all back, the focus too."""
        if self._hidden is not None:
            hidden, self._hidden = self._hidden, None
            for sheet in self._cellar.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly):
                sheet.setParent(self)
            self._pages.insertWidget(DESK, self._desk_page)
            if self.stands_apart:
                self.apart.hold(self._work)
            self._pages.setCurrentIndex(DESK)
            hidden.bring_back(self)
            self._allow_ways()

    def allow(self, actions: Collection[str]) -> None:
        """Whoever is here may do these; their keys, and the lists of what can be done, are for no others."""
        if actions != self.allowed:
            self.allowed = actions
            self._show_allowed()
            self._allow_ways()

    def _show_allowed(self) -> None:
        for sheet in (self.keys, self.palette_sheet, self.oversight):
            sheet.show_actions(self.allowed)

    def _allow_ways(self) -> None:
        if self._hidden is None:
            for way in self.findChildren(QShortcut):
                kind, _, action_id = way.objectName().partition(".")
                if kind == "way":
                    way.setEnabled(action_id in self.allowed)

    def _put_sheets_away(self) -> None:
        if self._furnished:
            for sheet in (self.keys, self.palette_sheet, self.oversight):
                sheet.hide()

    def show_sign_in(self) -> None:
        """Nobody is signed in."""
        self.unlock()
        self._put_sheets_away()
        self._pages.setCurrentWidget(self.sign_in)
        self.sign_in.take_focus()

    def name(self, person: str) -> None:
        """Whose desk this is, in the title, so that two windows can be told apart; "" when nobody's."""
        self.setWindowTitle(f"{TITLE} \N{EN DASH} {person}" if person else TITLE)

    def show_desk(self) -> None:
        """The call and the report."""
        if self._hidden is None:
            self._pages.setCurrentIndex(DESK)
        self._work.setCurrentIndex(0)
        self.show_call()

    def show_review(self) -> None:
        """A report to review, in place of the report; and of the call, unless there is one."""
        self._work.setCurrentWidget(self.review)
        self.show_call()
        if self._hidden is None:
            self.review.take_focus()

    def set_takes_calls(self, takes_calls: bool) -> None:
        """Whether this person has calls at all."""
        self._takes_calls = takes_calls
        self.show_call()

    def show_call(self) -> None:
        """See whether the call has its place: always at the desk, and beside a review while there is one."""
        reviewing = self._work.currentWidget() is self.review
        self.call.setVisible(self._takes_calls and (not reviewing or self.call.is_in_use))
        self._arrange()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close():
            if self._furnished:
                self.apart.hide()
            super().closeEvent(event)
        else:
            event.ignore()

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Have someone asked each time the window is to be closed."""
        self._may_close = may_close
