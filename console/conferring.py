"""What a handler does with others in the call: asks, joins, lets go, hands over with the draft; and takes back."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from console import routes
from console.keyring import GivenDraft, Keyring
from console.link import Failure, Link
from console.models.call import CallModel
from console.models.report import ReportModel, Stored
from console.models.together import Choice, TogetherModel
from console.routes import Route
from console.saving import Saving
from console.translation import tr
from console.workers import Workers
from shared.call_messages import BringIn, GivenReport, HandOver, SendAway, ToPerson, Training
from shared.messages import Message, PartyCard, SealedReport

NOT_SEALED: Final = tr("The draft could not be sealed to this colleague, so the call stays with you.")
STILL_SAVING: Final = tr("The draft is being saved; the call is handed over then.")


class Conferring(QObject):
    """Asks the service; the board says what came of it. Emits `told` with words, `given` when a draft went along."""

    told = Signal(str)
    given = Signal()

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        call: CallModel,
        report: ReportModel,
        saving: Saving,
        together: TogetherModel,
    ) -> None:
        super().__init__()
        self._link, self._workers, self._keyring = link, workers, keyring
        self._call, self._report, self._saving, self._together = call, report, saving, together
        self._waits_for_save: PartyCard | None = None
        saving.settled.connect(self._hand_over_if_wanted)
        saving.stopped.connect(self._give_up)

    def do(self, action: str) -> None:
        """One of the actions of `console.actions`, by its id."""
        {
            "mute": self.mute,
            "ask_help": self.ask_help,
            "bring_in": self.toggle_choices,
            "join_all": self.join_all,
            "let_go": self.let_go,
            "hand_over": self.hand_over,
            "hand_on": self.hand_on,
            "training": self.training,
            "more_time": self.more_time,
            "take_back": self.take_back,
        }[action]()

    def mute(self) -> None:
        """Mute, or stop muting."""
        call = self._together.call
        if call is not None and self._together.may("mute"):
            self._ask(routes.UNMUTE if call.handset_muted else routes.MUTE)

    def ask_help(self) -> None:
        """Ask for help, or do not any more."""
        call = self._together.call
        if call is not None and self._together.may("ask_help"):
            self._ask(routes.WANT_NO_HELP if call.help_asked else routes.ASK_FOR_HELP)

    def toggle_choices(self) -> None:
        self._together.choose(not self._together.choosing)

    def bring_in(self, choice: Choice) -> None:
        """Ring a colleague, or a telephone outside."""
        self._together.choose(False)
        if choice.outside:
            self._ask(routes.BRING_IN, BringIn(listed=choice.id))
        else:
            self._ask(routes.CONSULT, ToPerson(person_id=choice.id))

    def join_all(self) -> None:
        if self._together.may("join_all"):
            self._ask(routes.JOIN_ALL)

    def let_go(self) -> None:
        """Let everyone who was brought in go."""
        for party in self._together.parties:
            self._ask(routes.SEND_AWAY, SendAway(party_id=party.id))

    def hand_on(self) -> None:
        if self._together.may("hand_on"):
            self._ask(routes.HAND_ON)

    def training(self) -> None:
        """Mark the call as training, or not."""
        call = self._together.call
        if call is not None and self._together.may("training"):
            self._ask(routes.TRAINING, Training(training=not call.training))

    def more_time(self) -> None:
        if self._together.may("more_time"):
            self._ask(routes.MORE_TIME)

    def take_back(self) -> None:
        """The last outcome, while it can be."""
        filed = self._together.last_filed
        if filed is not None and self._together.may("take_back"):
            self._link.call(routes.TAKE_BACK, None, filed.id).failed.connect(self._tell)

    # --- handing over ---

    def hand_over(self) -> None:
        """Save what is not saved, seal the draft to the colleague too, then give them both."""
        taker, call, report = self._together.taker, self._call.call, self._report
        if taker is None or call is None:
            return
        if not report.is_open or report.call_id != call.id:
            self._send(taker, None, None)
        elif report.is_unsaved:
            self._waits_for_save = taker
            self.told.emit(STILL_SAVING)
            self._saving.save()
        elif report.stored is not None:
            self._fetch(taker, report.stored)
        else:
            self._send(taker, None, None)

    def _hand_over_if_wanted(self) -> None:
        wanted = self._waits_for_save
        if wanted is None or self._report.is_unsaved:
            return
        self._waits_for_save = None
        taker = self._together.taker
        if taker is not None and taker.id == wanted.id:  # nobody else, and in no later call
            self.hand_over()

    def _give_up(self) -> None:
        self._waits_for_save = None

    def _fetch(self, taker: PartyCard, stored: Stored) -> None:
        pending = self._link.call(routes.OPEN_REPORT, None, stored.id)
        pending.answered.connect(partial(self._seal, taker, stored))
        pending.failed.connect(self._tell)

    def _seal(self, taker: PartyCard, stored: Stored, sealed: SealedReport) -> None:
        keys = self._keyring.keys
        if keys is None or taker.person_id is None:
            return
        self._workers.run(
            partial(keys.give_draft, sealed.envelope, sealed.contact, taker.person_id),
            partial(self._send, taker, stored),
            lambda _: self.told.emit(NOT_SEALED),
        )

    def _send(self, taker: PartyCard, stored: Stored | None, draft: GivenDraft | None) -> None:
        call = self._call.call
        if call is None or taker.person_id is None:
            return
        report = None
        if stored is not None and draft is not None:
            report = GivenReport(id=stored.id, revision=stored.revision, envelope=draft.envelope, contact=draft.contact)
        pending = self._link.call(routes.HAND_OVER, HandOver(person_id=taker.person_id, report=report), call.id)
        pending.answered.connect(lambda _: self._handed(report is not None))
        pending.failed.connect(self._tell)

    def _handed(self, with_draft: bool) -> None:
        if with_draft and not self._report.is_unsaved:
            self.given.emit()

    def _ask(self, route: Route, body: Message | None = None) -> None:
        call = self._together.call
        if call is not None:
            self._link.call(route, body, call.id).failed.connect(self._tell)

    def _tell(self, failure: Failure) -> None:
        self.told.emit(failure.sentence)
