"""`python -m tests.canary`: the whole of it, with a report of what was done, what was searched and what was found.

Fails if a number or a call's id was found, a call was not forgotten, two callers left different things behind, or a
planted leak was missed. What is left in memory is counted and printed, and decides nothing.
"""

from __future__ import annotations

import random
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from tests.canary import memory, postgres
from tests.canary.installation import SECRETS
from tests.canary.leaks import LEAKS, ON_POSTGRESQL
from tests.canary.needles import Caller, call_needles, number_needles, random_caller, short_needles
from tests.canary.run import Canary, Ground, Outcome, PostgresGround, SqliteGround
from tests.canary.scenarios import CHOSEN_BY_LENGTH, CHOSEN_BY_PEOPLE, SCENARIOS
from tests.canary.search import Search, Trace, everywhere
from tests.canary.two_runs import differences

SHOWN = 10  # traces of a scenario


@dataclass(slots=True)
class Report:
    """What has been found so far, told as it comes."""

    out: TextIO
    bytes: int = 0
    traces: int = 0
    wrong: int = 0
    leaks: list[bool] = field(default_factory=list)

    def say(self, line: str = "") -> None:
        self.out.write(f"{line}\n")
        self.out.flush()

    def add(self, outcome: Outcome) -> None:
        self.bytes += outcome.bytes
        self.traces += len(outcome.traces)
        self.wrong += outcome.remembered
        traces = f"{len(outcome.traces)} traces" + (f", {outcome.remembered} not forgotten" * bool(outcome.remembered))
        self.say(f"  {outcome.database:<11} {outcome.scenario:<48} {outcome.bytes:>11,} bytes  {traces}")
        for trace in outcome.traces[:SHOWN]:
            self.say(f"      {trace}")

    def compare(self, name: str, differ: list[str]) -> None:
        self.wrong += len(differ)
        self.say(f"  {name:<60} {'the same' if not differ else f'{len(differ)} places differ'}")
        for difference in differ[:SHOWN]:
            self.say(f"      {difference[:500]}")


def main(out: TextIO) -> int:
    """Do everything. Returns 0 if nothing was found that should not be, and everything that should."""
    report, randomness = Report(out), random.SystemRandom()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="candour-canary-")))
        sqlite = SqliteGround(folder / "ground")
        postgresql = PostgresGround(held.enter_context(postgres.server()))
        canary = Canary(random_caller(randomness), folder / "runs")
        needles = _needles(report, canary.caller)
        _scenarios(report, canary, (sqlite, postgresql))
        _postgres_files(report, canary, postgresql)
        _two_runs(report, canary, sqlite, random_caller(randomness))
        _leaks(report, Canary(random_caller(randomness), folder / "leaks"), sqlite, postgresql)
        _real_processes(report, folder / "real", randomness)
    caught = f"{sum(report.leaks)} of {len(report.leaks)}"
    report.say()
    report.say(
        f"canary: scenarios {len(SCENARIOS)}, needles {needles}, bytes {report.bytes}, traces {report.traces}, "
        f"planted leaks caught {caught}"
    )
    return 0 if not report.traces and not report.wrong and all(report.leaks) else 1


def _needles(report: Report, caller: Caller) -> int:
    """How many needles there are for a number and for each call."""
    numbers = len(number_needles(caller, SECRETS)) + len(short_needles(caller))
    calls = len(call_needles(f"CA{'0123' * 8}", SECRETS))
    report.say(f"Looking for {caller.number} in {numbers:,} forms, and for the id of every call in {calls}.")
    return numbers + calls


def _scenarios(report: Report, canary: Canary, grounds: tuple[Ground, ...]) -> None:
    report.say()
    report.say(
        "Each scenario's database, write-ahead log, dump, logs at DEBUG, standard output and error, answers, console"
    )
    report.say("frames, unit folders and opened envelopes; once at once, once when the calls should be forgotten:")
    for ground in grounds:
        for name, scenario in SCENARIOS.items():
            report.add(canary.goes_down(name, scenario, ground))


def _postgres_files(report: Report, canary: Canary, ground: PostgresGround) -> None:
    """The server's own files: dead rows and write-ahead log keep what was once in a row, so the number never may be."""
    search = Search(canary.numbers.needles)  # among hundreds of megabytes of its own, four digits may stand by chance
    size, traces = everywhere(search, ground.own_files())
    report.add(Outcome("the server's own files, WAL included", ground.name, size, len(search), traces))


def _two_runs(report: Report, canary: Canary, ground: Ground, another: Caller) -> None:
    report.say()
    report.say("The same from another number, and withheld, with one seed:")
    for name, scenario in SCENARIOS.items():
        if name in CHOSEN_BY_PEOPLE:
            report.say(f"  {name:<60} not compared: here people send the number")
            continue
        report.compare(name, differences(canary, scenario, ground, (canary.caller, another)))
        if name not in CHOSEN_BY_LENGTH:
            report.compare(f"{name}, withheld", differences(canary, scenario, ground, (canary.caller, None)))


def _leaks(report: Report, canary: Canary, sqlite: Ground, postgresql: Ground) -> None:
    report.say()
    report.say("Leaks planted on purpose:")
    for ground, leaks in ((sqlite, LEAKS), (postgresql, ON_POSTGRESQL)):
        for leak in leaks:
            seen = canary.sees(leak, ground)
            report.leaks.append(seen)
            report.say(f"  {leak.name:<60} {'caught' if seen else 'MISSED'}")


def _real_processes(report: Report, folder: Path, randomness: random.Random) -> None:
    real = memory.real_run(folder, randomness)
    report.say()
    report.say(f"The real processes, {memory.CALLS} calls, and the line killed in the middle of one:")
    report.add(Outcome("every file, the local Twilio's apart", "files", real.bytes, 0, real.traces))
    report.say()
    report.say(f"Their memory {memory.SECONDS_AFTER:g} second after the calls:")
    for found in real.copies:
        copies = f"{found.copies} copies of {found.numbers} numbers, {found.call_ids} of call ids"
        report.say(f"  {found.process:<20} {found.bytes:>13,} bytes  {copies}")
    left = [Trace("a caller's number", f"the memory of {found.process}", b"") for found in real.copies if found.copies]
    report.add(Outcome("the memory of every process", "memory", sum(one.bytes for one in real.copies), 0, left))


if __name__ == "__main__":
    sys.exit(main(sys.stdout))
