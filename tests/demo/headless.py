"""The demo without a screen: the same real processes, the real consoles offscreen, each step printed as it happens."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.app import Console, build_console
from console.settings import read_settings
from ivr.demo import HANDLER, SUPERVISOR, UNIT_NAME, Player, Stage
from shared.domain.london import london_day
from tests.demo.person import GaveUp, Person, wait_for
from tests.demo.telephone import Telephone
from tests.demo.traces import traces_of

CHOICES = (("1", "anonymous"), ("1", "information for money"), ("2", "the South East"), ("2", "Kent"))
ENTRIES = (
    "A serving officer based in Maidstone is believed to check vehicle records without a policing purpose, "
    "and to pass the results to an associate for money.",
)
ANSWERS = {
    "field.serving": "yes",
    "field.subjects.0.role": "police_officer",
    "field.duty": "on",
    "field.harm": "none_known",
    "field.circle": "6-20",
    "field.unique": "no",
    "field.chief_officer": "no",
    "field.works_in_unit": "no",
    "field.read_back": "yes",
    "field.may_be_sent": "yes",
}
WORDS = {
    "field.subjects.0.station": "Maidstone, response team",
    "field.what": "Number plates looked up for a friend who pays.",
    "field.entries.0.text": ENTRIES[0],
    "field.door": "Nothing that would show who rang.",
}


class Play:
    """The whole of it, scene by scene. `say` is given a line a step."""

    def __init__(self, stage: Stage, output: Path, say: Callable[[str], None]) -> None:
        self._stage, self._output, self._say = stage, output, say
        self._telephone = Telephone(stage.simulator)
        self._consoles: list[Console] = []
        self.answered = self.delivered = self.verified = 0

    def run(self) -> None:
        """Raises GaveUp, StageFailed or httpx.HTTPError where something does not happen."""
        self._stage.found()
        self._write_outcomes_at_once()
        self._stage.start()
        try:
            handler, supervisor = self._sign_in(HANDLER), self._sign_in(SUPERVISOR)
            self._call_comes_in(handler)
            self._call_is_answered(handler)
            self._report_is_written(handler)
            self._report_is_reviewed(supervisor)
            self._unit_answers()
            self._figures()
        except GaveUp:
            self._show_where_it_stopped()
            raise
        finally:
            for console in self._consoles:
                console.close()

    def _show_where_it_stopped(self) -> None:
        for number, console in enumerate(self._consoles, start=1):
            Person(console, self._output).picture(f"failed-{number}")

    # --- the scenes ---------------------------------------------------------------------------------------------------

    def _sign_in(self, player: Player) -> Person:
        folder = self._stage.folder / "consoles" / player.name.lower()
        console = build_console(read_settings(self._stage.console_settings, folder))
        self._consoles.append(console)
        person = Person(console, self._output)
        person.type("sign_in.name", player.name)
        if player is HANDLER:
            person.picture("1-sign-in")
        person.type("sign_in.passphrase", player.passphrase)
        person.press("sign_in")
        wait_for(lambda: person.sees("place.line"), f"{player.name} to be signed in")
        self._say(f"{player.name} signs in.")
        return person

    def _call_comes_in(self, handler: Person) -> None:
        handler.press("available")
        handler.picture("2-nobody-waits")
        self._telephone.dial()
        self._say("The telephone rings the line.")
        self._telephone.wait_for_words("Cymraeg")
        for keys, meaning in (
            ("1", "anonymous"),
            ("1", "information for money"),
            ("2", "the South East"),
            ("2", "Kent"),
        ):
            wait_for(lambda: self._telephone.state == "listening", "the menu to listen")
            before = self._telephone.heard
            self._telephone.press(keys)
            # A busy machine takes a while to answer a key; what is pressed meanwhile is lost, as on a real call.
            wait_for(lambda before=before: self._telephone.heard != before, "the key to be answered")
            self._say(f"The caller presses {keys}: {meaning}.")
        wait_for(lambda: handler.sees("action.answer"), "the call to be offered")
        self._say("The call is offered to Alex: how long they have waited, the language, nothing else.")
        handler.picture("3-offer")

    def _call_is_answered(self, handler: Person) -> None:
        handler.press("answer")
        self._say("Alex answers; the handset rings, and 1 is pressed to take the call.")
        wait_for(lambda: handler.sees("action.hold"), "the conversation to begin", seconds=40)
        wait_for(lambda: self._telephone.state == "talking", "the caller to be talking")
        self.answered += 1
        self._say("They talk. What was chosen is on the screen: anonymous, about Kent.")

    def _report_is_written(self, handler: Person) -> None:
        for name, words in WORDS.items():
            handler.type(name, words)
        for name, value in ANSWERS.items():  # last: it is read back as it is now
            handler.choose(name, value)
        wait_for(lambda: not handler.console.report.is_unsaved, "the report to be saved")
        self._say("The report is written as they talk, and is saved, sealed.")
        handler.picture("4-call-and-report")
        self._telephone.hang_up()
        self._say("The caller hangs up.")
        wait_for(lambda: handler.sees("action.outcome_report"), "wrap-up")
        handler.press("outcome_report")
        handler.press("finish")
        handler.press("submit")
        wait_for(lambda: not handler.console.report.is_open, "the report to be submitted")
        self._say("The call is wrapped up, and the report submitted for review.")
        handler.picture("5-handed-in")

    def _report_is_reviewed(self, supervisor: Person) -> None:
        review = supervisor.console.review
        wait_for(lambda: bool(review.in_review), "the report to be listed for review")
        supervisor.console.window.line.open_review.emit(review.in_review[0].id)
        wait_for(lambda: supervisor.sees("action.release"), "the report to be open for review")
        self._say("Sam reads it as the unit will see it, beside what stays here.")
        supervisor.picture("6-review")
        supervisor.press("release")
        wait_for(lambda: review.report is None, "the report to be released")
        self._say(f"Sam releases it: a new envelope, sealed for the {UNIT_NAME}.")

    def _unit_answers(self) -> None:
        wait_for(lambda: len(self._sealed_files()) == 1, "the report to be delivered")
        self.delivered += 1
        self._say("The courier puts the sealed report into the unit's folder.")
        file = self._sealed_files()[0]
        (self._output / "opened-report.txt").write_text(self._stage.force("open", file), encoding="utf-8")
        (self._output / "opened-report.json").write_text(self._stage.force("open", "--json", file), encoding="utf-8")
        if ENTRIES[0] not in (self._output / "opened-report.json").read_text(encoding="utf-8"):
            raise GaveUp("the opened report does not say what was written")
        wait_for(lambda: self._receipts() >= {"opened"}, "the receipt that it was opened")
        self._say("The unit opens it with its own key. The service learns: opened.")
        self._stage.force("answer", file, "--ours")
        wait_for(lambda: self._receipts() >= {"opened", "ours"}, "the answer 'ours'")
        wait_for(lambda: self._wraps() == 1, "the supervisors' key to it to be gone")
        self.verified += 1
        self._say("The unit answers: ours. The supervisors' key to it is gone; only the unit can open it now.")

    def _write_outcomes_at_once(self) -> None:
        """So that the figures have the call when they are made: otherwise its outcome could be taken back."""
        config = self._stage.config
        written = config.read_text(encoding="utf-8")
        config.write_text(written.replace("[desk]\n", "[desk]\nundo_seconds = 0\n", 1), encoding="utf-8")

    def _figures(self) -> None:
        today = london_day(datetime.now(UTC)).isoformat()
        figures = self._stage.candour("summary", "--date", today)
        (self._output / "figures.csv").write_text(figures, encoding="utf-8")
        self._say("The day's figures are made.")

    # --- what only the demo looks at ----------------------------------------------------------------------------------

    def _sealed_files(self) -> list[Path]:
        return sorted(self._stage.outbox.glob("*.candour"))

    def _receipts(self) -> set[str]:
        return {str(row[0]) for row in self._rows("SELECT verdict FROM receipt")}

    def _wraps(self) -> int:
        return len(self._rows("SELECT key_id FROM wrap"))

    def _rows(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(f"file:{self._stage.data / 'candour.db'}?mode=ro", uri=True) as database:
            found = database.execute(statement).fetchall()
        database.close()
        return found

    def traces(self) -> list[str]:
        """Where the number that rang was found, in any form, in any file but the simulator's own."""
        files = [path for path in self._stage.folder.rglob("*") if path.is_file()]
        files += [path for path in self._output.rglob("*") if path.is_file()]
        ours = [path for path in files if not path.is_relative_to(self._stage.simulator_record)]
        return traces_of(self._telephone.number, ours)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the demo came to; its text is the demo's last line."""

    answered: int
    delivered: int
    verified: int
    traces: int

    @property
    def is_as_promised(self) -> bool:
        return (self.answered, self.delivered, self.verified, self.traces) == (1, 1, 1, 0)

    def __str__(self) -> str:
        return (
            f"demo: calls answered {self.answered}, reports delivered {self.delivered}, "
            f"receipts verified {self.verified}, traces of the caller's number {self.traces}"
        )


def perform(output: Path, environ: dict[str, str], say: Callable[[str], None]) -> Outcome:
    """Run the demo; leaves pictures, the report and the figures in `output`.

    Raises GaveUp, StageFailed or httpx.HTTPError where a step does not happen.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    _application = QApplication.instance() or QApplication(["demo"])
    with Stage(output / "organisation", say, environ) as stage:
        play = Play(stage, output, say)
        play.run()
    traces = play.traces()
    for trace in traces:
        say(f"The caller's number was found: {trace}")
    return Outcome(play.answered, play.delivered, play.verified, len(traces))
