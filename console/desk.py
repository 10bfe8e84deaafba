"""The desk as it happens: the stream's board goes to the models, and what a person does goes to the service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from console import routes
from console.event_stream import EventStream
from console.link import Failure, Link
from console.models.board import altered
from console.models.call import CallModel
from console.models.line import LineModel
from console.models.review import ReviewModel
from console.models.together import TogetherModel
from console.routes import Route
from console.translation import tr
from shared.call_messages import AnswerTime, ToPerson
from shared.domain.vocabulary import Disposition, PresenceState
from shared.messages import Board, Change, Message, SetPresence, Snapshot, WrapUp

Then = Literal[PresenceState.AVAILABLE, PresenceState.BREAK]
TICK_MS = 250
ANSWER_SECONDS: Final = (20, 30, 45, 60, 90)
ANSWER_TIME_WORDS: Final = tr("Calls offered to you now stand for {seconds} seconds.")
SIGNED_OUT: Final = tr("They are signed out everywhere.")
SESSION_ENDED = tr("Your session has ended. Please sign in again.")


class Desk(QObject):
    """Presence, offers and the call in hand. Emits `call_changed` when that did, `ended` when the session has."""

    call_changed = Signal()
    ended = Signal(str)

    def __init__(
        self,
        link: Link,
        stream: EventStream,
        line: LineModel,
        call: CallModel,
        review: ReviewModel,
        clock: Callable[[], datetime],
        together: TogetherModel,
    ) -> None:
        super().__init__()
        self._link = link
        self._stream = stream
        self._line = line
        self._call = call
        self._review = review
        self._clock = clock
        self._together = together
        self._ahead = timedelta(0)  # how far the service's clock is ahead of ours
        self._board: Board | None = None
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(self._tick)
        stream.snapshot.connect(self._begin)
        stream.change.connect(self._follow)
        stream.reached.connect(lambda: line.set_reached(True))
        stream.lost.connect(lambda: line.set_reached(False))
        stream.signed_out.connect(lambda: self.ended.emit(SESSION_ENDED))
        link.signed_out.connect(lambda: self.ended.emit(SESSION_ENDED))

    def start(self) -> None:
        """Someone signed in."""
        self._stream.start()
        self._ticker.start()

    def stop(self) -> None:
        """Nobody is signed in any more."""
        self._ticker.stop()
        self._stream.stop()
        self._board = None
        self._call.show(None)
        self._together.show(None, (), None, ())
        self._line.clear()
        self._review.show(())

    # --- what the service says ---

    def _begin(self, snapshot: Snapshot) -> None:
        self._ahead = snapshot.now - self._clock()
        self._line.use_list(snapshot.breaks)
        self._together.use_list(snapshot.outside)
        self._show(snapshot.board)

    def _follow(self, change: Change) -> None:
        if self._board is not None:
            self._show(altered(self._board, change))

    def _show(self, board: Board) -> None:
        before, self._board = self._board, board
        self._tick()
        if before is None or _line_of(before) != _line_of(board):
            self._line.show(board.me, board.waiting, board.colleagues)
        if before is None or _together_of(before) != _together_of(board):
            self._together.show(board.my_call, board.to_ask, board.asked, board.filed)
        if before is None or before.my_call != board.my_call:
            self._call.show(board.my_call)
            self.call_changed.emit()
        if before is None or before.reports != board.reports:
            self._review.show(board.reports)

    def _tick(self) -> None:
        now = self._clock() + self._ahead
        self._line.tick(now)
        self._call.tick(now)
        self._together.tick(now)

    # --- what a person does ---

    def set_presence(self, state: Literal[PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE]) -> None:
        """Available, on a break or offline."""
        self._ask_of_line(routes.PRESENCE, SetPresence(state=state), None)

    def give_reason(self, reason: str) -> None:
        """What the break is for: one of the service's list."""
        self._ask_of_line(routes.PRESENCE, SetPresence(state=PresenceState.BREAK, reason=reason), None)

    def change_answer_time(self) -> None:
        """The next of a few lengths of time for which offers stand."""
        me = self._line.me
        if me is not None:
            seconds = next((one for one in ANSWER_SECONDS if one > me.answer_seconds), ANSWER_SECONDS[0])
            pending = self._link.call(routes.ANSWER_TIME, AnswerTime(seconds=seconds))
            pending.answered.connect(lambda _: self._line.tell(ANSWER_TIME_WORDS.format(seconds=seconds), good=True))
            pending.failed.connect(self._tell_line)

    def take_waiting(self) -> None:
        """Take the call that has waited longest in a language one speaks, offered or not."""
        if self._line.longest_for_me is not None:
            self._ask_of_line(routes.TAKE_CALL, None, self._line.longest_for_me.id)

    def take(self, call_id: str) -> None:
        """Take just this waiting call."""
        self._ask_of_line(routes.TAKE_CALL, None, call_id)

    def hand_on_offered(self) -> None:
        """Pass an offer on before answering, and be offered this caller no more; nobody is told why."""
        if self._line.offer is not None:
            self._ask_of_line(routes.HAND_ON, None, self._line.offer.id)

    def sign_out_other(self, person_id: str) -> None:
        """A supervisor ends all of somebody's sessions."""
        self._line.tell("")
        pending = self._link.call(routes.SIGN_OUT_OTHER, None, person_id)
        pending.answered.connect(lambda _: self._line.tell(SIGNED_OUT, good=True))
        pending.failed.connect(self._tell_line)

    def give_waiting(self, person_id: str) -> None:
        """A supervisor gives somebody the call that has waited longest in a language they speak."""
        call = self._line.longest_for(person_id)
        if call is not None:
            self._ask_of_line(routes.GIVE_CALL, ToPerson(person_id=person_id), call.id)

    def give_help(self, call_id: str) -> None:
        """A supervisor comes to a call they were asked into."""
        self._ask_of_line(routes.GIVE_HELP, None, call_id)

    def answer(self) -> None:
        """Take the call that is offered."""
        if self._line.offer is not None:
            self._ask_of_line(routes.TAKE_CALL, None, self._line.offer.id)

    def pass_on(self) -> None:
        """Not now: the call goes to the next person."""
        if self._line.offer is not None:
            self._ask_of_line(routes.DECLINE_CALL, None, self._line.offer.id)

    def hold(self) -> None:
        if self._call.may("hold"):
            self._ask_of_call(routes.HOLD_CALL, None)

    def resume(self) -> None:
        if self._call.may("resume"):
            self._ask_of_call(routes.RESUME_CALL, None)

    def press_end(self) -> None:
        """The first press asks, a second one ends the call."""
        if self._call.may("end") and self._call.press_end(self._clock() + self._ahead):
            self._ask_of_call(routes.END_CALL, None)

    def choose(self, outcome: Disposition) -> None:
        """A call without a report is filed by choosing how it ended; that can be taken back for a minute."""
        if self._call.may("outcome"):
            self._call.choose(outcome)
            if outcome is not Disposition.REPORT:
                self.finish()

    def send_to(self, signpost: str) -> None:
        """A signposted call is filed by choosing to whom: a signpost's id, or ELSEWHERE."""
        if self._call.asks_where_to:
            self._call.send_to(signpost)
            self.finish()

    def finish(self) -> None:
        """Wrap up with the outcome that was chosen; be available, unless a break is wanted."""
        if self._call.may("finish") and self._call.outcome is not None:
            then: Then = PresenceState.BREAK if self._call.break_after else PresenceState.AVAILABLE
            said = WrapUp(disposition=self._call.outcome, then=then, signposted_to=self._call.sent_to or None)
            self._ask_of_call(routes.WRAP_UP, said)

    def finish_with_break(self) -> None:
        """A break follows: at once if an outcome was chosen, else as soon as one is."""
        if self._call.may("outcome"):
            self._call.want_break()
            self.finish()

    def _ask_of_line(self, route: Route, body: Message | None, call_id: str | None) -> None:
        self._line.tell("")
        pending = self._link.call(route, body, call_id)
        pending.failed.connect(self._tell_line)

    def _tell_line(self, failure: Failure) -> None:
        self._line.refuse(failure.sentence)

    def _ask_of_call(self, route: Route, body: Message | None) -> None:
        if self._call.call is None:
            return
        self._call.wait()
        pending = self._link.call(route, body, self._call.call.id)
        pending.answered.connect(lambda _: self._call.tell(""))
        pending.failed.connect(self._tell_call)

    def _tell_call(self, failure: Failure) -> None:
        self._call.tell(failure.sentence)


def _line_of(board: Board) -> tuple[Any, ...]:
    return board.me, board.waiting, board.colleagues


def _together_of(board: Board) -> tuple[Any, ...]:
    return board.my_call, board.to_ask, board.asked, board.filed
