"""`python -m tests.launch`: the table that the service published, by the product's own command, of a lived history.

Fifteen months are lived in a scratch database, then `candour summary --since-launch` is asked. Fails if a figure
differs.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, TextIO

from click.testing import CliRunner

from ivr.cli import main as candour
from tests.launch.history import PUBLISHED, Wanted, live
from tests.support.scratch import scratch_configuration, scratch_store

_PUBLISHED: Final = "1,988 calls, 890 online, 867 = 728 + 139"


def expected(wanted: Wanted) -> dict[str, int]:
    """Line by line, from what was asked for."""
    return {
        "calls": wanted.calls,
        "online": wanted.online,
        "passed_on": wanted.passed_on,
        "first_force": wanted.for_first_force,
        "other_forces": wanted.for_others,
        "investigations": wanted.for_first_force,
    }


def asked(folder: Path, wanted: Wanted, form: str) -> str:
    """What the product's own command prints."""
    words = ["summary", "--since-launch", "--to", wanted.last.isoformat(), "--format", form]
    told = CliRunner().invoke(candour, ["--config", str(folder / "config.toml"), *words])
    assert told.exit_code == 0, told.output
    return told.output


def printed(text: str) -> dict[str, int]:
    """The lines of the table in a CSV."""
    rows = csv.reader(io.StringIO(text))
    return {row[1]: int(row[3]) for row in rows if (row[0], row[2]) == ("measure", "value")}


def main(arguments: list[str], out: TextIO) -> int:
    """Live it and print the table. Returns 0 if it says what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.launch", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed, begun = parser.parse_args(arguments).seed, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="candour-launch-") as name:
        folder = Path(name)
        scratch_configuration(folder, f"[summary]\nlaunch = {PUBLISHED.first}\n")
        store = scratch_store(folder)
        out.write(f"living {PUBLISHED.first} to {PUBLISHED.last} (seed {seed}) ...\n")
        out.flush()
        live(store, PUBLISHED, seed)
        store.close()
        out.write(f"lived in {time.monotonic() - begun:.0f} s\n\n{asked(folder, PUBLISHED, 'text')}")
        found = printed(asked(folder, PUBLISHED, "csv"))
    wrong = {line: (found.get(line), n) for line, n in expected(PUBLISHED).items() if found.get(line) != n}
    out.write(f"\nnot as published: {wrong}\n" if wrong else f"\nas published: {_PUBLISHED}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
