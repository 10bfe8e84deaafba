"""What was kept on this computer goes to the service again, after a sign-in: one draft at a time, none over another.

A draft that the service has a newer version of is never sent over it: it stays here as that report's other version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from console import routes
from console.drafts_on_disk import DraftFolder
from console.kept_draft import KeptDraft, KeptDraftUnreadable, NotTheirs, Unanswered, open_kept, seal_kept, set_aside
from console.keyring import Keyring, Keys, SealedForService
from console.link import Failure, Link, ServiceAway
from console.models.report import Stored
from console.saving import FAULT, RETRY_MS
from console.sealed_report import WrittenReport, facts_of
from console.translation import tr
from console.workers import Workers
from shared.domain.errors import ReportNotFound, ReportNotInThatState, StaleReport
from shared.forms import load_form
from shared.messages import Saved, SaveReport, SealedReport

Result = TypeVar("Result")

RECOVERED: Final = tr("What was kept on this computer is saved with the service now. It is among your open reports.")
TWO_VERSIONS: Final = tr(
    "A report of yours has another version on this computer. Open it to see both; nothing is lost."
)
UNREADABLE: Final = tr(
    "A draft kept on this computer cannot be read. It is left as it is, and nothing else is affected; "
    "an administrator can help."
)
NOT_TAKEN: Final = tr("A draft kept on this computer could not go to the service and stays here. {sentence}")
NO_FOLDER: Final = tr("The folder for drafts on this computer cannot be read. An administrator can help.")


@dataclass(frozen=True, slots=True)
class Found:
    """A draft in the folder that is this person's own."""

    name: str
    kept: KeptDraft


@dataclass(frozen=True, slots=True)
class Search:
    """What a look into the folder came to."""

    own: tuple[Found, ...]
    unreadable: int


def search(folder: DraftFolder, keys: Keys, but: str = "") -> Search:
    """This person's drafts in the folder, the one named `but` left out. Takes a while. Raises DraftNotKept."""
    own: list[Found] = []
    unreadable = 0
    for file in folder.files():
        if file.name == but:
            continue
        try:
            if file.sealed is None:
                raise KeptDraftUnreadable
            kept = open_kept(file.sealed, keys.own.reader, keys.directory.supervisors_key())
        except NotTheirs:
            continue
        except KeptDraftUnreadable:
            unreadable += 1
            continue
        own.append(Found(file.name, kept))
    return Search(tuple(own), unreadable)


class Recovering(QObject):
    """Emits `told` (words, whether they are good news) and, when all that can be done is done, `finished` with the
    reports that were saved: their ids, by the call they belong to or by "" where they belong to none.
    """

    told = Signal(str, bool)
    finished = Signal(object)

    def __init__(
        self,
        link: Link,
        workers: Workers,
        keyring: Keyring,
        folder: DraftFolder,
        retry_ms: int = RETRY_MS,
    ) -> None:
        super().__init__()
        self._link = link
        self._workers = workers
        self._keyring = keyring
        self._folder = folder
        self._round = 0  # one for each sign-in
        self._waiting: list[Found] = []
        self._sending: Unanswered | None = None
        self._saved: dict[str, str] = {}
        self._two_versions = False
        self._troubles: list[str] = []
        self._again = QTimer(self, singleShot=True, interval=retry_ms)
        self._again.timeout.connect(self._send)

    def begin(self, but: str = "") -> None:
        """Someone signed in. `but` names the file of a report that is open in the form already."""
        self.stop()
        keys = self._keyring.keys
        if keys is None:
            return
        self._saved, self._two_versions, self._troubles = {}, False, []
        work = partial(search, self._folder, keys, but)
        self._workers.run(work, partial(self._found, self._round), partial(self._no_folder, self._round))

    def stop(self) -> None:
        """Nobody is signed in any more: what is not done waits for its author."""
        self._round += 1
        self._again.stop()
        self._waiting, self._sending = [], None

    def _no_folder(self, round_: int, _: Exception) -> None:
        if round_ == self._round:
            self.told.emit(NO_FOLDER, False)
            self.finished.emit({})

    def _found(self, round_: int, found: Search) -> None:
        if round_ != self._round:
            return
        if found.unreadable:
            self._troubles.append(UNREADABLE)
        self._waiting = [one for one in found.own if not one.kept.aside]
        self._next()

    # --- one draft ---

    def _next(self) -> None:
        if self._waiting:
            first = self._waiting[0].kept.unanswered
            if first is not None:
                self._sending = first
                self._send()
            else:
                self._newest()
            return
        words = [TWO_VERSIONS] if self._two_versions else [RECOVERED] if self._saved else []
        if words or self._troubles:
            self.told.emit("\n".join([*words, *self._troubles]), not self._troubles)
        self.finished.emit(dict(self._saved))

    def _done(self) -> None:
        self._waiting.pop(0)
        self._sending = None
        self._next()

    def _newest(self) -> None:
        """The text itself, after any save that went before it."""
        keys = self._keyring.keys
        if keys is not None:
            work = partial(_sealed_newest, keys, self._waiting[0], self._folder)
            self._run(work, self._have_newest, tr("It could not be sealed."))

    def _have_newest(self, unanswered: Unanswered) -> None:
        self._waiting[0] = Found(self._waiting[0].name, replace(self._waiting[0].kept, unanswered=None))
        self._sending = unanswered
        self._send()

    def _send(self) -> None:
        sending = self._sending
        if sending is None or self._keyring.keys is None:
            return
        stored = sending.stored
        route = routes.NEW_REPORT if stored is None else routes.SAVE_REPORT
        pending = self._link.call(route, sending.body, None if stored is None else stored.id)
        pending.answered.connect(partial(self._answered, self._round))
        pending.failed.connect(partial(self._failed, self._round))

    def _answered(self, round_: int, saved: Saved) -> None:
        if round_ != self._round:
            return
        found = self._waiting[0]
        stored = Stored(saved.id, saved.revision)
        if found.kept.unanswered is not None:
            self._waiting[0] = Found(found.name, replace(found.kept, stored=stored, unanswered=None))
            self._newest()
            return
        self._saved[found.kept.call_id or ""] = saved.id
        self._take_away()

    def _take_away(self) -> None:
        self._run(partial(self._folder.remove, self._waiting[0].name), lambda _: self._done(), "")

    # --- the service says no, or nothing ---

    def _failed(self, round_: int, failure: Failure) -> None:
        if round_ != self._round:
            return
        if isinstance(failure, ServiceAway) or failure.status >= FAULT:
            self._again.start()
            return
        match failure.code:
            case StaleReport.code:
                self._compare()
            case ReportNotFound.code | ReportNotInThatState.code:
                self._as_a_new_draft()
            case _:
                self._leave(failure.sentence)

    def _leave(self, sentence: str) -> None:
        self._troubles.append(NOT_TAKEN.format(sentence=sentence))
        self._done()

    def _as_a_new_draft(self) -> None:
        """The report has moved on without this text, which becomes a draft of its own."""
        found = self._waiting[0]
        self._waiting[0] = Found(found.name, replace(found.kept, stored=None, unanswered=None, call_id=None))
        self._newest()

    def _compare(self) -> None:
        """The service has a version that did not come from here: the same text, or another."""
        kept = self._waiting[0].kept
        stored = kept.stored or (kept.unanswered.stored if kept.unanswered is not None else None)
        if stored is None:
            self._as_a_new_draft()
            return
        pending = self._link.call(routes.OPEN_REPORT, None, stored.id)
        pending.answered.connect(partial(self._unseal, self._round))
        pending.failed.connect(partial(self._failed, self._round))

    def _unseal(self, round_: int, theirs: SealedReport) -> None:
        keys = self._keyring.keys
        if round_ == self._round and keys is not None:
            work = partial(_opened, keys, theirs)
            stored = Stored(theirs.card.id, theirs.card.revision)
            self._run(work, partial(self._compared, stored), tr("The service's version could not be opened."))

    def _compared(self, stored: Stored, theirs: WrittenReport) -> None:
        keys, found = self._keyring.keys, self._waiting[0]
        if theirs.content == found.kept.written.content:
            self._saved[found.kept.call_id or ""] = stored.id
            self._take_away()
        elif keys is not None:
            self._two_versions = True
            self._saved[found.kept.call_id or ""] = stored.id
            beside = set_aside(found.kept, stored)
            work = partial(_rewrite, self._folder, found.name, beside, keys)
            self._run(work, lambda _: self._done(), tr("It could not be set aside."))

    def _run(self, work: Callable[[], Result], done: Callable[[Result], None], otherwise: str) -> None:
        """In a worker; what comes back after a sign-out is dropped, and a failure leaves the file where it is."""
        round_ = self._round

        def deliver(result: Result) -> None:
            if round_ == self._round:
                done(result)

        def give_up(_: Exception) -> None:
            if round_ == self._round:
                self._leave(otherwise) if otherwise else self._done()

        self._workers.run(work, deliver, give_up)


def _body(kept: KeptDraft, sealed: SealedForService) -> SaveReport:
    return SaveReport(
        revision=None if kept.stored is None else kept.stored.revision,
        facts=facts_of(kept.written.content, kept.form, kept.language),
        envelope=sealed.envelope,
        contact=sealed.contact,
        call_id=kept.call_id if kept.stored is None else None,
    )


def _sealed_newest(keys: Keys, found: Found, folder: DraftFolder) -> Unanswered:
    kept = found.kept
    unanswered = Unanswered(kept.stored, _body(kept, keys.seal_draft(kept.written, load_form(kept.form))))
    if kept.stored is None:  # a new draft: should this end before the answer, the same one is sent again
        _rewrite(folder, found.name, replace(kept, unanswered=unanswered), keys)
    return unanswered


def _opened(keys: Keys, theirs: SealedReport) -> WrittenReport:
    return keys.open_own(theirs.envelope, theirs.contact, load_form(theirs.card.form))


def _rewrite(folder: DraftFolder, name: str, kept: KeptDraft, keys: Keys) -> None:
    folder.write(name, seal_kept(kept, load_form(kept.form), keys.own.reader.public))
