"""Everyone in the organisation, drawn: a list, what is known of one of them, and what waits for a second person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QListWidget, QListWidgetItem, QPushButton, QWidget

from console.models.people import ROLES, SHARES_HANDSET, PeopleModel, ProposalRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.beside import Beside
from console.views.newcomers import NewcomersView
from console.views.parts import across, column, emptied, frame, show_words, text_label
from console.views.parts import widget as holder
from console.views.sheet import Sheet, press, tick, typed
from console.words import LANGUAGES
from shared.domain.vocabulary import ProposalKind
from shared.people_messages import MemberCard, PersonFacts

LEAST_LINES = 46  # of text, the list beside the form
TWO_PEOPLE = tr("One administrator proposes, another confirms. Signing someone out needs one alone.")
NEWCOMERS = tr(
    "Accounts are made at the service's own keyboard: 'candour person add'. The person makes their keys at their first "
    "sign-in and waits here; once two have heard the words, 'candour person confirm' takes them in."
)
NOTHING_WAITS = tr("Nothing waits to be confirmed.")


class PeopleView(Sheet):
    """Emits `propose` with a kind and a person, `change` with what the form says, `confirm`, `withdraw`, `out`."""

    propose = Signal(object, str)
    change = Signal(str, str, object, object, str, bool)
    confirm = Signal(str)
    withdraw = Signal(str)
    out = Signal(str)

    def __init__(self, parent: QWidget, people: PeopleModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "people", tr("People"))
        self._people, self._tokens = people, tokens
        self._shown: PersonFacts | None = None
        self._list = QListWidget()
        self._list.setObjectName("people.list")
        self._list.setAccessibleName(tr("Everyone"))
        self._list.setMinimumHeight(tokens.control * 8)
        self._list.currentRowChanged.connect(lambda _: self._show_one(anew=True))
        self._waiting = column(tokens.tight)
        self.newcomers = NewcomersView(tokens)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(TWO_PEOPLE, "", "muted"))
        whole.addLayout(self._waiting)
        whole.addWidget(self.newcomers)
        whole.addWidget(Beside([(self._list, 2), (self._form(), 3)], tokens.wide, LEAST_LINES))
        whole.addWidget(text_label(NEWCOMERS, "small", "muted"))
        whole.addStretch(1)
        self.fill(holder(whole, "surface"))
        people.changed.connect(self._show)
        people.told.connect(lambda: self.tell(people.notice, people.notice_is_good))
        self._show()

    # --- made once ---

    def _form(self) -> QWidget:
        tokens = self._tokens
        self._name = typed("people.name", tr("Name"), 80)
        self._handset = typed("people.handset", tr("Handset: a telephone number or a SIP address"), 120)
        self._trusted = tick("people.trusted", tr("Has no voicemail, so it need not press 1"))
        self._roles = {role: tick(f"people.role.{role}", words) for role, words in ROLES.items()}
        self._languages = {one: tick(f"people.language.{one}", words) for one, words in LANGUAGES.items()}
        self._warning = text_label("", "", "caution", "people.warning")
        grid = QGridLayout()
        grid.setVerticalSpacing(tokens.gap)
        grid.setHorizontalSpacing(tokens.gap)
        boxes, spoken = QGridLayout(), QGridLayout()
        for ticks, layout in ((self._roles, boxes), (self._languages, spoken)):
            layout.setSpacing(tokens.tight)
            for place, box in enumerate(ticks.values()):
                layout.addWidget(box, place // 2, place % 2)
        for row, (words, inside) in enumerate(
            ((tr("Name"), self._name), (tr("Roles"), holder(boxes)), (tr("Languages"), holder(spoken)),
             (tr("Handset"), self._handset), ("", self._trusted), ("", self._warning))
        ):  # fmt: skip
            grid.addWidget(text_label(words, "strong", wrap=False), row, 0)
            grid.addWidget(inside, row, 1)
        grid.setColumnStretch(1, 1)
        whole = column(tokens.gap)
        whole.addLayout(grid)
        whole.addLayout(self._presses())
        whole.addStretch(1)
        self._one = holder(whole)
        return self._one

    def _presses(self) -> QGridLayout:
        self._change = press("people.change", tr("Propose this change"), "primary")
        self._change.clicked.connect(lambda: self._propose_change())
        self._suspend = press("people.suspend", tr("Propose suspending"))
        self._reinstate = press("people.reinstate", tr("Propose letting in again"))
        self._remove = press("people.remove", tr("Propose removing"))
        self._reset = press("people.reset", tr("Propose forgetting the second factor"))
        self._out = press("people.out", tr("Sign out everywhere now"), "danger")
        for button, kind in (
            (self._suspend, ProposalKind.SUSPEND),
            (self._reinstate, ProposalKind.REINSTATE),
            (self._remove, ProposalKind.REMOVE),
            (self._reset, ProposalKind.RESET_SECOND_FACTOR),
        ):
            button.clicked.connect(lambda _, kind=kind: self.propose.emit(kind, self._chosen()))
        self._out.clicked.connect(lambda: self.out.emit(self._chosen()))
        ways = QGridLayout()
        ways.setSpacing(self._tokens.tight)
        order: tuple[QPushButton, ...] = (
            self._change, self._suspend, self._reinstate, self._remove, self._reset, self._out,
        )  # fmt: skip
        for place, button in enumerate(order):
            ways.addWidget(button, place // 2, place % 2)
        return ways

    # --- drawn again ---

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        chosen = self._chosen()
        self._list.blockSignals(True)
        self._list.clear()
        for one in self._people.people:
            item = QListWidgetItem(f"{one.facts.name}\n{self._people.standing(one)}", self._list)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
        ids = [one.id for one in self._people.people]
        self._list.setCurrentRow(ids.index(chosen) if chosen in ids else min(0, len(ids) - 1))
        self._list.blockSignals(False)
        self._show_one()
        self._show_waiting()
        self.newcomers.show_rows(self._people.newcomers)

    def _show_one(self, anew: bool = False) -> None:
        """The person chosen. What was typed stays, unless another is chosen or they were changed meanwhile."""
        one = self._people.member(self._chosen())
        self._one.setEnabled(one is not None)
        if one is None:
            return
        if anew or self._shown != one.facts:
            self._write(one.facts)
        self._show_presses(one)
        show_words(self._warning, SHARES_HANDSET if one.shares_handset else "")

    def _show_presses(self, one: MemberCard) -> None:
        self._suspend.setVisible(one.active)
        self._reinstate.setVisible(not one.active)
        self._reset.setEnabled(one.second_factor)

    def _write(self, facts: PersonFacts) -> None:
        self._shown = facts
        self._name.setText(facts.name)
        self._handset.setText(facts.handset or "")
        self._trusted.setChecked(facts.handset_trusted)
        for role, box in self._roles.items():
            box.setChecked(role in facts.roles)
        for language, box in self._languages.items():
            box.setChecked(language in facts.languages)

    def _show_waiting(self) -> None:
        emptied(self._waiting)
        rows = self._people.rows
        self._waiting.addWidget(text_label(tr("Waiting to be confirmed") if rows else NOTHING_WAITS, "eyebrow"))
        for row in rows:
            self._waiting.addWidget(self._proposal(row))

    def _proposal(self, row: ProposalRow) -> QWidget:
        inside = across(self._tokens.gap, self._tokens.tight)
        words = column(0)
        words.addWidget(text_label(row.what, "strong"))
        words.addWidget(text_label(row.by, "small", "muted"))
        inside.addLayout(words, 1)
        yes = press(f"proposal.{row.id}.confirm", tr("Confirm"), "primary")
        yes.setAccessibleName(tr("Confirm: {what}").format(what=row.what))
        yes.setEnabled(row.may_confirm)
        yes.clicked.connect(lambda: self.confirm.emit(row.id))
        no = press(f"proposal.{row.id}.withdraw", tr("Withdraw"))
        no.setAccessibleName(tr("Withdraw: {what}").format(what=row.what))
        no.clicked.connect(lambda: self.withdraw.emit(row.id))
        inside.addWidget(yes)
        inside.addWidget(no)
        return frame("sunken", inside, f"proposal.{row.id}")

    def _chosen(self) -> str:
        item = self._list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))

    def _propose_change(self) -> None:
        roles = tuple(role for role, box in self._roles.items() if box.isChecked())
        languages = tuple(one for one, box in self._languages.items() if box.isChecked())
        self.change.emit(
            self._chosen(), self._name.text(), roles, languages, self._handset.text(), self._trusted.isChecked()
        )
