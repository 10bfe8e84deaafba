"""The right column, drawn: the report's questions, each beside its answer, and whether all of it is saved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console.models.report import ReportModel, SaveState
from console.models.versions import VersionsModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.another import AnotherView
from console.views.paper import Paper
from console.views.parts import (
    across,
    action_button,
    chip,
    column,
    emptied,
    frame,
    restyle,
    rule,
    scrolled,
    show_words,
    text_label,
)
from console.views.parts import widget as holder
from console.views.versions import VersionsView
from console.views.wrapping import wrapped

LINES_FOR_BARS = 30  # of text; in a lower report the bars scroll with the questions
SAY_AFTER_MS = 200  # what is read aloud follows what is typed, not every key
NO_REPORT = tr("No report is open")
WORDS_FOR_WRITING = tr(
    "One opens by itself as you begin to talk to a caller; what they add later goes into a new one. "
    "Your drafts, and reports that came back, are on the left."
)
WORDS_FOR_REVIEW = tr("Choose a report to review on the left. It is shown as the unit will see it.")
WORDS_FOR_OTHERS = tr("What you can do here is under Keys, or listed with Ctrl+K.")

_TONES = {
    SaveState.NOTHING: "muted",
    SaveState.WAITING: "muted",
    SaveState.SAVING: "muted",
    SaveState.SAVED: "good",
    SaveState.AWAY: "caution",
    SaveState.REFUSED: "danger",
}


class ReportView(QWidget):
    """Emits `submit`, `save`, `put_away`; answers go to the model as they are typed.

    `begin_another` carries the sections a second report begins with. `all_shown` tells that they are shown again.
    """

    submit = Signal()
    save = Signal()
    put_away = Signal()
    check_wording = Signal()
    begin_without_call = Signal()
    other_version = Signal()
    begin_another = Signal(object)
    all_shown = Signal()

    def __init__(self, report: ReportModel, versions: VersionsModel, tokens: Tokens) -> None:
        super().__init__()
        self._versions = VersionsView(versions, tokens)
        self._versions.swap.connect(self.other_version)
        self._report, self._tokens = report, tokens
        self.setObjectName("place.report")
        self.setAccessibleName(tr("The report"))
        self._another = AnotherView(tokens)
        self._another.begin.connect(self._begin_another)
        self._say = QTimer(self, singleShot=True, interval=SAY_AFTER_MS)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._paper())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(tokens.wide, tokens.wide, tokens.wide, tokens.wide)
        outer.addWidget(self._stack)
        self._say.timeout.connect(self._show_aloud)
        report.edited.connect(self._say.start)
        report.opened.connect(self._show)
        report.filled.connect(self._fill_in)
        report.asked_changed.connect(self._show_asked)
        report.state_changed.connect(self._show_state)
        report.problems_changed.connect(self._show_problems)
        self._show()

    # --- made once ---

    def _nothing(self) -> QFrame:
        words = column(self._tokens.tight)
        self._notice = text_label("", "lead", "good", "report.notice")
        self._nothing_words = text_label("", "", "muted", "report.nothing_words")
        for label in (self._notice, text_label(NO_REPORT, "title"), self._nothing_words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            words.addWidget(label)
        self._new = action_button("new_report", self.begin_without_call.emit, "")
        words.addSpacing(self._tokens.gap)
        words.addWidget(self._new, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = holder(words)
        middle.setProperty("span", "words")
        sides = across(0)
        sides.addStretch(1)
        sides.addWidget(middle, 100)  # as wide as it may be
        sides.addStretch(1)
        inside = column(0, self._tokens.wide)
        inside.addStretch(2)
        inside.addLayout(sides)
        inside.addStretch(3)
        return frame("card", inside, "report.none")

    def set_writes(self, writes: bool, reviews: bool) -> None:
        """Whether this person writes reports, or only reviews them, or does neither."""
        others = WORDS_FOR_REVIEW if reviews else WORDS_FOR_OTHERS
        self._nothing_words.setText(WORDS_FOR_WRITING if writes else others)
        self._new.setVisible(writes)

    def _paper(self) -> QFrame:
        inside = column(0)
        inside.addWidget(self._head())
        inside.addWidget(rule())
        inside.addWidget(self._versions)
        self._bars = column(0)
        self._bars_box = holder(self._bars, name="report.bars")
        self._bars_place = column(0)
        self._bars_place.addWidget(self._bars_box)
        inside.addLayout(self._bars_place)
        inside.addWidget(self._body(), 1)
        inside.addWidget(self._another)
        self._strip = column(0)
        self._strip_box = holder(self._strip, name="report.strips")
        self._strip_place = column(0)
        self._strip_place.addWidget(self._strip_box)
        inside.addLayout(self._strip_place)
        inside.addWidget(rule())
        inside.addWidget(self._foot())
        inside.setContentsMargins(1, 1, 1, 1)
        return frame("card", inside, "report.card")

    def _head(self) -> QWidget:
        tokens = self._tokens
        inside = across(tokens.gap)
        inside.setContentsMargins(tokens.wide, 0, tokens.wide, 0)
        self._title = text_label("", "title", "", "report.title", wrap=False)
        inside.addWidget(self._title)
        self._marking = chip("", "report.marking")
        inside.addWidget(self._marking)
        inside.addStretch(1)
        self._status = text_label("", "small", "muted", "report.status")
        self._status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(self._status, 3)
        head = holder(inside)
        head.setProperty("span", "head")
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return head

    def _body(self) -> QScrollArea:
        tokens = self._tokens
        inside = column(tokens.vast)
        inside.setContentsMargins(tokens.wide, tokens.room, tokens.wide, tokens.vast)
        self._remarks = text_label("", "", "", "report.remarks")
        self._bars_inside = column(0)
        inside.addLayout(self._bars_inside)
        remarks = column(tokens.hair, tokens.room)
        remarks.addWidget(text_label(tr("It came back with these remarks"), "strong", "caution"))
        remarks.addWidget(self._remarks)
        self._remarks_box = frame("remarks", remarks)
        inside.addWidget(self._remarks_box)
        self._place = column(0)
        inside.addLayout(self._place)
        inside.addStretch(1)
        self._area = scrolled(holder(inside, "surface"), "report.scroll", tr("Questions and answers"))
        self._lay_out()
        return self._area

    def _lay_out(self) -> None:
        """The questions of the form that the report is written in."""
        emptied(self._place)
        self._paper_shown = Paper(self._report.form, self._tokens)
        self._paper_shown.answered.connect(self._report.answer)
        self._paper_shown.delete_details.connect(self._report.become_anonymous)
        self._paper_shown.keep_details.connect(self._report.stay_confidential)
        self._place.addWidget(self._paper_shown)
        self._title.setText(self._report.form.title)
        self._marking.setText(self._report.form.marking)
        self._another.draw(self._report.form)

    def _foot(self) -> QWidget:
        tokens = self._tokens
        inside = across(tokens.tight)
        inside.setContentsMargins(tokens.wide, tokens.gap, tokens.wide, tokens.gap)
        self._put_away = action_button("close_report", self.put_away.emit, "quiet")
        self._save = action_button("save", self.save.emit, "quiet")
        self._next = action_button("next_problem", self.go_to_next_problem, "")
        self._submit = action_button("submit", self._ask_to_submit, "primary")
        self._count = text_label("", "small", "danger", "report.problem_count", wrap=False)
        self._count.setMinimumHeight(tokens.control)  # its words stand level with those of the buttons beside it
        self._wording = action_button("hints", self.check_wording.emit, "quiet")
        self._split = action_button("another_report", self._another.ask, "quiet")
        aside = wrapped((self._put_away, self._save, self._wording, self._split), tokens.tight)
        onward = wrapped((self._count, self._next, self._submit), tokens.tight)
        inside.addWidget(wrapped((aside, onward), tokens.tight, last_right=True))
        return holder(inside)

    def add_strip(self, strip: QWidget) -> None:
        """Put something between the questions and the buttons."""
        self._strip.addWidget(strip)

    def put_over(self, bar: QWidget) -> None:
        """A slim bar over the questions."""
        self._bars.addWidget(bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_bars()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._place_bars()
            QTimer.singleShot(0, self, self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """Text of another size moves everything, but not where one was out of sight."""
        focused = self.focusWidget()
        if focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused, 0, self._tokens.vast)

    def _place_bars(self) -> None:
        """Bars stand over the questions and strips under them; where that would leave these no room, all scroll."""
        if hasattr(self, "_bars_place"):
            low = self.height() < LINES_FOR_BARS * self.fontMetrics().height()
            (self._bars_inside if low else self._strip_place).addWidget(self._strip_box)
            (self._bars_inside if low else self._bars_place).addWidget(self._bars_box)

    # --- drawn again ---

    def _fill_in(self, field_id: str) -> None:
        rows = self._paper_shown.rows
        if field_id in rows:
            rows[field_id].editor.show_value(self._report.content[field_id])

    def _begin_another(self, sections: object) -> None:
        self._another.hide()
        self.begin_another.emit(sections)

    def _show(self) -> None:
        if self._paper_shown.form is not self._report.form:
            self._lay_out()
        self._say.stop()
        self._another.hide()
        self._paper_shown.show_answers(self._report)
        self._remarks.setText(self._report.remarks)
        self._remarks_box.setVisible(bool(self._report.remarks))
        show_words(self._notice, self._report.notice)
        self._stack.setCurrentIndex(1 if self._report.is_open else 0)
        self._area.verticalScrollBar().setValue(0)
        self._show_asked()
        self._show_state()

    def _show_asked(self) -> None:
        self._paper_shown.show_asked(self._report)

    def _show_aloud(self) -> None:
        self._paper_shown.show_aloud(self._report)
        self._show_problems()

    def _show_state(self) -> None:
        self._status.setText(self._report.status_words)
        restyle(self._status, "tone", _TONES[self._report.state])
        for button in (self._submit, self._put_away, self._save, self._wording, self._split):
            button.setEnabled(self._report.is_open and not self._report.submitting)

    def _show_problems(self) -> None:
        self._paper_shown.show_problems(self._report)
        count = len({problem.field for problem in self._report.blocking})
        self._next.setVisible(count > 0)
        show_words(self._count, tr("{count} to put right").format(count=count) if count else "")

    def _ask_to_submit(self) -> None:
        self.submit.emit()
        if self._report.blocking:
            self.go_to_field(self._wrong[0])

    @property
    def _wrong(self) -> list[str]:
        """The fields that hold it up, in the form's order."""
        wrong = {problem.field for problem in self._report.blocking}
        return [field_id for field_id in self._paper_shown.rows if field_id in wrong]

    def go_to_next_problem(self) -> None:
        """Move to the next field that needs something, round and round."""
        wrong = self._wrong
        if not wrong:
            return
        here = self._focused_field()
        order = list(self._paper_shown.rows)
        after = [name for name in wrong if here is not None and order.index(name) > order.index(here)]
        self.go_to_field((after or wrong)[0])

    @property
    def shows_only_by_key(self) -> bool:
        """Whether only questions for yes or no are shown."""
        return self._paper_shown.only_by_key

    def show_only_by_key(self, only: bool) -> None:
        """Only questions that a caller who cannot speak can answer, or all again."""
        self._paper_shown.only_by_key = only
        self._show_asked()

    def go_to_next_by_key(self) -> None:
        """Move to the next question for yes or no after this one, round and round."""
        found, order, here = self._paper_shown.by_key(self._report.asked), list(self._paper_shown.rows), -1
        if (focused := self._focused_field()) is not None:
            here = order.index(focused)
        if found and self._report.is_open:
            self.go_to_field(next((one for one in found if order.index(one) > here), found[0]))

    def go_to_field(self, field_id: str) -> None:
        """Bring one field into sight and give it the focus; all questions are shown again if it is not among those."""
        if self.shows_only_by_key and field_id not in self._paper_shown.by_key(self._report.asked):
            self.show_only_by_key(False)
            self.all_shown.emit()
        row = self._paper_shown.rows[field_id]
        row.editor.focus_on().setFocus()
        self._bring_up(row.box)

    def go_to_section(self, section_id: str) -> None:
        """Bring a section to the top, and go to its first question."""
        sections = {section.id: section for section in self._report.form.sections}
        asked = [field.id for field in sections[section_id].fields if field.id in self._report.asked]
        if asked:
            self.go_to_field(asked[0])
            self._paper_shown.rows[asked[0]].editor.focus_on().setFocus()
            self._bring_up(self._paper_shown.sections[section_id], even_if_seen=True)

    def _bring_up(self, part: QWidget, even_if_seen: bool = False) -> None:
        """Scroll so that a part stands near the top, unless all of it is in sight already."""
        inside = self._area.widget()
        if inside is None:
            return
        inside.adjustSize()
        bar, top = self._area.verticalScrollBar(), part.mapTo(inside, QPoint(0, 0)).y()
        seen = bar.value() <= top and top + part.height() <= bar.value() + self._area.viewport().height()
        if even_if_seen or not seen:
            bar.setValue(max(0, top - self._tokens.wide))

    def take_focus(self) -> None:
        """Where typing begins."""
        asked = self._report.asked
        if self._report.is_open:
            self.go_to_field(next(field_id for field_id in self._paper_shown.rows if field_id in asked))

    def _focused_field(self) -> str | None:
        focused = self.focusWidget()
        for field_id, row in self._paper_shown.rows.items():
            if focused is not None and (focused is row.editor or row.editor.isAncestorOf(focused)):
                return field_id
        return None
