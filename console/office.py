"""Wires the sheets that are not the desk's: one's own sessions and passphrase, people, the audit log, summaries."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console.account import Account
from console.administration import Administration
from console.link import Link
from console.models.people import PeopleModel
from console.models.session import SessionModel
from console.models.summary import SummaryModel
from console.newcomers import Newcomers
from console.sign_in import SigningIn
from console.summarising import Summarising
from console.views.account import AccountView
from console.views.audit import AuditView
from console.views.overlay import Overlay
from console.views.people import PeopleView
from console.views.summary import SummaryView
from console.views.while_shown import EVERY_MS, WhileShown
from console.views.window import Window
from console.workers import Workers
from shared.domain.vocabulary import Role


class Office(QObject):
    """Opens a sheet for whoever may see it. Those who have nothing to do at the desk begin with theirs."""

    def __init__(
        self,
        window: Window,
        link: Link,
        workers: Workers,
        session: SessionModel,
        signing_in: SigningIn,
        newcomers: Newcomers,
        summarising: Summarising,
        summary: SummaryModel,
        every_ms: int = EVERY_MS,
    ) -> None:
        super().__init__()
        self._window, self._session = window, session
        self.people = PeopleModel()
        self.administration = Administration(link, self.people)
        self.account = Account(link, workers, signing_in)
        self.newcomers = newcomers
        self.summarising, self.summary = summarising, summary
        self.account_view = AccountView(window, window.tokens)
        self.people_view = PeopleView(window, self.people, window.tokens)
        self.looking = WhileShown(self.people_view, self.administration.again, every_ms)
        self.audit_view = AuditView(window, window.tokens)
        self.summary_view = SummaryView(window, summary, window.tokens)
        window.add_ways(
            {
                "account": self.open_account,
                "people": self.open_people,
                "audit": self.open_audit,
                "summary": self.open_summary,
            }
        )
        self._connect(signing_in)

    def _connect(self, signing_in: SigningIn) -> None:
        view, administration, account = self.people_view, self.administration, self.account
        view.propose.connect(administration.propose)
        view.change.connect(administration.propose_change)
        view.add.connect(administration.add)
        view.given.passed_on.connect(administration.passed_on)
        view.gone.connect(administration.passed_on)
        view.confirm.connect(administration.confirm)
        view.withdraw.connect(administration.withdraw)
        view.out.connect(administration.sign_out)
        view.newcomers.new_words.connect(administration.renew_words)
        view.newcomers.vouch.connect(administration.vouch)
        view.newcomers.turn_away.connect(administration.turn_away)
        administration.audit.connect(self.audit_view.show_pages)
        administration.earlier.connect(self.audit_view.add_pages)
        administration.unread.connect(self.audit_view.tell)
        self.audit_view.earlier.connect(administration.read_earlier)
        self.summary_view.save.connect(self.summarising.save)
        self.summarising.told.connect(self.summary_view.tell)
        account.sessions.connect(self.account_view.show_sessions)
        account.told.connect(self.account_view.tell)
        account.busy.connect(self.account_view.set_busy)
        self.account_view.end.connect(account.end)
        self.account_view.change.connect(account.change_passphrase)
        self.newcomers.readers.connect(self.account_view.show_readers)
        self._session.changed.connect(lambda: self._window.allow(self._session.actions))
        signing_in.signed_in.connect(self.newcomers.look)
        signing_in.signed_in.connect(self._begin)
        signing_in.signed_out.connect(self._end)

    def open_account(self) -> None:
        self._open("account", self.account_view, self.account.refresh)

    def open_people(self) -> None:
        self.people.tell("")
        self._open("people", self.people_view, self.administration.refresh)

    def open_audit(self) -> None:
        self._open("audit", self.audit_view, self.administration.read_audit)

    def open_summary(self) -> None:
        self._open("summary", self.summary_view, self.summarising.refresh)

    def _open(self, action_id: str, sheet: Overlay, refresh: Callable[[], None]) -> None:
        if not self._session.allows(action_id):
            return
        sheet.toggle()
        if sheet.isVisible():
            refresh()

    def _begin(self) -> None:
        person = self._session.person
        if person is None or {Role.HANDLER, Role.SUPERVISOR} & set(person.roles):
            return
        if self._session.allows("people"):
            self.open_people()
        elif self._session.allows("audit"):
            self.open_audit()

    def _end(self) -> None:
        for sheet in (self.account_view, self.people_view, self.audit_view, self.summary_view):
            sheet.hide()
        self.account_view.forget()
        self.audit_view.forget()
        self.administration.forget()
        self.summarising.forget()
