"""Has the service delete a caller's details, when they take their consent back before the report has left."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from console import routes
from console.link import Link
from console.models.line import LineModel
from console.translation import tr
from console.views.consent import ConsentView

DELETED: Final = tr("The caller's details are deleted. The report goes on as an anonymous one.")


class Consent(QObject):
    """Tells the service, and says on the line what came of it."""

    def __init__(self, link: Link, line: LineModel, view: ConsentView) -> None:
        super().__init__()
        self._link, self._line = link, line
        view.withdrawn.connect(self.withdraw)

    def withdraw(self, report_id: str) -> None:
        """Delete the details of this report."""
        pending = self._link.call(routes.WITHDRAW_CONSENT, None, report_id)
        pending.answered.connect(lambda _: self._line.tell(DELETED, good=True))
        pending.failed.connect(lambda failure: self._line.tell(failure.sentence))
