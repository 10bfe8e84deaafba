"""A summary, drawn: its period, large figures, how calls came, what happened to reports, and every table behind."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.models.summary import EDITIONS, SINCE_LAUNCH, SPANS, Section, SummaryModel
from console.style.tokens import Tokens
from console.translation import tr
from console.views.chart import BarsView
from console.views.choosing import ChoiceBox
from console.views.day_box import DayBox
from console.views.figures_table import FiguresTable
from console.views.launch_table import LaunchTable
from console.views.parts import across, column, emptied, frame, show_words, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press
from console.views.wrapping import wrapped
from shared.summary.periods import Span
from shared.summary.sheet import Edition

FORMS: Final = {"pdf": "PDF", "xlsx": tr("Workbook"), "csv": "CSV", "text": tr("Text"), "json": "JSON"}
LEGEND: Final = tr("Outlined: all calls that arrived. Filled: those answered.")
_CHARTS: Final = {
    "trend": tr("How calls came"),
    "hour": tr("By the hour of London's clock"),
    "reports": tr("What happened to reports"),
}
A_DAY: Final = tr("A day of the period")
_LAST_OF_CALLS: Final = "hour"
_FIRST_TABLE: Final = "measure"


class SummaryView(Sheet):
    """Emits `save` with the format a file is wanted in. What is looked at is the model's."""

    save = Signal(str)

    def __init__(self, parent: QWidget, summary: SummaryModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "summary", tr("Summaries"))
        self._summary, self._tokens = summary, tokens
        self._marking = text_label("", "strong", "caution", "summary.marking")
        self._heading = text_label("", "lead", "", "summary.title")
        self._large = across(tokens.gap)
        self._launch = LaunchTable(tokens)
        self._charts = {name: BarsView(f"summary.{name}", title, tokens) for name, title in _CHARTS.items()}
        self._over = {name: text_label(title, "strong", "", f"summary.over.{name}") for name, title in _CHARTS.items()}
        self._legend = text_label(LEGEND, "small", "muted", "summary.legend")
        self._sections = ChoiceBox()
        self._sections.setObjectName("summary.section")
        self._sections.setAccessibleName(tr("Which table"))
        self._sections.currentIndexChanged.connect(lambda _: self._show_table())
        self._table = FiguresTable(tokens)
        self._began = text_label("", "small", "muted", "summary.began")
        self._every = text_label(tr("Every figure"), "strong", "", "summary.every")
        self._saving = self._saving_row()
        self.fill(holder(self._laid_out(), "surface"))
        summary.changed.connect(self._show)
        summary.wanted.connect(self._show_choice)
        self._show()

    # --- made once ---

    def _laid_out(self) -> QVBoxLayout:
        tokens = self._tokens
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(self._choosing())
        whole.addWidget(self._heading)
        whole.addWidget(self._marking)
        whole.addLayout(self._large)
        whole.addWidget(self._began)
        whole.addWidget(self._launch)
        for name, chart in self._charts.items():
            whole.addWidget(self._over[name])
            whole.addWidget(chart)
            if name == _LAST_OF_CALLS:
                whole.addWidget(self._legend)
        whole.addWidget(self._every)
        whole.addWidget(self._sections)
        whole.addWidget(self._table)
        whole.addWidget(self._saving)
        whole.addStretch(1)
        return whole

    def _choosing(self) -> QWidget:
        self._span, self._edition = ChoiceBox(), ChoiceBox()
        for box, name, words in (
            (
                self._span,
                tr("How long a period"),
                {**{span.value: words for span, words in SPANS.items()}, "": SINCE_LAUNCH},
            ),
            (self._edition, tr("For whom"), {edition.value: words for edition, words in EDITIONS.items()}),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
            for value, text in words.items():
                box.addItem(text, value)
        self._span.setObjectName("summary.span")
        self._edition.setObjectName("summary.edition")
        self._day, self._last = DayBox("summary.day"), DayBox("summary.last", last_of_it=True)
        self._last.name_it(tr("The last day of the period"))
        self._to = text_label(tr("to"), wrap=False)
        self._to.setMinimumHeight(self._tokens.control)
        before, after = press("summary.before", tr("Earlier")), press("summary.after", tr("Later"))
        before.clicked.connect(lambda: self._summary.step(forward=False))
        after.clicked.connect(lambda: self._summary.step(forward=True))
        self._span.activated.connect(lambda _: self._choose())
        self._edition.activated.connect(lambda _: self._choose())
        for day in (self._day, self._last):
            day.chosen.connect(lambda _: self._choose())
            day.not_read.connect(lambda words: self.tell(words or self._summary.notice))
        ends = across(self._tokens.gap)
        ends.addWidget(self._to)
        ends.addWidget(self._last)
        self._ends = holder(ends)
        return wrapped((self._span, before, self._day, self._ends, after, self._edition), self._tokens.gap)

    def _saving_row(self) -> QWidget:
        buttons: list[QWidget] = []
        for form, words in FORMS.items():
            button = press(f"summary.save.{form}", words)
            button.setAccessibleName(tr("Save as {form}").format(form=words))
            button.clicked.connect(lambda _, form=form: self.save.emit(form))
            buttons.append(button)
        first = across(self._tokens.gap)
        first.addWidget(text_label(tr("Save as"), "strong", wrap=False))
        first.addWidget(buttons[0])
        return wrapped([holder(first), *buttons[1:]], self._tokens.gap)

    # --- drawn again ---

    def take_focus(self) -> None:
        self._span.setFocus()

    def _choose(self) -> None:
        span, edition = self._span.currentData(), Edition(self._edition.currentData())
        self._summary.choose(Span(span) if span else None, self._day.day, edition, self._last.day)
        self._show_choice()  # which may be another than what was asked for

    def _show(self) -> None:
        summary = self._summary
        self._show_choice()
        sheet = summary.sheet
        show_words(self._heading, "" if sheet is None else sheet.title)
        show_words(self._marking, "" if sheet is None else sheet.marking)
        self.tell(summary.notice)
        self._show_large()
        show_words(self._began, summary.began())
        self._launch.show_lines(summary.published(), summary.adds_up())
        for name, chart in self._charts.items():
            bars = summary.bars(name)
            chart.show_bars(bars)
            chart.setVisible(bool(bars))
            self._over[name].setVisible(bool(bars))
        self._legend.setVisible(bool(summary.bars(_LAST_OF_CALLS)))
        for part in (self._every, self._sections, self._table, self._saving):
            part.setVisible(sheet is not None)
        self._show_sections()

    def _show_choice(self) -> None:
        summary, any_period = self._summary, self._summary.span is Span.PERIOD
        self._day.show_day(summary.day)
        self._last.show_day(summary.last or summary.day)
        self._day.name_it(tr("The first day of the period") if any_period else A_DAY)
        self._ends.setVisible(any_period)
        self._span.setCurrentIndex(self._span.findData("" if summary.span is None else summary.span.value))
        self._edition.setCurrentIndex(self._edition.findData(summary.edition.value))

    def _show_large(self) -> None:
        emptied(self._large)
        for one in self._summary.large():
            inside = column(self._tokens.tight, self._tokens.gap)
            for words, look in ((one.label, "small"), (one.value, "title"), (one.before, "small")):
                label: QLabel = text_label(words, look, wrap=words is one.label)
                label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                inside.addWidget(label)
            tile = frame("card", inside)
            tile.setAccessibleName(f"{one.label}: {one.value}, {one.before}")
            self._large.addWidget(tile)

    def _show_sections(self) -> None:
        chosen = self._sections.currentText()
        titles = [section.title for section in self._summary.sections()]
        self._sections.blockSignals(True)
        self._sections.clear()
        self._sections.addItems(titles)
        self._sections.setCurrentIndex(_place_of(chosen, titles))
        self._sections.blockSignals(False)
        self._show_table()

    def _show_table(self) -> None:
        sections = self._summary.sections()
        place = self._sections.currentIndex()
        self._table.show_section(sections[place] if 0 <= place < len(sections) else Section("", (), ()))


def _place_of(chosen: str, titles: list[str]) -> int:
    """The table looked at before; at first the measures."""
    for title in (chosen, _FIRST_TABLE):
        if title in titles:
            return titles.index(title)
    return 0 if titles else -1
