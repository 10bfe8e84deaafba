"""`python -m tests.bench`: ratios within one run, as a table and as JSON lines in bench-output/.

A goal that is missed is reported and no failure; a measure that cannot be carried out is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from tests.bench.figures import FULL, QUICK, Effort, Measure
from tests.bench.measures import MEASURES
from tests.bench.report import JsonLines, Table

OUTPUT = Path("bench-output") / "bench.jsonl"


def main(arguments: Sequence[str], out: TextIO, measures: Sequence[Measure] = MEASURES) -> int:
    """Measure what was asked for. Returns 0, or 1 where a measure could not be carried out."""
    asked = _parser(measures).parse_args(arguments)
    wanted = [measure for measure in measures if not asked.only or measure.name in asked.only]
    table = Table(wanted, out)
    lines = JsonLines(asked.output, datetime.now(UTC), asked.quick)
    table.begin()
    done = [_measure(measure, QUICK if asked.quick else FULL, table, lines) for measure in wanted]
    return 0 if all(done) else 1


def _measure(measure: Measure, effort: Effort, table: Table, lines: JsonLines) -> bool:
    try:
        comparisons = measure.run(effort)
    except Exception as failure:  # noqa: BLE001  # one measure that fails must not take the others with it
        table.failed(measure, f"{type(failure).__name__}: {failure}")
        return False
    for row, found in zip(measure.rows, comparisons, strict=True):
        table.add(row, found)
        lines.add(row, found)
    return True


def _parser(measures: Sequence[Measure]) -> argparse.ArgumentParser:
    names = [measure.name for measure in measures]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Ratios within one run.")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of: {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, not a figure to keep")
    parser.add_argument("--output", type=Path, default=OUTPUT, help=f"the JSON lines (default: {OUTPUT})")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout))
