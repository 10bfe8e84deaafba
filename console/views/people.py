"""Everyone in the organisation, drawn: a list, what is known of one of them, and what waits for a second person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QWidget

from console.models.people import SHARES_HANDSET, PeopleModel, ProposalRow
from console.style.tokens import Tokens
from console.translation import tr
from console.views.beside import Beside
from console.views.given_words import GivenWordsView
from console.views.newcomers import NewcomersView
from console.views.parts import across, column, emptied, frame, text_label
from console.views.parts import widget as holder
from console.views.person_form import PersonForm
from console.views.sheet import Sheet, press
from console.views.signing_out import SignOutButton
from shared.domain.vocabulary import ProposalKind
from shared.people_messages import PersonFacts

LEAST_LINES = 46  # of text, the list beside the form
TWO_PEOPLE = tr("One administrator proposes, another confirms. Signing someone out needs one alone.")
NEWCOMERS = tr(
    "Whoever is added makes their keys at their first sign-in and waits here. Once two administrators have heard the "
    "words of those keys, 'candour person confirm' at the service takes them in; with handlers' and supervisors' keys "
    "comes a supervisor's passphrase."
)
LOST = tr(
    "For a lost second factor: two of you have it forgotten here; nothing written is lost. For a lost passphrase: new "
    "keys, by 'candour person new-keys' at the service. They do not open the drafts there are, which two supervisors "
    "give back; contact details that their author alone could open, and what was not sent yet, are lost."
)
SOMEBODY_NEW = tr("Somebody new")
NOTHING_WAITS = tr("No proposal waits.")


class PeopleView(Sheet):
    """Emits `propose` with a kind and a person, `change` with a person and what was typed, `add` with that alone,
    `confirm`, `withdraw`, `out`, and `gone` when it is put away.
    """

    propose = Signal(object, str)
    change = Signal(str, object)
    add = Signal(object)
    gone = Signal()
    confirm = Signal(str)
    withdraw = Signal(str)
    out = Signal(str)

    def __init__(self, parent: QWidget, people: PeopleModel, tokens: Tokens) -> None:
        super().__init__(parent, tokens, "people", tr("People"))
        self._people, self._tokens = people, tokens
        self._shown: PersonFacts | None = None
        self._is_new = False  # whether the form is for somebody who is not in the list
        self._list = QListWidget()
        self._list.setObjectName("people.list")
        self._list.setAccessibleName(tr("Everyone"))
        self._list.setSpacing(tokens.hair)
        self._list.setMinimumHeight(tokens.control * 8)
        self._list.currentRowChanged.connect(lambda row: self._choose(row))
        self._waiting = column(tokens.tight)
        self.given, self.newcomers = GivenWordsView(tokens), NewcomersView(tokens)
        whole = column(tokens.gap, tokens.wide)
        whole.addWidget(text_label(TWO_PEOPLE, "", "muted"))
        whole.addWidget(self.given)
        whole.addLayout(self._waiting)
        whole.addWidget(self.newcomers)
        whole.addWidget(Beside([(self._everyone(), 2), (self._form(), 3)], tokens.wide, LEAST_LINES))
        for words in (NEWCOMERS, LOST):
            whole.addWidget(text_label(words, "small", "muted"))
        whole.addStretch(1)
        self.fill(holder(whole, "surface"))
        people.changed.connect(self._show)
        people.words_given.connect(self._show_words)
        people.told.connect(lambda: self.tell(people.notice, people.notice_is_good))
        self._show()

    # --- made once ---

    def _everyone(self) -> QWidget:
        self._add = press("people.new", tr("Add somebody"))
        self._add.clicked.connect(lambda: self._begin_new())
        whole = column(self._tokens.tight)
        whole.addWidget(self._list, 1)
        whole.addLayout(_at_left(self._add))
        return holder(whole)

    def _form(self) -> QWidget:
        self._heading = text_label(SOMEBODY_NEW, "lead", "", "people.heading")
        self._facts = PersonForm(self._tokens)
        self._make = press("people.make", tr("Make the account"), "primary")
        self._make.clicked.connect(lambda: self.add.emit(self._facts.typed))
        self._leave = press("people.leave", tr("Not now"))
        self._leave.clicked.connect(lambda: self._choose(0))
        new = across(self._tokens.tight)
        new.addWidget(self._make)
        new.addWidget(self._leave)
        new.addStretch(1)
        self._for_new, self._for_known = holder(new), holder(self._presses())
        whole = column(self._tokens.gap)
        for part in (self._heading, self._facts, self._for_new, self._for_known):
            whole.addWidget(part)
        whole.addStretch(1)
        self._one = holder(whole)
        return self._one

    def _presses(self) -> QGridLayout:
        self._change = press("people.change", tr("Propose this change"), "primary")
        self._change.clicked.connect(lambda: self.change.emit(self._chosen(), self._facts.typed))
        self._suspend = press("people.suspend", tr("Propose suspending"))
        self._reinstate = press("people.reinstate", tr("Propose letting in again"))
        self._remove = press("people.remove", tr("Propose removing"))
        self._reset = press("people.reset", tr("Propose forgetting the second factor"))
        self._out = SignOutButton("people.out")
        for button, kind in (
            (self._suspend, ProposalKind.SUSPEND),
            (self._reinstate, ProposalKind.REINSTATE),
            (self._remove, ProposalKind.REMOVE),
            (self._reset, ProposalKind.RESET_SECOND_FACTOR),
        ):
            button.clicked.connect(lambda _, kind=kind: self.propose.emit(kind, self._chosen()))
        self._out.sure.connect(self.out)
        ways = QGridLayout()
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(self._tokens.tight)
        for place, button in enumerate((self._change, self._suspend, self._remove, self._reset, self._out)):
            ways.addWidget(button, place // 2, place % 2)
        ways.addWidget(self._reinstate, 0, 1)  # in the place of suspending: one of them is there
        return ways

    # --- drawn again ---

    def take_focus(self) -> None:
        self._list.setFocus()

    def _show(self) -> None:
        """All of it anew. The keyboard, and where the list is scrolled to, stay as they are."""
        held = self._held()
        chosen, scrolled = self._chosen(), self._list.verticalScrollBar().value()
        self._list.blockSignals(True)
        self._list.clear()
        for one in self._people.people:
            item = QListWidgetItem(f"{one.facts.name}\n{self._people.standing(one)}", self._list)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
        ids = [one.id for one in self._people.people]
        first = -1 if self._is_new else min(0, len(ids) - 1)
        self._list.setCurrentRow(ids.index(chosen) if chosen in ids else first)
        self._list.blockSignals(False)
        self._show_one()
        self._show_waiting()
        self.newcomers.show_rows(self._people.newcomers)
        self._list.verticalScrollBar().setValue(scrolled)
        again = self.findChild(QPushButton, held) if held else None
        if again is not None and again.isEnabled():
            again.setFocus()

    def _held(self) -> str:
        """The name of the button in a row that has the keyboard; the rows are made anew."""
        now = QApplication.focusWidget()
        inside = isinstance(now, QPushButton) and self.isAncestorOf(now)
        name = now.objectName() if now is not None and inside else ""
        return name if name.startswith(("proposal.", "newcomer.")) else ""

    def _choose(self, row: int) -> None:
        """Somebody of the list; the form is theirs then."""
        self._is_new = False
        self._list.setCurrentRow(row)
        self._show_one(anew=True)

    def _begin_new(self) -> None:
        """The form is for somebody who is not there yet."""
        self._is_new, self._shown = True, None
        self._list.blockSignals(True)
        self._list.setCurrentRow(-1)
        self._list.blockSignals(False)
        self._facts.write(None)
        self._show_one()
        self._facts.take_focus()
        self.bring_up(self._one)

    def _show_one(self, anew: bool = False) -> None:
        """The person chosen. What was typed stays, unless another is chosen or they were changed meanwhile."""
        one = None if self._is_new else self._people.member(self._chosen())
        for part in (self._heading, self._for_new):
            part.setVisible(self._is_new)
        self._for_known.setVisible(not self._is_new)
        self._one.setEnabled(self._is_new or one is not None)
        self._facts.warn(SHARES_HANDSET if one is not None and one.shares_handset else "")
        if one is None:
            return
        if anew or self._shown != one.facts:
            self._shown = one.facts
            self._facts.write(one.facts)
        self._out.choose(one.id, one.facts.name)
        self._suspend.setVisible(one.active)
        self._reinstate.setVisible(not one.active)
        self._reset.setEnabled(one.second_factor)

    def _show_words(self) -> None:
        """Words to pass on, where they are seen; the form is done with."""
        given = self._people.given
        if given is not None:
            self._choose(0)
        self.given.show_words(given)
        if given is not None:
            self.bring_up(self.given)

    def put_away(self) -> None:
        super().put_away()
        self._is_new = False
        self.gone.emit()

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
        no.setEnabled(row.may_withdraw)
        no.clicked.connect(lambda: self.withdraw.emit(row.id))
        inside.addWidget(yes)
        inside.addWidget(no)
        return frame("sunken", inside, f"proposal.{row.id}")

    def _chosen(self) -> str:
        item = self._list.currentItem()
        return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))


def _at_left(button: QPushButton) -> QHBoxLayout:
    layout = across(0)
    layout.addWidget(button)
    layout.addStretch(1)
    return layout
