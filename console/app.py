"""Wires the console: link, keys, models and views, behind a window that already shows its sign-in."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkAccessManager

from console.announcing import Announcing, say_through
from console.appearance import Appearance
from console.attention import Attention, call_through
from console.closing import Closing
from console.conferring import Conferring
from console.consent import Consent
from console.desk import Desk
from console.drafting import Drafting
from console.enrolling import Enrolling
from console.event_stream import BACK_OFF_MS, EventStream
from console.front import Front, make_front
from console.guarding import Guarding
from console.highest_seen import HighestSeen
from console.keeping import KEEP_AFTER_MS
from console.keyring import Keyring
from console.known_readers import KnownReaders
from console.leavings import Copies
from console.left_behind import LeftBehind
from console.link import DEADLINE_MS, Link
from console.looking_back import LookingBack
from console.looks import Looks
from console.models.call import CallModel
from console.models.line import LineModel
from console.models.reference import ReferenceModel
from console.models.report import ReportModel
from console.models.review import ReviewModel
from console.models.summary import SummaryModel
from console.models.together import TogetherModel
from console.newcomers import Newcomers
from console.office import Office
from console.overseeing import Overseeing
from console.papers import documents_folder
from console.posting import Posting
from console.putting import Putting
from console.questioning import Questioning
from console.readdressing import Readdressing
from console.referring import Referring
from console.rerouting import Rerouting
from console.reviewing import Reviewing
from console.safekeeping import Safekeeping
from console.saving import RETRY_MS, SAVE_AFTER_MS, Saving
from console.settings import ConsoleSettings
from console.sign_in import SigningIn
from console.standing import Standing
from console.summarising import Summarising
from console.supervising import Supervising
from console.translation import tr
from console.views.by_key import ByKeyBar
from console.views.call import CallView
from console.views.consent import ConsentView
from console.views.line import LineView
from console.views.outline import OutlineView
from console.views.reference import reference_view
from console.views.report import ReportView
from console.views.review import ReviewView
from console.views.together import TogetherView
from console.withdrawing import Withdrawing
from console.wording import ReviewWording, Wording
from console.workers import Workers
from shared.domain.london import london_day
from shared.forms import load_form
from shared.sealing.references import REFERENCE_COST
from shared.sealing.sign_in import CONSOLE_FLOOR, Cost

FORM = "report.v1"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly things are tried, in milliseconds; and the least a sign-in may cost."""

    deadline_ms: int = DEADLINE_MS
    save_after_ms: int = SAVE_AFTER_MS
    keep_after_ms: int = KEEP_AFTER_MS
    retry_ms: int = RETRY_MS
    back_off_ms: tuple[int, ...] = BACK_OFF_MS
    floor: Cost = CONSOLE_FLOOR
    reference_cost: Cost = REFERENCE_COST


class Console(QObject):
    """One console: its models, what drives them, and its window. Call `close` before letting go of it."""

    def __init__(
        self,
        settings: ConsoleSettings,
        clock: Callable[[], datetime],
        pace: Pace,
        front: Front,
    ) -> None:
        super().__init__()
        self._clock = clock
        self._pace = pace
        self._shown_call = ""
        self._network = QNetworkAccessManager(self)
        self.workers = Workers()
        self.keyring = Keyring()
        self.session, self.window = front.session, front.window
        self.line = LineModel()
        self.call = CallModel()
        self.report = ReportModel(load_form(FORM), self._today)
        self.review = ReviewModel()
        self._drive(settings)
        self.looks = Looks(self.window, self.workers, front.appearance, settings.data_folder, documents_folder)
        self._furnish()
        newcomers = Newcomers(self.link, self.workers, self.keyring, KnownReaders(settings.data_folder, settings.root))
        summary = SummaryModel(self._today())
        summarising = Summarising(self.link, self.workers, summary, documents_folder)
        self.office = Office(
            self.window, self.link, self.workers, self.session, self.signing_in, newcomers, summarising, summary
        )
        self.posting = Posting(self.window, self.link, self.session, self.signing_in)
        sealing, who = (self.link, self.workers, self.keyring), (self.session, self.signing_in)
        self.left_behind = LeftBehind(self.window, *sealing, *who)
        self.left_behind.told.connect(self.line.tell)
        self.questioning = Questioning(self.window, *sealing, *who)
        self.rerouting = Rerouting(self.window, *sealing, self.posting, self._today, self.signing_in)
        self.withdrawing = Withdrawing(self.workers, self.keyring, self.posting, self._today)
        self.overseeing = Overseeing(self.window, self.link, self.session, self.signing_in, self._clock)
        self.looking_back = LookingBack(self.window, *sealing, self.review, *who)
        newcomers.news.connect(self.line.tell)
        where = front.placement, settings.data_folder
        self.standing = Standing(self.window, self.workers, self.signing_in, *where)
        self.guarding = Guarding(
            self.window, self.session, self.line, self.call, self.signing_in, self.workers, self.keyring,
            self.safekeeping, settings.idle_lock_minutes,
        )  # fmt: skip
        self._connect()
        self.window.show_sign_in()

    def _drive(self, settings: ConsoleSettings) -> None:
        pace = self._pace
        self.link = Link(settings.service_url, self._network, pace.deadline_ms)
        self.stream = EventStream(self.link, random.random, pace.back_off_ms)
        self.signing_in = SigningIn(
            self.link,
            self.workers,
            self.keyring,
            self.session,
            settings.root,
            HighestSeen(settings.data_folder, settings.root),
            pace.floor,
        )
        self.enrolling = Enrolling(self.link, self.workers, self.session, pace.floor)
        self.together = TogetherModel()
        self.desk = Desk(self.link, self.stream, self.line, self.call, self.review, self._clock, self.together)
        self.saving = Saving(
            self.link, self.workers, self.keyring, self.report, self.call, pace.save_after_ms, pace.retry_ms
        )
        self.drafting = Drafting(
            self.link, self.workers, self.keyring, self.report, self.call, self.saving, self._today, pace.retry_ms
        )
        self.safekeeping = Safekeeping(
            self.link,
            self.workers,
            self.keyring,
            self.report,
            self.saving,
            self.drafting,
            settings.data_folder,
            pace.keep_after_ms,
            pace.retry_ms,
        )
        self.copies = Copies(self.report.opened, self.review.opened, self.signing_in.signed_out)
        self.reference = ReferenceModel()
        putting, cost = Putting(self.link, self.workers, self.keyring), pace.reference_cost
        self.referring = Referring(
            self.link, self.workers, self.report, self.reference, settings.root, cost, putting=putting
        )
        self.conferring = Conferring(
            self.link, self.workers, self.keyring, self.call, self.report, self.saving, self.together
        )
        self.reviewing = Reviewing(self.link, self.workers, self.keyring, self.review, self._today)
        self.readdressing = Readdressing(self.link, self.workers, self.keyring, self.review, self._today)

    def _today(self) -> date:
        return london_day(self._clock())

    def _furnish(self) -> None:
        window, tokens = self.window, self.window.tokens
        outline = OutlineView(self.report, tokens)
        window.furnish(
            LineView(self.line, self.session, self.review, tokens),
            CallView(self.call, self.line, outline, tokens),
            ReportView(self.report, self.safekeeping.versions, tokens),
            ReviewView(self.review, self.reviewing.recipient, self._today, tokens),
            self.line,
        )
        self.wording = Wording(self.workers, self.report, window.report, self.drafting.submit, tokens)
        self.review_wording = ReviewWording(self.workers, self.review, window.review, tokens)
        self._together_view = TogetherView(self.together, tokens)
        window.call.put_under(self._together_view)
        outline.chosen.connect(window.report.go_to_section)
        withdrawing = ConsentView(self.review, tokens)
        window.line.add_list(withdrawing)
        self.consent = Consent(self.link, self.line, withdrawing)
        window.report.put_over(reference_view(self.reference, self.referring, tokens))
        by_key = ByKeyBar(window.report, self.call, tokens)
        window.report.put_over(by_key)
        window.add_ways({"next_by_key": window.report.go_to_next_by_key, "only_by_key": by_key.turn})

    def _connect(self) -> None:
        window, desk, drafting, reviewing = self.window, self.desk, self.drafting, self.reviewing
        window.sign_in.asked.connect(self.signing_in.begin)
        window.sign_in.code.connect(self.signing_in.give_code)
        window.sign_in.set_up.connect(self.signing_in.set_up)
        window.sign_in.again.connect(self.signing_in.start_again)
        window.sign_in.first.connect(self.enrolling.open)
        window.sign_in.enrol.connect(self.enrolling.begin)
        window.sign_in.leave.connect(self.enrolling.leave)
        window.line.presence.connect(desk.set_presence)
        window.line.answer.connect(desk.answer)
        window.line.not_now.connect(desk.pass_on)
        window.line.open_own.connect(self._open_own)
        window.line.oversight.connect(window.oversight.toggle)
        window.line.keys.connect(window.keys.toggle)
        window.line.sign_out.connect(self._sign_out)
        window.call.hold.connect(desk.hold)
        window.call.resume.connect(desk.resume)
        window.call.end.connect(desk.press_end)
        window.call.chosen.connect(desk.choose)
        window.call.sent_to.connect(desk.send_to)
        window.call.finish.connect(desk.finish)
        self._connect_together()
        window.report.save.connect(self.saving.save)
        window.report.put_away.connect(drafting.put_away)
        window.report.begin_without_call.connect(drafting.begin_without_call)
        window.report.begin_another.connect(drafting.begin_another)
        window.report.other_version.connect(self.safekeeping.two_versions.swap)
        self.supervising = Supervising(
            self.link, window, self.line, self.review, reviewing, self.looking_back, self._today
        )
        self._connect_looks()
        self.announcing = Announcing(self.line, self.call, self.report, say_through(window))
        self._connect_parts()

    def _connect_together(self) -> None:
        window, desk, conferring = self.window, self.desk, self.conferring
        window.line.reason.connect(desk.give_reason)
        window.line.take_waiting.connect(desk.take_waiting)
        window.line.take.connect(desk.take)
        window.line.know_them.connect(desk.hand_on_offered)
        window.line.floor.sign_out.connect(desk.sign_out_other)
        window.line.floor.help.connect(desk.give_help)
        window.line.floor.give.connect(desk.give_waiting)
        window.call.finish_break.connect(desk.finish_with_break)
        window.add_ways({"answer_time": desk.change_answer_time})
        self._together_view.pressed.connect(conferring.do)
        self._together_view.chosen.connect(conferring.bring_in)
        conferring.told.connect(self.call.tell)
        conferring.given.connect(self.drafting.put_away)
        self.attention = Attention(self.line, call_through(window))

    def _connect_looks(self) -> None:
        window, looks = self.window, self.looks
        ways = {"theme": looks.next_theme, "larger_text": looks.larger, "smaller_text": looks.smaller}
        window.add_ways({**ways, "palette": window.palette_sheet.toggle})
        for action_id, way in ways.items():
            window.keys.presses[action_id].clicked.connect(lambda _, do=way: do())
        window.keys.print_button.clicked.connect(lambda: looks.print_keys())

    def _connect_parts(self) -> None:
        desk, drafting, window = self.desk, self.drafting, self.window
        self.signing_in.signed_in.connect(self._begin)
        self.signing_in.signed_out.connect(self._end)
        desk.call_changed.connect(self._show_call)
        desk.call_changed.connect(drafting.follow_call)
        desk.ended.connect(self.signing_in.be_over)
        drafting.refused.connect(self.line.tell)
        self.reviewing.refused.connect(self.line.tell)
        self.looking_back.told.connect(self.line.tell)
        self.guarding.told.connect(self.line.tell)
        self.guarding.idle.locked.connect(self.copies.forget)
        self._closing = Closing(
            window,
            self.report,
            self.keyring,
            self.session,
            self.line,
            self.saving,
            self.safekeeping,
            self.call,
            self.review,
            self._clock,
        )
        self.safekeeping.told.connect(self.line.tell)
        self.review.opened.connect(self._show_work)
        self.report.opened.connect(window.report.take_focus)
        self.report.state_changed.connect(self._show_writing)

    # --- what is shown when ---

    def _begin(self) -> None:
        if self.session.person is None or self.report.author not in ("", self.session.person.id):
            self.safekeeping.keeping.keep()
            self.drafting.forget()
        self.safekeeping.begin()
        self.window.report.set_writes(self.session.takes_calls, self.session.is_supervisor)
        self.window.set_takes_calls(self.session.takes_calls)
        self.line.speak(self.session.speaks)
        self.window.name("" if self.session.person is None else self.session.person.name)
        self.window.show_desk()
        self.supervising.begin("" if self.session.person is None else self.session.person.id)
        self.desk.start()
        self.saving.save()

    def _end(self) -> None:
        self.safekeeping.stop()
        self.drafting.leave()
        self.supervising.end()
        self.desk.stop()
        self.window.name("")
        self.window.show_sign_in()

    def _sign_out(self) -> None:
        if self.report.is_at_risk:
            self.line.tell(tr("The report is not saved yet. Signing out waits until it is."))
            self.saving.save()
            return
        if not self.call.press_leave(self._clock()):
            self.line.refuse(tr("You have a call, and your telephone goes on. Sign out again to leave it."))
            return
        if self.supervising.may_leave():
            self.review.close()
            self.signing_in.end()

    def _show_call(self) -> None:
        """A call that was just taken comes before a review."""
        call_id = "" if self.call.call is None else self.call.call.id
        if call_id and call_id != self._shown_call:
            self.window.show_desk()
        else:
            self.window.show_call()
        self._shown_call = call_id

    def _show_writing(self) -> None:
        self.review.set_writing("" if self.report.stored is None else self.report.stored.id)

    def _open_own(self, report_id: str) -> None:
        if self.review.is_rejected(report_id):
            self.reviewing.note_rejection(report_id)
            return
        self.window.show_desk()
        self.drafting.open(report_id)

    def _show_work(self) -> None:
        if self.review.report is not None:
            self.window.show_review()
        elif self.session.person is not None:
            self.window.show_desk()
            self.line.tell(self.review.notice, good=True)

    def close(self) -> None:
        """Stop timers, streams and workers, and forget every key."""
        self.guarding.idle.stop()
        self.signing_in.stop()
        self.safekeeping.recovering.stop()
        self.desk.stop()
        self.drafting.forget()
        self.review.close()
        self.keyring.forget()
        self.workers.close()
        self.window.close()


def build_console(
    settings: ConsoleSettings,
    clock: Callable[[], datetime] = utc_now,
    pace: Pace | None = None,
    front: Front | None = None,
) -> Console:
    """A console ready to be shown, behind a front that may stand already; needs a QApplication.

    `pace` quickens it for tests.
    """
    return Console(settings, clock, pace or Pace(), front or make_front(Appearance()))
