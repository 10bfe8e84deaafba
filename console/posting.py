"""A supervisor's look at the outbox: reads it, and has sent again what was put aside."""

from __future__ import annotations

from console import routes
from console.link import Link
from console.models.outbox import OutboxModel
from console.models.session import SessionModel
from console.sign_in import SigningIn
from console.supervisors_sheet import SupervisorsSheet
from console.translation import tr
from console.views.outbox import OutboxView
from console.views.window import Window

SENT_AGAIN = tr("It joins the end of its line and is sent again.")


class Posting(SupervisorsSheet):
    """Opens the sheet for supervisors."""

    def __init__(self, window: Window, link: Link, session: SessionModel, signing_in: SigningIn) -> None:
        self.outbox = OutboxModel()
        self.view = OutboxView(window, self.outbox, window.tokens)
        super().__init__(window, link, session, signing_in, "outbox", self.view, self.outbox)
        self.view.send_again.connect(self.send_again)
        self.view.again.connect(self.refresh)

    def refresh(self) -> None:
        self.ask(routes.OUTBOX, self.outbox.show)

    def open(self) -> None:
        self.outbox.seek("")  # what was sought for one caller is nothing for the next
        super().open()

    def empty(self) -> None:
        self.outbox.seek("")
        self.outbox.show(None)

    def send_again(self, delivery_id: str) -> None:
        """Have a delivery that was put aside tried anew."""
        self.outbox.tell("")
        self.ask(routes.SEND_AGAIN, lambda _: self.finish(SENT_AGAIN), None, delivery_id)
