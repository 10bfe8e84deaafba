"""A supervisor's look at the outbox: reads it, and has sent again what was put aside."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QShortcut

from console import routes
from console.link import Failure, Link
from console.models.outbox import OutboxModel
from console.models.session import SessionModel
from console.sign_in import SigningIn
from console.translation import tr
from console.views.outbox import OutboxView
from console.views.window import Window
from shared.outbox_messages import Outbox

SENT_AGAIN = tr("It joins the end of its line and is sent again.")


class Posting(QObject):
    """Opens the sheet for supervisors."""

    def __init__(self, window: Window, link: Link, session: SessionModel, signing_in: SigningIn) -> None:
        super().__init__()
        self._window, self._link, self._session = window, link, session
        self.outbox = OutboxModel()
        self.view = OutboxView(window, self.outbox, window.tokens)
        window.add_ways({"outbox": self.open})
        self.view.send_again.connect(self.send_again)
        self.view.again.connect(self.refresh)
        session.changed.connect(self._allow)
        signing_in.signed_out.connect(self._end)
        self._allow()

    def open(self) -> None:
        if not self._session.is_supervisor:
            return
        self.outbox.tell("")
        self.view.toggle()
        if self.view.isVisible():
            self.refresh()

    def refresh(self) -> None:
        pending = self._link.call(routes.OUTBOX)
        pending.answered.connect(self._show)
        pending.failed.connect(self._refuse)

    def send_again(self, delivery_id: str) -> None:
        """Have a delivery that was put aside tried anew."""
        self.outbox.tell("")
        pending = self._link.call(routes.SEND_AGAIN, None, delivery_id)
        pending.answered.connect(lambda _: self._finish())
        pending.failed.connect(self._refuse)

    def _show(self, outbox: Outbox) -> None:
        self.outbox.show(outbox)

    def _finish(self) -> None:
        self.outbox.tell(SENT_AGAIN, good=True)
        self.refresh()

    def _refuse(self, failure: Failure) -> None:
        self.outbox.tell(failure.sentence)

    def _allow(self) -> None:
        for way in self._window.findChildren(QShortcut, "way.outbox"):
            way.setEnabled(self._session.is_supervisor)

    def _end(self) -> None:
        self.view.hide()
        self.outbox.show(None)
        self.outbox.tell("")
